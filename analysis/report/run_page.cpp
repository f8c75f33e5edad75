#include "analysis/report/run_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "analysis/report/shell_word.hpp"
#include "sim/base/units.hpp"

namespace peloton {
namespace {

/// The value at a path of keys; null when there is none.
Json at(const Json& json, std::initializer_list<const char*> path) {
  const Json* here = &json;
  for (const char* key : path) {
    if (!here->is_object() || !here->contains(key)) return nullptr;
    here = &here->at(key);
  }
  return *here;
}

std::optional<double> number(const Json& json, std::initializer_list<const char*> path) {
  const Json value = at(json, path);
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::string text(const Json& json, std::initializer_list<const char*> path) {
  const Json value = at(json, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

using Show = std::string (*)(double);
std::string four_digits(double value) { return fmt::format("{:.4g}", value); }
std::string percent(double share) { return fmt::format("{:.3g} %", 100 * share); }
std::string whole(double value) { return value < 1e6 ? fmt::format("{:.0f}", value) : show_count(value); }

std::string shown(const std::optional<double>& value, Show show) { return value ? show(*value) : "–"; }

void join(std::string& sentence, std::string_view part) {
  if (part.empty()) return;
  if (!sentence.empty()) sentence += " · ";
  sentence += part;
}

/// "async_sgd on 10 workers · star topology, fluid network · softmax on blobs · batches of 32 · float32 · seed 1"
std::string about(const NamedRun& run) {
  const Json& s = run.result.scenario;
  std::string out = text(s, {"algorithm", "name"});
  if (const auto workers = number(s, {"cluster", "workers"}); workers && *workers > 0)
    out += fmt::format(" on {:.0f} worker{}", *workers, *workers == 1 ? "" : "s");
  join(out, fmt::format("{} topology, {} network", text(s, {"cluster", "topology", "kind"}), text(s, {"cluster", "network", "model"})));
  if (s.contains("task")) {
    const std::string data = text(s, {"task", "data", "kind"});
    join(out, text(s, {"task", "model", "kind"}) + (data.empty() ? "" : " on " + data));
    const Json batch = at(s, {"task", "batch_size"});
    if (batch.is_number()) join(out, fmt::format("batches of {}", batch.dump()));
    if (batch.is_string()) join(out, fmt::format("{} batches", batch.get<std::string>()));
    if (at(s, {"learning"}) == Json(false)) join(out, "timing only");
    join(out, text(s, {"precision"}));
  }
  join(out, fmt::format("seed {}", at(s, {"seed"}).dump()));
  return out;
}

bool is_bad(const std::string& status) { return status != "finished" && status != "target"; }

std::optional<std::string> warning(const NamedRun& run) {
  const std::string status = text(run.result.summary, {"status"});
  const std::string at_time = show_seconds(number(run.result.summary, {"virtual_seconds"}).value_or(0));
  if (status == "diverged")
    return fmt::format("{} diverged: its loss was not finite, or beyond the bound of `stop.divergence`, after {}.", run.name, at_time);
  if (status == "interrupted")
    return fmt::format("{} was interrupted after {} of virtual time: what follows is the part that ran.", run.name, at_time);
  if (status == "stalled")
    return fmt::format("{} stalled after {}: nothing was left to happen before its stop rule held.", run.name, at_time);
  return std::nullopt;
}

double busy_share(const Json& summary) {
  const auto busy = number(summary, {"workers_all", "busy", "mean"});
  const auto seconds = number(summary, {"virtual_seconds"});
  return busy && seconds && *seconds > 0 ? std::min(1.0, *busy / *seconds) : std::nan("");
}

std::vector<ReportPage::Tile> tiles_of(const Json& s) {
  std::vector<ReportPage::Tile> out;
  const auto add = [&](std::string label, std::string value, std::string remark = {}) {
    out.push_back({std::move(label), std::move(value), std::move(remark)});
  };
  if (const auto loss = number(s, {"loss"}))
    add("loss at the end", four_digits(*loss),
        number(s, {"test_loss"}) ? fmt::format("test {}", shown(number(s, {"test_loss"}), four_digits)) : "");
  if (const auto accuracy = number(s, {"accuracy"}))
    add("accuracy", percent(*accuracy), text(s, {"accuracy_on"}).empty() ? "" : fmt::format("on the {} set", text(s, {"accuracy_on"})));
  if (const auto gap = number(s, {"suboptimality"})) add("suboptimality", four_digits(*gap), "f − f*");
  add("virtual time", shown(number(s, {"virtual_seconds"}), show_seconds));
  add("bits sent", shown(number(s, {"bits", "total"}), show_bits),
      fmt::format("{} on the wire", shown(number(s, {"wire_bytes", "total"}), show_bytes)));
  if (number(s, {"gradients"}).value_or(0) > 0) {
    const auto epochs = number(s, {"epochs"});
    add("updates", shown(number(s, {"updates"}), whole),
        fmt::format("{} gradients{}", shown(number(s, {"gradients"}), whole), epochs ? fmt::format(", {:.3g} epochs", *epochs) : ""));
    if (const auto staleness = number(s, {"staleness", "mean"}))
      add("mean staleness", fmt::format("{:.3g}", *staleness),
          fmt::format("95 % ≤ {}, largest {}", shown(number(s, {"staleness", "p95"}), whole),
                      shown(number(s, {"staleness", "max"}), whole)));
    if (const double busy = busy_share(s); !std::isnan(busy)) add("workers computing", percent(busy), "of the virtual time");
  }
  return out;
}

/// The results of several runs side by side: the columns that at least one of them has.
void add_table(ReportPage& page, const std::vector<NamedRun>& runs) {
  struct Result {
    const char* name;
    std::vector<const char*> path;
    Show show;
  };
  static const std::vector<Result> results = {{"loss", {"loss"}, four_digits},
                                              {"test loss", {"test_loss"}, four_digits},
                                              {"accuracy", {"accuracy"}, percent},
                                              {"suboptimality", {"suboptimality"}, four_digits},
                                              {"virtual time", {"virtual_seconds"}, show_seconds},
                                              {"bits sent", {"bits", "total"}, show_bits},
                                              {"updates", {"updates"}, whole},
                                              {"gradients", {"gradients"}, whole},
                                              {"mean staleness", {"staleness", "mean"}, four_digits}};
  const auto value = [](const NamedRun& run, const Result& r) {
    const Json* here = &run.result.summary;
    for (const char* key : r.path) {
      if (!here->is_object() || !here->contains(key)) return std::optional<double>();
      here = &here->at(key);
    }
    return here->is_number() ? std::optional(here->get<double>()) : std::nullopt;
  };
  page.table_head = {"run", "status"};
  for (std::size_t i = 0; i < runs.size(); ++i) page.table.push_back({i, {runs[i].name, text(runs[i].result.summary, {"status"})}});
  for (const Result& r : results) {
    if (std::none_of(runs.begin(), runs.end(), [&](const NamedRun& run) { return value(run, r).has_value(); })) continue;
    page.table_head.emplace_back(r.name);
    for (std::size_t i = 0; i < runs.size(); ++i) page.table[i].cells.push_back(shown(value(runs[i], r), r.show));
  }
}

void add_reproduction(ReportPage& page, const std::vector<NamedRun>& runs, const std::vector<std::filesystem::path>& folders) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Json& s = runs[i].result.summary;
    const std::string learning = text(s, {"fingerprint", "learning"});
    page.reproduce.push_back(fmt::format(
        "{}The resolved scenario gives the same run: timing fingerprint {}{} (peloton {}).", runs.size() > 1 ? runs[i].name + ": " : "",
        text(s, {"fingerprint", "timing"}),
        learning.empty() ? "" : fmt::format(", learning fingerprint {} with kernels {}", learning, text(s, {"machine", "kernels"})),
        text(s, {"version"})));
    page.reproduce_command.push_back(
        fmt::format("peloton run {} --out {}", shell_word((folders[i] / "scenario.resolved.json").string()), shell_word("runs/again")));
    const std::string of = runs.size() > 1 ? " of " + runs[i].name : "";
    const auto dump = [](const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); };
    page.folds.push_back({"scenario" + of, dump(runs[i].result.scenario)});
    if (at(s, {"machine"}).is_object()) page.folds.push_back({"machine" + of, dump(at(s, {"machine"}))});
  }
}

}  // namespace

ReportPage run_page(const std::vector<NamedRun>& runs, const std::vector<std::filesystem::path>& folders) {
  ReportPage page;
  for (const NamedRun& run : runs)
    if (auto w = warning(run)) page.warnings.push_back(std::move(*w));
  if (runs.size() == 1) {
    const NamedRun& run = runs.front();
    page.kind = "run";
    page.title = run.name;
    page.status = text(run.result.summary, {"status"});
    page.status_bad = is_bad(page.status);
    page.about = about(run);
    page.tiles = tiles_of(run.result.summary);
  } else {
    page.kind = fmt::format("{} runs", runs.size());
    for (const NamedRun& run : runs) page.title += (page.title.empty() ? "" : ", ") + run.name;
    add_table(page, runs);
  }
  page.figures = run_figures(runs);
  add_reproduction(page, runs, folders);
  return page;
}

}  // namespace peloton
