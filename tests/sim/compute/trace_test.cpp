#include "sim/compute/trace.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/compute"};

/// A file in a folder of its own, and laws that replay it.
struct TraceFile {
  test::TemporaryDirectory folder;

  explicit TraceFile(const std::string& content) { std::ofstream(folder / "t.csv", std::ios::binary) << content; }

  [[nodiscard]] TraceLaw law(const std::string& keys = "") const {
    const std::string json = R"({"path": "t.csv")" + std::string(keys.empty() ? "" : ", ") + keys + "}";
    auto out = parse_options<TraceLaw>(Json::parse(json), kPlace);
    out.prepare({.workers = 10, .data_folder = folder.path().string()}, kPlace);
    return out;
  }
  [[nodiscard]] std::string error(const std::string& keys = "") const {
    try {
      (void)law(keys);
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  }
};

double sample(const TraceLaw& law, NodeId worker, std::uint64_t call, std::uint64_t seed = 1) {
  RandomStream random(seed, Purpose::compute_time, worker, call);
  return law.sample(random, {.seed = seed, .worker = worker, .number = call});
}

std::vector<double> draws(const TraceLaw& law, NodeId worker, std::uint64_t n) {
  std::vector<double> out(n);
  for (std::uint64_t call = 0; call < n; ++call) out[call] = sample(law, worker, call);
  return out;
}

constexpr const char* kTwoWorkers = "job,worker,time\nx,b,1\nx,a,10\nx,b,2\nx,b,3\nx,a,20\n";
constexpr const char* kByWorker = R"("column": "time", "worker_column": "worker")";

}  // namespace

TEST_CASE("a trace replays the rows of its recorded workers in step", "[sim][compute][trace]") {
  // Hand computation: b comes first in the file, so worker 0 replays 1 2 3 and worker 1 replays 10 20, over and over.
  const TraceLaw law = TraceFile(kTwoWorkers).law(kByWorker);
  CHECK(draws(law, 0, 7) == std::vector<double>{1, 2, 3, 1, 2, 3, 1});
  CHECK(draws(law, 1, 5) == std::vector<double>{10, 20, 10, 20, 10});
  CHECK(law.expectation(0) == 2);
  CHECK(law.expectation(1) == 15);
  // Workers 2, 4, … share b's rows, in the same cyclic order but from rows of their own.
  std::set<double> starts;
  for (NodeId worker = 2; worker < 60; worker += 2) {
    const std::vector<double> x = draws(law, worker, 4);
    starts.insert(x[0]);
    for (std::size_t i = 0; i < 3; ++i) CHECK(x[i + 1] == (x[i] == 3 ? 1 : x[i] + 1));
    CHECK(law.expectation(worker) == 2);
  }
  CHECK(starts == std::set<double>{1, 2, 3});  // one of them missing in 29 draws: probability 3 (2/3)^29 = 2e-5, and this seed has all
}

TEST_CASE("a trace without workers starts at a row of each worker's own", "[sim][compute][trace]") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i) + "\n";
  const TraceLaw law = TraceFile(text).law();
  double mean = 0;
  for (NodeId worker = 0; worker < 2000; ++worker) {
    const double start = sample(law, worker, 0);
    mean += start / 2000;
    CHECK(sample(law, worker, 1) == std::fmod(start + 1, 1000));
    CHECK(sample(law, worker, 123456) == std::fmod(start + 123456, 1000));
  }
  // Uniform starts: mean 499.5, standard error 289 / √2000 = 6.5; 5.5 of them: error probability 4e-8.
  CHECK(std::abs(mean - 499.5) < 5.5 * 6.5);
  CHECK(sample(law, 5, 0, 1) != sample(law, 5, 0, 2));
}

TEST_CASE("a trace in random order draws its rows with replacement", "[sim][compute][trace]") {
  // The number of draws of each of four rows is binomial(40000, 1/4): standard deviation 87; 5.5 of them, four times: 1.5e-7.
  const TraceLaw law = TraceFile("1\n2\n3\n4\n").law(R"("order": "random")");
  const std::vector<double> x = draws(law, 3, 40000);
  for (const double row : {1.0, 2.0, 3.0, 4.0})
    CHECK(std::abs(static_cast<double>(std::count(x.begin(), x.end(), row)) - 10000) < 5.5 * 87);
  // Each recorded worker keeps to its own rows.
  const std::vector<double> own = draws(TraceFile(kTwoWorkers).law(std::string(kByWorker) + R"(, "order": "random")"), 1, 200);
  CHECK(std::set<double>(own.begin(), own.end()) == std::set<double>{10, 20});
}

TEST_CASE("a trace is scaled by its unit or to a mean", "[sim][compute][trace]") {
  // Hand computation: the five times 1 2 3 10 20 have the mean 7.2; powers of two scale exactly.
  const TraceFile file(kTwoWorkers);
  const std::string keys = kByWorker;
  CHECK(draws(file.law(keys + R"(, "unit": "250 ms")"), 0, 3) == std::vector<double>{0.25, 0.5, 0.75});
  const TraceLaw law = file.law(keys + R"(, "mean": "14.4 s")");
  CHECK(draws(law, 1, 2)[1] == Approx(40).epsilon(1e-14));
  CHECK((3 * law.expectation(0) + 2 * law.expectation(1)) / 5 == Approx(14.4).epsilon(1e-14));
}

TEST_CASE("formats of traces", "[sim][compute][trace]") {
  const std::vector<double> expected{1.5, 20, 0};
  CHECK(draws(TraceFile("\r\n a ; t\r\nx;  1.5 \r\n\r\ny;2e1\r\nz;0").law(R"("column": "t", "worker_column": "a")"), 0, 1)[0] == 1.5);
  CHECK(draws(TraceFile("time\n1.5\n20\n0\n").law(R"("order": "random")"), 0, 50).size() == 50);
  const auto rows = [](const TraceLaw& law) { return law.recorded->front().times; };
  CHECK(rows(TraceFile("time\n1.5\n20\n0\n").law()) == expected);
  CHECK(rows(TraceFile("1.5\n20\n0").law()) == expected);
  CHECK(rows(TraceFile("7\t1.5\n8\t20\n9\t0\n").law(R"("column": "1")")) == expected);
  CHECK(rows(TraceFile(",t,u\n0,1.5,x\n1,20\n2,0,,\n").law(R"("column": "t")")) == expected);
}

TEST_CASE("wrong traces are refused", "[sim][compute][trace]") {
  const std::string columns = "t.csv (job, worker, time), got ";
  CHECK(TraceFile(kTwoWorkers).error() == "x.json: /compute: needs the key \"column\": t.csv has the columns job, worker, time");
  CHECK(TraceFile(kTwoWorkers).error(R"("column": "tme")") ==
        "x.json: /compute/column: must be a column of " + columns + "\"tme\" (did you mean \"time\"?)");
  CHECK(TraceFile(kTwoWorkers).error(R"("column": "time", "worker_column": "rank")") ==
        "x.json: /compute/worker_column: must be a column of " + columns + "\"rank\"");
  CHECK(TraceFile("1,2\n3\n").error(R"("column": "1")") == "t.csv: line 2: must have the 2 columns of the first row, got 1");
  CHECK(TraceFile("t\n1\n\nslow\n").error() == "t.csv: line 4: must have a time ≥ 0, got \"slow\"");
  CHECK(TraceFile("1\n-2\n").error() == "t.csv: line 2: must have a time ≥ 0, got \"-2\"");
  CHECK(TraceFile("1\n2 ms\n").error() == "t.csv: line 2: must have a time ≥ 0, got \"2 ms\"");
  CHECK(TraceFile("1\nnan\n").error() == "t.csv: line 2: must have a time ≥ 0, got \"nan\"");
  CHECK(TraceFile("1\ninf\n").error() == "t.csv: line 2: must have a time ≥ 0, got \"inf\"");
  CHECK(TraceFile("t,u\n1,\n").error(R"("column": "u")") == "t.csv: line 2: must have a time ≥ 0, got \"\"");
  CHECK(TraceFile("").error() == "t.csv: must hold at least one time, got none");
  CHECK(TraceFile("time\n").error() == "t.csv: must hold at least one time, got none");
  CHECK(TraceFile("0\n0\n").error(R"("mean": 1)") == "x.json: /compute/mean: cannot scale the times of t.csv: all are 0");
  CHECK(TraceFile("1\n").error(R"("mean": 1, "unit": 1)") == "x.json: /compute: takes \"unit\" or \"mean\", got both");
  CHECK(TraceFile("1\n").error(R"("unit": 0)") == "x.json: /compute/unit: must be > 0, got 0");
  CHECK_THROWS_AS(TraceLaw{}.expectation(0), BrokenInvariant);
}

TEST_CASE("a production job is replayed", "[sim][compute][trace]") {
  // Published data: 300 mini-batches of each of the ten workers of Alibaba's job 1, whose first times are 476, 509, 468; sums by awk.
  SKIP_WITHOUT("traces/alibaba-minibatch/job_1_norm.csv");
  const std::string keys = R"({"path": "traces/alibaba-minibatch/job_1_norm.csv", "column": "batch_time_norm", "worker_column": "worker",)";
  auto law = parse_options<TraceLaw>(Json::parse(keys + R"("unit": "1 ms"})"), kPlace);
  law.prepare({.workers = 10, .data_folder = test::data_path("").string()}, kPlace);
  REQUIRE(law.recorded->size() == 10);
  CHECK(sample(law, 0, 0) == Approx(0.476).epsilon(1e-14));
  CHECK(sample(law, 1, 0) == Approx(0.509).epsilon(1e-14));
  CHECK(sample(law, 2, 300) == Approx(0.468).epsilon(1e-14));
  CHECK(law.expectation(1) == Approx(0.470893).epsilon(1e-6));
  CHECK(law.expectation(9) == Approx(0.42831).epsilon(1e-6));
}

TEST_CASE("a trace whose clock goes back is refused", "[sim][compute][trace]") {
  // Rows of different workers may interleave; one worker's own may not go back, and may stand still.
  const std::string keys = R"("column": "time", "worker_column": "worker", "clock_column": "clock")";
  CHECK(TraceFile("worker,clock,time\na,1,5\nb,0,5\na,1,6\nb,2,6\n").error(keys) == "no error");
  CHECK(TraceFile("worker,clock,time\na,1,5\nb,3,5\na,0.5,6\n").error(keys) ==
        "t.csv: line 4: the trace goes back in time: \"clock\" is 0.5 after 1");
  CHECK(TraceFile("worker,clock,time\na,x,5\n").error(keys) == "t.csv: line 2: must have a number in the column \"clock\", got \"x\"");
  CHECK(TraceFile("worker,time\na,5\n").error(keys) ==
        "x.json: /compute/clock_column: must be a column of t.csv (worker, time), got \"clock\"");
}

TEST_CASE("Alibaba's mini-batch times are replayed in the ratios of the file", "[sim][compute][trace][data]") {
  // Read off job_1_norm.csv: worker 0 starts with 476, 476, 484, worker 1 with 509, 509, 491; `mean` gives the scale and nothing else.
  SKIP_WITHOUT("traces/alibaba-minibatch/job_1_norm.csv");
  auto law = parse_options<TraceLaw>(
      Json::parse(R"({"path": "traces/alibaba-minibatch/job_1_norm.csv", "column": "batch_time_norm", "worker_column": "worker",
                      "clock_column": "time", "mean": "100 ms"})"),
      kPlace);
  law.prepare({.workers = 10, .data_folder = test::data_path("").string()}, kPlace);
  const double unit = sample(law, 0, 0) / 476;
  CHECK(sample(law, 0, 2) == Approx(484 * unit).epsilon(1e-14));
  CHECK(sample(law, 1, 0) == Approx(509 * unit).epsilon(1e-14));
  CHECK(sample(law, 1, 2) == Approx(491 * unit).epsilon(1e-14));
  // 300 rows a worker: the mean over all of them is that of the ten workers.
  double mean = 0;
  for (NodeId w = 0; w < 10; ++w) mean += law.expectation(w) / 10;
  CHECK(mean == Approx(0.1).epsilon(1e-12));
}
