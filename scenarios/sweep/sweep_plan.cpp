#include "scenarios/sweep/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "analysis/store/condition.hpp"
#include "scenarios/load.hpp"
#include "scenarios/sweep/labels.hpp"

namespace peloton {
namespace {

/// "cluster.workers" as a JSON pointer.
std::string pointer_of(const std::string& path) {
  Place place;
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    place = place / path.substr(start, dot - start);
    start = dot + 1;
  }
  return place.pointer;
}

bool is_at_or_below(const std::string& pointer, const std::string& above) {
  return pointer.starts_with(above) && (pointer.size() == above.size() || pointer[above.size()] == '/');
}

/// What `where` sees of a value: scalars as they are, the label of everything else.
Json condition_value(const SweepAxis& axis, std::size_t level) {
  const Json& value = axis.values[level];
  return value.is_structured() ? Json(axis.labels[level]) : value;
}

}  // namespace

SweepPlan::SweepPlan(Json scenario, SweepSpec spec, std::string file)
    : scenario_(std::move(scenario)), spec_(std::move(spec)), file_(std::move(file)) {
  scenario_.erase("sweep");
  std::vector<std::string> paths;
  for (std::size_t g = 0; g < spec_.groups.size(); ++g) {
    for (const VariedValue& axis : spec_.groups[g]) {
      axes_.push_back({axis.path, axis.values, axis_labels(axis.values)});
      group_of_axis_.push_back(g);
      if (axis.path == "seed" && spec_.repeat > 1)
        throw InputError({file_, "/sweep/repeat"}, "repeats a run with the next seeds, but the seed is an axis already");
    }
  }
  application_order_.resize(axes_.size());
  std::iota(application_order_.begin(), application_order_.end(), std::size_t{0});
  const auto depth = [&](std::size_t a) { return std::count(axes_[a].path.begin(), axes_[a].path.end(), '.'); };
  std::stable_sort(application_order_.begin(), application_order_.end(), [&](std::size_t a, std::size_t b) { return depth(a) < depth(b); });
  choose_combinations();
  for (const std::size_t combination : combinations_) validate_combination(combination);
}

void SweepPlan::choose_combinations() {
  const Place place{file_, "/sweep"};
  double all = static_cast<double>(spec_.repeat);
  for (const SweepSpec::Group& group : spec_.groups) all *= static_cast<double>(group.front().values.size());
  if (all > static_cast<double>(kMostPoints))
    throw InputError(place, fmt::format("has {:.0f} points; at most {} are allowed", all, kMostPoints));
  const auto count = static_cast<std::size_t>(all) / repeats();
  std::vector<bool> chosen(count, true);
  if (!spec_.where.empty()) {
    if (axes_.empty()) throw InputError(place / "where", "needs axes to be about");
    std::vector<std::string> paths;
    for (const SweepAxis& axis : axes_) paths.push_back(axis.path);
    chosen = rows_where(
        spec_.where, paths, count, [&](std::size_t row, std::size_t a) { return condition_value(axes_[a], levels_of(row)[a]); },
        place / "where");
  }
  for (std::size_t i = 0; i < count; ++i)
    if (chosen[i]) combinations_.push_back(i);
  if (combinations_.empty()) throw InputError(place / "where", fmt::format("holds for none of the {} combinations", count));
}

std::vector<std::size_t> SweepPlan::levels_of(std::size_t combination) const {
  std::vector<std::size_t> of_group(spec_.groups.size());
  for (std::size_t g = spec_.groups.size(); g-- > 0;) {
    const std::size_t size = spec_.groups[g].front().values.size();
    of_group[g] = combination % size;
    combination /= size;
  }
  std::vector<std::size_t> out;
  for (const std::size_t group : group_of_axis_) out.push_back(of_group[group]);
  return out;
}

Json SweepPlan::combined(const std::vector<std::size_t>& levels) const {
  Json out = scenario_;
  for (const std::size_t a : application_order_) set_value(out, axes_[a].path, axes_[a].values[levels[a]], place_of(a));
  return out;
}

Place SweepPlan::place_of(std::size_t axis) const {
  const SweepSpec::Group& group = spec_.groups[group_of_axis_[axis]];
  const Place sweep{file_, "/sweep"};
  if (group.size() == 1) return sweep / axes_[axis].path;
  std::size_t number = 0;
  for (std::size_t g = 0; g < group_of_axis_[axis]; ++g) number += spec_.groups[g].size() > 1 ? 1 : 0;
  return sweep / "zip" / number / axes_[axis].path;
}

void SweepPlan::validate_combination(std::size_t combination) {
  const std::vector<std::size_t> levels = levels_of(combination);
  Json json = combined(levels);
  try {
    const Scenario parsed = parse_options<Scenario>(json, {file_, ""});
    if (name_.empty()) name_ = parsed.name;
    json["seed"] = parsed.seed + spec_.repeat - 1;
    static_cast<void>(OptionType<Count>::parse(json["seed"], {file_, "/seed"}));
  } catch (const InputError& e) {
    throw located(e, combination);
  }
}

InputError SweepPlan::located(const InputError& error, std::size_t combination) const {
  const std::vector<std::size_t> levels = levels_of(combination);
  std::string text = error.what();
  if (text.starts_with(file_ + ": ")) text.erase(0, file_.size() + 2);
  const std::string pointer = text.substr(0, text.starts_with("/") ? text.find(": ") : 0);
  const bool unknown = text.find(": unknown key") == pointer.size();
  std::optional<std::size_t> culprit;
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    const std::string axis = pointer_of(axes_[a].path);
    const bool brought = !pointer.empty() && (is_at_or_below(pointer, axis) || (unknown && is_at_or_below(axis, pointer)));
    if (brought && (!culprit || axes_[*culprit].path.size() < axes_[a].path.size())) culprit = a;
  }
  if (!culprit) return InputError({file_, ""}, fmt::format("point with {}: {}", label(levels), text));
  const Place place = place_of(*culprit);
  if (pointer == pointer_of(axes_[*culprit].path)) text.erase(0, pointer.size() + 2);
  return {unknown ? place : place / levels[*culprit], text};
}

SweepPoint SweepPlan::point(std::size_t index) const {
  SweepPoint out;
  out.index = index;
  out.levels = levels_of(combinations_.at(index / repeats()));
  out.repeat = index % repeats();
  out.seed = scenario(index).at("seed").get<std::uint64_t>();
  return out;
}

Json SweepPlan::scenario(std::size_t index) const {
  Json out = combined(levels_of(combinations_.at(index / repeats())));
  const Scenario defaults;
  const auto seed = static_cast<Count>(out.value("seed", static_cast<double>(defaults.seed)));  // 3.0 is a seed too
  out["seed"] = seed + static_cast<Count>(index % repeats());
  return out;
}

std::string SweepPlan::label(const std::vector<std::size_t>& levels) const {
  std::string out;
  for (std::size_t a = 0; a < axes_.size(); ++a)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", axes_[a].path, axes_[a].labels[levels[a]]);
  return out.empty() ? "no axis" : out;
}

std::string SweepPlan::label(std::size_t index) const {
  const SweepPoint p = point(index);
  return fmt::format("{}, seed {}", label(p.levels), p.seed);
}

SweepIdentity SweepPlan::identity(std::string kernels) const {
  Json scenario = scenario_;
  for (const char* key : {"score", "description"}) scenario.erase(key);  // how results are judged and told changes no run
  scenario["sweep"] = write_options(spec_);
  return {.name = name_,
          .scenario = std::move(scenario),
          .axes = axes_,
          .repeats = repeats(),
          .planned = size(),
          .kernels = std::move(kernels)};
}

}  // namespace peloton
