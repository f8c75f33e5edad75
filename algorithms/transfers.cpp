#include "algorithms/transfers.hpp"

#include <fmt/format.h>

#include <cmath>

#include "algorithms/cluster.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {
namespace {

std::uint64_t bits_of(Bytes size) { return static_cast<std::uint64_t>(std::llround(8 * size.value)); }

}  // namespace

void Transfers::validate(const Topology& topology, std::uint64_t /*seed*/, const Place& place) {
  for (std::size_t i = 0; i < options_.flows.size(); ++i) {
    const Flow& flow = options_.flows[i];
    const Place here = place / "flows" / i;
    const NodeId from = topology.node(flow.from, here / "from");
    const NodeId to = topology.node(flow.to, here / "to");
    if (from == to) throw InputError(here, fmt::format("must join two different nodes, got \"{}\" twice", flow.from));
    if (!topology.reachable(from, to)) throw InputError(here, fmt::format("no links lead from \"{}\" to \"{}\"", flow.from, flow.to));
    constexpr double kMostBytes = 1e18;
    if (flow.size.value > kMostBytes) throw InputError(here / "size", fmt::format("must be at most 1e18 bytes, got {}", flow.size.value));
    if (std::abs(8 * flow.size.value - std::round(8 * flow.size.value)) > 1e-9)
      throw InputError(here / "size", fmt::format("must be a whole number of bits, got {} bytes", flow.size.value));
  }
}

void Transfers::on_start(Cluster& c) {
  if (c.has_faults()) outcome_.assign(options_.flows.size(), Outcome::waiting);
  for (std::size_t i = 0; i < options_.flows.size(); ++i)
    c.set_timer(c.topology().node(options_.flows[i].from, {}), to_time(options_.flows[i].at), i);
}

void Transfers::on_timer(Cluster& c, NodeId node, std::uint64_t flow) {
  const Flow& f = options_.flows[flow];
  c.send_raw(node, c.topology().node(f.to, {}), bits_of(f.size), flow, f.rate_cap ? f.rate_cap->value : kNoRateCap);
}

void Transfers::on_raw(Cluster& c, const RawMessage& m) {
  finish_[m.tag] = c.now();
  if (!outcome_.empty()) outcome_[m.tag] = Outcome::arrived;
  ++settled_;
}

void Transfers::on_raw_lost(Cluster& /*c*/, const RawMessage& m) {
  outcome_[m.tag] = Outcome::lost;
  ++settled_;
}

void Transfers::on_timer_missed(Cluster& /*c*/, NodeId /*node*/, std::uint64_t flow) {
  outcome_[flow] = Outcome::not_sent;
  ++settled_;
}

std::string Transfers::waits_for(const Cluster&) const {
  return fmt::format("{} of {} flows have not arrived", options_.flows.size() - settled_, options_.flows.size());
}

std::vector<Table> Transfers::tables(const Cluster&) const {
  static constexpr std::array<std::string_view, 4> kOutcomes = {"waiting", "arrived", "lost", "not_sent"};
  Table table{"transfers", {"flow", "from", "to", "bytes", "start", "finish", "mean_rate"}, {}};
  if (!outcome_.empty()) table.columns.emplace_back("outcome");
  for (std::size_t i = 0; i < options_.flows.size(); ++i) {
    const Flow& flow = options_.flows[i];
    const Time start = to_time(flow.at);
    const bool done = finish_[i] != kNever;
    const double seconds = done ? (finish_[i] - start).seconds() : 0;
    const std::uint64_t bits = bits_of(flow.size);
    table.rows.push_back({fmt::format("{}", i), flow.from, flow.to, fmt::format("{}", (bits + 7) / 8), decimal_seconds(start),
                          done ? decimal_seconds(finish_[i]) : "",
                          done && seconds > 0 ? fmt::format("{}", static_cast<double>(bits) / seconds) : ""});
    if (!outcome_.empty()) table.rows.back().emplace_back(kOutcomes[static_cast<std::size_t>(outcome_[i])]);
  }
  return {table};
}

void Transfers::visit_state(StateVisitor& v, Cluster&) {
  v("finish", finish_);
  v("outcome", outcome_);
  v("settled", settled_);
}

}  // namespace peloton
