#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/compute/laws.hpp"
#include "sim/compute/slowdowns.hpp"
#include "sim/compute/stragglers.hpp"
#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

/// How often a worker draws from its law: for each computation, or once for the run.
enum class ComputeScope { per_call, per_worker };
template <>
struct EnumNames<ComputeScope> {
  static constexpr std::array<std::pair<std::string_view, ComputeScope>, 2> names{
      {{"per_call", ComputeScope::per_call}, {"per_worker", ComputeScope::per_worker}}};
};

/// What a draw is the time of: a computation, or one sample of it.
enum class ComputeScale { none, samples };
template <>
struct EnumNames<ComputeScale> {
  static constexpr std::array<std::pair<std::string_view, ComputeScale>, 2> names{
      {{"none", ComputeScale::none}, {"samples", ComputeScale::samples}}};
};

/// `cluster.compute`: a law with the keys that all laws share.
struct ComputeSpec {
  ComputeLaw law;
  ComputeScope scope = ComputeScope::per_call;
  ComputeScale scale_with = ComputeScale::none;
  std::optional<Seconds> floor;
  std::optional<Seconds> cap;

  static auto fields() {
    return options(inlined(&ComputeSpec::law, "the law of the compute times"),
                   field("scope", &ComputeSpec::scope, "draw for each computation, or once per worker"),
                   field("scale_with", &ComputeSpec::scale_with, "samples: the law is of one sample, multiplied by the batch size"),
                   field("floor", &ComputeSpec::floor, kNonNegative, "shorter times are raised to it"),
                   field("cap", &ComputeSpec::cap, kPositive, "longer times are cut to it"));
  }
  void validate(const Place& place) const;
};

/// Everything that a scenario says of the workers' speeds.
struct ComputeSpecs {
  ComputeSpec law;
  std::vector<StragglerSpec> stragglers = {};
  std::vector<SlowdownSpec> slowdowns = {};
};

/// The compute times of a cluster's workers, stragglers and slow-downs included. Draws are pure functions of their arguments and may be
/// made in any order; not from several threads at once, for laws and slow-downs in phases remember where they are (Phases).
class ComputeModel {
 public:
  /// `place` is that of the object that holds "compute", "stragglers" and "slowdowns"; `racks` the rack of each worker, where the topology
  /// has some. Errors: a list shorter than the number of workers, and those of TraceLaw, DevicesLaw, FlopsLaw, Stragglers and Slowdowns.
  ComputeModel(ComputeSpecs specs, const LawSources& sources, const Place& place, std::span<const std::uint32_t> racks = {});

  /// The duration of a worker's computation number `call` (from 0) on `samples` samples that starts at `start`, at least 1 ns: the draw,
  /// × samples when scaled, clamped to [floor, cap], rounded to nanoseconds; then × the slowdown of a straggler and rounded again, so
  /// that a slowdown of 2 doubles the duration exactly. Beyond the range of virtual time (146 years): InputError. No allocation.
  [[nodiscard]] Duration draw(NodeId worker, std::uint64_t call, std::size_t samples, Time start = {}) const;
  /// When a computation of that duration ends which starts at `start`, with the slow-downs that come and go: Slowdowns::finish.
  [[nodiscard]] Time finish(NodeId worker, Time start, Duration work) const {
    return slowdowns_.none() ? start + work : slowdowns_.finish(worker, start, work);
  }

  /// A line for people about what the law found out; mostly empty.
  [[nodiscard]] std::string note() const { return peloton::note(spec_.law); }
  [[nodiscard]] bool is_straggler(NodeId worker) const { return stragglers_.contains(worker); }
  /// 1 for workers that are no stragglers.
  [[nodiscard]] double slowdown(NodeId worker) const { return stragglers_.slowdown(worker); }

 private:
  [[noreturn]] void too_long(NodeId worker, double seconds) const;

  ComputeSpec spec_;
  double floor_;  ///< seconds
  double cap_;    ///< seconds
  Stragglers stragglers_;
  Slowdowns slowdowns_;
  std::uint64_t seed_;
  Place place_;
};

}  // namespace peloton
