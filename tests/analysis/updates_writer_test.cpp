#include "analysis/updates_writer.hpp"

#include <fstream>
#include <sstream>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("updates.csv has a row per contribution; what a twin would say is empty where there is none", "[analysis][updates_writer]") {
  // Hand computation: staleness 3 − 1 − 0 versions, 0.25 s since version 0 was made.
  const test::TemporaryDirectory folder;
  UpdatesWriter writer(folder.path() / "updates.csv");
  UpdateRecord record{.time = Time{500'000'000},
                      .worker = 7,
                      .version = 3,
                      .base = 0,
                      .staleness = 2,
                      .staleness_time = Duration{250'000'000},
                      .weight = 0.5,
                      .applied = true};
  writer.on_update(record);
  record.twin_distance = 0.125;
  record.twin_floor = 1e-6;
  record.gradient_discrepancy = 0;
  writer.on_update(record);
  writer.finish();
  std::ostringstream text;
  text << std::ifstream(folder.path() / "updates.csv").rdbuf();
  CHECK(text.str() ==
        "time,worker,version,base,staleness,staleness_seconds,weight,applied,twin_distance,twin_floor,gradient_discrepancy\n"
        "0.500000000,7,3,0,2,0.250000000,0.5,1,,,\n"
        "0.500000000,7,3,0,2,0.250000000,0.5,1,0.125,1e-06,0\n");
}
