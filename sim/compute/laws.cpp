#include "sim/compute/laws.hpp"

#include <fmt/format.h>

#include <cmath>

namespace peloton {
namespace {

template <class Laws>
void prepare_one_of(Laws& law, const LawSources& sources, const Place& place) {
  std::visit(
      [&](auto& l) {
        if constexpr (requires { l.prepare(sources, place); }) l.prepare(sources, place);
      },
      law.value);
}

template <class Laws>
std::string note_of(const Laws& law) {
  return std::visit(
      [](const auto& l) -> std::string {
        if constexpr (requires { l.note(); }) return l.note();
        return {};
      },
      law.value);
}

}  // namespace

void ListLaw::validate(const Place& place) const {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i].value > 0)) throw InputError(place / "values" / i, fmt::format("must be > 0, got {}", values[i].value));
}
void ListLaw::prepare(const LawSources& sources, const Place& place) {
  if (values.size() < sources.workers)
    throw InputError(place / "values", fmt::format("must hold a time for each of the {} workers, got {}", sources.workers, values.size()));
}
double ListLaw::sample(RandomStream&, const ComputeCall& call) const { return values[call.worker].value; }
double ListLaw::expectation(NodeId worker) const { return values[worker].value; }

double SqrtLaw::sample(RandomStream&, const ComputeCall& call) const { return expectation(call.worker); }
double SqrtLaw::expectation(NodeId worker) const { return unit.value * std::sqrt(worker + 1.0); }

double LinearLaw::sample(RandomStream&, const ComputeCall& call) const { return expectation(call.worker); }
double LinearLaw::expectation(NodeId worker) const { return unit.value * (worker + 1.0); }

void SumLaw::validate(const Place& place) const {
  if (terms.empty()) throw InputError(place / "terms", "must hold at least one law, got none");
}
void SumLaw::prepare(const LawSources& sources, const Place& place) {
  for (std::size_t i = 0; i < terms.size(); ++i) {
    LawSources own = sources;
    own.term = static_cast<std::uint32_t>(i);
    prepare_one_of(terms[i], own, place / "terms" / i);
  }
}
std::string SumLaw::note() const {
  std::string out;
  for (const LawOf<>& term : terms) {
    const std::string own = note_of(term);
    if (!own.empty()) out += (out.empty() ? "" : "; ") + own;
  }
  return out;
}
double SumLaw::sample(RandomStream& random, const ComputeCall& call) const {
  double out = 0;
  for (const LawOf<>& term : terms) out += std::visit([&](const auto& l) { return l.sample(random, call); }, term.value);
  return out;
}
double SumLaw::expectation(NodeId worker) const {
  double out = 0;
  for (const LawOf<>& term : terms) out += std::visit([&](const auto& l) { return l.expectation(worker); }, term.value);
  return out;
}

void prepare(ComputeLaw& law, const LawSources& sources, const Place& place) { prepare_one_of(law, sources, place); }

std::string note(const ComputeLaw& law) { return note_of(law); }

double sample(const ComputeLaw& law, const ComputeCall& call) {
  // The stream is made inside the visit, where the compiler sees the law and keeps it in registers.
  return std::visit(
      [&](const auto& l) {
        RandomStream random(call.seed, Purpose::compute_time, call.worker, call.number);
        return l.sample(random, call);
      },
      law.value);
}

double expectation(const ComputeLaw& law, NodeId worker) {
  return std::visit([&](const auto& l) { return l.expectation(worker); }, law.value);
}

}  // namespace peloton
