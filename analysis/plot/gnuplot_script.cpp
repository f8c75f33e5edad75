#include "analysis/plot/gnuplot_script.hpp"

#include <array>
#include <cmath>

namespace peloton {

std::string gnuplot_string(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    constexpr unsigned char kFirstPrintable = 0x20;
    constexpr unsigned char kDelete = 0x7f;
    const auto code = static_cast<unsigned char>(c);
    out += code < kFirstPrintable || code == kDelete ? ' ' : c;
  }
  return out + "'";
}

std::string gnuplot_label(std::string_view text) {
  std::string doubled;
  for (const char c : text) {
    if (c == '%') doubled += '%';
    doubled += c;
  }
  return gnuplot_string(doubled);
}

std::string_view plot_color(std::size_t place) {
  static constexpr std::array<std::string_view, 8> kColors = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                              "#e69f00", "#56b4e9", "#7a7400", "#3d4650"};
  return kColors[place % kColors.size()];
}

std::string GnuplotPage::data(std::span<const std::vector<double>> columns) {
  const std::string name = fmt::format("$data{}", ++blocks_);
  const auto out = std::back_inserter(data_);
  fmt::format_to(out, "{} << END\n", name);
  const std::size_t rows = columns.empty() ? 0 : columns.front().size();
  for (std::size_t r = 0; r < rows; ++r) {
    bool defined = true;
    for (const std::vector<double>& column : columns) defined = defined && std::isfinite(column[r]);
    for (const std::vector<double>& column : columns)
      if (defined) fmt::format_to(out, "{:.7g} ", column[r]);
    data_ += '\n';  // an empty line breaks a curve
  }
  data_ += "END\n";
  return name;
}

void GnuplotPage::axis(char which, const PlotAxis& axis, double low, double high) {
  line("set {}label {} noenhanced", which, gnuplot_string(axis.label));
  line("set {}range [{:.7g}:{:.7g}]", which, low, high);
  if (!axis.log) return;
  line("set logscale {}", which);
  std::string ticks;
  for (const auto& [at, label] : log_ticks(low, high)) ticks += fmt::format("{}'{}' {:.7g}", ticks.empty() ? "" : ", ", label, at);
  if (!ticks.empty()) line("set {}tics ({})", which, ticks);
}

void GnuplotPage::categories(char which, const std::vector<std::string>& labels, std::size_t most) {
  const std::size_t every = labels.empty() ? 1 : (labels.size() + most - 1) / most;
  std::string ticks;
  for (std::size_t i = 0; i < labels.size(); i += every) ticks += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_label(labels[i]), i);
  line("set {}tics ({}) noenhanced", which, ticks);
}

std::string GnuplotPage::text() const {
  std::string out = data_ + commands_;
  out += "plot ";
  for (std::size_t i = 0; i < plots_.size(); ++i) out += (i == 0 ? "" : ", \\\n     ") + plots_[i];
  if (plots_.empty()) out += "NaN notitle";
  return out + "\n";
}

}  // namespace peloton
