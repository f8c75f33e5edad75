#pragma once

#include <string>
#include <vector>

#include "sim/compute/devices.hpp"
#include "sim/compute/flops.hpp"
#include "sim/compute/independent_laws.hpp"
#include "sim/compute/law_sources.hpp"
#include "sim/compute/markov.hpp"
#include "sim/compute/trace.hpp"

/// The laws of a computation's duration: `{"distribution": "exponential", "mean": "10 ms"}`.
///
/// A law is an option struct with two functions:
///   sample(random, call)   one duration in seconds of the computation `call`, with randomness from `random`, its own stream
///   expectation(i)         the mean in seconds of worker i = 0, 1, …
/// and, if it depends on more than its options, prepare(sources, place), called once before them; note() if it then knows something that
/// its options do not say.
/// To add a law, write the struct in a file of this folder and name it in LawOf.
namespace peloton {

/// T_i = values[i]
struct ListLaw {
  static constexpr std::string_view kind = "list";
  static constexpr std::string_view help = "a time for each worker, in worker order";
  std::vector<Seconds> values;
  static auto fields() {
    return options(required("values", &ListLaw::values, "the time of each worker, > 0; at least as many as workers"));
  }
  void validate(const Place& place) const;
  void prepare(const LawSources& sources, const Place& place);
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T_i = unit · √(i + 1)
struct SqrtLaw {
  static constexpr std::string_view kind = "sqrt";
  static constexpr std::string_view help = "worker i takes unit · √(i + 1)";
  Seconds unit{0.01};
  static auto fields() { return options(required("unit", &SqrtLaw::unit, kPositive, "the time of worker 0")); }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T_i = unit · (i + 1)
struct LinearLaw {
  static constexpr std::string_view kind = "linear";
  static constexpr std::string_view help = "worker i takes unit · (i + 1)";
  Seconds unit{0.01};
  static auto fields() { return options(required("unit", &LinearLaw::unit, kPositive, "the time of worker 0")); }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// The laws that stand alone, and more.
template <class... More>
using LawOf =
    OneOf<"distribution", ConstantLaw, UniformLaw, ExponentialLaw, ShiftedExponentialLaw, NormalLaw, HalfNormalLaw, LognormalLaw, GammaLaw,
          WeibullLaw, ParetoLaw, ZipfLaw, BimodalLaw, ListLaw, SqrtLaw, LinearLaw, TraceLaw, MarkovLaw, DevicesLaw, FlopsLaw, More...>;

/// T = the sum of independent times, one of each term. A term is any law but a sum, whose terms may stand here themselves.
struct SumLaw {
  static constexpr std::string_view kind = "sum";
  static constexpr std::string_view help = "the sum of one time of each of several laws";
  std::vector<LawOf<>> terms;
  static auto fields() { return options(required("terms", &SumLaw::terms, "the laws that are added")); }
  void validate(const Place& place) const;
  void prepare(const LawSources& sources, const Place& place);
  [[nodiscard]] std::string note() const;
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

using ComputeLaw = LawOf<SumLaw>;

/// Makes a law ready: reads the files of traces and devices, draws devices and phases, and refuses what does not suit (InputErrors
/// below `place`, the law's). Sampling from a law that needs this and has not had it breaks an invariant.
void prepare(ComputeLaw& law, const LawSources& sources, const Place& place);

/// A line for people about what a law found out when it was made ready; empty for most.
[[nodiscard]] std::string note(const ComputeLaw& law);

/// One duration in seconds, from the stream (seed, compute_time, worker, number); ≥ 0, and > 0 but for zeros of a trace and underflow
/// in the lower tail.
[[nodiscard]] double sample(const ComputeLaw& law, const ComputeCall& call);

/// The mean duration of a worker in seconds.
[[nodiscard]] double expectation(const ComputeLaw& law, NodeId worker);

}  // namespace peloton
