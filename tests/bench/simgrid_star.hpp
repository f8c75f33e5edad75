#pragma once

#include <optional>

#include "tests/bench/ping_pong.hpp"

namespace peloton {

/// The same work on SimGrid, on a star whose links all have `bandwidth` bit/s each way and `latency` seconds, as an actor for each
/// worker; flows share max-min fairly after their latency, as in the fluid model. It runs in a process of its own.
/// Nothing: peloton was built without SimGrid (libsimgrid-dev), or it took more than `limit` seconds.
[[nodiscard]] std::optional<PingPongResult> simgrid_ping_pong(const PingPong& work, double bandwidth, double latency, unsigned limit);

/// False: built without it.
[[nodiscard]] bool has_simgrid();

}  // namespace peloton
