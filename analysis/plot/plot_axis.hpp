#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace peloton {

/// An axis as it is drawn: numbers in the prefixed unit that suits their size.
struct PlotAxis {
  double factor = 1;  ///< value / factor is drawn
  std::string label;  ///< "virtual time (ms)", "updates (thousands)"
  bool log = false;

  /// What is drawn for a value: `kUndefined` where there is none, and for values ≤ 0 on a logarithmic axis.
  [[nodiscard]] double drawn(double value) const;
};

/// `largest`: the largest size |value| to be drawn; 0 when there is none.
[[nodiscard]] PlotAxis plot_axis(const Axis& axis, double largest);

/// The range of defined values, and only of positive ones where asked for.
struct PlotRange {
  double low = 0;
  double high = 0;
  bool empty = true;

  void add(double value, bool only_positive);
};

/// Where a logarithmic axis from `low` to `high` (0 < low < high) has labels, in drawn numbers: decades where there are several, else
/// also 2 and 5 times them, else finer steps. Labels in gnuplot's enhanced notation ("10^{−3}").
[[nodiscard]] std::vector<std::pair<double, std::string>> log_ticks(double low, double high);

/// Three significant digits, for cells and labels: "0.0123", "1234", "5.6e+07".
[[nodiscard]] std::string short_number(double value);

}  // namespace peloton
