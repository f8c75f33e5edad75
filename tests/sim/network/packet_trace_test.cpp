#include "sim/network/packet_trace.hpp"

#include <cmath>
#include <fstream>

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

namespace {

PacketTrace trace_of(const test::TemporaryDirectory& folder, std::string_view text, Seconds window = {0.01}) {
  std::ofstream(folder / "link.trace") << text;
  return PacketTrace({.path = "link.trace", .window = window}, folder.path().string(), {"s.json", "/trace"});
}

Time at(double seconds) { return to_time({seconds}); }

}  // namespace

TEST_CASE("a recorded link has the mean bandwidth of each window", "[sim][network][trace]") {
  // Packets at 0, 3, 3, 12, 14, 25 ms in windows of 10 ms, by hand: 3 packets of 12,000 bit in 10 ms = 3.6 Mbit/s, 2 = 2.4 Mbit/s, and
  // in the last window, which ends with the trace at 25 ms, 1 in 5 ms = 2.4 Mbit/s again. Then from the start.
  const test::TemporaryDirectory folder;
  const PacketTrace trace = trace_of(folder, "0\n3\n3\n12\n14\n25\n");
  CHECK(trace.period().ns == 25'000'000);
  CHECK(trace.bandwidth(at(0)) == Approx(3.6e6));
  CHECK(trace.bandwidth(at(0.0099)) == Approx(3.6e6));
  CHECK(trace.bandwidth(at(0.010)) == Approx(2.4e6));
  CHECK(trace.bandwidth(at(0.0249)) == Approx(2.4e6));
  CHECK(trace.bandwidth(at(0.025)) == Approx(3.6e6));
  CHECK(trace.bandwidth(at(1.0351)) == Approx(2.4e6));  // 41 periods and 10.1 ms
  CHECK(trace.next_change(at(0)) == at(0.010));
  CHECK(trace.next_change(at(0.010)) == at(0.025));  // not at 20 ms: nothing changes there
  CHECK(trace.next_change(at(0.025)) == at(0.035));
}

TEST_CASE("a recorded link that is the same all the time never changes", "[sim][network][trace]") {
  // One packet in each window of 10 ms, by hand; the last one ends the trace. A first and a last window alike make one step.
  const test::TemporaryDirectory folder;
  CHECK(trace_of(folder, "5\n10\n25\n40\n", {0.02}).next_change(at(0)) == kNever);  // 2 and 2 packets
  CHECK(trace_of(folder, "1\n11\n12\n30\n").next_change(at(0.020)) == at(0.040));   // 1, 2, 1 and over the end 1 again
}

TEST_CASE("wrong packet traces are refused with the line", "[sim][network][trace]") {
  const test::TemporaryDirectory folder;
  const auto message = [&](std::string_view text) -> std::string {
    try {
      (void)trace_of(folder, text);
    } catch (const InputError& e) {
      return e.what();
    }
    return "accepted";
  };
  CHECK(message("1\n5\n4\n") == "link.trace: line 3: goes back in time: 4 ms after 5 ms");
  CHECK(message("1\n2.5\n") == "link.trace: line 2: must be a whole number of milliseconds, 0 … 10^12, got \"2.5\"");
  CHECK(message("-1\n") == "link.trace: line 1: must be a whole number of milliseconds, 0 … 10^12, got \"-1\"");
  CHECK(message("") == "link.trace: must tell of a packet after 0 ms, got none");
  CHECK(message("0\n0\n") == "link.trace: must tell of a packet after 0 ms, got none");
  CHECK_THROWS_WITH(PacketTrace({.path = "absent"}, folder.path().string(), {"s.json", "/trace"}),
                    Catch::Matchers::ContainsSubstring("s.json: /trace/path: no file"));
}

TEST_CASE("a transfer over a recorded LTE link ends with the packet that carries its last byte", "[sim][network][trace][data]") {
  // Reference: the packets of the published trace, counted one by one. S bytes are through with packet ⌈S / 1500⌉; windows of 100 ms blur
  // that by less than a window; outages of seconds lie between.
  const char* path = "traces/cellular-mahimahi/TMobile-UMTS-driving.down";
  SKIP_WITHOUT(path);
  std::ifstream in(test::data_path(path));
  std::vector<std::int64_t> packets;
  for (std::int64_t ms = 0; in >> ms;) packets.push_back(ms);
  const auto star = topology_of(R"({"kind": "star", "bandwidth": "1 Gbps", "latency": 0})", 1, true);
  NetworkSpec spec;
  spec.links = {LinkSpec{.links = {"switch->w0"}, .trace = PacketTraceSpec{.path = path}}};
  const std::string folder = test::data_path("x").parent_path().string();
  for (const std::size_t bytes : {1'500'000, 15'000'000, 150'000'000, 300'000'000}) {
    FlowRun run(*star, spec, {.data_folder = folder});
    run.send(0, star->server(), 0, 8 * bytes);
    const std::size_t last = bytes / 1500 - 1;
    const auto periods = static_cast<std::int64_t>(last / packets.size());
    const double expected = static_cast<double>(packets[last % packets.size()] + periods * packets.back()) * 1e-3;
    CHECK(std::abs(run.run().finish(0) - expected) <= 0.1);
  }
}
