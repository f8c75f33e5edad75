#include "sim/topology/torus2d.hpp"

#include <fmt/format.h>

#include <cmath>

namespace peloton {

namespace {

constexpr std::size_t kMostHosts = 16'000'000;

struct Grid {
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// The side s ≤ √n for which a grid of s rows holds n hosts with the fewest left over, the largest of these.
std::size_t squarest_side(std::size_t n) {
  auto best = static_cast<std::size_t>(std::sqrt(static_cast<double>(n)));
  const std::size_t narrowest = best == 1 ? 1 : best / 2 + 1;
  const auto left_over = [n](std::size_t side) { return (n + side - 1) / side * side - n; };
  for (std::size_t side = best; side >= narrowest; --side)
    if (left_over(side) < left_over(best)) best = side;
  return best;
}

Grid shape(const Torus2dTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  if (!options.rows || !options.columns) ImplicitTopology::need_workers(workers, Torus2dTopology::kind, place);
  const std::size_t needed = workers + servers;
  Grid grid{static_cast<std::size_t>(options.rows.value_or(0)), static_cast<std::size_t>(options.columns.value_or(0))};
  if (!options.rows && !options.columns) grid.rows = squarest_side(needed);
  if (grid.columns == 0) grid.columns = (needed + grid.rows - 1) / grid.rows;
  if (grid.rows == 0) grid.rows = (needed + grid.columns - 1) / grid.columns;
  if (grid.rows > kMostHosts / grid.columns)
    throw InputError(place, fmt::format("must have at most {} hosts, got {} × {}", kMostHosts, grid.rows, grid.columns));
  ImplicitTopology::need_hosts(grid.rows * grid.columns, workers, servers, place);
  return grid;
}

/// A cycle of `length` positions; two positions have one link, one has none.
struct Cycle {
  std::size_t length = 0;

  [[nodiscard]] std::size_t links() const { return length > 2 ? length : length - 1; }
  [[nodiscard]] std::size_t next(std::size_t at) const { return at + 1 == length ? 0 : at + 1; }
  [[nodiscard]] std::size_t previous(std::size_t at) const { return at == 0 ? length - 1 : at - 1; }
  [[nodiscard]] std::size_t hops_up(std::size_t from, std::size_t to) const { return (to + length - from) % length; }
  [[nodiscard]] std::size_t hops(std::size_t from, std::size_t to) const {
    const std::size_t up = hops_up(from, to);
    return std::min(up, length - up);
  }

  /// Calls `step(link, way)` for each link of the shorter way round; link i lies between position i and the next.
  template <class Step>
  void walk(std::size_t from, std::size_t to, Step step) const {
    if (length == 2 && from != to) return step(0, from);  // there is no way round
    const bool up = 2 * hops_up(from, to) <= length;
    while (from != to) {
      const std::size_t after = up ? next(from) : previous(from);
      step(up ? from : after, up ? 0 : 1);
      from = after;
    }
  }
};

/// Links: those along rows, row by row, then those along columns, column by column.
class Torus2d final : public ImplicitTopology {
 public:
  Torus2d(const Torus2dTopology& options, Grid grid, std::size_t workers, std::size_t servers)
      : ImplicitTopology({.workers = workers, .servers = servers, .hosts = grid.rows * grid.columns}),
        row_{grid.columns},
        column_{grid.rows},
        latency_(to_duration(options.latency)),
        bandwidth_(options.bandwidth.value) {}

  std::optional<std::size_t> rack(NodeId node) const override { return node / row_.length; }

  PathCost cost(NodeId from, NodeId to) const override {
    const std::size_t hops = row_.hops(from % row_.length, to % row_.length) + column_.hops(from / row_.length, to / row_.length);
    return {{latency_.ns * static_cast<std::int64_t>(hops)}, bandwidth_};
  }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    const std::size_t first_row_link = from / row_.length * row_.links();
    const std::size_t first_column_link = row_links() + to % row_.length * column_.links();
    row_.walk(from % row_.length, to % row_.length, [&](std::size_t link, std::size_t way) {
      out.push_back({2 * (first_row_link + link) + way, bandwidth_});
    });
    column_.walk(from / row_.length, to / row_.length, [&](std::size_t link, std::size_t way) {
      out.push_back({2 * (first_column_link + link) + way, bandwidth_});
    });
  }

  std::size_t links() const override { return row_links() + row_.length * column_.links(); }
  PhysicalLink link(std::size_t i) const override {
    std::size_t a = 0;
    std::size_t b = 0;
    if (i < row_links()) {
      const std::size_t first = i / row_.links() * row_.length;
      a = first + i % row_.links();
      b = first + row_.next(i % row_.links());
    } else {
      const std::size_t column = (i - row_links()) / column_.links();
      const std::size_t row = (i - row_links()) % column_.links();
      a = row * row_.length + column;
      b = column_.next(row) * row_.length + column;
    }
    return {static_cast<NodeId>(a), static_cast<NodeId>(b), bandwidth_, latency_, Sharing::full};
  }

  std::vector<Position> positions() const override {
    std::vector<Position> out;
    out.reserve(nodes());
    for (std::size_t i = 0; i < nodes(); ++i) out.push_back({static_cast<double>(i % row_.length), static_cast<double>(i / row_.length)});
    return out;
  }

 private:
  std::size_t row_links() const { return column_.length * row_.links(); }

  Cycle row_;     // along which the column changes
  Cycle column_;  // along which the row changes
  Duration latency_;
  double bandwidth_;
};

}  // namespace

std::unique_ptr<Topology> make_torus2d(const Torus2dTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  return std::make_unique<Torus2d>(options, shape(options, workers, servers, place), workers, servers);
}

}  // namespace peloton
