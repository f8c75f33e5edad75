#include "sim/base/wildcard.hpp"

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("a star stands for any text", "[sim][base][wildcard]") {
  CHECK(matches("w1", "w1"));
  CHECK_FALSE(matches("w1", "w12"));
  CHECK(matches("w*", "w12"));
  CHECK(matches("*", ""));
  CHECK(matches("w*->switch", "w12->switch"));
  CHECK_FALSE(matches("w*->switch", "switch->w12"));
  CHECK(matches("*a*b", "xaybzb"));
  CHECK_FALSE(matches("*a*b", "xbya"));
}
