#include "scenarios/recording.hpp"

#include <fmt/format.h>

#include "algorithms/registry.hpp"
#include "tests/algorithms/harness.hpp"
#include "tests/analysis/trace_rules.hpp"
#include "tests/scenarios/process.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const char* const kSmall = R"({
  "name": "small", "seed": 3,
  "cluster": {"workers": 4, "compute": {"distribution": "exponential", "mean": "2 ms"},
              "topology": {"kind": "star", "bandwidth": "10 Mbps", "latency": "100 us"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 300, "features": 6, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "async_sgd"},
  "measure": {"updates": 1000},
  "stop": {"updates": 20}})";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

/// Rows of events.csv of one kind.
std::size_t rows_of(const std::vector<std::string>& rows, std::string_view event) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const std::string& row) { return row.find(fmt::format(",{},", event)) == 11; }));
}

}  // namespace

TEST_CASE("the traces of every method obey the format, join every update to its reads, and change nothing", "[scenarios][trace]") {
  // Oracles: the rules of the trace event format, the run's own counts, and the run without observers.
  for (const AlgorithmEntry& e : algorithm_registry()) {
    if (!e.info.needs_task) continue;
    for (const char* network : {"fluid", "constant", "none"}) {
      INFO(e.info.name << " over " << network);
      const Scenario scenario =
          scenario_of(kSmall, {fmt::format(R"(algorithm={{"name":"{}"}})", e.info.name), std::string("cluster.network=") + network});
      const TemporaryDirectory folder;
      Run run(scenario, execution_of());
      TraceWriter trace(folder / "trace.json", run.topology(), {});
      EventsWriter events(folder / "events.csv", run.topology(), {});
      UpdateLog log;
      for (Observer* o : std::vector<Observer*>{&trace, &events, &log}) run.add_observer(*o);
      while (run.advance()) {}
      trace.finish();
      events.finish();
      CHECK(output_of(run) == output_of(scenario, execution_of()));

      const TraceFile file(read_file((folder / "trace.json").string()));
      CHECK(file.complaints.empty());
      const std::size_t applied = std::count_if(log.records.begin(), log.records.end(), [](const auto& r) { return r.applied; });
      std::size_t reads = 0;
      for (const TraceFile::Arrow& arrow : file.arrows) {
        if (arrow.what != "read") continue;
        ++reads;
        CHECK(file.slices[arrow.from].args["version"] < file.slices[arrow.to].args["version"]);
      }
      CHECK(reads == applied);
      const int most_waiting = e.info.name == "fedbuff" ? 9 : 4;  // its buffer of ten is emptied when it is full; one per worker else
      for (const auto& [at, waiting] : file.counter("contributions/waiting at the server")) CHECK(waiting <= most_waiting);
      for (const auto& [at, under_way] : file.counter("messages/under way")) CHECK((under_way >= 0 && under_way <= 1000));

      const std::vector<std::string> rows = lines_of(read_file((folder / "events.csv").string()));
      std::uint64_t messages = 0;
      for (const std::uint64_t kind : run.cluster().traffic().messages) messages += kind;
      CHECK(rows_of(rows, "update") == applied);
      CHECK(rows_of(rows, "discard") == log.records.size() - applied);
      CHECK(rows_of(rows, "transfer") <= messages);
      CHECK(rows_of(rows, "compute") > 0);
      CHECK((rows_of(rows, "link") > 0) == (std::string_view(network) != "none"));
      CHECK(std::is_sorted(rows.begin() + 1, rows.end(), [](const auto& a, const auto& b) { return a.substr(0, 11) < b.substr(0, 11); }));
    }
  }
}

TEST_CASE("wrong choices of what to record are refused with the range allowed, before anything runs", "[scenarios][trace]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmall);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--trace --trace-workers 0-4", R"(--trace-workers: must name workers from 0 to 3, like "0-2" or "0,3,8-11"; got "0-4")"},
      {"--events --trace-workers ''", "--trace-workers: must name workers from 0 to 3"},
      {"--trace-workers 0", "--trace-workers: chooses what --trace and --events record; give one of them"},
      {"--trace --trace-from 3", ""},
      {"--trace --trace-from '3 km'", "--trace-from: must be a time"},
      {"--trace --trace-from=-1", "--trace-from: must be ≥ 0 s, got \"-1\""},
      {"--trace --trace-from '2 s' --trace-to '1 s'", "--trace-to: must not be before --trace-from, got \"1 s\" and \"2 s\""},
      {"--trace --trace-limit 0", "--trace-limit: must be a whole number from 1 to 1000000000, got \"0\""},
      {"--trace --trace-limit 1e6", "--trace-limit: must be a whole number"},
      {"--trace --trace-form 0", "did you mean \"--trace-from\"?"},
  };
  for (const auto& [arguments, expected] : cases) {
    INFO(arguments);
    const Outcome run = shell(folder, "peloton run s.json --quiet " + arguments);
    CHECK(run.code == (expected.empty() ? 0 : 2));
    CHECK(run.err.find(expected) != std::string::npos);
    CHECK(std::filesystem::exists(folder / "runs/small") == expected.empty());
    std::filesystem::remove_all(folder / "runs");
  }
}

TEST_CASE("the limit is noted on standard error and in both files", "[scenarios][trace]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmall);
  const Outcome run = shell(folder, "peloton run s.json --quiet --out r --trace --events --trace-limit 50");
  REQUIRE(run.code == 0);
  const TraceFile trace(read_file((folder / "r/trace.json").string()));
  CHECK(trace.complaints.empty());
  CHECK(trace.events <= 51);
  const std::string note = trace.json["otherData"]["note"];
  CHECK(run.err.find("trace.json: " + note) != std::string::npos);
  const std::vector<std::string> rows = lines_of(read_file((folder / "r/events.csv").string()));
  CHECK(rows.size() == 52);
  CHECK(rows.back().find(",cut,") == 11);
  CHECK(run.err.find("events.csv: ") != std::string::npos);
}

TEST_CASE("a disk that fills while a trace is written fails the run and keeps the earlier result", "[scenarios][trace]") {
  // A limit on the size of files stands for the disk: 64 blocks of 512 or 1024 bytes.
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmall);
  REQUIRE(shell(folder, "peloton run s.json --quiet --out r --seed 5").code == 0);
  const std::string before = read_file((folder / "r/summary.json").string());
  for (const char* flag : {"--trace", "--events"}) {
    const Outcome run =
        shell(folder, fmt::format("trap '' XFSZ; ulimit -f 64; peloton run s.json --quiet --out r --set stop.updates=20000 {}", flag));
    CHECK(run.code == 1);
    CHECK(run.err.find("writing failed: File too large") != std::string::npos);
    CHECK(run.err.find(flag + 2) != std::string::npos);
  }
  CHECK(read_file((folder / "r/summary.json").string()) == before);
  CHECK(std::distance(std::filesystem::directory_iterator(folder / "r"), {}) == 3);
}
