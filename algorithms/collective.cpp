#include "algorithms/collective.hpp"

#include <fmt/format.h>

#include <cmath>

#include "algorithms/cluster.hpp"
#include "sim/base/random.hpp"

namespace peloton {

namespace {

template <class Operation>
concept HasRoot = requires(const Operation& o) {
  o.root;
};

CollectiveKind kind_of(const RingAllReduceOperation&) { return CollectiveKind::ring_all_reduce; }
CollectiveKind kind_of(const HalvingDoublingOperation&) { return CollectiveKind::halving_doubling_all_reduce; }
CollectiveKind kind_of(const TreeAllReduceOperation&) { return CollectiveKind::tree_all_reduce; }
CollectiveKind kind_of(const TwoLevelOperation&) { return CollectiveKind::two_level_all_reduce; }
CollectiveKind kind_of(const RingReduceScatterOperation&) { return CollectiveKind::ring_reduce_scatter; }
CollectiveKind kind_of(const RingAllGatherOperation&) { return CollectiveKind::ring_all_gather; }
CollectiveKind kind_of(const BruckAllGatherOperation&) { return CollectiveKind::bruck_all_gather; }
CollectiveKind kind_of(const TreeBroadcastOperation&) { return CollectiveKind::tree_broadcast; }
CollectiveKind kind_of(const FlatBroadcastOperation&) { return CollectiveKind::flat_broadcast; }
CollectiveKind kind_of(const TreeReduceOperation&) { return CollectiveKind::tree_reduce; }
CollectiveKind kind_of(const FlatReduceOperation&) { return CollectiveKind::flat_reduce; }
CollectiveKind kind_of(const ElectedBroadcastOperation&) { return CollectiveKind::tree_broadcast; }

std::optional<Count> root_of(const CollectiveOperation& operation) {
  return std::visit(
      [](const auto& o) {
        if constexpr (HasRoot<std::decay_t<decltype(o)>>) return std::optional(o.root);
        return std::optional<Count>();
      },
      operation.value);
}

}  // namespace

void TimedCollective::Options::validate(const Place& place) const {
  constexpr double kMostBytes = 1e15;
  if (element.value != std::floor(element.value))
    throw InputError(place / "element", fmt::format("must be a whole number of bytes, got {}", element.value));
  if (size.value > kMostBytes) throw InputError(place / "size", fmt::format("must be at most 1e15 bytes, got {}", size.value));
  if (std::fmod(size.value, element.value) != 0)
    throw InputError(place / "size", fmt::format("must be a multiple of \"element\" ({} bytes), got {} bytes", element.value, size.value));
}

void TimedCollective::validate(const Topology& topology, std::uint64_t /*seed*/, const Place& place) {
  const std::size_t n = topology.workers();
  if (n == 0) throw InputError(place / "operation", "takes place among workers: \"cluster\" needs the key \"workers\"");
  if (const std::optional<Count> root = root_of(options_.operation); root && static_cast<std::size_t>(*root) >= n)
    throw InputError(place / "operation" / "root", fmt::format("must be a worker, 0 … {}, got {}", n - 1, *root));
  for (NodeId worker = 1; worker < n; ++worker)
    if (!topology.reachable(0, worker))
      throw InputError(place / "operation", fmt::format("no links lead from \"{}\" to \"{}\"", topology.name(0), topology.name(worker)));
  if (!options_.operation.is<TwoLevelOperation>()) return;
  const auto& o = options_.operation.get<TwoLevelOperation>();
  all_reduce_.emplace(TwoLevelReduction{.group_size = o.group_size, .within = o.within, .between = o.between});
  all_reduce_->validate(topology, place / "operation");
}

CollectiveSpec TimedCollective::spec(std::span<const NodeId> members) const {
  const auto coordinates = static_cast<std::uint64_t>(options_.size.value / options_.element.value);
  const auto bits = static_cast<std::uint64_t>(8 * options_.element.value);
  if (all_reduce_) return all_reduce_->collective(members, coordinates, bits);
  CollectiveSpec out;
  out.kind = std::visit([](const auto& o) { return kind_of(o); }, options_.operation.value);
  out.ranks = static_cast<std::uint32_t>(members.size());
  out.root = static_cast<std::uint32_t>(running_.root);
  out.coordinates = coordinates;
  out.bits_per_coordinate = bits;
  return out;
}

void TimedCollective::begin(Cluster& c) {
  running_ = {.start = c.now(), .root = static_cast<std::uint64_t>(root_of(options_.operation).value_or(0))};
  const std::vector<NodeId> everybody(c.workers().begin(), c.workers().end());
  std::uint64_t tag = operation();
  open_ = 1;
  if (elects()) {
    constexpr std::uint64_t kNumberBits = 32;
    tag = gathering();
    open_ = 2;
    c.open_collective(tag, all_gather(options_.operation.get<ElectedBroadcastOperation>().gather, everybody.size(), kNumberBits),
                      everybody);
  } else {
    c.open_collective(tag, spec(everybody), everybody);
  }
  for (const NodeId worker : everybody) c.join(tag, worker);
}

/// The numbers are known: so is the root.
void TimedCollective::elect(Cluster& c) {
  std::vector<double> numbers;
  for (const NodeId worker : c.workers()) numbers.push_back(RandomStream(c.seed(), Purpose::surrogate, worker, done_.size()).uniform());
  running_.root = best_rank(numbers);
  const std::vector<NodeId> everybody(c.workers().begin(), c.workers().end());
  c.open_collective(operation(), spec(everybody), everybody);
}

void TimedCollective::on_collective(Cluster& c, const CollectiveDone& d) {
  if (d.tag == gathering()) {
    if (d.first) elect(c);
    if (d.node == running_.root) c.join(operation(), d.node);
  } else if (d.first) {
    running_.first = c.now();
  }
  if (!d.last || --open_ > 0) return;
  running_.finish = c.now();
  done_.push_back(running_);
  if (!finished()) begin(c);
}

std::string TimedCollective::waits_for(const Cluster& /*c*/) const {
  return fmt::format("operation {} of {} has not ended", done_.size(), options_.repeat);
}

std::string TimedCollective::setup_note() const { return all_reduce_ ? all_reduce_->note() : std::string(); }

std::vector<Table> TimedCollective::tables(const Cluster& c) const {
  Table table{"collective", {"repeat", "operation", "root", "ranks", "bytes", "start", "first", "finish", "seconds", "rate"}, {}};
  const bool rooted = elects() || root_of(options_.operation).has_value();
  for (std::size_t i = 0; i < done_.size(); ++i) {
    const Timing& t = done_[i];
    const Duration took = t.finish - t.start;
    table.rows.push_back({fmt::format("{}", i), std::string(options_.operation.kind()), rooted ? fmt::format("{}", t.root) : "",
                          fmt::format("{}", c.worker_count()), fmt::format("{}", static_cast<std::uint64_t>(options_.size.value)),
                          decimal_seconds(t.start), decimal_seconds(t.first), decimal_seconds(t.finish), decimal_seconds(Time{} + took),
                          took.ns > 0 ? fmt::format("{}", 8 * options_.size.value / took.seconds()) : ""});
  }
  return {table};
}

void TimedCollective::visit_state(StateVisitor& v, Cluster&) {
  v("done", done_);
  v("running", running_);
  v("open", open_);
}

}  // namespace peloton
