#include "sim/base/units.hpp"

#include <limits>

#include "sim/base/error.hpp"
#include "tests/test.hpp"

using namespace peloton;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("every unit of time", "[sim][base][units]") {
  // Oracle: the literals of C++, which round once, as a division by a power of ten does.
  CHECK(parse_seconds("3 ns").value == 3e-9);
  CHECK(parse_seconds("50 us").value == 50e-6);
  CHECK(parse_seconds("10 ms").value == 10e-3);
  CHECK(parse_seconds("0.1 ms").value == 0.1 / 1000);
  CHECK(parse_seconds("2.5 s").value == 2.5);
  CHECK(parse_seconds("2 min").value == 120);
  CHECK(parse_seconds("1.5 h").value == 5400);
  CHECK(parse_seconds("2 d").value == 172800);
}

TEST_CASE("every unit of bandwidth", "[sim][base][units]") {
  CHECK(parse_bits_per_second("7 bps").value == 7);
  CHECK(parse_bits_per_second("56 kbps").value == 56e3);
  CHECK(parse_bits_per_second("100 Mbps").value == 100e6);
  CHECK(parse_bits_per_second("2.5 Gbps").value == 2.5e9);
  CHECK(parse_bits_per_second("1 Tbps").value == 1e12);
  CHECK(parse_bits_per_second("inf").value == std::numeric_limits<double>::infinity());
}

TEST_CASE("every unit of data", "[sim][base][units]") {
  CHECK(parse_bytes("3 B").value == 3);
  CHECK(parse_bytes("3 kB").value == 3000);
  CHECK(parse_bytes("3 MB").value == 3e6);
  CHECK(parse_bytes("3 GB").value == 3e9);
  CHECK(parse_bytes("3 TB").value == 3e12);
  CHECK(parse_bytes("3 KiB").value == 3072);
  CHECK(parse_bytes("3 MiB").value == 3145728);
  CHECK(parse_bytes("3 GiB").value == 3221225472);
  CHECK(parse_bytes("12 bit").value == 1.5);
}

TEST_CASE("shares are percentages", "[sim][base][units]") {
  CHECK(parse_fraction("20%").value == 0.2);
  CHECK(parse_fraction("0.5 %").value == 0.005);
}

TEST_CASE("blanks around number and unit do not matter", "[sim][base][units]") {
  CHECK(parse_seconds("10ms").value == 0.01);
  CHECK(parse_seconds("  10   ms ").value == 0.01);
  CHECK(parse_seconds("-1e1 ms").value == -0.01);
  CHECK(parse_bits_per_second(" inf ").value == std::numeric_limits<double>::infinity());
}

TEST_CASE("a quantity that cannot be read says what was expected", "[sim][base][units]") {
  CHECK_THROWS_WITH(parse_seconds("10"), "must be a time such as \"10 ms\" (ns us ms s min h d), got \"10\" without a unit");
  CHECK_THROWS_WITH(parse_seconds("10 sm"), ContainsSubstring("got \"10 sm\" with the unknown unit \"sm\""));
  CHECK_THROWS_WITH(parse_bits_per_second("1 gbps"), ContainsSubstring("with the unknown unit \"gbps\" (did you mean \"Gbps\"?)"));
  CHECK_THROWS_WITH(parse_bytes("1 Gbps"), ContainsSubstring("an amount of data such as \"64 KiB\""));
  CHECK_THROWS_WITH(parse_fraction("0.2"), ContainsSubstring("got \"0.2\" without a unit"));
  for (const char* text : {"", " ", "ms", "ten ms", "inf s", "nan s", "1e999 s", "+1 s", "1,5 s"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_seconds(text), InputError);
  }
}

TEST_CASE("a quantity beyond the range of numbers is refused", "[sim][base][units]") {
  // 1e308 days are 8.64e312 s, more than the largest double, 1.8e308.
  CHECK_THROWS_WITH(parse_seconds("1e308 d"), ContainsSubstring("got \"1e308 d\", too large for a number"));
  CHECK_THROWS_AS(parse_bits_per_second("1e308 Gbps"), InputError);
}

TEST_CASE("quantities are shown with four digits and a fitting unit", "[sim][base][units]") {
  CHECK(show_seconds(0) == "0 s");
  CHECK(show_seconds(2e-9) == "2 ns");
  CHECK(show_seconds(50e-6) == "50 us");
  CHECK(show_seconds(12.5e-3) == "12.5 ms");
  CHECK(show_seconds(-0.25) == "-250 ms");
  CHECK(show_seconds(61.25) == "61.25 s");
  CHECK(show_seconds(36000) == "10 h");
  CHECK(show_bytes(999) == "999 B");
  CHECK(show_bytes(1500) == "1.5 kB");
  CHECK(show_bytes(3.25e6) == "3.25 MB");
  CHECK(show_bytes(1.5e9) == "1.5 GB");
  CHECK(show_bytes(2e12) == "2 TB");
  CHECK(show_count(9999) == "9999");
  CHECK(show_count(12000) == "12 k");
  CHECK(show_count(2.5e6) == "2.5 M");
  CHECK(show_count(3e9) == "3 G");
}
