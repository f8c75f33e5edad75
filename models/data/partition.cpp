#include "models/data/partition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/gamma_distribution.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <utility>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

/// Entities of the partition's streams that are no class: 0 … classes − 1 belong to the classes.
constexpr std::uint32_t kDealing = 0xffffffffU;
constexpr std::uint32_t kRepair = 0xfffffffeU;
/// Draws that a Dirichlet partition may take: some seconds.
constexpr double kMaxDirichletDraws = 1e8;

using Rows = std::vector<std::uint32_t>;
/// The worker of each row.
using Owners = std::vector<std::uint32_t>;

Rows all_rows(std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

Rows rows_by_label(std::span<const double> labels) {
  Rows rows = all_rows(labels.size());
  std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return labels[a] < labels[b]; });
  return rows;
}

/// Cuts `order` into `owner_of_piece.size()` consecutive pieces, equal to within one row (the longer ones first), and gives them away.
Owners deal(const Rows& order, const std::vector<std::uint32_t>& owner_of_piece) {
  Owners owners(order.size());
  const std::size_t base = order.size() / owner_of_piece.size();
  const std::size_t longer = order.size() % owner_of_piece.size();
  std::size_t next = 0;
  for (std::size_t piece = 0; piece < owner_of_piece.size(); ++piece) {
    for (std::size_t end = next + base + (piece < longer ? 1 : 0); next < end; ++next) owners[order[next]] = owner_of_piece[piece];
  }
  return owners;
}

/// Splits the rows of one class in proportions ~ Dirichlet(alpha). A Dirichlet vector is a normalised vector of Gamma(alpha) draws; these
/// are made as logarithms, log Gamma(alpha) = log Gamma(alpha + 1) + log(U) / alpha (Marsaglia, Tsang, ACM TOMS 2000), since for small
/// alpha all draws themselves underflow. The shuffled rows are points (j + u) / n of the unit interval, with one u for all: counts are
/// within one of proportion · n and equal it in expectation.
void split_class(std::span<std::uint32_t> rows, double alpha, std::size_t workers, RandomStream random, Owners& owners) {
  boost::random::gamma_distribution<double> gamma(alpha + 1);
  std::vector<double> share(workers);
  for (double& log_share : share) log_share = std::log(gamma(random)) + std::log(1 - random.uniform()) / alpha;
  const double largest = *std::max_element(share.begin(), share.end());
  double total = 0;
  for (double& cumulative : share) cumulative = total += std::exp(cumulative - largest);

  shuffle(rows, random);
  const double offset = random.uniform();
  std::uint32_t worker = 0;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    const double point = (static_cast<double>(j) + offset) / static_cast<double>(rows.size()) * total;
    while (worker + 1 < workers && share[worker] <= point) ++worker;
    owners[rows[j]] = worker;
  }
}

/// The offsets of shards of these rows: workers + 1 values.
std::vector<std::uint64_t> offsets(const Owners& owners, std::size_t workers) {
  std::vector<std::uint64_t> starts(workers + 1, 0);
  for (const std::uint32_t owner : owners) ++starts[owner + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  return starts;
}

/// The rows, shard after shard, ascending within each.
Rows gather(const Owners& owners, const std::vector<std::uint64_t>& starts) {
  Rows order(owners.size());
  std::vector<std::uint64_t> next(starts.begin(), starts.end() - 1);
  for (std::size_t row = 0; row < owners.size(); ++row) order[next[owners[row]]++] = static_cast<std::uint32_t>(row);
  return order;
}

/// Gives each worker without a row, in ascending order, a random row of the shard that is largest then (the lowest worker on ties).
void fill_empty_shards(Owners& owners, std::size_t workers, std::uint64_t seed) {
  const std::vector<std::uint64_t> starts = offsets(owners, workers);
  Rows order = gather(owners, starts);
  using Shard = std::pair<std::uint64_t, std::uint64_t>;  // size, workers − worker: the top is the largest, the lowest worker on ties
  std::priority_queue<Shard> shards;
  for (std::size_t w = 0; w < workers; ++w) shards.emplace(starts[w + 1] - starts[w], workers - w);

  RandomStream random(seed, Purpose::partition, kRepair, 0);
  for (std::uint32_t empty = 0; empty < workers; ++empty) {
    if (starts[empty + 1] != starts[empty]) continue;
    const auto [size, rank] = shards.top();
    PELOTON_INVARIANT(size > 1, "with a row per worker, some shard has two rows while another is empty");
    shards.pop();
    shards.emplace(size - 1, rank);
    const std::uint64_t start = starts[workers - rank];
    std::swap(order[start + random.below(static_cast<std::uint32_t>(size))], order[start + size - 1]);
    owners[order[start + size - 1]] = empty;
  }
}

/// One split per kind of partition.
struct Splitter {
  std::span<const double> labels;
  std::size_t workers;
  std::uint64_t seed;
  const Place& place;

  Owners operator()(const IidPartition&) const {
    Rows order = all_rows(labels.size());
    RandomStream random(seed, Purpose::partition, kDealing, 0);
    shuffle(order, random);
    return deal(order, all_rows(workers));
  }

  Owners operator()(const SortedPartition&) const { return deal(rows_by_label(labels), all_rows(workers)); }

  Owners operator()(const ShardsPartition& spec) const {
    const auto each = static_cast<std::size_t>(spec.classes_per_worker);
    if (each > labels.size() / workers) {
      throw InputError(place,
                       fmt::format("must leave at least one row per piece: {} workers × {} classes_per_worker, but only {} training rows",
                                   workers, each, labels.size()));
    }
    std::vector<std::uint32_t> owner_of_piece(workers * each);
    for (std::size_t piece = 0; piece < owner_of_piece.size(); ++piece) owner_of_piece[piece] = static_cast<std::uint32_t>(piece / each);
    RandomStream random(seed, Purpose::partition, kDealing, 0);
    shuffle(owner_of_piece, random);
    return deal(rows_by_label(labels), owner_of_piece);
  }

  Owners operator()(const DirichletPartition& spec) const {
    // Beyond these bounds one worker gets all of a class, or all get the same, whatever the draws.
    const double alpha = std::clamp(spec.alpha, 1e-300, 1e12);
    Rows order = rows_by_label(labels);
    const auto class_end = [&](std::size_t begin) {
      std::size_t end = begin;
      while (end < order.size() && labels[order[end]] == labels[order[begin]]) ++end;
      return end;
    };
    std::size_t classes = 0;
    for (std::size_t begin = 0; begin < order.size(); begin = class_end(begin)) ++classes;
    if (static_cast<double>(classes) * static_cast<double>(workers) > kMaxDirichletDraws) {
      throw InputError(place, fmt::format("needs at most {:.0e} proportions, got {} distinct labels × {} workers (are the labels classes?)",
                                          kMaxDirichletDraws, classes, workers));
    }
    Owners owners(order.size());
    std::uint32_t index = 0;
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end, ++index) {
      end = class_end(begin);
      split_class(std::span(order).subspan(begin, end - begin), alpha, workers, {seed, Purpose::partition, index, 0}, owners);
    }
    fill_empty_shards(owners, workers, seed);
    return owners;
  }
};

}  // namespace

Partition::Partition(const PartitionSpec& spec, std::span<const double> labels, std::size_t workers, std::uint64_t seed, const Place& place)
    : workers_(workers) {
  PELOTON_INVARIANT(workers >= 1, "a partition has workers");
  PELOTON_INVARIANT(!labels.empty() && labels.size() <= std::numeric_limits<std::uint32_t>::max(), "rows are numbered by 32 bits");
  if (spec.is<SharedPartition>()) {
    order_ = all_rows(labels.size());
    return;
  }
  if (workers > labels.size())
    throw InputError(place,
                     fmt::format("must give each worker at least one row: {} workers, but only {} training rows", workers, labels.size()));
  const Splitter split{labels, workers, seed, place};
  const Owners owners = std::visit(
      [&]<class Kind>(const Kind& kind) {
        if constexpr (std::is_same_v<Kind, SharedPartition>)
          return Owners();
        else
          return split(kind);
      },
      spec.value);
  starts_ = offsets(owners, workers);
  order_ = gather(owners, starts_);
}

std::span<const std::uint32_t> Partition::shard(std::size_t worker) const {
  PELOTON_INVARIANT(worker < workers_, "only workers have shards");
  if (starts_.empty()) return order_;
  return std::span(order_).subspan(starts_[worker], starts_[worker + 1] - starts_[worker]);
}

}  // namespace peloton
