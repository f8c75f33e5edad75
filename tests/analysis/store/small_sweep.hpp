#pragma once

#include <limits>
#include <string>

#include "analysis/store/sweep_store.hpp"

namespace peloton::test {

/// A sweep of two axes (2 × 2) and two repeats: eight points.
inline SweepIdentity small_sweep() {
  SweepIdentity out;
  out.name = "small";
  out.scenario =
      Json::parse(R"({"name": "small", "cluster": {"workers": 4}, "sweep": {"cluster.workers": [2, 4], "algorithm": ["a", "b"]}})");
  out.axes = {{"cluster.workers", {2, 4}, {"2", "4"}}, {"algorithm", {"a", Json{{"name", "b"}, {"x", 1}}}, {"a", "b, the other"}}};
  out.repeats = 2;
  out.planned = 8;
  out.kernels = "reference";
  return out;
}

/// A point with measurements that are hard to keep: undefined cells, infinities, what is no number, a time that no double holds.
inline StoredPoint small_point(std::size_t index) {
  StoredPoint out;
  out.point.index = index;
  out.point.levels = {index / 4, index / 2 % 2};
  out.point.repeat = index % 2;
  out.point.seed = 1 + index % 2;
  out.point.summary =
      Json{{"name", "small"}, {"status", index == 3 ? "diverged" : "finished"}, {"virtual_seconds", 0.1 + static_cast<double>(index)},
           {"updates", 10},   {"bits", Json{{"uplink", 1}, {"total", 3}}},      {"loss", nullptr}};
  out.machine = Json{{"cpu", "none"}};
  out.wall_seconds = 0.25;
  MetricsRow row;
  row.time.ns = (std::int64_t{1} << 53) + 1;  // a double of seconds would give another nanosecond
  row.updates = 7;
  row.bits = {1, 2, 3, 4};
  row.loss = std::numeric_limits<double>::quiet_NaN();
  row.test_loss = std::numeric_limits<double>::infinity();
  row.accuracy = 0.1;
  row.grad_norm = -0.0;
  row.staleness_max = 12;
  out.point.rows = {MetricsRow{}, row};
  return out;
}

}  // namespace peloton::test
