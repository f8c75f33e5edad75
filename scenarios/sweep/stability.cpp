#include "scenarios/sweep/stability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/scores/sweep_score.hpp"
#include "analysis/text.hpp"
#include "analysis/text_table.hpp"
#include "scenarios/load.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// The value that the scenario has at the path, as the start of a search.
double start_value(const Json& scenario, const std::string& path) {
  const Json* here = &scenario;
  for (std::size_t start = 0; start <= path.size() && here != nullptr;) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    const std::string key = path.substr(start, dot - start);
    const auto member = here->is_object() ? here->find(key) : here->end();
    const bool index = here->is_array() && !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
    if (index && std::strtoul(key.c_str(), nullptr, 10) < here->size())
      here = &(*here)[std::strtoul(key.c_str(), nullptr, 10)];
    else
      here = here->is_object() && member != here->end() ? &*member : nullptr;
    start = dot + 1;
  }
  if (here == nullptr || !here->is_number() || here->get<double>() <= 0)
    throw InputError(
        fmt::format("--bisect: {}: must be a positive number in the scenario to start from, got {}; or give --between LOW,HIGH", path,
                    here == nullptr ? "nothing" : show(*here)));
  return here->get<double>();
}

std::optional<double> loss_at(const std::vector<MetricsRow>& rows, bool last) {
  return rows.empty() ? std::nullopt : last ? rows.back().loss : rows.front().loss;
}

std::string value_text(const std::optional<double>& value) { return value ? fmt::format("{:.6g}", *value) : "–"; }

std::string note_of(const Bisection& search, double tolerance) {
  if (!search.largest_stable() && !search.smallest_unstable()) return "nothing tried";
  if (!search.largest_stable()) return "unstable at every value tried";
  if (!search.smallest_unstable()) return "stable at every value tried";
  const double gap = *search.smallest_unstable() / *search.largest_stable() - 1;
  return gap <= tolerance * (1 + 1e-9) ? "" : fmt::format("known to {:.3g} %", 100 * gap);
}

}  // namespace

bool is_stable(const std::string& status, const std::vector<MetricsRow>& rows) {
  const std::optional<double> first = loss_at(rows, false);
  const std::optional<double> last = loss_at(rows, true);
  return status != "diverged" && first && last && std::isfinite(*last) && *last <= *first;
}

StabilitySearch::StabilitySearch(const SweepPlan& plan, const BisectionSpec& spec, TrialStore& store)
    : plan_(plan), spec_(spec), store_(store) {
  for (std::size_t i = 0; i < plan.size(); i += plan.repeats()) {
    Bisection::Options options{.between = spec.between, .tolerance = spec.tolerance};
    if (!spec.between) options.start = start_value(plan.scenario(i), spec.path);
    limits_.push_back({plan.point(i).levels, Bisection(options)});
  }
}

Json StabilitySearch::scenario(std::size_t point, double value) const {
  Json out = plan_.scenario(point);
  set_value(out, spec_.path, value, {"--bisect", ""});
  return out;
}

/// A value past what the scenario may have ends the search; when it is the first one, the path is wrong.
bool StabilitySearch::check_possible(std::size_t combination, double value) {
  Bisection& search = limits_[combination].search;
  try {
    static_cast<void>(parse_options<Scenario>(scenario(combination * plan_.repeats(), value), {"--bisect", ""}));
    return true;
  } catch (const InputError&) {
    if (search.trials() == 0) throw;
    search.tell_impossible();
    return false;
  }
}

std::size_t StabilitySearch::done() const {
  return static_cast<std::size_t>(std::count_if(limits_.begin(), limits_.end(), [](const StabilityLimit& l) { return !l.search.next(); }));
}

std::vector<PointTask> StabilitySearch::next_tasks() {
  std::vector<PointTask> out;
  for (std::size_t c = 0; c < limits_.size(); ++c) {
    const std::optional<double> value = limits_[c].search.next();
    if (!value || !check_possible(c, *value)) continue;
    for (std::size_t r = 0; r < plan_.repeats(); ++r) {
      const std::size_t point = c * plan_.repeats() + r;
      if (!store_.find(c, r, *value)) out.push_back({point, scenario(point, *value)});
    }
  }
  return out;
}

void StabilitySearch::take(const PointOutcome& outcome) {
  const std::size_t combination = outcome.index / plan_.repeats();
  if (outcome.without_result())
    throw Failure(
        fmt::format("{} with {} = {}: {}", plan_.label(outcome.index), spec_.path, *limits_[combination].search.next(), outcome.error));
  Trial trial{.combination = combination,
              .repeat = outcome.index % plan_.repeats(),
              .value = *limits_[combination].search.next(),
              .status = outcome.summary.at("status").get<std::string>(),
              .first_loss = loss_at(outcome.rows, false),
              .last_loss = loss_at(outcome.rows, true),
              .stable = false};
  if (!trial.first_loss) throw InputError("--bisect: the runs measure no loss, by which stability is told");
  trial.stable = is_stable(trial.status, outcome.rows);
  store_.commit(trial);
  ++made_;
}

/// Gives each search the outcome of its trial, once all repeats are known.
void StabilitySearch::tell_all() {
  for (std::size_t c = 0; c < limits_.size(); ++c) {
    const std::optional<double> value = limits_[c].search.next();
    if (!value) continue;
    bool stable = true;
    for (std::size_t r = 0; r < plan_.repeats(); ++r) stable = stable && store_.find(c, r, *value).value();
    limits_[c].search.tell(stable);
  }
}

bool StabilitySearch::run(Workforce& workforce, const std::function<bool()>& stopped) {
  while (done() < limits_.size()) {
    const std::vector<PointTask> tasks = next_tasks();
    std::size_t next = 0;
    const bool whole = run_points(workforce, {.next = [&] { return next < tasks.size() ? std::optional(tasks[next++]) : std::nullopt; },
                                              .done = [&](const PointOutcome& outcome) { take(outcome); },
                                              .stopped = stopped});
    if (!whole) return false;
    tell_all();
  }
  return true;
}

std::string stability_text(const SweepPlan& plan, const BisectionSpec& spec, const std::vector<StabilityLimit>& limits) {
  std::vector<std::string> head = axis_names(plan.axes());
  const std::size_t left = head.size();
  for (const char* name : {"largest stable", "smallest unstable", "values tried", ""}) head.emplace_back(name);
  TextTable table(head, left, 1);
  for (const StabilityLimit& limit : limits) {
    std::vector<std::string> row;
    for (std::size_t a = 0; a < plan.axes().size(); ++a) row.push_back(plan.axes()[a].labels[limit.levels[a]]);
    row.push_back(value_text(limit.search.largest_stable()));
    row.push_back(value_text(limit.search.smallest_unstable()));
    row.push_back(fmt::format("{}", limit.search.trials()));
    row.push_back(note_of(limit.search, spec.tolerance));
    table.add(std::move(row));
  }
  constexpr std::size_t kMostRows = 60;
  return fmt::format("{}: stable when no run diverges and its last loss is at most its first{}\n{}", spec.path,
                     plan.repeats() > 1 ? fmt::format(", with each of the {} seeds", plan.repeats()) : "",
                     table.str(kMostRows, "stability.csv"));
}

std::string stability_csv(const SweepPlan& plan, const BisectionSpec& spec, const std::vector<StabilityLimit>& limits) {
  std::vector<std::string> head;
  for (const SweepAxis& axis : plan.axes()) head.push_back(axis.path);
  for (const char* name : {"value", "largest_stable", "smallest_unstable", "values_tried", "repeats"}) head.emplace_back(name);
  std::string out = csv_line(head);
  for (const StabilityLimit& limit : limits) {
    std::vector<std::string> row;
    for (std::size_t a = 0; a < plan.axes().size(); ++a) row.push_back(plan.axes()[a].labels[limit.levels[a]]);
    row.push_back(spec.path);
    row.push_back(real_text(limit.search.largest_stable()));
    row.push_back(real_text(limit.search.smallest_unstable()));
    row.push_back(fmt::format("{}", limit.search.trials()));
    row.push_back(fmt::format("{}", plan.repeats()));
    out += csv_line(row);
  }
  return out;
}

}  // namespace peloton
