#include <filesystem>

#include "sim/base/options.hpp"
#include "tests/scenarios/process.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const char* const kSmall = R"({
  "name": "small",
  "cluster": {"workers": 3, "compute": {"distribution": "exponential", "mean": "10 ms"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 100, "features": 4, "classes": 3}, "batch_size": 4},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "measure": {"every": "20 ms"},
  "stop": {"updates": 50}})";

struct BadInput {
  std::string arguments;  ///< of `peloton run s.json`
  std::string expected;   ///< part of the message
};

std::string without_machine(const std::string& summary) {
  Json json = Json::parse(summary);
  json.erase("machine");
  return json.dump();
}

}  // namespace

TEST_CASE("run writes exactly the contracted files and says where", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  write_file((folder.path() / "s.json").string(), kSmall);
  const Outcome run = shell(folder, "peloton run s.json --quiet");
  REQUIRE(run.code == 0);
  CHECK(run.err.empty());
  CHECK(run.out.find("results in runs/small") != std::string::npos);
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "runs/small"))
    files.push_back(entry.path().filename().string());
  std::sort(files.begin(), files.end());
  CHECK(files == std::vector<std::string>{"metrics.csv", "scenario.resolved.json", "summary.json"});
  const std::string metrics = read_file((folder.path() / "runs/small/metrics.csv").string());
  CHECK(metrics.find(
            "time,updates,gradients,evaluations,samples,epochs,bits_uplink,bits_downlink,bits_peer,bits_control,wire_bytes,loss,test_loss,"
            "accuracy,"
            "grad_norm,suboptimality,distance_to_optimum,staleness_mean,staleness_max,consensus_distance,"
            "worker_loss_mean,worker_loss_worst10,worker_accuracy_mean,worker_accuracy_worst10,"
            "twin_distance,twin_floor,gradient_discrepancy,twin_loss_gap\n0.000000000,0,0,0,0,0,") == 0);
  const Json summary = Json::parse(read_file((folder.path() / "runs/small/summary.json").string()));
  for (const char* key :
       {"name",    "algorithm", "seed",        "status",  "virtual_seconds", "updates",  "gradients",   "evaluations",   "samples",
        "epochs",  "bits",      "wire_bytes",  "loss",    "test_loss",       "accuracy", "accuracy_on", "suboptimality", "staleness",
        "workers", "events",    "fingerprint", "version", "machine"})
    CHECK(summary.contains(key));
  CHECK(summary["fingerprint"]["timing"].get<std::string>().size() == 16);
  CHECK(summary["updates"] == 50);
}

TEST_CASE("the resolved scenario gives the same run; so do 1, 2 and 8 threads", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  write_file((folder.path() / "s.json").string(), kSmall);
  REQUIRE(shell(folder, "peloton run s.json --out a --threads 1").code == 0);
  REQUIRE(
      shell(folder, "peloton run a/scenario.resolved.json --out b --threads 2 && peloton run b/scenario.resolved.json --out c --threads 8")
          .code == 0);
  const auto file = [&](const char* name) { return read_file((folder.path() / name).string()); };
  CHECK(file("a/metrics.csv") == file("b/metrics.csv"));
  CHECK(file("a/metrics.csv") == file("c/metrics.csv"));
  CHECK(file("a/scenario.resolved.json") == file("b/scenario.resolved.json"));
  CHECK(without_machine(file("a/summary.json")) == without_machine(file("b/summary.json")));
  CHECK(without_machine(file("a/summary.json")) == without_machine(file("c/summary.json")));
}

TEST_CASE("wrong input is refused with its place and exit code 2, and nothing is left behind", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  write_file((folder.path() / "s.json").string(), kSmall);
  write_file((folder.path() / "libsvm").string(), "+1 1:1\n-1 0:1\n");
  const std::vector<BadInput> cases = {
      {"--set algoritm=1", R"(s.json: /algoritm: unknown key (did you mean "algorithm"?))"},
      {"--set cluster.compute.mean='10 msec'", "s.json: /cluster/compute/mean: must be a time"},
      {"--set cluster.workers=-3", "s.json: /cluster/workers: must be ≥ 0"},
      {"--set algorithm.learning_rate='NaN'", "s.json: /algorithm/learning_rate"},
      {"--set algorithm.learning_rate=1e999", "/algorithm/learning_rate"},
      {R"(--set 'cluster.compute={"distribution":"pareto","minimum":"1 ms","shape":0.8}')",
       "/cluster/compute/shape: must be > 1 (a Pareto law needs a finite mean), got 0.8"},
      {R"(--set 'task.data={"kind":"libsvm","path":"absent"}')", "absent"},
      {R"(--set 'task.data={"kind":"libsvm","path":"libsvm"}' --data .)", "line 2: feature index 0: indices start at 1"},
      {"--set task.model.kind=logistic", "label"},
      {R"(--set 'task.partition={"kind":"shards","classes_per_worker":50}')", "/task/partition"},
      {"--max-memory '1 kB'", "above the limit of 1 kB"},
      {R"(--set 'cluster.topology={"kind":"explicit","nodes":["a","b","c","server"],"links":[{"name":"l","between":["a","b"]}]}')",
       "/cluster/topology"},
      {"--out /proc/nothing", "/proc/nothing"},
      {"--out s.json", "must be a folder"},
      {"--set cluster.byzantine='{}'", "/cluster/byzantine"},
      {R"(--set 'cluster.faults=[{"at":"1 s"}]')", "/cluster/faults"},
      {"--set stop='{}'", "needs a stop rule"},
      {"--set cluster.workers=101 ", "/task/partition"},
      {"--kernels fast", "fast"},
      {"--device cuda", "--device"},
      {"--threads 0", "--threads"},
      {"--thread 2", "did you mean \"--threads\"?"},
      {"--set nothing", "--set nothing"},
      {"--set name.x=1", "has no members"},
      {"--set name=a/b", "/name"},
      {"--seed -1", "/seed"},
  };
  for (const BadInput& bad : cases) {
    INFO(bad.arguments);
    const Outcome run = shell(folder, "peloton run s.json " + bad.arguments);
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK(run.err.find(bad.expected) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "runs/small"));
  }
}

TEST_CASE("files that are no scenarios are refused", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  const auto error_of = [&](const std::string& text) {
    write_file((folder.path() / "s.json").string(), text);
    const Outcome run = shell(folder, "peloton run s.json");
    CHECK(run.code == 2);
    return run.err;
  };
  CHECK(error_of("{\"name\": ").find("s.json: is not JSON: at line 1") == 0);
  CHECK(error_of("[1]").find("s.json: must be a scenario: a JSON object") == 0);
  CHECK(error_of("{\"name\":\"a\",\"name\":\"b\"}").find("the key \"name\" is given twice") != std::string::npos);
  CHECK(error_of(std::string(100000, '[')).find("nested deeper than 64 levels") != std::string::npos);
  CHECK(error_of("{\"a\":" + std::string(100000, '{')).find("is not JSON") != std::string::npos);
  CHECK(error_of("").find("is not JSON") != std::string::npos);
  CHECK(shell(folder, "peloton run absent.json").code == 2);
  CHECK(shell(folder, "peloton run .").code == 2);
  CHECK(shell(folder, "peloton run").code == 2);
  CHECK(shell(folder, "peloton rnu s.json").err.find("did you mean \"run\"?") != std::string::npos);
}

TEST_CASE("an output folder that holds something else is refused, an older result is replaced", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  write_file((folder.path() / "s.json").string(), kSmall);
  std::filesystem::create_directory(folder.path() / "mine");
  write_file((folder.path() / "mine/thesis.tex").string(), "precious");
  const Outcome refused = shell(folder, "peloton run s.json --out mine");
  CHECK(refused.code == 2);
  CHECK(read_file((folder.path() / "mine/thesis.tex").string()) == "precious");
  REQUIRE(shell(folder, "peloton run s.json --out r --trace --updates").code == 0);
  CHECK(std::filesystem::exists(folder.path() / "r/trace.json"));
  write_file((folder.path() / "r/notes.txt").string(), "mine");
  REQUIRE(shell(folder, "peloton run s.json --out r").code == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "r/trace.json"));  // the older result's
  CHECK(read_file((folder.path() / "r/notes.txt").string()) == "mine");
}

TEST_CASE("Ctrl-C leaves complete output marked interrupted", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  write_file((folder.path() / "s.json").string(), kSmall);
  const Outcome run =
      shell(folder,
            R"("$PELOTON" run s.json --set stop.updates=1000000000 --set measure.every='1 h' --updates & sleep 1; kill -INT $!; wait $!)");
  CHECK(run.code == 130);
  const Json summary = Json::parse(read_file((folder.path() / "runs/small/summary.json").string()));
  CHECK(summary["status"] == "interrupted");
  const std::string metrics = read_file((folder.path() / "runs/small/metrics.csv").string());
  CHECK(metrics.back() == '\n');
  CHECK(std::count(metrics.begin(), metrics.end(), '\n') >= 3);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "runs/small"))
    CHECK(entry.path().extension() != ".peloton-tmp");
}

TEST_CASE("updates.csv has a row per contribution", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  write_file((folder.path() / "s.json").string(), kSmall);
  REQUIRE(shell(folder, "peloton run s.json --updates").code == 0);
  const std::string rows = read_file((folder.path() / "runs/small/updates.csv").string());
  CHECK(rows.find("time,worker,version,base,staleness,staleness_seconds,weight,applied,twin_distance,twin_floor,gradient_discrepancy\n") ==
        0);
  CHECK(std::count(rows.begin(), rows.end(), '\n') == 51);
}

TEST_CASE("the two-flows example of the contract finishes at 17 and 33 ms", "[scenarios][command_line]") {
  // 1 MB and 3 MB share a half-duplex 1 Gbit/s link after 1 ms of latency: 0.5 Gbit/s each until the first is done at 1 + 16 ms,
  // then 2 MB are left at 1 Gbit/s: 16 ms more.
  const TemporaryDirectory folder;
  REQUIRE(shell(folder, std::string("peloton run '") + PELOTON_SOURCE_DIR + "/scenarios/tutorials/two_flows.json' --out r").code == 0);
  CHECK(read_file((folder.path() / "r/transfers.csv").string()) ==
        "flow,from,to,bytes,start,finish,mean_rate\n"
        "0,a,b,1000000,0.000000000,0.017000000,470588235.2941176\n"
        "1,a,b,3000000,0.000000000,0.033000000,727272727.2727273\n");
}

TEST_CASE("validate, schema, list and describe", "[scenarios][command_line]") {
  const TemporaryDirectory folder;
  write_file((folder.path() / "s.json").string(), kSmall);
  CHECK(shell(folder, "peloton validate s.json").code == 0);
  CHECK(shell(folder, "peloton validate s.json --set cluster.workers=0").code == 2);
  const Json schema = Json::parse(shell(folder, "peloton schema").out);
  CHECK(schema["properties"]["cluster"]["properties"].contains("workers"));
  CHECK(schema["additionalProperties"] == false);
  const std::string list = shell(folder, "peloton list").out;
  for (const char* name : {"async_sgd", "sync_sgd", "transfers", "softmax", "mlp", "logistic", "quadratic", "blobs", "idx", "libsvm",
                           "dirichlet", "pareto", "star", "explicit", "fluid", "adam", "warmup"})
    CHECK(list.find(name) != std::string::npos);
  const Outcome described = shell(folder, "peloton describe async-SGD");
  CHECK(described.out.find("max_staleness") != std::string::npos);
  CHECK(described.out.find("depend on values") == std::string::npos);
  CHECK(shell(folder, "peloton describe sasg").out.find("its events depend on values") != std::string::npos);
  CHECK(shell(folder, "peloton describe asink_sgd").err.find("did you mean \"async_sgd\"?") != std::string::npos);
  CHECK(shell(folder, "peloton --help").code == 0);
  CHECK(shell(folder, "peloton run --help").code == 0);
  CHECK(shell(folder, "peloton run s.json --check-gradients").err.find("agree") != std::string::npos);
}
