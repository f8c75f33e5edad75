#include "tests/bench/simgrid_star.hpp"

#ifdef PELOTON_SIMGRID

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

namespace peloton {
namespace {

namespace sg = simgrid::s4u;

/// Pure max-min sharing: no TCP window, no cross traffic, no correction factors, no weights by latency.
std::vector<std::string> engine_arguments() {
  return {"simgrid",
          "--log=root.thresh:critical",
          "--cfg=network/model:CM02",
          "--cfg=network/TCP-gamma:0",
          "--cfg=network/crosstraffic:0",
          "--cfg=network/bandwidth-factor:1",
          "--cfg=network/latency-factor:1",
          "--cfg=network/weight-S:0",
          "--cfg=contexts/guard-size:0",
          "--cfg=contexts/stack-size:64"};
}

/// Hosts h0 … h(n−1) and the server hn around one switch; latencies are slept by the actors, before their transfers.
std::vector<sg::Host*> make_star(std::size_t workers, double bytes_per_second) {
  sg::NetZone* zone = sg::create_star_zone("star");
  std::vector<sg::Host*> hosts;
  for (std::size_t i = 0; i <= workers; ++i) {
    sg::Host* host = zone->create_host(fmt::format("h{}", i), 1e9);
    sg::SplitDuplexLink* link = zone->create_split_duplex_link(fmt::format("l{}", i), bytes_per_second);
    link->set_latency(0)->seal();
    zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, {sg::LinkInRoute(link, sg::LinkInRoute::Direction::UP)}, true);
    host->seal();
    hosts.push_back(host);
  }
  zone->seal();
  return hosts;
}

PingPongResult run(const PingPong& work, double bandwidth, double latency) {
  std::vector<std::string> arguments = engine_arguments();
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  sg::Engine engine(&argc, argv.data());
  const std::vector<sg::Host*> hosts = make_star(work.workers, bandwidth / 8);
  sg::Host* server = hosts.back();
  std::uint64_t left = work.deliveries;
  double last = 0;
  const auto transfer = [&](sg::Host* from, sg::Host* to, std::uint64_t bytes) {
    sg::this_actor::sleep_for(2 * latency);
    sg::Comm::sendto(from, to, bytes);
    if (left == 0) return false;
    last = sg::Engine::get_clock();
    return --left > 0;
  };
  for (std::size_t w = 0; w < work.workers; ++w) {
    sg::Host* host = hosts[w];
    sg::Actor::create(fmt::format("w{}", w), host, [&, host, w] {
      for (std::uint64_t round = 0;; ++round) {
        if (work.compute > 0) sg::this_actor::sleep_for(work.think(w, round));
        if (!transfer(host, server, PingPong::bytes(w)) || !transfer(server, host, PingPong::bytes(w))) break;
      }
      if (left == 0) sg::Actor::kill_all();
    });
  }
  const double seconds = seconds_of([&] { engine.run(); });
  return {seconds / static_cast<double>(work.deliveries) * 1e6, last};
}

}  // namespace

bool has_simgrid() { return true; }

std::optional<PingPongResult> simgrid_ping_pong(const PingPong& work, double bandwidth, double latency, unsigned limit) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return std::nullopt;
  std::fflush(stdout);
  const pid_t child = fork();  // SimGrid's engine can be had once in a process
  if (child == 0) {
    alarm(limit);
    const PingPongResult result = run(work, bandwidth, latency);
    const bool told = write(ends[1], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
    std::_Exit(told ? EXIT_SUCCESS : EXIT_FAILURE);
  }
  close(ends[1]);
  PingPongResult result;
  const bool heard = child > 0 && read(ends[0], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  return heard ? std::optional{result} : std::nullopt;
}

}  // namespace peloton

#else

namespace peloton {

bool has_simgrid() { return false; }

std::optional<PingPongResult> simgrid_ping_pong(const PingPong&, double, double, unsigned) { return std::nullopt; }

}  // namespace peloton

#endif
