#include "analysis/record_filter.hpp"

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("a list of workers is numbers and ranges", "[analysis][trace]") {
  using Ranges = std::vector<RecordChoice::Range>;
  CHECK(parse_workers("0-15", 16, "--w") == Ranges{{0, 15}});
  CHECK(parse_workers("0,3,8-11", 16, "--w") == Ranges{{0, 0}, {3, 3}, {8, 11}});
  CHECK(parse_workers("15", 16, "--w") == Ranges{{15, 15}});
}

TEST_CASE("a wrong list of workers is refused with the workers there are", "[analysis][trace]") {
  for (const char* text : {"", "16", "3-2", "-1", "1-", "1,,2", "1,", "a", "0-16", "1.5", " 1", "0x1", "99999999999"}) {
    INFO(text);
    try {
      static_cast<void>(parse_workers(text, 16, "--trace-workers"));
      FAIL("accepted");
    } catch (const InputError& e) {
      CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("--trace-workers: must name workers from 0 to 15"));
    }
  }
  CHECK_THROWS_WITH(parse_workers("0,x-3", 4, "--w"), Catch::Matchers::ContainsSubstring(R"(got "0,x-3", where "x-3" is wrong)"));
}
