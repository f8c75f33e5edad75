#include "algorithms/transfers.hpp"

#include <fmt/format.h>

#include <cmath>

#include "algorithms/cluster.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {
namespace {

std::uint64_t bits_of(Bytes size) { return static_cast<std::uint64_t>(std::llround(8 * size.value)); }

void check(std::string_view from_name, std::string_view to_name, Bytes size, const Topology& topology, const Place& place) {
  const NodeId from = topology.node(from_name, place / "from");
  const NodeId to = topology.node(to_name, place / "to");
  if (from == to) throw InputError(place, fmt::format("must join two different nodes, got \"{}\" twice", from_name));
  if (!topology.reachable(from, to)) throw InputError(place, fmt::format("no links lead from \"{}\" to \"{}\"", from_name, to_name));
  constexpr double kMostBytes = 1e18;
  if (size.value > kMostBytes) throw InputError(place / "size", fmt::format("must be at most 1e18 bytes, got {}", size.value));
  if (std::abs(8 * size.value - std::round(8 * size.value)) > 1e-9)
    throw InputError(place / "size", fmt::format("must be a whole number of bits, got {} bytes", size.value));
}

}  // namespace

void Transfers::Options::validate(const Place& place) const {
  if (flows.empty() && arrivals.empty()) throw InputError(place, "needs \"flows\" or \"arrivals\", got neither");
}

void Transfers::validate(const Topology& topology, std::uint64_t seed, const Place& place) {
  flows_ = options_.flows;
  for (std::size_t i = 0; i < flows_.size(); ++i) check(flows_[i].from, flows_[i].to, flows_[i].size, topology, place / "flows" / i);
  for (std::size_t i = 0; i < options_.arrivals.size(); ++i) {
    const Arrivals& series = options_.arrivals[i];
    check(series.from, series.to, series.size, topology, place / "arrivals" / i);
    add_arrivals(i, seed);
  }
  finish_.assign(flows_.size(), kNever);
}

void Transfers::add_arrivals(std::size_t series, std::uint64_t seed) {
  const Arrivals& a = options_.arrivals[series];
  Time at = to_time(a.at);
  for (Count i = 0; i < a.count; ++i) {
    RandomStream random(seed, Purpose::arrival, static_cast<std::uint32_t>(series), static_cast<std::uint64_t>(i));
    at = at + draw(a.every, random);
    flows_.push_back({.at = {at.seconds()}, .from = a.from, .to = a.to, .size = a.size, .rate_cap = a.rate_cap});
  }
}

void Transfers::on_start(Cluster& c) {
  if (c.has_faults()) outcome_.assign(flows_.size(), Outcome::waiting);
  for (std::size_t i = 0; i < flows_.size(); ++i) c.set_timer(c.topology().node(flows_[i].from, {}), to_time(flows_[i].at), i);
}

void Transfers::on_timer(Cluster& c, NodeId node, std::uint64_t flow) {
  const Flow& f = flows_[flow];
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
  for (std::size_t i = 0; i < flows_.size(); ++i) {
    const Flow& flow = flows_[i];
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
