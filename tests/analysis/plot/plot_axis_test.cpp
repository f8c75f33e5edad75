#include "analysis/plot/plot_axis.hpp"

#include <cmath>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("an axis is drawn in the unit that suits its largest value", "[analysis][plot]") {
  // Hand computation. Counts keep their numbers until there are six digits of them.
  const auto label = [](const char* name, const char* unit, double largest) { return plot_axis({"n", name, unit, false}, largest).label; };
  CHECK(label("virtual time", "s", 0.25) == "virtual time (ms)");
  CHECK(label("virtual time", "s", 1.0) == "virtual time (s)");
  CHECK(label("virtual time", "s", 300) == "virtual time (s)");
  CHECK(label("virtual time", "s", 601) == "virtual time (min)");
  CHECK(label("bits sent", "bit", 2.5e9) == "bits sent (Gbit)");
  CHECK(label("updates", "", 99'999) == "updates");
  CHECK(label("updates", "", 100'000) == "updates (thousands)");
  CHECK(label("staleness", "versions", 5) == "staleness (versions)");
  CHECK(label("loss", "", 0.3) == "loss");
  CHECK(plot_axis({"n", "share", "%", false}, 0.5).drawn(0.5) == Approx(50));
  CHECK(plot_axis({"n", "time", "s", false}, 0.25).drawn(0.25) == Approx(250));
}

TEST_CASE("a logarithmic axis draws no value that is zero or below", "[analysis][plot]") {
  const PlotAxis axis = plot_axis({"n", "loss", "", true}, 2);
  CHECK(std::isnan(axis.drawn(0)));
  CHECK(std::isnan(axis.drawn(-1)));
  CHECK(std::isnan(axis.drawn(kUndefined)));
  CHECK(axis.drawn(2) == 2);
}

TEST_CASE("logarithmic ticks: decades, or thirds of them, or finer steps where there is less than one", "[analysis][plot]") {
  using Labels = std::vector<std::string>;
  const auto labels = [](double low, double high) {
    Labels out;
    for (const auto& [at, label] : log_ticks(low, high)) out.push_back(label);
    return out;
  };
  CHECK(labels(1e-5, 2) == Labels{"10^{-5}", "10^{-4}", "0.001", "0.01", "0.1", "1"});
  CHECK(labels(0.02, 2.5) == Labels{"0.03", "0.1", "0.3", "1"});
  CHECK(labels(1, 32) == Labels{"1", "2", "5", "10", "20"});
  CHECK(labels(1.2, 4) == Labels{"1.5", "2", "2.5", "3", "4"});
  CHECK(labels(1e-12, 1e8).size() <= 8);
  CHECK(labels(2e-7, 9e-7) == Labels{"2·10^{-7}", "2.5·10^{-7}", "3·10^{-7}", "4·10^{-7}", "5·10^{-7}", "6·10^{-7}", "8·10^{-7}"});
}
