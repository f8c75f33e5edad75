#include "sim/time.hpp"

#include <cmath>

#include "sim/base/error.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

std::int64_t ns(double seconds) { return to_duration(Seconds{seconds}).ns; }

}  // namespace

TEST_CASE("seconds become the nearest nanosecond, halves away from zero", "[sim][time]") {
  CHECK(ns(0) == 0);
  CHECK(ns(1) == 1'000'000'000);
  CHECK(ns(1.4e-9) == 1);
  CHECK(ns(1.6e-9) == 2);
  CHECK(ns(0.4e-9) == 0);
  CHECK(ns(0.1) == 100'000'000);
  // Hand computation: 2^-10 s = 976562.5 ns exactly, and k · 2^-10 s is a half for every odd k.
  CHECK(ns(0x1p-10) == 976'563);
  CHECK(ns(-0x1p-10) == -976'563);
  CHECK(ns(3 * 0x1p-10) == 2'929'688);
  CHECK(ns(5 * 0x1p-10) == 4'882'813);
}

TEST_CASE("whole nanoseconds survive the way through seconds", "[sim][time]") {
  // Invariant: below 2^51 ns (26 days) the rounding of a double in seconds is far below half a nanosecond.
  for (std::int64_t t = 1; t < 1LL << 51; t = t * 7 + 3) CHECK(to_duration(Seconds{Duration{t}.seconds()}).ns == t);
}

TEST_CASE("the range of virtual time is 146 years", "[sim][time]") {
  CHECK(ns(4.6e9) == 4'600'000'000'000'000'000);
  CHECK(ns(-4.6e9) == -4'600'000'000'000'000'000);
  CHECK_THROWS_WITH(ns(5e9), "a time of 5000000000 s is beyond the range of virtual time (146 years)");
  CHECK_THROWS_AS(ns(-5e9), InputError);
  CHECK_THROWS_AS(ns(HUGE_VAL), InputError);
  CHECK_THROWS_AS(ns(std::nan("")), BrokenInvariant);
}

TEST_CASE("times and durations add up", "[sim][time]") {
  const Time start{5};
  const Duration step{3};
  CHECK(start + step == Time{8});
  CHECK((start + step) - start == step);
  CHECK(step + step - Duration{1} == Duration{5});
  Duration total;
  total += step;
  total += step;
  CHECK(total == Duration{6});
  CHECK(start < start + step);
  CHECK(to_time(Seconds{1e-6}) == Time{1000});
  CHECK(Time{1'500'000'000}.seconds() == 1.5);
  CHECK(to_time(Seconds{4.6e9}) < kNever);
}
