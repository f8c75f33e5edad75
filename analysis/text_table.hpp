#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace peloton {

/// The columns a text takes on a terminal: its characters, not its bytes.
[[nodiscard]] std::size_t text_width(std::string_view text);

/// A table for a terminal: columns as wide as their widest cell, two blanks apart; the first `left` ones and the last `notes` ones to the
/// left, the others to the right. Every line starts with two blanks.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> head, std::size_t left = 1, std::size_t notes = 0) : left_(left), notes_(notes) {
    add(std::move(head));
  }

  /// As many cells as the head.
  void add(std::vector<std::string> cells);
  [[nodiscard]] std::size_t rows() const { return rows_.size() - 1; }
  /// At most `most` rows below the head; then a line that says how many more there are in `file`.
  [[nodiscard]] std::string str(std::size_t most, std::string_view file) const;

 private:
  std::size_t left_;
  std::size_t notes_;
  std::vector<std::vector<std::string>> rows_;  ///< with the head
};

}  // namespace peloton
