#include "models/data/libsvm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "models/data/file.hpp"

namespace peloton {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

class Reader {
 public:
  Reader(std::string_view text, const DataFile& file, std::uint32_t most_features)
      : text_(text), file_(file), most_features_(most_features) {}

  Dataset read() {
    reserve();
    for (const char *line = text_.data(), *end = line + text_.size(); line != end;) {
      const auto* newline = static_cast<const char*>(std::memchr(line, '\n', static_cast<std::size_t>(end - line)));
      ++line_;
      read_line(line, newline == nullptr ? end : newline);
      line = newline == nullptr ? end : newline + 1;
    }
    if (out_.labels.empty()) throw InputError(Place{file_.name, ""}, "must hold at least one row, got none");
    out_.rows = out_.labels.size();
    out_.features = features_;
    out_.x = std::move(x_);
    return std::move(out_);
  }

 private:
  void reserve() {
    // The shortest feature, " 1:1", takes four bytes, which bounds what a file of colons can make us ask for.
    const auto entries = std::min<std::size_t>(static_cast<std::size_t>(std::count(text_.begin(), text_.end(), ':')), text_.size() / 4);
    const auto rows = static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n')) + 1;
    x_.columns.reserve(entries);
    x_.values.reserve(entries);
    x_.starts.reserve(rows + 1);
    out_.labels.reserve(rows);
  }

  void read_line(const char* p, const char* end) {
    if (const void* comment = std::memchr(p, '#', static_cast<std::size_t>(end - p))) end = static_cast<const char*>(comment);
    end_ = end;
    p = skip_blanks(p);
    if (p == end) return;
    if (out_.labels.size() == std::numeric_limits<std::uint32_t>::max()) fail(fmt::format("more than {} rows", out_.labels.size()));
    double label = 0;
    p = read_number(p, label, "a label");
    out_.labels.push_back(label);
    std::uint32_t last = 0;
    for (p = skip_blanks(p); p != end; p = skip_blanks(p)) p = read_feature(p, last);
    features_ = std::max(features_, last);
    x_.starts.push_back(x_.columns.size());
  }

  /// One `index:value`; `last` is the index before it.
  const char* read_feature(const char* p, std::uint32_t& last) {
    std::uint64_t index = 0;
    const auto [colon, error] = std::from_chars(p, end_, index);
    if (error == std::errc::result_out_of_range) index = std::numeric_limits<std::uint64_t>::max();
    if (error == std::errc::invalid_argument || colon == end_ || *colon != ':') fail_feature(p);
    if (index == 0) fail("feature index 0: indices start at 1");
    if (index > most_features_) fail_high(p, colon);
    if (index == last) fail(fmt::format("feature index {} twice", index));
    if (index < last) fail(fmt::format("feature index {} after {}: indices must ascend", index, last));
    last = static_cast<std::uint32_t>(index);
    if (colon + 1 == end_ || is_blank(colon[1])) fail(fmt::format("feature {} has no value", index));
    double value = 0;
    p = read_number(colon + 1, value, "a value");
    x_.columns.push_back(last - 1);
    x_.values.push_back(value);
    return p;
  }

  const char* read_number(const char* p, double& value, std::string_view what) {
    const bool plus = *p == '+' && end_ - p > 1 && p[1] != '-';  // from_chars knows no plus sign
    const auto [after, error] = std::from_chars(plus ? p + 1 : p, end_, value);
    const bool whole = after == end_ || is_blank(*after);
    if (error == std::errc::invalid_argument || !whole) fail(fmt::format("{} must be a number, got {}", what, token(p)));
    if (error != std::errc() || !std::isfinite(value)) fail(fmt::format("{} must be a finite number (float64), got {}", what, token(p)));
    return after;
  }

  const char* skip_blanks(const char* p) const {
    while (p != end_ && is_blank(*p)) ++p;
    return p;
  }

  /// What stands at p up to the next blank, cut when long.
  std::string token(const char* p) const {
    const char* q = p;
    while (q != end_ && !is_blank(*q) && q - p < 80) ++q;
    return show(Json(std::string(p, q)));
  }

  [[noreturn]] void fail(const std::string& message) const { throw InputError(Place{file_.name, fmt::format("line {}", line_)}, message); }
  [[noreturn]] void fail_feature(const char* p) const {
    if (std::string_view(p, end_).starts_with("qid:")) fail("qid: rows grouped by query (ranking data) are not supported");
    fail(fmt::format("must be index:value, got {}", token(p)));
  }
  [[noreturn]] void fail_high(const char* p, const char* colon) const {
    const std::string index = std::string(p, std::min(colon, p + 40));
    if (most_features_ == kMaxLibsvmFeatures) fail(fmt::format("feature index {}: the limit is {}", index, most_features_));
    fail(fmt::format("feature index {}: the option \"features\" says {}", index, most_features_));
  }

  std::string_view text_;
  const DataFile& file_;
  std::uint32_t most_features_;
  const char* end_ = nullptr;  ///< of the line
  std::uint64_t line_ = 0;
  std::uint32_t features_ = 0;
  Dataset out_;
  SparseRows x_;
};

}  // namespace

Dataset read_libsvm(const DataFile& file, std::uint32_t most_features) {
  const std::vector<std::uint8_t> bytes = read_data_file(file);
  return Reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file, most_features).read();
}

DataPair LibsvmData::load(const DataContext& context) const {
  const auto most = features ? static_cast<std::uint32_t>(*features) : kMaxLibsvmFeatures;
  DataPair out;
  out.train = read_libsvm(context.file("path", path), most);
  if (test_path) out.test = read_libsvm(context.file("test_path", *test_path), most);
  const std::size_t used = std::max(out.train.features, out.test.features);
  if (used == 0 && !features) throw InputError(context.place / "path", "no row has a feature; give their number as \"features\"");
  out.train.features = features ? most : used;
  if (test_path) out.test.features = out.train.features;
  return out;
}

}  // namespace peloton
