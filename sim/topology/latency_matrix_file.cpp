#include "sim/topology/latency_matrix_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/base/options.hpp"

namespace peloton {

namespace {

constexpr std::size_t kMostPlaces = 5000;
constexpr std::string_view kSeparators = "\t,; \r";

void check_size(std::size_t size, const std::string& name) {
  if (size == 0) throw InputError({name, ""}, "must hold a matrix, got nothing");
  if (size > kMostPlaces) throw InputError({name, ""}, fmt::format("must have at most {} rows, got more", kMostPlaces));
}

void read_row(std::string_view line, std::size_t number, const std::string& name, std::vector<double>& out) {
  std::size_t column = 0;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(kSeparators), line.size()));
    if (line.empty()) return;
    const std::string_view cell = line.substr(0, line.find_first_of(kSeparators));
    ++column;
    double value = 0;
    const auto [rest, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || rest != cell.data() + cell.size() || !std::isfinite(value) || value < 0)
      throw InputError({name, fmt::format("line {}, column {}", number, column)}, fmt::format("must be a number ≥ 0, got \"{}\"", cell));
    out.push_back(value);
    line.remove_prefix(cell.size());
  }
}

LatencyMatrixFile read_rows(std::istream& in, const std::string& name) {
  LatencyMatrixFile out;
  std::size_t columns = 0;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::size_t before = out.values.size();
    read_row(line, number, name, out.values);
    const std::size_t read = out.values.size() - before;
    if (read == 0) continue;
    if (out.size == 0) check_size(columns = read, name);
    if (read != columns)
      throw InputError({name, fmt::format("line {}", number)}, fmt::format("must have {} numbers as the first row, got {}", columns, read));
    if (++out.size > columns)
      throw InputError({name, fmt::format("line {}", number)},
                       fmt::format("must be a square matrix, got more rows than its {} columns", columns));
  }
  check_size(out.size, name);
  if (out.size != columns)
    throw InputError({name, ""}, fmt::format("must be a square matrix, got {} rows of {} numbers", out.size, columns));
  return out;
}

Json parse(const std::string& text, const std::string& name) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& e) {
    throw InputError({name, ""}, fmt::format("is not JSON: {}", e.what()));
  }
}

LatencyMatrixFile read_json(const std::string& text, const std::string& name) {
  const Json document = parse(text, name);
  const bool wrapped = document.contains("data");
  const Json& rows = wrapped ? document["data"] : document;
  const Place place = wrapped ? Place{name, "/data"} : Place{name, ""};
  if (!rows.is_object()) wrong_type(place, "an object of rows", rows);
  check_size(rows.size(), name);
  LatencyMatrixFile out;
  out.size = rows.size();
  std::map<std::string, std::size_t> number;
  for (const auto& [from, row] : rows.items()) {
    number.emplace(from, out.names.size());
    out.names.push_back(from);
  }
  out.values.assign(out.size * out.size, -1);
  for (std::size_t i = 0; i < out.size; ++i) {
    const Json& row = rows[out.names[i]];
    const Place here = place / out.names[i];
    if (!row.is_object()) wrong_type(here, "an object of numbers", row);
    for (const auto& [to, value] : row.items()) {
      const auto column = number.find(to);
      if (column == number.end()) throw InputError(here / to, fmt::format("must be a row, too{}", did_you_mean(to, out.names)));
      const double time = OptionType<double>::parse(value, here / to);
      if (time < 0) throw InputError(here / to, fmt::format("must be a number ≥ 0, got {}", time));
      out.values[i * out.size + column->second] = time;
    }
    out.values[i * out.size + i] = std::max(0.0, out.values[i * out.size + i]);
    for (std::size_t j = 0; j < out.size; ++j)
      if (out.values[i * out.size + j] < 0)
        throw InputError(here, fmt::format("needs a number for each of the {} places, \"{}\" is missing", out.size, out.names[j]));
  }
  return out;
}

}  // namespace

LatencyMatrixFile read_latency_matrix(const DataFile& file) {
  std::ifstream in(file.path, std::ios::binary);
  in >> std::ws;
  if (in && in.peek() == '{') {
    std::ostringstream text;
    text << in.rdbuf();
    return read_json(text.str(), file.name);
  }
  if (in.bad() || !in.is_open()) throw InputError({file.name, ""}, "cannot be read");
  in.clear();
  in.seekg(0);
  return read_rows(in, file.name);
}

}  // namespace peloton
