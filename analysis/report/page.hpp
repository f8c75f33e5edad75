#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace peloton {

/// What a report says beside its figures. Every text may hold any characters.
struct ReportPage {
  struct Tile {
    std::string label;
    std::string value;
    std::string remark;  ///< may be empty
  };
  /// One of several runs in a table of their results; its key shows the run's colour.
  struct TableRow {
    std::size_t color = 0;
    std::vector<std::string> cells;
  };
  struct Fold {
    std::string title;
    std::string text;  ///< preformatted
  };

  std::string kind;  ///< "run", "4 runs", "sweep"
  std::string title;
  std::string status;       ///< may be empty
  bool status_bad = false;  ///< diverged, interrupted, …
  std::string about;        ///< what was run, in a line
  std::vector<std::string> warnings;
  std::vector<Tile> tiles;
  std::vector<std::string> table_head;  ///< the first column is the run's name
  std::vector<TableRow> table;
  std::vector<Figure> figures;
  std::vector<std::string> reproduce;          ///< sentences
  std::vector<std::string> reproduce_command;  ///< command lines
  std::vector<Fold> folds;                     ///< closed at first
};

/// Text for an element or an attribute in double quotes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// Where Debian and Ubuntu keep dygraphs (package libjs-dygraphs), unless the build names another folder.
[[nodiscard]] std::filesystem::path dygraphs_folder();

/// The page as one file that loads nothing: style, data, dygraphs and its script stand in it. Deterministic.
/// A missing or unreadable dygraphs is a Failure that names the package.
[[nodiscard]] std::string page_html(const ReportPage& page, const std::filesystem::path& dygraphs);

}  // namespace peloton
