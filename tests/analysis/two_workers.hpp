#pragma once

#include "sim/records.hpp"
#include "sim/topology/topology_spec.hpp"

namespace peloton::test {

constexpr std::int64_t kMs = 1'000'000;  ///< ns

/// Asynchronous SGD of two workers and a server (node 2) on a star, as records. Messages of 32 bits take 1 ms, computations 3 ms (worker
/// 0) and 5 ms (worker 1):
///
///   ms         0    1    2    3    4    5    6    7    8
///   worker 0   [v0 ][compute v0    ][up ][v1 ][compute v1 …
///   worker 1   [v0 ][compute v0              ][up ]
///   server                               v1        v2, staleness 1
inline void play_two_workers(Observer& o) {
  const NodeId server = 2;
  const auto send = [&](std::int64_t at, NodeId from, NodeId to) {
    o.on_send({.sent = {at * kMs}, .from = from, .to = to, .traffic = to == server ? Traffic::uplink : Traffic::downlink, .bits = 32});
  };
  const auto transfer = [&](std::int64_t sent, NodeId from, NodeId to, std::int64_t version) {
    o.on_transfer({.from = from,
                   .to = to,
                   .traffic = to == server ? Traffic::uplink : Traffic::downlink,
                   .bits = 32,
                   .sent = {sent * kMs},
                   .delivered = {(sent + 1) * kMs},
                   .version = version});
  };
  const auto compute = [&](NodeId node, std::int64_t start, std::int64_t finish, std::uint64_t call, std::int64_t version) {
    o.on_compute({.node = node, .start = {start * kMs}, .finish = {finish * kMs}, .call = call, .version = version});
  };
  const auto update = [&](std::int64_t at, NodeId worker, std::int64_t version, std::int64_t staleness) {
    UpdateRecord r{};
    r.time = {at * kMs};
    r.worker = worker;
    r.version = version;
    r.base = 0;
    r.staleness = staleness;
    r.staleness_time = {at * kMs};
    r.weight = 1;
    r.applied = true;
    o.on_update(r);
  };
  send(0, server, 0);
  send(0, server, 1);
  o.on_link({.time = {0}, .link = 2 * server, .load = 1});  // server->switch
  o.on_link({.time = {kMs}, .link = 2 * server, .load = 0});
  transfer(0, server, 0, 0);
  transfer(0, server, 1, 0);
  compute(0, 1, 4, 0, 0);
  send(4, 0, server);
  transfer(4, 0, server, 0);
  update(5, 0, 1, 0);
  send(5, server, 0);
  compute(1, 1, 6, 0, 0);
  send(6, 1, server);
  transfer(5, server, 0, 1);
  transfer(6, 1, server, 0);
  update(7, 1, 2, 1);
  compute(0, 6, 9, 1, 1);
}

/// The star under them.
inline std::unique_ptr<Topology> two_worker_star() { return make_topology(StarTopology{}, 2, true, {}); }

}  // namespace peloton::test
