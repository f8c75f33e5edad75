#include "analysis/figures/activity_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "sim/base/units.hpp"

namespace peloton {
namespace {

constexpr std::string_view kSection = "Workers and network";
constexpr std::size_t kMostLanes = 32;
constexpr std::size_t kMostBars = 20'000;
constexpr std::size_t kLegibleComputations = 10;  ///< of a lane, in the window shown first
constexpr std::size_t kMostRows = 64;
constexpr std::size_t kBins = 160;
constexpr std::string_view kHowToRecord = "Not recorded: `peloton run … --events` writes events.csv, which this is drawn from.";

std::size_t worker_count(const NamedRun& run) {
  const Json& all = run.result.summary.value("workers_all", Json::object());
  return all.value("count", std::size_t{0});
}

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names = {"computing", "sending", "receiving", "update applied", "contribution discarded"};
  return names;
}
enum Kind : std::uint32_t { computing, sending, receiving, applied, discarded };

std::string_view traffic_name(Traffic traffic) {
  switch (traffic) {
    case Traffic::uplink: return "uplink";
    case Traffic::downlink: return "downlink";
    case Traffic::peer: return "peer to peer";
    case Traffic::control: return "control";
  }
  return "";
}

/// All bars of the first `lanes` workers, in no order.
std::vector<Gantt::Bar> bars_of(const RecordedEvents& events, std::size_t lanes) {
  std::vector<Gantt::Bar> out;
  const auto add = [&](std::uint32_t node, Kind kind, double start, double finish, std::string text) {
    if (node < lanes) out.push_back({node, kind, start, finish, std::move(text)});
  };
  for (const auto& c : events.computations)
    add(c.worker, computing, c.start, c.finish, c.version < 0 ? "" : fmt::format("at version {}", c.version));
  for (const auto& t : events.transfers) {
    const auto text = [&](std::string_view to_or_from, RecordedEvents::Node node) {
      return fmt::format("{} of {} traffic {} {}", show_bits(t.bits), traffic_name(t.traffic), to_or_from, events.node_name(node));
    };
    if (t.from < lanes) add(t.from, sending, t.sent, t.delivered, text("to", t.to));
    if (t.to < lanes) add(t.to, receiving, t.sent, t.delivered, text("from", t.from));
  }
  for (const auto& u : events.updates)
    add(u.worker, u.applied ? applied : discarded, u.time, u.time, fmt::format("version {}, staleness {}", u.version, u.staleness));
  return out;
}

/// The first activities, at most kMostBars, cut at one time for all lanes. Returns that time.
double keep_first(std::vector<Gantt::Bar>& bars) {
  const auto by_start = [](const Gantt::Bar& a, const Gantt::Bar& b) { return a.start < b.start; };
  std::stable_sort(bars.begin(), bars.end(), by_start);
  if (bars.size() > kMostBars) bars.resize(kMostBars);
  const double until = bars.empty() ? 0 : bars.back().start;
  std::stable_sort(bars.begin(), bars.end(), [](const Gantt::Bar& a, const Gantt::Bar& b) { return a.lane < b.lane; });
  return until;
}

/// A length of time in which the typical lane computes a few times.
double legible_window(const std::vector<Gantt::Bar>& bars) {
  std::vector<double> lengths;
  for (const Gantt::Bar& bar : bars)
    if (bar.kind == computing) lengths.push_back(bar.finish - bar.start);
  if (lengths.empty()) return kUndefined;
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  return *middle > 0 ? static_cast<double>(kLegibleComputations) * *middle : kUndefined;
}

Gantt gantt_of(const NamedRun& run, std::string& note) {
  Gantt out;
  out.x = {"time", "virtual time", "s", false};
  out.kinds = kinds();
  const std::size_t workers = worker_count(run);
  const std::size_t lanes = std::min(workers, kMostLanes);
  for (std::size_t i = 0; i < lanes; ++i) out.lanes.push_back(fmt::format("worker {}", i));
  out.bars = bars_of(*run.events, lanes);
  const std::size_t all = out.bars.size();
  const double until = keep_first(out.bars);
  out.window = legible_window(out.bars);
  if (lanes < workers) note = fmt::format("The first {} of {} workers", lanes, workers);
  if (all > out.bars.size())
    note +=
        fmt::format("{} first {} of {} activities, until {}", note.empty() ? "The" : ", the", out.bars.size(), all, show_seconds(until));
  if (!note.empty()) note += "; trace.json (--trace) has all of them.";
  return out;
}

/// Equal bins of the recorded time, each filled with how much of it is covered.
class TimeBins {
 public:
  TimeBins(const RecordedEvents& events, std::size_t rows) : begin_(events.begin), end_(events.end), values_(rows * kBins, 0.0) {}

  [[nodiscard]] bool empty() const { return !(end_ > begin_); }
  /// Adds `amount` per second between the two times.
  void add(std::size_t row, double start, double finish, double amount) {
    const double first = std::clamp((start - begin_) / width(), 0.0, static_cast<double>(kBins));
    const double last = std::clamp((finish - begin_) / width(), 0.0, static_cast<double>(kBins));
    for (auto bin = static_cast<std::size_t>(first); bin < kBins && static_cast<double>(bin) < last; ++bin) {
      const double from = std::max(first, static_cast<double>(bin));
      const double to = std::min(last, static_cast<double>(bin + 1));
      values_[row * kBins + bin] += amount * (to - from);
    }
  }
  /// Nothing is known of a row after this time.
  void end_row(std::size_t row, double time) {
    const double last = std::clamp((time - begin_) / width(), 0.0, static_cast<double>(kBins));
    for (auto bin = static_cast<std::size_t>(std::ceil(last)); bin < kBins; ++bin) values_[row * kBins + bin] = kUndefined;
    if (const double rest = last - std::floor(last); rest > 0) values_[row * kBins + static_cast<std::size_t>(last)] /= rest;
  }
  [[nodiscard]] HeatMap heat_map(std::string rows, std::vector<std::string> labels, Axis value) && {
    HeatMap out;
    out.rows = {"", std::move(rows), "", false};
    out.columns = {"time", "virtual time", "s", false};
    out.value = std::move(value);
    out.row_labels = std::move(labels);
    for (std::size_t bin = 0; bin <= kBins; ++bin) out.column_edges.push_back(begin_ + width() * static_cast<double>(bin));
    for (std::size_t bin = 0; bin < kBins; ++bin)
      out.column_labels.push_back(fmt::format("{} to {}", show_seconds(out.column_edges[bin]), show_seconds(out.column_edges[bin + 1])));
    for (double& v : values_)
      if (v > 1) v = 1;  // a sum of rounded shares
    out.values = std::move(values_);
    out.numbers_in_cells = false;
    out.low = 0;
    return out;
  }

 private:
  [[nodiscard]] double width() const { return (end_ - begin_) / static_cast<double>(kBins); }

  double begin_;
  double end_;
  std::vector<double> values_;
};

HeatMap utilisation_of(const NamedRun& run, std::string& note) {
  const std::size_t workers = worker_count(run);
  const std::size_t rows = std::min(workers, kMostRows);
  TimeBins bins(*run.events, rows);
  if (bins.empty()) return {};
  std::vector<double> last(rows, run.events->begin);
  for (const auto& c : run.events->computations) {
    if (c.worker >= rows) continue;
    bins.add(c.worker, c.start, c.finish, 1);
    last[c.worker] = std::max(last[c.worker], c.finish);
  }
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < rows; ++i) {
    labels.push_back(fmt::format("worker {}", i));
    bins.end_row(i, last[i]);
  }
  note = fmt::format("{}Hatched: after the last computation that ended.",
                     rows < workers ? fmt::format("The first {} of {} workers. ", rows, workers) : "");
  HeatMap out = std::move(bins).heat_map("worker", std::move(labels), {"busy", "share of time computing", "%", false});
  out.high = 1;
  return out;
}

/// Share of the recorded time that each link was loaded, weighted with the load.
std::vector<double> mean_loads(const RecordedEvents& events, const std::vector<std::vector<RecordedEvents::LinkChange>>& by_link) {
  std::vector<double> out(by_link.size(), 0.0);
  for (std::size_t l = 0; l < by_link.size(); ++l)
    for (std::size_t i = 0; i < by_link[l].size(); ++i) {
      const double until = i + 1 < by_link[l].size() ? by_link[l][i + 1].time : events.end;
      out[l] += by_link[l][i].load * (until - by_link[l][i].time);
    }
  return out;
}

HeatMap link_load_of(const NamedRun& run, std::string& note) {
  const RecordedEvents& events = *run.events;
  std::vector<std::vector<RecordedEvents::LinkChange>> by_link(events.links.size());
  for (const auto& change : events.link_changes) by_link[change.link].push_back(change);
  const std::vector<double> loads = mean_loads(events, by_link);
  std::vector<std::size_t> order(by_link.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return loads[a] > loads[b]; });
  order.resize(std::min(order.size(), kMostRows));
  TimeBins bins(events, order.size());
  if (bins.empty() || order.empty()) return {};
  std::vector<std::string> labels;
  for (std::size_t row = 0; row < order.size(); ++row) {
    const auto& changes = by_link[order[row]];
    for (std::size_t i = 0; i < changes.size(); ++i)
      bins.add(row, changes[i].time, i + 1 < changes.size() ? changes[i + 1].time : events.end, changes[i].load);
    labels.push_back(events.links[order[row]]);
  }
  note = order.size() < by_link.size() ? fmt::format("The {} most loaded of {} links.", order.size(), by_link.size())
                                       : "The most loaded links first.";
  return std::move(bins).heat_map("link", std::move(labels), {"load", "share of the capacity in use", "%", false});
}

/// One figure with a view per run that recorded something to draw.
template <class Draw>
Figure per_run(std::string name, std::string title, const std::vector<NamedRun>& runs, std::string missing, Draw draw) {
  Figure out;
  out.name = std::move(name);
  out.title = std::move(title);
  out.section = kSection;
  out.wide = true;
  std::string note;
  for (const NamedRun& run : runs) {
    if (!run.events) continue;
    std::string one;
    auto content = draw(run, one);
    if constexpr (requires { content.bars; }) {
      if (content.bars.empty()) continue;
    } else {
      if (content.values.empty()) continue;
    }
    if (!one.empty()) note += note.empty() ? one : fmt::format(" {}: {}", run.name, one);
    out.views.push_back({runs.size() > 1 ? std::vector<std::string>{run.name} : std::vector<std::string>{}, std::move(content)});
  }
  if (runs.size() > 1 && !out.views.empty()) out.selectors = {"run"};
  if (out.views.empty()) out.missing = std::move(missing);
  if (out.views.empty()) return out;
  out.note = std::move(note);
  for (const NamedRun& run : runs)
    if (run.events && !run.events->cut.empty()) out.note += fmt::format("{}events.csv: {}.", out.note.empty() ? "" : " ", run.events->cut);
  return out;
}

}  // namespace

std::vector<Figure> activity_figures(const std::vector<NamedRun>& runs) {
  const bool recorded = std::any_of(runs.begin(), runs.end(), [](const NamedRun& run) { return run.events.has_value(); });
  std::vector<Figure> out;
  if (!recorded) {
    out.push_back(per_run("gantt", "Who did what when; load of the links", runs, std::string(kHowToRecord), gantt_of));
    return out;
  }
  out.push_back(per_run("gantt", "Who did what when", runs, "The recording holds no activity of a worker.", gantt_of));
  out.push_back(per_run("utilisation", "Workers computing", runs, "The recording holds no computation.", utilisation_of));
  out.push_back(per_run("link_load", "Load of the links", runs,
                        "The recording holds no link loads: this network model has no links that messages share.", link_load_of));
  return out;
}

}  // namespace peloton
