#include "analysis/store/merge.hpp"

#include "analysis/store/read_sweep.hpp"
#include "sim/base/error.hpp"
#include "tests/analysis/store/small_sweep.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

void make_store(const std::filesystem::path& path, const std::vector<std::size_t>& points, const SweepIdentity& identity = small_sweep()) {
  SweepStore store(path, identity);
  for (const std::size_t point : points) store.commit(small_point(point));
}

}  // namespace

TEST_CASE("shards become one sweep, and what is missing is told", "[analysis][store][merge]") {
  const TemporaryDirectory folder;
  make_store(folder / "sweep.1-of-2.sqlite", {0, 2, 4, 6});
  make_store(folder / "sweep.2-of-2.sqlite", {1, 3, 2});  // 2 is in both, and the same
  const std::vector<std::filesystem::path> stores = stores_in(folder.path());
  REQUIRE(stores.size() == 2);
  CHECK(merge_stores(stores, folder / "sweep.sqlite") == std::vector<std::size_t>{5, 7});
  const SweepResult sweep = read_sweep(folder.path());
  CHECK(sweep.points.size() == 6);
  CHECK(metrics_csv(sweep.points[3].rows) == metrics_csv(small_point(3).point.rows));
  make_store(folder / "sweep.2-of-2.sqlite", {5, 7});  // the rest, and once more with the target among the stores
  CHECK(merge_stores(stores_in(folder.path()), folder / "sweep.sqlite").empty());
}

TEST_CASE("stores that do not belong together are not merged", "[analysis][store][merge]") {
  const TemporaryDirectory folder;
  make_store(folder / "a.sqlite", {0});
  SweepIdentity other = small_sweep();
  other.scenario["seed"] = 4;
  make_store(folder / "b.sqlite", {1}, other);
  CHECK_THROWS_WITH(merge_stores({folder / "a.sqlite", folder / "b.sqlite"}, folder / "sweep.sqlite"),
                    ContainsSubstring("b.sqlite: holds the sweep of another scenario:\n  seed: 4 → (absent)"));
  CHECK_FALSE(std::filesystem::exists(folder / "sweep.sqlite"));
  {
    SweepStore store(folder / "c.sqlite", small_sweep());
    StoredPoint changed = small_point(0);
    changed.point.summary["updates"] = 11;
    store.commit(changed);
  }
  CHECK_THROWS_WITH(merge_stores({folder / "a.sqlite", folder / "c.sqlite"}, folder / "sweep.sqlite"),
                    ContainsSubstring("c.sqlite: point 0 is not the same as in") && ContainsSubstring("updates: 10 → 11"));
}

TEST_CASE("a folder without a store has nothing to merge", "[analysis][store][merge]") {
  const TemporaryDirectory folder;
  CHECK_THROWS_WITH(stores_in(folder.path()), ContainsSubstring("holds no sweep"));
  CHECK_THROWS_WITH(stores_in(folder / "absent"), ContainsSubstring("there is none"));
}
