#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/compute/independent_laws.hpp"
#include "sim/network/device_speeds.hpp"
#include "sim/network/packet_trace.hpp"

namespace peloton {

struct BandwidthChange {
  Seconds at;
  BitsPerSecond bandwidth;

  static auto fields() {
    return options(required("at", &BandwidthChange::at, kNonNegative, "when"),
                   required("bandwidth", &BandwidthChange::bandwidth, kNonNegative, "from then on; 0 holds messages up"));
  }
};

struct LinkCut {
  Seconds at;
  std::optional<Seconds> lasts;

  static auto fields() {
    return options(required("at", &LinkCut::at, kNonNegative, "when the link is cut"),
                   field("for", &LinkCut::lasts, kPositive, "how long, until it heals (default: for ever)"));
  }
};

/// What happens to some links of the topology: `{"links": ["w*->switch"], "loss": "1%"}`. When several entries name a link, later ones
/// replace what they give (trace or devices, changes, jitter, loss, timeout); cuts add up.
struct LinkSpec {
  std::vector<std::string> links = {};
  std::optional<PacketTraceSpec> trace = {};
  std::optional<DeviceSpeedsSpec> devices = {};
  std::vector<BandwidthChange> changes = {};
  std::vector<LinkCut> cuts = {};
  std::optional<IndependentLaw> jitter = {};
  std::optional<Fraction> loss = {};
  std::optional<Seconds> timeout = {};

  static auto fields() {
    return options(
        required("links", &LinkSpec::links,
                 "names of links as `topology` and events.csv have them, one way (\"w0->switch\") or by the declared name for both; * "
                 "stands for any text"),
        field("trace", &LinkSpec::trace, "recorded bandwidth, in place of the topology's"),
        field("devices", &LinkSpec::devices, "bandwidths of measured devices, in place of the topology's: the links' hosts are devices"),
        field("changes", &LinkSpec::changes, "bandwidths from given times on, in ascending order, in place of topology, trace and devices"),
        field("cuts", &LinkSpec::cuts, "times without any bandwidth; messages wait"),
        field("jitter", &LinkSpec::jitter, "law of a time added to the latency of each message on each of the links; may reorder messages"),
        field("loss", &LinkSpec::loss, kLoss, "share of packets lost and sent again: the bandwidth times 1 − loss"),
        field("timeout", &LinkSpec::timeout, kNonNegative,
              "what a message waits when its last packet is lost, each time (probability: loss); default 200 ms"));
  }
  static constexpr Check kLoss = below(0, 1, "something must come through");
  void validate(const Place& place) const;
};

}  // namespace peloton
