#include "analysis/store/condition.hpp"

#include "sim/base/error.hpp"
#include "tests/test.hpp"

using namespace peloton;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::vector<std::string> kColumns = {"cluster.workers", "algorithm.name", "task.batch_size", "order"};

/// Of rows (workers, name, batch size, order) = (1, "a", 16, true), (2, "it's", 32, false), (4, null, 64.5, true).
std::vector<bool> chosen(const std::string& condition) {
  const Json rows = Json::parse(R"([[1, "a", 16, true], [2, "it's", 32, false], [4, null, 64.5, true]])");
  return rows_where(condition, kColumns, 3, [&](std::size_t row, std::size_t column) { return rows[row][column]; },
                    {"s.json", "/sweep/where"});
}

using Bools = std::vector<bool>;

}  // namespace

TEST_CASE("a condition is SQL over names with dots", "[analysis][store][condition]") {
  // Hand computation on the three rows.
  CHECK(chosen("cluster.workers * task.batch_size <= 64") == Bools{true, true, false});
  CHECK(chosen("algorithm.name <> 'a'") == Bools{false, true, false});  // null is neither
  CHECK(chosen("algorithm.name = 'it''s' or cluster.workers in (1, 4)") == Bools{true, true, true});
  CHECK(chosen("algorithm.name is null") == Bools{false, false, true});
  CHECK(chosen("not order") == Bools{false, true, false});  // also a name that is a word of SQL
  CHECK(chosen("task.batch_size > 1.5e1 and max(cluster.workers, 3) = 3") == Bools{true, true, false});
  CHECK(chosen("algorithm.name = 'cluster.workers'") == Bools{false, false, false});  // text stays text
  CHECK(chosen("1") == Bools{true, true, true});
}

TEST_CASE("names that are no axis are refused with the nearest one", "[analysis][store][condition]") {
  CHECK_THROWS_WITH(chosen("cluster.worker > 1"),
                    "s.json: /sweep/where: \"cluster.worker\" is no axis (did you mean \"cluster.workers\"?)");
  CHECK_THROWS_WITH(chosen("odrer > 1"), "s.json: /sweep/where: \"odrer\" is no axis (did you mean \"order\"?)");
  CHECK_THROWS_WITH(chosen("\"a\" = algorithm.name"), ContainsSubstring("is no axis"));  // in double quotes stands a name
}

TEST_CASE("a condition reaches nothing but its rows", "[analysis][store][condition]") {
  for (const char* bad :
       {"cluster.workers >", "", "1) ; drop table points; select (1", "exists(select * from sqlite_master)", "load_extension('x')",
        "count(*) > 1", "(with recursive t(n) as (select 1 union all select n + 1 from t) select max(n) from t) > 1", "'unclosed",
        "1 -- comment\n) union select 7 where (1"}) {
    INFO(bad);
    CHECK_THROWS_AS(chosen(bad), InputError);
  }
  CHECK_THROWS_WITH(chosen("order) or (1"), "s.json: /sweep/where: has a ) without its (");
  CHECK_THROWS_WITH(chosen("(order"), "s.json: /sweep/where: has a ( without its )");
  CHECK_THROWS_WITH(chosen("order; select 1"), "s.json: /sweep/where: must be one condition, without ; and comments");
  CHECK(chosen("algorithm.name <> ');--' and (order)") == Bools{true, false, false});
}
