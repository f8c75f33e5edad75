#include "analysis/store/sweep_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "analysis/store/read_sweep.hpp"
#include "sim/base/error.hpp"
#include "tests/analysis/store/small_sweep.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

void store_points(const std::filesystem::path& path, const std::vector<std::size_t>& points) {
  SweepStore store(path, small_sweep());
  for (const std::size_t point : points) store.commit(small_point(point));
}

}  // namespace

TEST_CASE("a store gives back what was committed, bit for bit", "[analysis][store]") {
  const TemporaryDirectory folder;
  store_points(store_of(folder.path()), {5, 0, 3});
  const SweepResult sweep = read_sweep(folder.path());
  CHECK(sweep.name == "small");
  CHECK(sweep.scenario == small_sweep().scenario);
  CHECK(sweep.axes == small_sweep().axes);
  CHECK(sweep.repeats == 2);
  CHECK(sweep.planned == 8);
  REQUIRE(sweep.points.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const SweepPoint& p = sweep.points[i];
    const SweepPoint expected = small_point(std::vector<std::size_t>{0, 3, 5}[i]).point;  // by index, not by the order of commits
    CHECK(p.index == expected.index);
    CHECK(p.levels == expected.levels);
    CHECK(p.repeat == expected.repeat);
    CHECK(p.seed == expected.seed);
    CHECK(p.summary.dump() == expected.summary.dump());
    CHECK(metrics_csv(p.rows) == metrics_csv(expected.rows));
    CHECK(p.rows[1].time.ns == (std::int64_t{1} << 53) + 1);
    CHECK(std::signbit(*p.rows[1].grad_norm));
  }
}

TEST_CASE("a store goes on where it was left", "[analysis][store]") {
  const TemporaryDirectory folder;
  store_points(store_of(folder.path()), {0, 1});
  SweepStore store(store_of(folder.path()), small_sweep());
  CHECK(store.count() == 2);
  CHECK(store.finished(1));
  CHECK_FALSE(store.finished(2));
  store.commit(small_point(2));
  CHECK_THROWS_AS(store.commit(small_point(2)), BrokenInvariant);
  const SweepCounts counts = count_points(folder.path());  // readers may look while it is open
  CHECK(counts.finished == 3);
  CHECK(counts.planned == 8);
}

TEST_CASE("counts are told by status", "[analysis][store]") {
  const TemporaryDirectory folder;
  store_points(store_of(folder.path()), {0, 1, 3});
  const SweepCounts counts = count_points(folder.path());
  CHECK(counts.by_status == std::vector<std::pair<std::string, std::size_t>>{{"diverged", 1}, {"finished", 2}});
}

TEST_CASE("another scenario is refused with its differences, and the store is left alone", "[analysis][store]") {
  const TemporaryDirectory folder;
  const std::filesystem::path path = store_of(folder.path());
  store_points(path, {0});
  SweepIdentity other = small_sweep();
  other.scenario["cluster"]["workers"] = 5;
  CHECK_THROWS_WITH(SweepStore(path, other), ContainsSubstring("holds the sweep of another scenario:\n  cluster.workers: 4 → 5"));
  other = small_sweep();
  std::swap(other.axes[0], other.axes[1]);  // which numbers the points otherwise
  CHECK_THROWS_WITH(SweepStore(path, other),
                    ContainsSubstring("axes in another order: cluster.workers, algorithm; here it is algorithm, "));
  other = small_sweep();
  other.kernels = "avx2";
  CHECK_THROWS_WITH(SweepStore(path, other), ContainsSubstring("computed with the kernels reference, here they are avx2"));
  CHECK(SweepStore(path, small_sweep()).count() == 1);
}

TEST_CASE("a store of another layout and one of another peloton are refused by their versions", "[analysis][store]") {
  const TemporaryDirectory folder;
  const std::filesystem::path path = store_of(folder.path());
  store_points(path, {0});
  Database(path.string(), Database::Mode::write).run("UPDATE meta SET value = '9.8.7' WHERE key = 'peloton'");
  CHECK_THROWS_WITH(SweepStore(path, small_sweep()), ContainsSubstring("was made by peloton 9.8.7, this is " PELOTON_VERSION));
  CHECK(read_sweep(path).points.size() == 1);  // it can still be read
  Database(path.string(), Database::Mode::write).run("PRAGMA user_version = 7");
  CHECK_THROWS_WITH(
      SweepStore(path, small_sweep()),
      ContainsSubstring("is a store of version 7, made by peloton 9.8.7; this peloton " PELOTON_VERSION " reads and writes version 1"));
  CHECK_THROWS_WITH(read_sweep(path), ContainsSubstring("is a store of version 7"));
}

TEST_CASE("what is no store is refused and left alone", "[analysis][store]") {
  const TemporaryDirectory folder;
  std::ofstream(folder / "text.sqlite") << std::string(5000, 'x');
  CHECK_THROWS_AS(SweepStore(folder / "text.sqlite", small_sweep()), InputError);
  CHECK(std::filesystem::file_size(folder / "text.sqlite") == 5000);
  Database((folder / "other.sqlite").string(), Database::Mode::write).run("CREATE TABLE mine(x)");
  CHECK_THROWS_WITH(SweepStore(folder / "other.sqlite", small_sweep()), ContainsSubstring("is no store of a sweep"));
  CHECK_THROWS_WITH(read_sweep(folder.path()), ContainsSubstring("holds no sweep (sweep.sqlite is missing)"));
  CHECK_THROWS_WITH(read_sweep(folder / "absent"), ContainsSubstring("there is none"));
}

TEST_CASE("a store whose making was cut off is made anew", "[analysis][store]") {
  const TemporaryDirectory folder;
  const std::filesystem::path path = store_of(folder.path());
  std::ofstream(path).flush();  // killed between making the file and the first commit
  SweepStore store(path, small_sweep());
  CHECK(store.count() == 0);
}

TEST_CASE("two writers of one store: the second is refused at once, the first goes on", "[analysis][store]") {
  const TemporaryDirectory folder;
  const std::filesystem::path path = store_of(folder.path());
  SweepStore first(path, small_sweep());
  first.commit(small_point(0));
  CHECK_THROWS_WITH(SweepStore(path, small_sweep()), ContainsSubstring("another process is working on this sweep"));
  first.commit(small_point(1));
  CHECK(read_sweep(path).points.size() == 2);
}

TEST_CASE("a full store is a failure that names the file, and keeps what was committed", "[analysis][store]") {
  const TemporaryDirectory folder;
  const std::filesystem::path path = store_of(folder.path());
  std::size_t committed = 0;
  {
    SweepStore store(path, small_sweep(), {.most_pages = 16});
    StoredPoint big = small_point(0);
    big.point.summary["text"] = std::string(20'000, 'x');  // five pages each
    try {
      for (; committed < 8; ++committed) {
        big.point.index = committed;
        store.commit(big);
      }
      FAIL("the store took everything");
    } catch (const Failure& e) {
      CHECK_THAT(e.what(), ContainsSubstring("sweep.sqlite: cannot be written (database or disk is full)"));
    }
    CHECK(committed >= 1);
    CHECK(store.count() == committed);
  }
  SweepStore again(path, small_sweep());
  CHECK(again.count() == committed);
  again.commit(small_point(7));
}

TEST_CASE("a store in a folder that cannot be written can be read", "[analysis][store]") {
  SKIP_IF(geteuid() == 0, "root may write everywhere");
  const TemporaryDirectory folder;
  store_points(store_of(folder.path()), {0});
  chmod(folder.path().c_str(), 0555);
  CHECK(read_sweep(folder.path()).points.size() == 1);
  chmod(folder.path().c_str(), 0755);
}
