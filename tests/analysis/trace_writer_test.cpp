#include "analysis/trace_writer.hpp"

#include <fstream>
#include <sstream>

#include "tests/analysis/trace_rules.hpp"
#include "tests/analysis/two_workers.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

using Samples = std::vector<std::pair<std::int64_t, double>>;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

/// What `play` does, as a trace.
template <class Play>
TraceFile trace_of(const Topology& topology, const RecordChoice& choice, Play&& play) {
  const TemporaryDirectory folder;
  TraceWriter writer(folder / "trace.json", topology, choice);
  play(writer);
  writer.finish();
  return TraceFile(text_of(folder / "trace.json"));
}

/// The trace of the two workers.
TraceFile two_worker_trace(const RecordChoice& choice = {}, std::string* note = nullptr) {
  const TemporaryDirectory folder;
  const std::unique_ptr<Topology> star = two_worker_star();
  TraceWriter writer(folder / "trace.json", *star, choice);
  play_two_workers(writer);
  writer.finish();
  if (note != nullptr) *note = writer.cut_note();
  return TraceFile(text_of(folder / "trace.json"));
}

/// "name start-end" in ms.
std::vector<std::string> described(const std::vector<TraceFile::Slice>& slices) {
  std::vector<std::string> out;
  for (const auto& s : slices) out.push_back(fmt::format("{} {}-{}", s.name, s.start / kMs, s.end / kMs));
  return out;
}

}  // namespace

TEST_CASE("each worker has a track for computing, waiting, sending and receiving", "[analysis][trace]") {
  // Hand computation: tests/analysis/two_workers.hpp draws the run.
  using Names = std::vector<std::string>;
  const TraceFile trace = two_worker_trace();
  CHECK(trace.complaints.empty());
  CHECK(described(trace.on("worker 0/computing")) == Names{"compute v0 1-4", "compute v1 6-9"});
  CHECK(described(trace.on("worker 0/waiting")) == Names{"wait 0-1", "wait 4-6"});
  CHECK(described(trace.on("worker 0/sending")) == Names{"to server 4-5"});
  CHECK(described(trace.on("worker 0/receiving")) == Names{"from server 0-1", "from server 5-6"});
  CHECK(described(trace.on("worker 1/computing")) == Names{"compute v0 1-6"});
  CHECK(described(trace.on("worker 1/waiting")) == Names{"wait 0-1"});
  CHECK(described(trace.on("server/updates")) == Names{"update v1 5-5", "update v2 7-7"});
  CHECK(described(trace.on("server/arrivals")) == Names{"from worker 0 5-5", "from worker 1 7-7"});
  CHECK(described(trace.on("server/departures")) == Names{"to worker 0 0-0", "to worker 1 0-0", "to worker 0 5-5"});
  CHECK(trace.on("worker 0/sending")[0].args == Json::parse(R"({"bits":32,"version":0})"));
  CHECK(trace.on("server/updates")[1].args == Json::parse(R"({"version":2,"contributions":1,"staleness_mean":1,"staleness_max":1})"));
}

TEST_CASE("arrows lead from the read of a model to the update that used it, and from departures to arrivals", "[analysis][trace]") {
  // Hand computation: both updates come from the computations at version 0; there are five messages.
  const TraceFile trace = two_worker_trace();
  std::vector<std::string> reads;
  std::vector<std::string> messages;
  for (const TraceFile::Arrow& arrow : trace.arrows) {
    const TraceFile::Slice& from = trace.slices[arrow.from];
    const TraceFile::Slice& to = trace.slices[arrow.to];
    (arrow.what == "read" ? reads : messages)
        .push_back(fmt::format("{}@{} > {}@{}", trace.title(from.track), from.start / kMs, trace.title(to.track), to.end / kMs));
  }
  CHECK(reads == std::vector<std::string>{"worker 0/computing@1 > server/updates@5", "worker 1/computing@1 > server/updates@7"});
  CHECK(messages == std::vector<std::string>{"server/departures@0 > worker 0/receiving@1", "server/departures@0 > worker 1/receiving@1",
                                             "worker 0/sending@4 > server/arrivals@5", "server/departures@5 > worker 0/receiving@6",
                                             "worker 1/sending@6 > server/arrivals@7"});
}

TEST_CASE("counters hold staleness, messages under way, contributions that wait, and link loads", "[analysis][trace]") {
  // Hand computation. At 5 and at 6 ms one message arrives and one leaves: nothing changes. Contributions are applied as they arrive.
  const TraceFile trace = two_worker_trace();
  CHECK(trace.counter("messages/under way") == Samples{{0, 2}, {kMs, 0}, {4 * kMs, 1}, {7 * kMs, 0}});
  CHECK(trace.counter("contributions/waiting at the server").empty());
  CHECK(trace.counter("staleness/mean") == Samples{{5 * kMs, 0}, {7 * kMs, 1}});
  CHECK(trace.counter("staleness/max") == Samples{{5 * kMs, 0}, {7 * kMs, 1}});
  CHECK(trace.counter("server->switch/load") == Samples{{0, 1}, {kMs, 0}});
}

TEST_CASE("a worker that is down or paused has a slice for it, and one for the computation that it lost or left", "[analysis][trace]") {
  // Hand computation, in ms. Worker 0 computes 1-4 and, from 5, what it loses with its crash at 6; it is back at 9 and computes 10-12.
  // Worker 1 computes from 1, is paused 3-5 and ends at 7; at 8 it is gone for good. A message that leaves at 4 is lost at 5.
  const std::unique_ptr<Topology> star = two_worker_star();
  const TraceFile trace = trace_of(*star, {}, [](Observer& o) {
    const auto fault = [&](std::int64_t at, NodeId node, bool up, bool paused, std::optional<std::int64_t> computing_since) {
      o.on_node({.time = {at * kMs},
                 .node = node,
                 .up = up,
                 .paused = paused,
                 .computing_since = computing_since ? std::optional(Time{*computing_since * kMs}) : std::nullopt});
    };
    const auto compute = [&](NodeId node, std::int64_t start, std::int64_t finish) {
      o.on_compute({.node = node, .start = {start * kMs}, .finish = {finish * kMs}, .call = 0, .version = 0});
    };
    fault(3, 1, true, true, 1);
    compute(0, 1, 4);
    o.on_send({.sent = {4 * kMs}, .from = 0, .to = 2, .traffic = Traffic::uplink, .bits = 8});
    fault(5, 1, true, false, std::nullopt);
    o.on_loss({.from = 0, .to = 2, .traffic = Traffic::uplink, .bits = 8, .sent = {4 * kMs}, .delivered = {5 * kMs}, .version = 0});
    fault(6, 0, false, false, 5);
    compute(1, 5, 7);
    fault(8, 1, false, false, std::nullopt);
    fault(9, 0, true, false, std::nullopt);
    compute(0, 10, 12);
  });
  using Names = std::vector<std::string>;
  CHECK(trace.complaints.empty());
  CHECK(described(trace.on("worker 0/computing")) == Names{"compute v0 1-4", "compute, lost 5-6", "compute v0 10-12"});
  CHECK(described(trace.on("worker 0/waiting")) == Names{"wait 0-1", "wait 4-5", "down 6-9", "wait 9-10"});
  CHECK(described(trace.on("worker 0/sending")) == Names{"lost, to server 4-5"});
  CHECK(described(trace.on("worker 1/computing")) == Names{"compute, interrupted 1-3", "compute v0 5-7"});
  CHECK(described(trace.on("worker 1/waiting")) == Names{"wait 0-1", "paused 3-5", "wait 7-8", "down 8-12"});
  CHECK(trace.counter("messages/under way") == Samples{{4 * kMs, 1}, {5 * kMs, 0}});
}

TEST_CASE("a synchronous update is one slice with an arrow from each worker; what waits for it is counted", "[analysis][trace]") {
  // Hand computation: the gradients of workers 0 and 1 arrive at 5 and 7 ms, both are applied at 7 ms; a third is discarded at 8 ms.
  const std::unique_ptr<Topology> star = two_worker_star();
  const TraceFile trace = trace_of(*star, {}, [](Observer& o) {
    for (const NodeId w : {0U, 1U}) {
      o.on_compute({.node = w, .start = {0}, .finish = {(4 + 2 * w) * kMs}, .call = 0, .version = 0});
      o.on_send({.sent = {(4 + 2 * w) * kMs}, .from = w, .to = 2, .traffic = Traffic::uplink, .bits = 8});
      o.on_transfer({.from = w,
                     .to = 2,
                     .traffic = Traffic::uplink,
                     .bits = 8,
                     .sent = {(4 + 2 * w) * kMs},
                     .delivered = {(5 + 2 * w) * kMs},
                     .version = 0});
    }
    UpdateRecord r{};
    r.version = 1;
    r.applied = true;
    r.time = {7 * kMs};
    o.on_update(r);
    r.worker = 1;
    o.on_update(r);
    r.applied = false;
    r.time = {8 * kMs};
    r.staleness = 1;
    o.on_update(r);
  });
  CHECK(trace.complaints.empty());
  CHECK(described(trace.on("server/updates")) == std::vector<std::string>{"update v1 7-7", "discard 8-8"});
  CHECK(trace.on("server/updates")[0].args["contributions"] == 2);
  CHECK(std::count_if(trace.arrows.begin(), trace.arrows.end(), [](const auto& a) { return a.what == "read"; }) == 2);
  CHECK(trace.counter("contributions/waiting at the server") == Samples{{5 * kMs, 1}, {7 * kMs, 0}});
}

TEST_CASE("of several computations at one version each is used in turn, and the last one again", "[analysis][trace]") {
  // Computations at version 0 that start at 0, 1 and 2 ms, then four updates from version 0.
  const std::unique_ptr<Topology> star = two_worker_star();
  const TraceFile trace = trace_of(*star, {}, [](Observer& o) {
    for (const std::int64_t start : {0, 1, 2})
      o.on_compute({.node = 0, .start = {start * kMs}, .finish = {(start + 1) * kMs}, .call = 0, .version = 0});
    UpdateRecord r{};
    r.applied = true;
    for (r.version = 1; r.version <= 4; ++r.version) {
      r.time = {(3 + r.version) * kMs};
      o.on_update(r);
    }
  });
  std::vector<std::int64_t> starts;
  for (const TraceFile::Arrow& arrow : trace.arrows) starts.push_back(trace.slices[arrow.from].start / kMs);
  CHECK(starts == std::vector<std::int64_t>{0, 1, 2, 2});
}

TEST_CASE("timestamps are exact to the nanosecond where doubles are not", "[analysis][trace]") {
  // 2^53 + 1 ns is no double.
  const TemporaryDirectory folder;
  const std::unique_ptr<Topology> star = two_worker_star();
  TraceWriter writer(folder / "trace.json", *star, {});
  constexpr std::int64_t kOdd = (std::int64_t{1} << 53) + 1;
  writer.on_compute({.node = 0, .start = {kOdd}, .finish = {kOdd + 2}, .call = 0, .version = 0});
  writer.finish();
  CHECK(text_of(folder / "trace.json").find(R"("ts":9007199254740.993,"dur":0.002,)") != std::string::npos);
}

TEST_CASE("above 32 workers each activity is a process with a track per worker", "[analysis][trace]") {
  const std::unique_ptr<Topology> star = make_topology(StarTopology{}, 33, true, {});
  const auto play = [](Observer& o) { o.on_compute({.node = 7, .start = {kMs}, .finish = {3 * kMs}, .call = 0, .version = 0}); };
  CHECK(described(trace_of(*star, {}, play).on("computing/worker 7")) == std::vector<std::string>{"compute v0 1-3"});
  RecordChoice some;
  some.workers = {{0, 31}};  // 32 are traced
  CHECK(described(trace_of(*star, some, play).on("worker 7/computing")) == std::vector<std::string>{"compute v0 1-3"});
}

TEST_CASE("messages that overlap take further lanes, and lanes are used again", "[analysis][trace]") {
  // Sent and delivered, in order of delivery: 0-2, 1-3, 2-4, 0-5 ms. The third fits behind the first; the last needs a third lane.
  const std::unique_ptr<Topology> star = two_worker_star();
  const TraceFile trace = trace_of(*star, {}, [](Observer& o) {
    for (const auto& [sent, delivered] : std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 2}, {1, 3}, {2, 4}, {0, 5}}) {
      o.on_send({.sent = {sent * kMs}, .from = 0, .to = 1, .traffic = Traffic::peer, .bits = 8});
      o.on_transfer(
          {.from = 0, .to = 1, .traffic = Traffic::peer, .bits = 8, .sent = {sent * kMs}, .delivered = {delivered * kMs}, .version = -1});
    }
  });
  using Names = std::vector<std::string>;
  CHECK(trace.complaints.empty());
  CHECK(described(trace.on("worker 0/sending")) == Names{"to worker 1 0-2", "to worker 1 2-4"});
  CHECK(described(trace.on("worker 0/sending (2)")) == Names{"to worker 1 1-3"});
  CHECK(described(trace.on("worker 0/sending (3)")) == Names{"to worker 1 0-5"});
  CHECK(described(trace.on("worker 1/receiving (2)")) == Names{"from worker 0 1-3"});
}

TEST_CASE("names from the scenario cannot break the document", "[analysis][trace]") {
  ExplicitTopology options;
  options.nodes = {"a\"b", "c\\d\n"};
  options.links = {{.name = "l\"1", .between = options.nodes}};
  const std::unique_ptr<Topology> topology = make_topology(options, 0, false, {});
  const TraceFile trace = trace_of(*topology, {}, [](Observer& o) {
    o.on_send({.sent = {0}, .from = 0, .to = 1, .traffic = Traffic::peer, .bits = 8});
    o.on_link({.time = {0}, .link = 0, .load = 0.5});
    o.on_transfer({.from = 0, .to = 1, .traffic = Traffic::peer, .bits = 8, .sent = {0}, .delivered = {kMs}, .version = -1});
  });
  CHECK(trace.complaints.empty());
  CHECK(described(trace.on("a\"b/sending")) == std::vector<std::string>{"to c\\d\n 0-1"});
  CHECK(trace.counter("l\"1:a\"b->c\\d\n/load") == Samples{{0, 0.5}});
}

TEST_CASE("a choice of workers leaves out the others, and arrows that would start nowhere", "[analysis][trace]") {
  // Hand computation: of worker 1 there are a computation, two messages and an update; of the links only those that it used.
  RecordChoice choice;
  choice.workers = {{1, 1}};
  const TraceFile trace = two_worker_trace(choice);
  CHECK(trace.complaints.empty());
  std::set<std::string> tracks;
  for (const auto& s : trace.slices) tracks.insert(trace.title(s.track));
  CHECK(tracks == std::set<std::string>{"server/arrivals", "server/departures", "server/updates", "worker 1/computing",
                                        "worker 1/receiving", "worker 1/sending", "worker 1/waiting"});
  CHECK(described(trace.on("server/updates")) == std::vector<std::string>{"update v2 7-7"});
  CHECK(trace.counter("messages/under way") == Samples{{0, 1}, {kMs, 0}, {6 * kMs, 1}, {7 * kMs, 0}});
  CHECK(trace.counter("server->switch/load").size() == 2);
}

TEST_CASE("a choice of times keeps what overlaps it, and starts counters with the value that holds there", "[analysis][trace]") {
  // Hand computation, from 4.5 to 5.5 ms: worker 0's computation has ended before, worker 1's (1-6 ms) and two messages overlap.
  RecordChoice choice;
  choice.from = {4 * kMs + kMs / 2};
  choice.to = {5 * kMs + kMs / 2};
  const TraceFile trace = two_worker_trace(choice);
  using Names = std::vector<std::string>;
  CHECK(trace.complaints.empty());
  CHECK(described(trace.on("worker 1/computing")) == Names{"compute v0 1-6"});
  CHECK(described(trace.on("worker 0/sending")) == Names{"to server 4-5"});
  CHECK(described(trace.on("worker 0/receiving")) == Names{"from server 5-6"});
  CHECK(described(trace.on("server/updates")) == Names{"update v1 5-5"});
  CHECK(trace.counter("messages/under way") == Samples{{choice.from.ns, 1}});
  for (const TraceFile::Arrow& arrow : trace.arrows) CHECK(arrow.what == "message");  // the update's read is not in the file
  CHECK(trace.arrows.size() == 2);
}

TEST_CASE("at its limit a trace stops, says where and how much is missing, and stays a whole document", "[analysis][trace]") {
  // The trace without a limit has the events that the first test lists; each limit below must hold and leave valid arrows.
  const std::size_t all = two_worker_trace().events;
  std::string note;
  for (std::size_t limit = 1; limit < all; ++limit) {
    RecordChoice choice;
    choice.limit = limit;
    const TraceFile trace = two_worker_trace(choice, &note);
    CHECK(trace.complaints.empty());
    CHECK(trace.events <= limit + 1);  // the mark of the cut comes on top
    CHECK(trace.json["otherData"]["note"] == note);
    CHECK(trace.json["traceEvents"].back()["ph"] == "i");
    CHECK(note.find(fmt::format("(--trace-limit {})", limit)) != std::string::npos);
  }
  RecordChoice choice;
  choice.limit = 9;  // two messages and an counter at 0 ms; the computation at 4 ms with its wait is too much
  two_worker_trace(choice, &note);
  CHECK(note.find("cut at 0.001000000 s") == 0);
  choice.limit = all;
  CHECK(two_worker_trace(choice, &note).events == all);
  CHECK(note.empty());
}

TEST_CASE("a full disk is a failure that names the file", "[analysis][trace]") {
  SKIP_IF(!std::filesystem::exists("/dev/full"), "needs /dev/full");
  const std::unique_ptr<Topology> star = two_worker_star();
  const auto message = Catch::Matchers::ContainsSubstring("/dev/full: writing failed: No space left on device");
  TraceWriter at_the_end("/dev/full", *star, {});
  play_two_workers(at_the_end);
  try {
    at_the_end.finish();
    FAIL("the write succeeded");
  } catch (const Failure& e) {
    CHECK_THAT(e.what(), message);
  }
  TraceWriter under_way("/dev/full", *star, {});
  const auto write_a_lot = [&] {
    for (int i = 0; i < 100'000; ++i) play_two_workers(under_way);
  };
  CHECK_THROWS_AS(write_a_lot(), Failure);
}
