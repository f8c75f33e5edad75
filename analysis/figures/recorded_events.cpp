#include "analysis/figures/recorded_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "analysis/text.hpp"
#include "sim/base/error.hpp"
#include "sim/time.hpp"

namespace peloton {
namespace {

using Cells = std::vector<std::string>;

/// The columns of events.csv, in any order.
enum Column : std::size_t { time, event, node, peer, start, traffic, bits, version, staleness, link, load, columns };
constexpr std::array<std::string_view, columns> kNames = {"time", "event",   "node",      "peer", "start", "traffic",
                                                          "bits", "version", "staleness", "link", "load"};
constexpr std::array<std::string_view, kTrafficKinds> kTrafficNames = {"uplink", "downlink", "peer", "control"};

/// Reads one file record by record into RecordedEvents.
class EventsReader {
 public:
  explicit EventsReader(std::string file) : file_(std::move(file)) { out_.begin = std::numeric_limits<double>::infinity(); }

  void head(const Cells& cells) {
    for (std::size_t c = 0; c < columns; ++c) {
      const auto found = std::find(cells.begin(), cells.end(), kNames[c]);
      if (found == cells.end()) throw InputError(fmt::format("{}: is no events.csv of peloton: has no column \"{}\"", file_, kNames[c]));
      where_[c] = static_cast<std::size_t>(found - cells.begin());
    }
    width_ = cells.size();
  }

  void record(const Cells& cells, std::size_t line) {
    cells_ = &cells;
    line_ = line;
    if (cells.size() != width_) throw InputError(fmt::format("{}: line {}: must have {} cells, got {}", file_, line, width_, cells.size()));
    const double at = seconds(time);
    const std::string& kind = cell(event);
    double began = at;
    if (kind == "compute") {
      out_.computations.push_back({parsed<std::uint32_t>(node, "a worker"), integer(version), began = seconds(start), at});
    } else if (kind == "transfer") {
      out_.transfers.push_back({node_of(node), node_of(peer), traffic_kind(), number(bits), began = seconds(start), at});
    } else if (kind == "update" || kind == "discard") {
      out_.updates.push_back({parsed<std::uint32_t>(node, "a worker"), integer(version), integer(staleness), at, kind == "update"});
    } else if (kind == "link") {
      out_.link_changes.push_back({place_in(out_.links, link_places_, cell(link)), at, number(load)});
    } else if (kind == "cut") {
      out_.cut = cell(link);
    }  // else a later version's kind
    out_.begin = std::min(out_.begin, began);
    out_.end = std::max(out_.end, at);
  }

  [[nodiscard]] RecordedEvents take() {
    if (width_ == 0) throw InputError(fmt::format("{}: is no events.csv of peloton: it is empty", file_));
    out_.begin = std::min(out_.begin, out_.end);
    return std::move(out_);
  }

 private:
  [[nodiscard]] const std::string& cell(Column c) const { return (*cells_)[where_[c]]; }

  [[noreturn]] void refuse(Column c, std::string_view expected) const {
    throw InputError(fmt::format("{}: line {}: {}: must be {}, got \"{}\"", file_, line_, kNames[c], expected, cell(c)));
  }
  template <class T>
  [[nodiscard]] T parsed(Column c, std::string_view expected) const {
    const std::string& text = cell(c);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) refuse(c, expected);
    return value;
  }
  [[nodiscard]] RecordedEvents::Node node_of(Column c) {
    const std::string& text = cell(c);
    if (!text.empty() && text.front() >= '0' && text.front() <= '9') return parsed<std::uint32_t>(c, "a node");
    return RecordedEvents::kFirstNamed + static_cast<std::uint32_t>(place_in(out_.names, node_places_, text));
  }
  [[nodiscard]] double number(Column c) const { return parsed<double>(c, "a number"); }
  [[nodiscard]] std::int64_t integer(Column c) const { return cell(c).empty() ? -1 : parsed<std::int64_t>(c, "a whole number"); }
  [[nodiscard]] double seconds(Column c) const {
    Time value;
    if (!parse_decimal_seconds(cell(c), value)) refuse(c, "seconds with nine decimals");
    return value.seconds();
  }
  [[nodiscard]] Traffic traffic_kind() const {
    const auto found = std::find(kTrafficNames.begin(), kTrafficNames.end(), cell(traffic));
    if (found == kTrafficNames.end()) refuse(traffic, "uplink, downlink, peer or control");
    return static_cast<Traffic>(found - kTrafficNames.begin());
  }
  /// The place of a name in a list, which it is added to when it is new.
  static std::size_t place_in(std::vector<std::string>& names, std::map<std::string, std::size_t>& places, const std::string& name) {
    const auto [place, added] = places.emplace(name, names.size());
    if (added) names.push_back(name);
    return place->second;
  }

  std::string file_;
  RecordedEvents out_;
  std::map<std::string, std::size_t> link_places_;
  std::map<std::string, std::size_t> node_places_;
  std::array<std::size_t, columns> where_{};
  std::size_t width_ = 0;
  const Cells* cells_ = nullptr;
  std::size_t line_ = 0;
};

}  // namespace

std::string RecordedEvents::node_name(Node node) const {
  return node < kFirstNamed ? fmt::format("worker {}", node) : names[node - kFirstNamed];
}

RecordedEvents read_events(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream contents;
  contents << in.rdbuf();
  if (!in) throw InputError(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
  const std::string text = std::move(contents).str();
  CsvReader csv(text);
  EventsReader reader(file.string());
  for (Cells cells; csv.next(cells);) {
    if (csv.line() == 1)
      reader.head(cells);
    else
      reader.record(cells, csv.line());
  }
  return reader.take();
}

}  // namespace peloton
