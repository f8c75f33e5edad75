#include "tests/bench/trace_bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "analysis/events_writer.hpp"
#include "analysis/trace_writer.hpp"
#include "sim/topology/topology_spec.hpp"

namespace peloton {

namespace {

constexpr std::uint64_t kEvents = 1'000'000;

/// Asynchronous SGD of `workers` in turn, as records: a computation, its upload, the update, the download. `updates` of them.
void play(Observer& o, std::size_t workers, std::uint64_t updates) {
  const auto server = static_cast<NodeId>(workers);
  const auto message = [&](NodeId from, NodeId to, Time sent, Time delivered, std::int64_t version) {
    const Traffic traffic = to == server ? Traffic::uplink : Traffic::downlink;
    o.on_send({.sent = sent, .from = from, .to = to, .traffic = traffic, .bits = 6720});
    o.on_link({.time = sent, .link = 2ULL * from, .load = 1});
    o.on_link({.time = delivered, .link = 2ULL * from, .load = 0});
    o.on_transfer({.from = from, .to = to, .traffic = traffic, .bits = 6720, .sent = sent, .delivered = delivered, .version = version});
  };
  const auto turn = static_cast<std::int64_t>(1'000'003 / workers);  // ns between two updates
  for (std::uint64_t i = 0; i < updates; ++i) {
    const auto worker = static_cast<NodeId>(i % workers);
    const auto version = static_cast<std::int64_t>(i);
    const std::int64_t base = std::max<std::int64_t>(0, version - static_cast<std::int64_t>(workers) + 1);
    const Time end{1'000'003 + version * turn};
    const Time start{end.ns - 900'000};
    o.on_compute({.node = worker, .start = start, .finish = end, .call = i / workers, .version = base});
    message(worker, server, end, {end.ns + 30'000}, base);
    UpdateRecord update{};
    update.time = {end.ns + 30'000};
    update.worker = worker;
    update.version = version + 1;
    update.base = base;
    update.staleness = version - base;
    update.staleness_time = update.time - start;
    update.weight = 1;
    update.applied = true;
    o.on_update(update);
    message(server, worker, update.time, {update.time.ns + 30'000}, version + 1);
  }
}

template <class Writer>
void measure(std::string_view file, std::size_t workers) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("peloton-bench-{}-{}", getpid(), file);
  const std::unique_ptr<Topology> star = make_topology(StarTopology{}, workers, true, {});
  const auto start = std::chrono::steady_clock::now();
  Writer writer(path, *star, {.workers = {}, .from = {}, .to = kNever, .limit = kEvents});
  play(writer, workers, kEvents / 9);  // more than fit: nine rows, and more trace events, each
  writer.finish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("  {:10} of {:>7} events, {:>5} workers: {:5.2f} s, {:5.2f} M events/s, {:6.1f} MB\n", file, kEvents, workers, seconds,
             static_cast<double>(kEvents) / seconds * 1e-6, static_cast<double>(std::filesystem::file_size(path)) * 1e-6);
  std::filesystem::remove(path);
}

}  // namespace

void bench_trace() {
  for (const std::size_t workers : {10, 1000}) {
    measure<TraceWriter>("trace.json", workers);
    measure<EventsWriter>("events.csv", workers);
  }
}

}  // namespace peloton
