#include "analysis/figures/run_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/figures/activity_figures.hpp"
#include "analysis/figures/curve_figures.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBins = 50;

/// "runs/fast", whatever way the folder was given.
std::string folder_name(const fs::path& folder) {
  const fs::path path = fs::absolute(folder).lexically_normal();
  const std::string last = path.filename().string();
  return last.empty() ? path.parent_path().filename().string() : last;
}

bool all_differ(const std::vector<std::string>& names) { return std::set<std::string>(names.begin(), names.end()).size() == names.size(); }

/// The shortest kind of name that tells the runs apart.
std::vector<std::string> names_of(const std::vector<fs::path>& folders, const std::vector<NamedRun>& runs) {
  std::vector<std::string> scenarios;
  std::vector<std::string> last;
  std::vector<std::string> whole;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    scenarios.push_back(runs[i].result.summary.value("name", folder_name(folders[i])));
    last.push_back(folder_name(folders[i]));
    whole.push_back(folders[i].string());
  }
  if (all_differ(scenarios)) return scenarios;
  if (all_differ(last)) return last;
  if (!all_differ(whole)) throw InputError("the same folder is given twice");
  return whole;
}

/// The smallest of 1, 2, 5, 10, 20, … that cuts `range` values into at most kMostBins bins.
std::int64_t bin_width(std::int64_t range) {
  for (std::int64_t power = 1;; power *= 10)
    for (const std::int64_t step : {1, 2, 5})
      if ((range + step * power - 1) / (step * power) <= static_cast<std::int64_t>(kMostBins)) return step * power;
}

using Counts = std::vector<std::pair<std::int64_t, double>>;

Counts staleness_counts(const Json& summary) {
  Counts out;
  const Json staleness = summary.value("staleness", Json::object());
  for (const Json& entry : staleness.value("histogram", Json::array()))
    out.emplace_back(entry.at(0).get<std::int64_t>(), entry.at(1).get<double>());
  return out;
}

std::string staleness_note(const Json& summary) {
  const Json& s = summary.at("staleness");
  const std::uint64_t dropped = s.value("dropped", std::uint64_t{0});
  return fmt::format("Mean {:.3g}, median {}, 95 % at most {}, largest {} versions{}.", s.at("mean").get<double>(), s.at("p50").dump(),
                     s.at("p95").dump(), s.at("max").dump(), dropped > 0 ? fmt::format("; {} contributions dropped", dropped) : "");
}

/// The end of the bins: the largest staleness, or, where a thin tail would leave the rest no room, the value that 99.5 % of every run's
/// updates do not exceed.
std::int64_t histogram_end(const std::vector<Counts>& runs) {
  constexpr double kShown = 0.995;
  constexpr std::int64_t kThin = 3;
  std::int64_t most = -1;
  std::int64_t bulk = -1;
  for (const Counts& counts : runs) {
    double total = 0;
    for (const auto& [value, count] : counts) total += count;
    double sum = 0;
    for (const auto& [value, count] : counts) {
      if (sum < kShown * total) bulk = std::max(bulk, value);
      sum += count;
      most = std::max(most, value);
    }
  }
  return most > kThin * std::max<std::int64_t>(bulk, 1) ? bulk : most;
}

Figure staleness_histogram(const std::vector<NamedRun>& runs) {
  std::vector<Counts> counts;
  for (const NamedRun& run : runs) counts.push_back(staleness_counts(run.result.summary));
  const std::int64_t most = histogram_end(counts);
  BarFigure bars;
  bars.x = {"staleness", "staleness", "versions", false};
  bars.y = {"share", "share of the updates", "%", false};
  const std::int64_t width = bin_width(most + 1);
  for (std::int64_t edge = 0; edge < most + 1 + width; edge += width) bars.edges.push_back(static_cast<double>(edge));
  const auto last = static_cast<std::int64_t>(bars.edges.back()) - 1;
  double beyond = 0;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (counts[r].empty()) continue;
    double total = 0;
    for (const auto& [value, count] : counts[r]) total += count;
    std::vector<double> shares(bars.edges.size() - 1, 0.0);
    for (const auto& [value, count] : counts[r])
      if (value <= last)
        shares[static_cast<std::size_t>(value / width)] += count / total;
      else
        beyond += count / total / static_cast<double>(runs.size());
    bars.series.push_back({runs.size() == 1 ? "updates" : runs[r].name, std::move(shares), r});
  }
  Figure out = figure("staleness_histogram", "Staleness of the applied contributions", "Staleness and divergence", std::move(bars));
  if (most < 0) {
    out.views.clear();
    out.missing = "No contribution was applied in this run.";
  } else if (runs.size() == 1) {
    out.note = staleness_note(runs.front().result.summary);
  }
  if (beyond > 0)
    out.note += fmt::format("{}{:.2g} % of the updates lie above {} and are not drawn.", out.note.empty() ? "" : " ", 100 * beyond, last);
  return out;
}

BarFigure worker_bars(const Json& workers, double virtual_seconds) {
  BarFigure out;
  out.x = {"worker", "worker", "", false};
  out.y = {"time", "virtual time", "s", false};
  out.stacked = true;
  BarFigure::Series busy{"computing", {}, 0};
  BarFigure::Series waiting{"waiting", {}, 4};
  for (std::size_t i = 0; i < workers.size(); ++i) {
    out.labels.push_back(fmt::format("{}", i));
    busy.values.push_back(std::min(workers[i].value("busy", 0.0), virtual_seconds));
    waiting.values.push_back(workers[i].value("waiting", 0.0));
  }
  out.series = {std::move(busy), std::move(waiting)};
  return out;
}

Figure worker_times(const std::vector<NamedRun>& runs) {
  Figure out;
  out.name = "workers";
  out.title = "Computing and waiting, by worker";
  out.section = "Workers and network";
  for (const NamedRun& run : runs) {
    const Json& summary = run.result.summary;
    const Json workers = summary.value("workers", Json::array());
    if (workers.empty()) continue;
    const std::size_t all = summary.value("workers_all", Json::object()).value("count", workers.size());
    if (all > workers.size()) out.note = fmt::format("The first {} of {} workers.", workers.size(), all);
    out.views.push_back({runs.size() > 1 ? std::vector<std::string>{run.name} : std::vector<std::string>{},
                         worker_bars(workers, summary.value("virtual_seconds", 0.0))});
  }
  if (runs.size() > 1) out.selectors = {"run"};
  return out;
}

}  // namespace

std::vector<NamedRun> read_named_runs(const std::vector<fs::path>& folders) {
  std::vector<NamedRun> out;
  for (const fs::path& folder : folders) {
    NamedRun& run = out.emplace_back();
    run.result = read_run(folder);
    if (fs::exists(folder / "events.csv")) run.events = read_events(folder / "events.csv");
  }
  const std::vector<std::string> names = names_of(folders, out);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].name = names[i];
  return out;
}

std::vector<Figure> run_figures(const std::vector<NamedRun>& runs) {
  const bool any_task = std::any_of(runs.begin(), runs.end(), [](const NamedRun& run) { return run.result.scenario.contains("task"); });
  std::vector<Figure> out = curve_figures(runs);
  if (any_task) {
    const auto first = std::find_if(out.begin(), out.end(), [](const Figure& f) { return f.section == "Staleness and divergence"; });
    out.insert(first, staleness_histogram(runs));
  }
  Figure workers = worker_times(runs);
  if (!workers.views.empty()) out.push_back(std::move(workers));
  for (Figure& activity : activity_figures(runs)) out.push_back(std::move(activity));
  return out;
}

}  // namespace peloton
