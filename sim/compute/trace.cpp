#include "sim/compute/trace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>

#include "sim/base/data_folder.hpp"

namespace peloton {
namespace {

constexpr std::size_t kMostTimes = 100'000'000;  // 800 MB

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view{} : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> cells_of(std::string_view line, char separator) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(separator, begin), line.size());
    out.push_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return out;
}

std::optional<double> number(std::string_view cell) {
  double out = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
  if (error != std::errc{} || end != cell.data() + cell.size()) return std::nullopt;
  return out;
}

class TraceReader {
 public:
  TraceReader(const TraceLaw& law, const Place& place) : law_(law), place_(place) {}

  std::vector<RecordedTimes> read(std::istream& in) {
    for (std::string line; std::getline(in, line);) {
      ++line_;
      if (!trimmed(line).empty()) read_line(line);
    }
    if (in.bad()) throw Failure(fmt::format("{}: cannot be read", law_.path));
    if (count_ == 0) throw InputError(Place{law_.path, ""}, "must hold at least one time, got none");
    return std::move(out_);
  }

 private:
  void read_line(std::string_view line) {
    const bool first = columns_ == 0;
    if (first) choose_separator(line);
    const std::vector<std::string_view> cells = cells_of(line, separator_);
    if (first) {
      columns_ = cells.size();
      if (read_names(cells)) return;
    }
    if (cells.size() <= std::max({column_, worker_column_.value_or(0), clock_column_.value_or(0)}))
      fail(fmt::format("must have the {} columns of the first row, got {}", columns_, cells.size()));
    const std::optional<double> time = number(cells[column_]);
    if (!time || !std::isfinite(*time) || *time < 0) fail(fmt::format("must have a time ≥ 0, got \"{}\"", cells[column_]));
    if (++count_ > kMostTimes) fail(fmt::format("more than {} times", kMostTimes));
    RecordedTimes& worker = recorded(worker_column_ ? cells[*worker_column_] : std::string_view{});
    if (clock_column_) check_clock(cells[*clock_column_], worker);
    worker.times.push_back(*time);
  }

  /// Files whose rows are out of order would be replayed so without a word.
  void check_clock(std::string_view cell, RecordedTimes& worker) const {
    const std::optional<double> clock = number(cell);
    if (!clock || !std::isfinite(*clock))
      fail(fmt::format("must have a number in the column \"{}\", got \"{}\"", *law_.clock_column, cell));
    if (!worker.times.empty() && *clock < worker.clock)
      fail(fmt::format("the trace goes back in time: \"{}\" is {} after {}", *law_.clock_column, *clock, worker.clock));
    worker.clock = *clock;
  }

  void choose_separator(std::string_view line) {
    for (const char candidate : {',', ';', '\t'}) {
      separator_ = candidate;
      if (line.find(candidate) != std::string_view::npos) return;
    }
  }

  /// True when the first row holds the names of the columns.
  bool read_names(const std::vector<std::string_view>& cells) {
    const bool header = std::none_of(cells.begin(), cells.end(), [](std::string_view cell) { return number(cell).has_value(); });
    std::vector<std::string> names;
    for (std::size_t i = 0; i < cells.size(); ++i) names.push_back(header ? std::string(cells[i]) : std::to_string(i));
    if (!law_.column && names.size() > 1)
      throw InputError(place_, fmt::format("needs the key \"column\": {} has the columns {}", law_.path, fmt::join(names, ", ")));
    column_ = law_.column ? find("column", *law_.column, names) : 0;
    if (law_.clock_column) clock_column_ = find("clock_column", *law_.clock_column, names);
    if (law_.worker_column) worker_column_ = find("worker_column", *law_.worker_column, names);
    return header;
  }

  std::size_t find(std::string_view key, const std::string& name, const std::vector<std::string>& names) const {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      throw InputError(place_ / key, fmt::format("must be a column of {} ({}), got \"{}\"{}", law_.path, fmt::join(names, ", "), name,
                                                 did_you_mean(name, names)));
    return static_cast<std::size_t>(found - names.begin());
  }

  RecordedTimes& recorded(std::string_view worker) {
    const auto [entry, is_new] = workers_.try_emplace(std::string(worker), out_.size());
    if (is_new) out_.emplace_back();
    return out_[entry->second];
  }

  [[noreturn]] void fail(const std::string& message) const { throw InputError(Place{law_.path, fmt::format("line {}", line_)}, message); }

  const TraceLaw& law_;
  const Place& place_;
  std::size_t line_ = 0;
  std::size_t count_ = 0;
  char separator_ = ',';
  std::size_t columns_ = 0;
  std::size_t column_ = 0;
  std::optional<std::size_t> worker_column_;
  std::optional<std::size_t> clock_column_;
  std::map<std::string, std::size_t> workers_;  ///< numbers of the recorded workers
  std::vector<RecordedTimes> out_;
};

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// What the numbers of the file are multiplied by to be seconds.
double scale(const TraceLaw& law, const std::vector<RecordedTimes>& recorded, const Place& place) {
  if (!law.mean) return law.unit.value_or(Seconds{1}).value;
  double total = 0;
  std::size_t rows = 0;
  for (const RecordedTimes& worker : recorded) {
    total += sum(worker.times);
    rows += worker.times.size();
  }
  if (total == 0) throw InputError(place / "mean", fmt::format("cannot scale the times of {}: all are 0", law.path));
  return law.mean->value * static_cast<double>(rows) / total;
}

}  // namespace

void TraceLaw::validate(const Place& place) const {
  if (path.empty()) throw InputError(place / "path", "must be the path of a file, got \"\"");
  if (unit && mean) throw InputError(place, "takes \"unit\" or \"mean\", got both");
}

void TraceLaw::prepare(const LawSources& sources, const Place& place) {
  const DataFile file = find_data_file(sources.data_folder, path, place / "path");
  if (!std::filesystem::is_regular_file(file.path)) throw InputError(place / "path", fmt::format("must be a file, got \"{}\"", file.path));
  std::ifstream in(file.path);
  if (!in) throw Failure(fmt::format("{}: cannot be opened", file.path));
  std::vector<RecordedTimes> out = TraceReader(*this, place).read(in);
  const double factor = scale(*this, out, place);
  for (RecordedTimes& worker : out) {
    for (double& time : worker.times) time *= factor;
    worker.mean = sum(worker.times) / static_cast<double>(worker.times.size());
  }
  recorded = std::make_shared<const std::vector<RecordedTimes>>(std::move(out));
}

double TraceLaw::sample(RandomStream& random, const ComputeCall& call) const {
  PELOTON_INVARIANT(recorded != nullptr, "a trace is read before it is replayed");
  const std::vector<double>& times = (*recorded)[call.worker % recorded->size()].times;
  const auto rows = static_cast<std::uint32_t>(times.size());
  if (order == TraceOrder::random) return times[random.below(rows)];
  const bool stands_alone = worker_column && call.worker < recorded->size();
  const std::uint32_t start = stands_alone ? 0 : RandomStream(call.seed, Purpose::trace_start, call.worker, 0).below(rows);
  return times[(start + call.number) % rows];
}

double TraceLaw::expectation(NodeId worker) const {
  PELOTON_INVARIANT(recorded != nullptr, "a trace is read before it is replayed");
  return (*recorded)[worker % recorded->size()].mean;
}

}  // namespace peloton
