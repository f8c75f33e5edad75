#include "models/data/row_assignment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numeric>
#include <queue>
#include <utility>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

/// Entities of the partition's streams that are no class: 0 … classes − 1 belong to the classes.
constexpr std::uint32_t kDealing = 0xffffffffU;
constexpr std::uint32_t kRepair = 0xfffffffeU;
constexpr std::uint32_t kSizes = 0xfffffffcU;  // 0xfffffffd: the dealing of an epoch (partition.cpp)
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

Rows shuffled_rows(std::size_t count, std::uint64_t seed) {
  Rows rows = all_rows(count);
  RandomStream random(seed, Purpose::partition, kDealing, 0);
  shuffle(rows, random);
  return rows;
}

/// Rows of equal label in `by_label` (sorted by it), class after class: visit(class number, begin, end).
template <class Visit>
std::uint32_t for_each_class(const Rows& by_label, std::span<const double> labels, const Visit& visit) {
  std::uint32_t classes = 0;
  for (std::size_t begin = 0, end = 0; begin < by_label.size(); begin = end, ++classes) {
    while (end < by_label.size() && labels[by_label[end]] == labels[by_label[begin]]) ++end;
    visit(classes, begin, end);
  }
  return classes;
}

/// The size of part `i` of `parts`, equal to within one, the longer ones first.
std::size_t even_part(std::size_t total, std::size_t parts, std::size_t i) { return total / parts + (i < total % parts ? 1 : 0); }

/// Gives the next sizes[0] rows of `order` to worker 0, the next sizes[1] to worker 1, ….
void deal_runs(std::span<const std::uint32_t> order, const std::vector<std::size_t>& sizes, Owners& owners) {
  std::size_t next = 0;
  for (std::size_t w = 0; w < sizes.size(); ++w)
    for (const std::size_t end = next + sizes[w]; next < end; ++next) owners[order[next]] = static_cast<std::uint32_t>(w);
}

/// Whole numbers ≥ 1 with sum `rows`, near weight · rows / Σ weights: largest remainders, the lowest index on ties; then a part without
/// a row takes one from the largest.
std::vector<std::size_t> proportional_sizes(const std::vector<double>& weights, std::size_t rows) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::size_t> sizes(weights.size());
  std::vector<double> remainder(weights.size());
  std::size_t given = 0;
  for (std::size_t w = 0; w < weights.size(); ++w) {
    const double exact = weights[w] / total * static_cast<double>(rows);
    sizes[w] = static_cast<std::size_t>(exact);
    remainder[w] = exact - std::floor(exact);
    given += sizes[w];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
  PELOTON_INVARIANT(given <= rows && rows - given <= order.size(), "whole parts leave less than one row per worker");
  for (std::size_t i = 0; given < rows; ++i, ++given) ++sizes[order[i]];

  using Part = std::pair<std::size_t, std::size_t>;  // size, parts − index: the top is the largest, the lowest index on ties
  std::priority_queue<Part> largest;
  for (std::size_t w = 0; w < sizes.size(); ++w) largest.emplace(sizes[w], sizes.size() - w);
  for (std::size_t& size : sizes) {
    if (size > 0) continue;
    const auto [most, rank] = largest.top();
    largest.pop();
    largest.emplace(most - 1, rank);
    --sizes[sizes.size() - rank];
    size = 1;
  }
  return sizes;
}

/// Cuts `order` into `owner_of_piece.size()` consecutive pieces, equal to within one row (the longer ones first), and gives them away.
Owners deal(const Rows& order, const std::vector<std::uint32_t>& owner_of_piece) {
  Owners owners(order.size());
  std::size_t next = 0;
  for (std::size_t piece = 0; piece < owner_of_piece.size(); ++piece) {
    const std::size_t end = next + even_part(order.size(), owner_of_piece.size(), piece);
    for (; next < end; ++next) owners[order[next]] = owner_of_piece[piece];
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

/// Gives each worker without a row, in ascending order, a random row of the shard that is largest then (the lowest worker on ties).
void fill_empty_shards(Owners& owners, std::size_t workers, std::uint64_t seed) {
  const std::vector<std::uint64_t> starts = shard_offsets(owners, workers);
  Rows order = rows_by_shard(owners, starts);
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

/// One split per scheme.
struct Splitter {
  std::span<const double> labels;
  std::span<const std::uint32_t> devices;
  std::size_t workers;
  std::uint64_t seed;
  const Place& place;

  Owners operator()(const IidPartition&) const { return deal(shuffled_rows(labels.size(), seed), all_rows(workers)); }

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
    const std::uint32_t classes = for_each_class(order, labels, [](std::uint32_t, std::size_t, std::size_t) {});
    if (static_cast<double>(classes) * static_cast<double>(workers) > kMaxDirichletDraws) {
      throw InputError(place, fmt::format("needs at most {:.0e} proportions, got {} distinct labels × {} workers (are the labels classes?)",
                                          kMaxDirichletDraws, classes, workers));
    }
    Owners owners(order.size());
    for_each_class(order, labels, [&](std::uint32_t index, std::size_t begin, std::size_t end) {
      split_class(std::span(order).subspan(begin, end - begin), alpha, workers, {seed, Purpose::partition, index, 0}, owners);
    });
    fill_empty_shards(owners, workers, seed);
    return owners;
  }

  Owners operator()(const ExclusivePartition&) const {
    Rows order = rows_by_label(labels);
    const std::size_t classes = for_each_class(order, labels, [](std::uint32_t, std::size_t, std::size_t) {});
    Owners owners(order.size());
    for_each_class(order, labels, [&](std::uint32_t index, std::size_t begin, std::size_t end) {
      const std::span<std::uint32_t> rows = std::span(order).subspan(begin, end - begin);
      if (workers <= classes) {
        for (const std::uint32_t row : rows) owners[row] = static_cast<std::uint32_t>(index % workers);
      } else {
        share_class(rows, index, classes, owners);
      }
    });
    return owners;
  }

  Owners operator()(const SimilarityPartition& spec) const {
    const std::size_t rows = labels.size();
    const auto mixed = static_cast<std::size_t>(std::round(spec.gamma.value * static_cast<double>(rows)));
    Owners owners(rows);
    std::vector<std::size_t> random_sizes(workers);
    std::vector<std::size_t> sorted_sizes(workers);
    for (std::size_t w = 0; w < workers; ++w) {
      random_sizes[w] = even_part(mixed, workers, w);
      sorted_sizes[w] = even_part(rows, workers, w) - random_sizes[w];  // shards equal to within one row
    }
    Rows order = shuffled_rows(rows, seed);
    deal_runs(std::span(order).first(mixed), random_sizes, owners);
    const auto rest = order.begin() + static_cast<std::ptrdiff_t>(mixed);
    std::sort(rest, order.end(), [&](std::uint32_t a, std::uint32_t b) { return std::pair(labels[a], a) < std::pair(labels[b], b); });
    deal_runs(std::span(order).subspan(mixed), sorted_sizes, owners);
    return owners;
  }

  Owners operator()(const SizeSkewPartition& spec) const {
    Owners owners(labels.size());
    deal_runs(shuffled_rows(labels.size(), seed), proportional_sizes(weights(spec), labels.size()), owners);
    return owners;
  }

  Owners operator()(const DevicePartition&) const {
    if (devices.empty())
      throw InputError(place, "deals rows by the device they come from, which these data do not tell (the kind \"synthetic\" does)");
    Owners owners(devices.begin(), devices.end());
    for (std::uint32_t& owner : owners) owner %= static_cast<std::uint32_t>(workers);
    const std::vector<std::uint64_t> starts = shard_offsets(owners, workers);
    for (std::size_t w = 0; w < workers; ++w) {
      if (starts[w + 1] == starts[w])
        throw InputError(place,
                         fmt::format("must give each of {} workers the rows of a device, but none is left for worker {}", workers, w));
    }
    return owners;
  }

  Owners operator()(const SharedPartition&) const { broken_invariant("shared", "a shared partition assigns no rows", __FILE__, __LINE__); }

  /// Deals the rows of class c = `index` evenly, at random, to the workers c, c + classes, c + 2 classes, ….
  void share_class(std::span<std::uint32_t> rows, std::uint32_t index, std::size_t classes, Owners& owners) const {
    const std::size_t holders = (workers - index - 1) / classes + 1;
    if (rows.size() < holders) {
      throw InputError(place, fmt::format("must give each worker at least one row: class {} has {} rows for {} workers",
                                          labels[rows.front()], rows.size(), holders));
    }
    RandomStream random(seed, Purpose::partition, index, 0);
    shuffle(rows, random);
    for (std::size_t i = 0, next = 0; i < holders; ++i)
      for (const std::size_t end = next + even_part(rows.size(), holders, i); next < end; ++next)
        owners[rows[next]] = static_cast<std::uint32_t>(index + i * classes);
  }

  [[nodiscard]] std::vector<double> weights(const SizeSkewPartition& spec) const {
    std::vector<double> out(workers);
    if (spec.sizes() == ShardSizes::power_law) {
      for (std::size_t w = 0; w < workers; ++w) out[w] = std::pow(static_cast<double>(w + 1), -spec.exponent);
      return out;
    }
    if (spec.sizes() == ShardSizes::shares) {
      if (spec.shares.size() == workers) return spec.shares;
      throw InputError(place / "shares", fmt::format("must be one per worker, {}, got {}", workers, spec.shares.size()));
    }
    RandomStream random(seed, Purpose::partition, kSizes, 0);
    boost::random::normal_distribution<double> normal(0, spec.sigma);
    for (double& log_weight : out) log_weight = normal(random);
    const double largest = *std::max_element(out.begin(), out.end());
    for (double& weight : out) weight = std::exp(weight - largest);  // nothing overflows
    return out;
  }
};

}  // namespace

std::vector<std::uint32_t> assign_rows(const PartitionScheme& scheme, const RowOrigins& rows, std::size_t workers, std::uint64_t seed,
                                       const Place& place) {
  PELOTON_INVARIANT(workers >= 1 && workers <= rows.labels.size(), "each worker can get a row");
  PELOTON_INVARIANT(rows.devices.empty() || rows.devices.size() == rows.labels.size(), "all rows know their device, or none");
  return std::visit(Splitter{rows.labels, rows.devices, workers, seed, place}, scheme.value);
}

std::vector<std::uint64_t> shard_offsets(std::span<const std::uint32_t> owners, std::size_t workers) {
  std::vector<std::uint64_t> starts(workers + 1, 0);
  for (const std::uint32_t owner : owners) ++starts[owner + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  return starts;
}

std::vector<std::uint32_t> rows_by_shard(std::span<const std::uint32_t> owners, const std::vector<std::uint64_t>& starts) {
  Rows order(owners.size());
  std::vector<std::uint64_t> next(starts.begin(), starts.end() - 1);
  for (std::size_t row = 0; row < owners.size(); ++row) order[next[owners[row]]++] = static_cast<std::uint32_t>(row);
  return order;
}

}  // namespace peloton
