#include "analysis/plot/gnuplot_script.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace peloton {

std::string gnuplot_string(std::string_view text) {
  constexpr unsigned char kFirstPrintable = 0x20;
  constexpr unsigned char kDelete = 0x7f;
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < kFirstPrintable || code == kDelete)
      out += ' ';
    else if (c == '"' || c == '\\' || c == '`')
      out += fmt::format("\\{:03o}", code);
    else
      out += c;
  }
  return out + "\"";
}

std::string gnuplot_label(std::string_view text) {
  std::string doubled;
  for (const char c : text) {
    if (c == '%') doubled += '%';
    doubled += c;
  }
  return gnuplot_string(doubled);
}

std::string gnuplot_lines(std::string_view text, std::size_t width) {
  std::string out;
  while (text.size() > width) {
    std::size_t blank = text.rfind(' ', width);
    if (blank == std::string_view::npos) blank = text.find(' ');
    if (blank == std::string_view::npos) break;
    out += gnuplot_string(text.substr(0, blank)) + R"(."\n".)";
    text.remove_prefix(blank + 1);
  }
  return out + gnuplot_string(text);
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

namespace {

/// At most so many characters (of UTF-8) that a third of a column is enough for them.
std::string shortened(const std::string& label) {
  constexpr std::size_t kMost = 26;
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  if (static_cast<std::size_t>(std::count_if(label.begin(), label.end(), begins)) <= kMost) return label;
  std::size_t characters = 0;
  std::size_t end = 0;
  while (!begins(label[end]) || ++characters < kMost) ++end;
  return label.substr(0, end) + "…";
}

}  // namespace

void GnuplotPage::categories(char which, const std::vector<std::string>& labels, std::size_t most) {
  most = std::max<std::size_t>(1, most);
  const std::size_t every = labels.empty() ? 1 : (labels.size() + most - 1) / most;
  std::string ticks;
  for (std::size_t i = 0; i < labels.size(); i += every)
    ticks += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_label(shortened(labels[i])), i);
  line("set {}tics ({}) noenhanced", which, ticks);
}

std::size_t most_beside(const std::vector<std::string>& labels, std::size_t columns) {
  constexpr std::size_t kCharacters = 34;  // of tick labels in the width of a column
  constexpr std::size_t kGap = 2;
  std::size_t longest = 1;
  for (const std::string& label : labels) longest = std::max(longest, label.size());
  return kCharacters * columns * (columns > 1 ? 5 : 4) / 4 / (longest + kGap);
}

std::string GnuplotPage::text() const {
  std::string out = data_ + commands_;
  out += "plot ";
  for (std::size_t i = 0; i < plots_.size(); ++i) out += (i == 0 ? "" : ", \\\n     ") + plots_[i];
  if (plots_.empty()) out += "NaN notitle";
  return out + "\n";
}

}  // namespace peloton
