#include "models/layers/layer_table.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>

#include "models/data/file.hpp"

namespace peloton {
namespace {

constexpr std::string_view kHeader = "name,parameters,flops";
constexpr std::uint64_t kMostParameters = 1ULL << 48U;

class Reader {
 public:
  Reader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  LayerTable read() {
    if (next_line() != kHeader) fail(fmt::format("must be the header \"{}\", got \"{}\"", kHeader, line_));
    std::uint64_t parameters = 0;
    while (!text_.empty()) {
      if (next_line().empty()) continue;
      out_.push_back(row());
      parameters += out_.back().parameters;
      if (parameters > kMostParameters) fail(fmt::format("must leave the table at ≤ {} parameters", kMostParameters));
    }
    if (parameters == 0) throw InputError(Place{file_, ""}, "must have a tensor with a parameter, got none");
    return std::move(out_);
  }

 private:
  std::string_view next_line() {
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    line_ = text_.substr(0, end);
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++number_;
    return line_;
  }

  LayerRow row() const {
    const std::size_t first = line_.find(',');
    const std::size_t second = first == std::string_view::npos ? first : line_.find(',', first + 1);
    if (second == std::string_view::npos || line_.find(',', second + 1) != std::string_view::npos)
      fail(fmt::format("must have three cells ({}), got \"{}\"", kHeader, line_));
    LayerRow out;
    out.name = line_.substr(0, first);
    read(line_.substr(first + 1, second - first - 1), "parameters", "a count ≥ 0", out.parameters);
    read(line_.substr(second + 1), "flops", "a number ≥ 0", out.flops);
    if (!std::isfinite(out.flops) || out.flops < 0) fail(fmt::format("flops must be a number ≥ 0, got \"{}\"", line_.substr(second + 1)));
    if (out.parameters > kMostParameters) fail(fmt::format("parameters must be ≤ {}, got {}", kMostParameters, out.parameters));
    return out;
  }

  template <class T>
  void read(std::string_view cell, std::string_view column, std::string_view expected, T& out) const {
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
    if (error != std::errc() || end != cell.data() + cell.size()) fail(fmt::format("{} must be {}, got \"{}\"", column, expected, cell));
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(Place{file_, ""}, fmt::format("line {}: {}", number_, message));
  }

  std::string_view text_;
  std::string file_;
  std::string_view line_;
  std::size_t number_ = 0;
  LayerTable out_;
};

}  // namespace

LayerTable read_layer_table(const DataFile& file) {
  const std::vector<std::uint8_t> bytes = read_data_file(file);
  const std::string text(bytes.begin(), bytes.end());
  return Reader(text, file.name).read();
}

}  // namespace peloton
