#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/figures/figure.hpp"
#include "analysis/plot/plot_axis.hpp"

namespace peloton {

/// A text as a string of gnuplot. Quotes, backslashes and backquotes (commands!) are written as octal numbers, control characters become
/// blanks, and so nothing in it is substituted. (In single quotes gnuplot 5.4 misreads a text that begins with one.) Where the text is
/// shown, `noenhanced` keeps its _ ^ { } as they are.
[[nodiscard]] std::string gnuplot_string(std::string_view text);
/// The same for a tick's label, in which gnuplot would fill in numbers for %.
[[nodiscard]] std::string gnuplot_label(std::string_view text);

/// The same in lines of about `width` characters, broken at blanks.
[[nodiscard]] std::string gnuplot_lines(std::string_view text, std::size_t width);

/// A colour of the palette, "#0072b2": that of Okabe and Ito (2008), which the colour-blind can tell apart, the same as in reports.
[[nodiscard]] std::string_view plot_color(std::size_t place);

/// The commands and the data of one figure, collected.
class GnuplotPage {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(commands_), format, std::forward<Args>(args)...);
    commands_ += '\n';
  }
  /// A block of rows of numbers with one width; undefined ones break curves. Returns its name.
  [[nodiscard]] std::string data(std::span<const std::vector<double>> columns);
  /// One item of the plot command.
  template <class... Args>
  void plot(fmt::format_string<Args...> format, Args&&... args) {
    plots_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  /// Label, scale and range of the axis 'x' or 'y', in drawn numbers. `low` < `high`.
  void axis(char which, const PlotAxis& axis, double low, double high);
  /// Labelled ticks of categories at 0, 1, …: as many as `most`, evenly; long labels are cut short and end with "…".
  void categories(char which, const std::vector<std::string>& labels, std::size_t most);

  /// Everything as text, the plot command last. Without anything to plot an empty frame.
  [[nodiscard]] std::string text() const;

 private:
  std::string data_;
  std::string commands_;
  std::vector<std::string> plots_;
  std::size_t blocks_ = 0;
};

/// How many of the labels fit beside one another below a figure of 1 or 2 columns, if all were as long as the longest.
[[nodiscard]] std::size_t most_beside(const std::vector<std::string>& labels, std::size_t columns);

/// What the drawing of a figure depends on beside its content.
struct PlotStyle {
  std::string x;            ///< the abscissa of curves, by name; empty, or one that the figure does not have: the figure's first
  std::size_t columns = 1;  ///< of a paper's text: 1, a narrow figure, or 2, a wide one
  double font = 8;          ///< size of the type in the terminal's unit
  double marks = 1;         ///< factor of the size of points
};

/// Draws one kind of content.
void draw(GnuplotPage& page, const LineFigure& lines, const PlotStyle& style);
void draw(GnuplotPage& page, const BarFigure& bars, const PlotStyle& style);
void draw(GnuplotPage& page, const HeatMap& map, const PlotStyle& style);
void draw(GnuplotPage& page, const Gantt& gantt, const PlotStyle& style);
void draw(GnuplotPage& page, const Scatter& scatter, const PlotStyle& style);

}  // namespace peloton
