#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace peloton {

enum class PlotFormat { pdf, svg, png };

/// One figure as it is to be drawn.
struct PlotItem {
  std::string name;       ///< of the figure: names its file
  std::string title;      ///< empty: none
  FigureContent content;  ///< no table
  bool wide = false;      ///< as wide as two columns of a paper, where it is alone
};

struct PlotOptions {
  PlotFormat format = PlotFormat::pdf;
  std::string x;  ///< the abscissa of curves ("time", "bits"); empty, or one that a figure does not have: the figure's first
};

/// The files that `items` (not empty) become: one for one item and for every PDF, which has a page per item; else `path` with "-NAME"
/// before its extension for each.
[[nodiscard]] std::vector<std::filesystem::path> plot_files(std::span<const PlotItem> items, const PlotOptions& options,
                                                            const std::filesystem::path& path);

/// What gnuplot (5.4) is to do, with all data: writes to `outputs`, as many as `plot_files` gave. A figure alone has the width of a
/// column (86 mm) or of two (178 mm) with 8 pt type; the pages of a document have the latter. Names and labels of the user's are text and
/// never commands.
[[nodiscard]] std::string gnuplot_script(std::span<const PlotItem> items, const PlotOptions& options,
                                         std::span<const std::filesystem::path> outputs);

/// Draws the items into the files of `plot_files`, under temporary names that are replaced when all are drawn. A missing gnuplot, and
/// whatever gnuplot complains of, are Failures; a folder that is missing is an InputError.
void draw_plots(std::span<const PlotItem> items, const PlotOptions& options, const std::filesystem::path& path);

}  // namespace peloton
