#include "scenarios/sweep/bisect_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/output_directory.hpp"
#include "analysis/store/read_sweep.hpp"
#include "analysis/store/trial_store.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/execution_flags.hpp"
#include "scenarios/interrupt.hpp"
#include "scenarios/load.hpp"
#include "scenarios/progress.hpp"
#include "scenarios/sweep/stability.hpp"
#include "scenarios/sweep/sweep_command.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

double positive_number(const std::string& text, const std::string& flag) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_number() || !(json.get<double>() > 0))
    throw InputError(fmt::format("--{}: must be a positive number, got \"{}\"", flag, text));
  return json.get<double>();
}

std::pair<double, double> parse_between(const std::string& text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos) throw InputError(fmt::format("--between: must be LOW,HIGH, got \"{}\"", text));
  const std::pair out{positive_number(text.substr(0, comma), "between"), positive_number(text.substr(comma + 1), "between")};
  if (out.first >= out.second) throw InputError(fmt::format("--between: LOW must be below HIGH, got \"{}\"", text));
  return out;
}

double parse_tolerance(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  const Fraction share = OptionType<Fraction>::parse(json.is_number() ? json : Json(text), {"--tolerance", ""});
  if (share.value < 1e-9 || share.value > 1) throw InputError(fmt::format("--tolerance: must be a share from 1e-9 to 1, got \"{}\"", text));
  return share.value;
}

BisectionSpec spec_of(const Arguments& given) {
  BisectionSpec out;
  out.path = *given.text("bisect");
  if (const auto between = given.text("between")) out.between = parse_between(*between);
  if (const auto tolerance = given.text("tolerance")) out.tolerance = parse_tolerance(*tolerance);
  return out;
}

/// The other axes: those of the scenario without the one that is searched.
SweepPlan plan_of(const Arguments& given, Json scenario, const BisectionSpec& bisection) {
  const std::string& file = given.positional(0);
  SweepSpec spec = sweep_spec_of(given, scenario);
  for (const SweepSpec::Group& group : spec.groups)
    for (const VariedValue& axis : group)
      if (group.size() > 1 && axis.path == bisection.path)
        throw InputError({file, "/sweep/zip"}, fmt::format("zips {} with other values, so that it cannot be searched for", axis.path));
  std::erase_if(spec.groups, [&](const SweepSpec::Group& group) { return group.front().path == bisection.path; });
  SweepPlan plan(std::move(scenario), std::move(spec), file);
  if (bisection.between) {  // a path that names no scenario value is told before anything is written
    Json first = plan.scenario(0);
    set_value(first, bisection.path, bisection.between->first, {"--bisect", ""});
    static_cast<void>(parse_options<Scenario>(first, {"--bisect", ""}));
  }
  return plan;
}

/// What the trials are of: everything that a trial depends on, its value aside.
Json identity_of(const SweepPlan& plan, const BisectionSpec& spec, const std::string& kernels) {
  Json scenario = plan.identity(kernels).scenario;
  set_value(scenario, spec.path, nullptr, {"--bisect", ""});
  return {{"peloton", PELOTON_VERSION}, {"kernels", kernels}, {"bisect", spec.path}, {"scenario", std::move(scenario)}};
}

bool search(StabilitySearch& searches, Workforce& workforce, const std::string& name, bool quiet) {
  const InterruptGuard interrupt;
  Progress progress(name, quiet);
  return searches.run(workforce, [&] {
    const std::size_t all = searches.limits().size();
    if (progress.due())
      progress.update(static_cast<double>(searches.done()) / static_cast<double>(all),
                      fmt::format("{} of {} limits found, {} runs", searches.done(), all, searches.made()));
    return interrupt.requested();
  });
}

}  // namespace

po::options_description bisect_flags() {
  po::options_description flags("largest stable value");
  flags.add_options()("bisect", po::value<std::string>(), "PATH: instead of a sweep, the largest stable value for each combination")(
      "between", po::value<std::string>(), "LOW,HIGH: where to look (default: doubled or halved from the scenario's value)")(
      "tolerance", po::value<std::string>(), "SHARE: how exactly (default 1%)");
  return flags;
}

void refuse_bisect_flags(const Arguments& given) {
  for (const char* flag : {"between", "tolerance"})
    if (given.has(flag)) throw InputError(fmt::format("--{}: needs --bisect PATH", flag));
}

int bisect(const Arguments& given, const Json& scenario, const Execution& execution, const MakeWorkforce& make) {
  for (const char* flag : {"list", "shard", "target", "in-a-row", "tune", "rule"})
    if (given.has(flag)) throw InputError(fmt::format("--{}: does not go with --bisect", flag));
  const BisectionSpec spec = spec_of(given);
  const SweepPlan plan = plan_of(given, scenario, spec);
  const std::string folder = given.text("out").value_or(fmt::format("runs/{}.bisect", plan.name()));
  if (holds_sweep(folder)) throw InputError(fmt::format("{}: holds a sweep; give another --out", folder));
  OutputDirectory out(folder, OutputDirectory::Owner::sweep);
  TrialStore store(out.path(), identity_of(plan, spec, execution.kernels));
  StabilitySearch searches(plan, spec, store);
  if (!given.has("quiet"))
    fmt::print(stderr, "{}: the largest stable {} for {} combination{}, {} seed{} each{}\n", plan.name(), spec.path,
               searches.limits().size(), searches.limits().size() == 1 ? "" : "s", plan.repeats(), plan.repeats() == 1 ? "" : "s",
               store.count() > 0 ? fmt::format("; {} runs are known already", store.count()) : "");
  const std::unique_ptr<Workforce> workforce = make(execution, jobs_of(given));
  const bool whole = search(searches, *workforce, plan.name(), given.has("quiet"));
  if (whole) {
    out.write("stability.csv", stability_csv(plan, spec, searches.limits()));
    out.publish();
  }
  fmt::print("{}{} run{}\nresults in {}\n", stability_text(plan, spec, searches.limits()), searches.made(), searches.made() == 1 ? "" : "s",
             out.path().string());
  if (!whole) fmt::print(stderr, "interrupted: the runs so far are kept; the same command goes on\n");
  return whole ? kDone : kInterrupted;
}

}  // namespace peloton
