#pragma once

#include <memory>
#include <string>

#include "sim/base/options.hpp"
#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// What a scenario calls 1 in a file of times: "ms" or "1 ms".
struct TimeUnit {
  double seconds = 1;
};

template <>
struct OptionType<TimeUnit> {
  static TimeUnit parse(const Json& json, const Place& place);
  static Json write(TimeUnit v) { return v.seconds; }
  static Json schema() { return OptionType<Seconds>::schema(); }
  static std::string type() { return "unit of time"; }
  static double number(TimeUnit v) { return v.seconds; }
};

/// Whether the numbers are there-and-back times or those of one way.
enum class Journey { round_trip, one_way };
template <>
struct EnumNames<Journey> {
  static constexpr std::array<std::pair<std::string_view, Journey>, 2> names{
      {{"round_trip", Journey::round_trip}, {"one_way", Journey::one_way}}};
};

/// What is made of a matrix whose two directions differ.
enum class Symmetry { directions, mean, required };
template <>
struct EnumNames<Symmetry> {
  static constexpr std::array<std::pair<std::string_view, Symmetry>, 3> names{
      {{"directions", Symmetry::directions}, {"mean", Symmetry::mean}, {"required", Symmetry::required}}};
};

/// Places that reach each other in measured times: a message from i to j takes the matrix's latency from i to j, and shares the access
/// links, full-duplex, of the two places to a backbone that is never full. No detours over a third place, even where the times would
/// favour one. The two directions of a pair may differ. The diagonal is what messages between workers on one node take.
/// Workers are on the first places in the order of the file, the server on the next.
struct LatencyMatrixTopology {
  static constexpr std::string_view kind = "latency_matrix";
  static constexpr std::string_view help = "measured latencies between all pairs, an access link for each place";

  std::string path;
  TimeUnit unit;
  Journey values = Journey::round_trip;
  Symmetry symmetry = Symmetry::directions;
  BitsPerSecond bandwidth = kDefaultBandwidth;

  static auto fields() {
    return options(required("path", &LatencyMatrixTopology::path, "the file (rows of numbers, or JSON), relative to the data folder"),
                   required("unit", &LatencyMatrixTopology::unit, kPositive, "what 1 in the file stands for, such as \"ms\""),
                   field("values", &LatencyMatrixTopology::values, "round_trip: a message takes half of it; one_way: as it stands"),
                   field("symmetry", &LatencyMatrixTopology::symmetry,
                         "where the directions of a pair differ: directions keeps both, mean takes their mean, required refuses the file"),
                   field("bandwidth", &LatencyMatrixTopology::bandwidth, kPositive, "bandwidth of a place's access link, each way"));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_latency_matrix(const LatencyMatrixTopology& options, std::size_t workers, std::size_t servers,
                                                            const std::string& data_folder, const Place& place);

}  // namespace peloton
