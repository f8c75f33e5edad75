#include "algorithms/lsgd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Worker i has f_i(x) = ½ (x − a_i)ᵀ A (x − a_i), without noise, in float64 on a float64 wire; computations take random times.
const char* const kCentres = R"({
  "name": "centres", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 5, "compute": {"distribution": "exponential", "mean": "1 ms"},
              "topology": {"kind": "star", "bandwidth": "1 Mbps", "latency": "100 us"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1, 0.3], "centres": [[2, 1], [1, 2.5], [0, 1.2], [1.2, -1], [1.8, 1.8]]}},
  "algorithm": {"name": "lsgd", "learning_rate": 0.4, "period": 2, "pull": 0.25},
  "stop": {"updates": 20}})";

const char* const kBlobs = R"({
  "name": "blobs",
  "cluster": {"workers": 4, "compute": {"distribution": "exponential", "mean": "1 ms"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 200, "features": 5, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "lsgd", "learning_rate": 0.1, "optimizer": "momentum", "period": 5},
  "stop": {"updates": 4}})";

/// LSGD on kCentres, worker after worker and round after round, as the paper and the authors' program have it.
struct Reference {
  std::vector<std::size_t> group_sizes;
  double momentum = 0;
  std::size_t rounds_per_global = 4;
  double pull = 0.25;
  double proximal = 0;
  double global_pull = 0.1;
  double global_proximal = 0;
  bool float32_wire = false;

  using Point = std::vector<double>;
  static constexpr double kEta = 0.4;
  static constexpr std::size_t kTau = 2;
  static constexpr std::size_t kWorkers = 5;
  const std::vector<Point> centres{{2, 1}, {1, 2.5}, {0, 1.2}, {1.2, -1}, {1.8, 1.8}};
  const Point eigenvalues{1, 0.3};

  std::vector<Point> x = std::vector<Point>(kWorkers, Point{1, 1});
  std::vector<Point> v = std::vector<Point>(kWorkers, Point{0, 0});
  std::vector<Point> group_leader = {};  ///< what is heard of it, by worker
  Point global_leader{1, 1};
  std::vector<std::uint64_t> leads = std::vector<std::uint64_t>(kWorkers, 0);
  std::vector<std::uint64_t> global_leads = std::vector<std::uint64_t>(kWorkers, 0);
  std::vector<std::size_t> leaders = {};  ///< of all, or of the only group, by round

  static void mix(Point& to, double weight, const Point& with) {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] = (1 - weight) * to[k] + weight * with[k];
  }

  Point heard(Point p) const {
    if (float32_wire)
      for (double& one : p) one = static_cast<double>(static_cast<float>(one));
    return p;
  }

  /// τ local steps of worker i; the mean of its losses before them.
  double chain(std::size_t i) {
    double loss = 0;
    for (std::size_t h = 0; h < kTau; ++h) {
      Point& p = x[i];
      for (std::size_t k = 0; k < p.size(); ++k) {
        const double g = eigenvalues[k] * (p[k] - centres[i][k]);
        loss += (p[k] - centres[i][k]) * g / 2;
        v[i][k] = momentum * v[i][k] + g;
        p[k] -= kEta * v[i][k];
      }
      if (group_sizes.size() > 1) mix(p, global_proximal / static_cast<double>(kTau * rounds_per_global), global_leader);
      mix(p, proximal / kTau, group_leader[i]);
    }
    return loss / kTau;
  }

  void round(std::size_t number) {
    if (group_leader.empty()) group_leader.assign(kWorkers, x[0]);
    std::vector<double> losses;
    for (std::size_t i = 0; i < kWorkers; ++i) losses.push_back(chain(i));
    std::size_t begin = 0;
    for (const std::size_t size : group_sizes) {
      const auto first = losses.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto best = static_cast<std::size_t>(std::min_element(first, first + static_cast<std::ptrdiff_t>(size)) - losses.begin());
      ++leads[best];
      if (group_sizes.size() == 1) leaders.push_back(best);
      const Point leader = heard(x[best]);
      for (std::size_t i = begin; i < begin + size; ++i) {
        group_leader[i] = leader;
        if (i != best) mix(x[i], pull, leader);
      }
      begin += size;
    }
    if (group_sizes.size() == 1 || number % rounds_per_global != 0) return;
    const auto best = static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
    ++global_leads[best];
    global_leader = heard(x[best]);
    for (std::size_t i = 0; i < kWorkers; ++i)
      if (i != best) mix(x[i], global_pull, global_leader);
  }

  void rounds(std::size_t count) {
    for (std::size_t r = 1; r <= count; ++r) round(r);
  }
  [[nodiscard]] double mean(std::size_t k) const {
    double sum = 0;
    for (const Point& p : x) sum += p[k];
    return sum / static_cast<double>(x.size());
  }
  [[nodiscard]] double spread() const {
    double sum = 0;
    for (const Point& p : x)
      for (std::size_t k = 0; k < p.size(); ++k) sum += (p[k] - mean(k)) * (p[k] - mean(k));
    return std::sqrt(sum / static_cast<double>(x.size()));
  }
};

std::vector<std::uint64_t> column(const Run& run, std::size_t number) {
  std::vector<std::uint64_t> out;
  const Table leaders = run.tables().at(0);
  for (const std::vector<std::string>& row : leaders.rows) out.push_back(std::stoull(row.at(number)));
  return out;
}
std::vector<std::uint64_t> leads_group(const Run& run) { return column(run, 2); }
std::vector<std::uint64_t> leads_all(const Run& run) { return column(run, 3); }

void finish(Run& run) {
  while (run.advance()) {}
}

std::uint64_t peer_bits(const Run& run) { return run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::peer)]; }

/// Messages of a model's size, in the order in which they arrive.
class VectorLog final : public Observer {
 public:
  explicit VectorLog(std::uint64_t bits) : bits_(bits) {}
  void on_transfer(const TransferRecord& r) override {
    if (r.bits == bits_) records.push_back(r);
  }
  std::vector<TransferRecord> records;

 private:
  std::uint64_t bits_;
};

}  // namespace

TEST_CASE("lsgd in groups follows the algorithm written out", "[algorithms][lsgd]") {
  // Oracle: a reference simulation without a cluster. Pulls in groups and towards the leader of all, the pulls in each step, momentum,
  // one group, groups of one, a wire that rounds. Neither the random times nor the network may matter.
  struct Case {
    std::string name;
    Reference reference;
    std::vector<std::string> settings;
  };
  std::vector<Case> cases;
  cases.push_back({"one group", {.group_sizes = {5}}, {}});
  cases.push_back({"one group, proximal", {.group_sizes = {5}, .proximal = 0.3}, {"algorithm.proximal=0.3"}});
  cases.push_back({"two groups", {.group_sizes = {2, 3}}, {"algorithm.groups=2"}});
  cases.push_back({"two groups, everything",
                   {.group_sizes = {2, 3},
                    .momentum = 0.8,
                    .rounds_per_global = 3,
                    .pull = 0.2,
                    .proximal = 0.1,
                    .global_pull = 0.3,
                    .global_proximal = 0.2},
                   {"algorithm.groups=2", "algorithm.optimizer=momentum:0.8", "algorithm.global_period=6", "algorithm.pull=0.2",
                    "algorithm.proximal=0.1", "algorithm.global_pull=0.3", "algorithm.global_proximal=0.2"}});
  cases.push_back(
      {"groups of one", {.group_sizes = {1, 1, 1, 1, 1}, .rounds_per_global = 1}, {"algorithm.groups=5", "algorithm.global_period=2"}});
  cases.push_back({"a wire of float32", {.group_sizes = {2, 3}, .float32_wire = true}, {"algorithm.groups=2", "wire_dtype=float32"}});
  for (Case& one : cases) {
    INFO(one.name);
    one.reference.rounds(20);
    Run run(scenario_of(kCentres, one.settings), execution_of());
    finish(run);
    const std::vector<double> x = values_of(run.reported_model());
    CHECK(x[0] == Approx(one.reference.mean(0)).epsilon(1e-13));
    CHECK(x[1] == Approx(one.reference.mean(1)).epsilon(1e-13));
    CHECK(run.rows().back().consensus_distance.value() == Approx(one.reference.spread()).epsilon(1e-12));
    CHECK(leads_group(run) == one.reference.leads);
    CHECK(leads_all(run) == (one.reference.group_sizes.size() > 1 ? one.reference.global_leads : one.reference.leads));
    CHECK(std::ranges::count(one.reference.leads, 0U) < 4);  // leadership moves
  }
}

TEST_CASE("lsgd with λ = 0 is independent runs", "[algorithms][lsgd]") {
  // Oracle: reduction, bit for bit. Four rounds of 5 steps without pulls are 20 local steps of each worker and the mean of their ends,
  // which is one-shot averaging; the momentum goes on from round to round.
  const std::vector<double> once = final_values(scenario_of(
      kBlobs, {R"(algorithm={"name":"local_sgd","learning_rate":0.1,"optimizer":"momentum","schedule":{"kind":"one_shot","total":20}})",
               "stop.updates=1"}));
  CHECK(final_values(scenario_of(kBlobs, {"algorithm.pull=0"})) == once);
  CHECK(final_values(scenario_of(kBlobs, {"algorithm.pull=0", "algorithm.groups=2", "algorithm.global_pull=0"})) == once);
  CHECK(final_values(scenario_of(kBlobs, {"algorithm.pull=0.1"})) != once);
}

TEST_CASE("lsgd with λ = 1 and τ = 1 has all workers restart from the leader", "[algorithms][lsgd]") {
  // Oracle: reduction to a greedy search, written out: of the models that the workers would go to from here, the one whose worker saw the
  // smallest loss here.
  Run run(scenario_of(kCentres, {"algorithm.pull=1", "algorithm.period=1", "stop.updates=12"}), execution_of());
  finish(run);
  const Reference r{.group_sizes = {5}};
  Reference::Point x{1, 1};
  std::set<std::size_t> leaders;
  for (int k = 0; k < 12; ++k) {
    std::vector<double> losses;
    for (const Reference::Point& a : r.centres) losses.push_back(((x[0] - a[0]) * (x[0] - a[0]) + 0.3 * (x[1] - a[1]) * (x[1] - a[1])) / 2);
    const auto best = static_cast<std::size_t>(std::ranges::min_element(losses) - losses.begin());
    leaders.insert(best);
    x = {x[0] - 0.4 * (x[0] - r.centres[best][0]), x[1] - 0.4 * 0.3 * (x[1] - r.centres[best][1])};
  }
  const std::vector<double> ended = values_of(run.reported_model());
  CHECK(ended[0] == Approx(x[0]).epsilon(1e-13));
  CHECK(ended[1] == Approx(x[1]).epsilon(1e-13));
  for (const MetricsRow& row : run.rows()) CHECK(row.consensus_distance.value() < 1e-15);
  const std::vector<std::uint64_t> leads = leads_all(run);
  for (std::size_t i = 0; i < leads.size(); ++i) CHECK((leads[i] > 0) == leaders.contains(i));
}

TEST_CASE("lsgd's broadcast starts at the leader that the losses chose", "[algorithms][lsgd]") {
  // Oracle: the reference simulation's leaders, round by round. A tree's first message comes from its root; n − 1 messages a round.
  const std::vector<std::string> settings{"stop.updates=40", "wire_dtype=float32", R"(cluster.network={"model":"none"})",
                                          R"(cluster.compute={"distribution":"constant","value":"1 ms"})",
                                          "algorithm.optimizer=momentum:0.8"};
  Reference reference{.group_sizes = {5}, .momentum = 0.8, .float32_wire = true};
  reference.rounds(40);
  VectorLog log(2 * 32);
  Run run(scenario_of(kCentres, settings), execution_of());
  run.add_observer(log);
  finish(run);
  REQUIRE(log.records.size() == 40 * 4);
  for (std::size_t r = 0; r < 40; ++r) CHECK(log.records[4 * r].from == reference.leaders[r]);
  CHECK(std::set(reference.leaders.begin(), reference.leaders.end()).size() > 1);
}

TEST_CASE("lsgd's bits are 96 n (n − 1) + 32 d (n − groups) a round, and 32 d (n − 1) more for a leader of all", "[algorithms][lsgd]") {
  // Oracle: closed form. Constant times, no network: round r is over at 2 r ms, so 8 rounds at 17 ms, 2 of them with a leader of all.
  const std::uint64_t d = 1000;
  const std::uint64_t n = 7;
  for (const std::string learning : {"true", "false"}) {
    for (const std::uint64_t groups : {1, 2, 3, 7}) {
      INFO("groups " << groups << ", learning " << learning);
      Run run(scenario_of(kCentres, {fmt::format("cluster.workers={}", n), fmt::format("algorithm.groups={}", groups),
                                     "learning=" + learning, "algorithm.leader_surrogate=random", "wire_dtype=float32",
                                     R"(task.model={"kind":"quadratic","dimension":1000})", R"(cluster.network={"model":"none"})",
                                     R"(cluster.compute={"distribution":"constant","value":"1 ms"})", R"(stop={"time":"17 ms"})"}),
              execution_of());
      finish(run);
      CHECK(run.cluster().updates() == 8);
      CHECK(peer_bits(run) == 8 * (96 * n * (n - 1) + 32 * d * (n - groups)) + (groups > 1 ? 2 * 32 * d * (n - 1) : 0));
      CHECK(run.cluster().traffic().total_bits() == peer_bits(run));
    }
  }
}

TEST_CASE("the losses of lsgd go round a ring or by Bruck's algorithm", "[algorithms][lsgd]") {
  // Oracle: invariant and closed form. The same models; 96 n (n − 1) bits either way; and n = 5 workers that end their chains together on a
  // star without contention have their first leader after (n − 1) (α + 96/β), or ⌈log2 n⌉ α + (n − 1) 96/β, with α = 200 µs, 1/β = 1 µs.
  const std::vector<std::string> settings{"wire_dtype=float32", R"(cluster.compute={"distribution":"constant","value":"1 ms"})"};
  const auto with = [&](const std::string& gather) {
    std::vector<std::string> out = settings;
    out.push_back("algorithm.gather=" + gather);
    return scenario_of(kCentres, out);
  };
  CHECK(final_values(with("ring")) == final_values(with("bruck")));
  const auto first_broadcast_ns = [&](const std::string& gather) {
    VectorLog log(2 * 32);
    Run run(with(gather), execution_of());
    run.add_observer(log);
    finish(run);
    REQUIRE_FALSE(log.records.empty());
    return log.records.front().sent.ns;
  };
  CHECK(first_broadcast_ns("ring") == 2'000'000 + 4 * (200'000 + 96'000));
  CHECK(first_broadcast_ns("bruck") == 2'000'000 + 3 * 200'000 + 4 * 96'000);
}

TEST_CASE("lsgd's groups are a topology's neighbourhoods", "[algorithms][lsgd]") {
  // Oracle: invariant. Three workers at each of two switches, two groups: without a leader of all no model crosses the link between the
  // switches; with one, a tree over all workers crosses it.
  const auto crossings = [](const std::string& global_period) {
    const char* const switches = R"(cluster.topology={"kind":"explicit","nodes":["a","b","c","d","e","f","left","right"],
        "links":[{"name":"1","between":["a","left"]},{"name":"2","between":["b","left"]},{"name":"3","between":["c","left"]},
                 {"name":"4","between":["d","right"]},{"name":"5","between":["e","right"]},{"name":"6","between":["f","right"]},
                 {"name":"trunk","between":["left","right"],"bandwidth":"10 Mbps"}],
        "placement":{"workers":["a","b","c","d","e","f"]}})";
    VectorLog log(1000 * 32);
    Run run(scenario_of(kCentres, {"cluster.workers=6", "wire_dtype=float32", R"(task.model={"kind":"quadratic","dimension":1000})",
                                   "algorithm.groups=2", "algorithm.global_period=" + global_period, switches}),
            execution_of());
    run.add_observer(log);
    finish(run);
    CHECK(log.records.size() >= 20 * 4);
    return std::ranges::count_if(log.records, [](const TransferRecord& r) { return (r.from < 3) != (r.to < 3); });
  };
  CHECK(crossings("1000") == 0);
  CHECK(crossings("2") >= 20);
}

TEST_CASE("lsgd's ties go to the lowest number", "[algorithms][lsgd]") {
  // Oracle: the rule. Workers with the same function and no noise are the same for ever.
  Run run(scenario_of(kCentres, {R"(task.model={"kind":"quadratic","dimension":3})", "algorithm.groups=2"}), execution_of());
  finish(run);
  CHECK(leads_group(run) == std::vector<std::uint64_t>{20, 0, 20, 0, 0});
  CHECK(leads_all(run) == std::vector<std::uint64_t>{5, 0, 0, 0, 0});
}

TEST_CASE("lsgd takes a loss that is not a number for an infinite one", "[algorithms][lsgd]") {
  // Oracle: hand computation. Worker 0: x = 0, g = −1e31; x = 1e8 · 1e31, infinite in float32, g = ∞; x = ∞ − ∞, so the third loss, and the
  // mean of the three, is NaN. Worker 1 is at its minimum and stays; with λ = 1 worker 0 restarts from there.
  Run run(scenario_of(kCentres, {"precision=float32", "wire_dtype=float32", "cluster.workers=2", "algorithm.period=3", "algorithm.pull=1",
                                 "algorithm.learning_rate=1e8",
                                 R"(task.model={"kind":"quadratic","eigenvalues":[1],"centres":[1e31,0],"initial":0})", "stop.updates=5"}),
          execution_of());
  finish(run);
  CHECK(leads_all(run) == std::vector<std::uint64_t>{0, 5});
  CHECK(values_of(run.reported_model()) == std::vector{0.0});
}

TEST_CASE("lsgd without values needs a surrogate for the losses", "[algorithms][lsgd]") {
  // Oracle: invariants. In turn: everybody leads its group equally often. At random: every round has a leader, and with 400 rounds of 5
  // workers one of them never leads with a probability of 5 · 0.8^400 < 1e-37.
  const auto leads = [](const std::string& surrogate, int groups) {
    Run run(scenario_of(kCentres, {"learning=false", "algorithm.leader_surrogate=" + surrogate, fmt::format("algorithm.groups={}", groups),
                                   "stop.updates=400"}),
            execution_of());
    finish(run);
    return leads_group(run);
  };
  CHECK(leads("round_robin", 1) == std::vector<std::uint64_t>{80, 80, 80, 80, 80});
  const std::vector<std::uint64_t> two = leads("round_robin", 2);  // groups of 2 and 3
  CHECK(two == std::vector<std::uint64_t>{200, 200, 134, 133, 133});
  const std::vector<std::uint64_t> random = leads("random", 1);
  CHECK(std::accumulate(random.begin(), random.end(), std::uint64_t{0}) == 400);
  CHECK(std::ranges::min(random) > 0);

  const Scenario without = scenario_of(kCentres, {"learning=false"});
  CHECK_THROWS_WITH(Run(without, execution_of()),
                    Catch::Matchers::ContainsSubstring("/learning") && Catch::Matchers::ContainsSubstring("algorithm.leader_surrogate"));
}

TEST_CASE("lsgd names what is wrong with its groups", "[algorithms][lsgd]") {
  // Oracle: the error's place.
  CHECK_THROWS_WITH(scenario_of(kCentres, {"algorithm.global_period=3"}),
                    Catch::Matchers::ContainsSubstring("/algorithm/global_period: must be a multiple of period (2), got 3"));
  const Scenario many = scenario_of(kCentres, {"algorithm.groups=6"});
  CHECK_THROWS_WITH(Run(many, execution_of()),
                    Catch::Matchers::ContainsSubstring("/algorithm/groups: must be at most the number of workers (5), got 6"));
}

namespace {

/// Means over the seeds 1, 2, 3 of one minute on MNIST.
struct Outcome {
  double error = 0;
  double loss = 0;
  double bits = 0;
  double gradients = 0;
  std::vector<std::uint64_t> leads = {};  ///< of all seeds together
};

Outcome on_mnist(const std::string& scenario, const std::vector<std::string>& settings = {}) {
  constexpr int kSeeds = 3;
  Outcome out;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    Execution execution = execution_of();
    execution.data_folder = data_path("").string();
    std::vector<std::string> all{fmt::format("seed={}", seed), R"(measure.every="60 s")"};
    all.insert(all.end(), settings.begin(), settings.end());
    Run run(load_scenario(std::string(PELOTON_SOURCE_DIR) + "/scenarios/papers/" + scenario + ".json", all), execution);
    finish(run);
    out.error += (1 - run.rows().back().accuracy.value()) / kSeeds;
    out.loss += run.rows().back().loss.value() / kSeeds;
    out.bits += static_cast<double>(run.cluster().traffic().total_bits()) / kSeeds;
    out.gradients += static_cast<double>(run.cluster().gradients()) / kSeeds;
    if (run.tables().empty()) continue;
    const std::vector<std::uint64_t> leads = leads_all(run);
    CHECK(std::ranges::min(leads) >= 1);
    out.leads.resize(leads.size());
    for (std::size_t i = 0; i < leads.size(); ++i) out.leads[i] += leads[i];
  }
  return out;
}

}  // namespace

TEST_CASE("lsgd is at least as good as easgd on MNIST in the same time, with about half the bits", "[algorithms][lsgd][long]") {
  // Oracle: the paper's claim in shape. Shared data, links of 8 Mbps; the same network (784-32-10), momentum, period and step, the best of
  // 0.01, 0.03, 0.1 for both. A round of lsgd costs (n − 1) vectors, one of easgd 2 n: less than half for each gradient; but it takes less
  // time, so that lsgd makes a few rounds more. Measured: 98 against 190 Mbit.
  SKIP_WITHOUT("mnist/train-images-idx3-ubyte.gz");
  const Outcome leader = on_mnist("lsgd");
  const Outcome elastic = on_mnist("easgd");
  CHECK(leader.error <= elastic.error);
  CHECK(leader.loss <= elastic.loss);
  CHECK(leader.bits / leader.gradients < 0.5 * elastic.bits / elastic.gradients);
  CHECK(leader.bits <= 0.55 * elastic.bits);
  CHECK(std::ranges::max(leader.leads) < 4 * std::ranges::min(leader.leads));
}

TEST_CASE("lsgd locks on to one leader where every worker has a shard of its own", "[algorithms][lsgd][long]") {
  // Oracle: the claim's limit, in shape. The worker that fits its shard best stays the leader, and everybody is pulled to it: of LSGD,
  // EASGD and plain averaging LSGD is the worst. Measured with 8 workers on a fast network: training loss 0.118, 0.093, 0.074 on fixed
  // shards (0.086, 0.089, 0.075 on shared data); the most frequent leader leads 9 times as often as the rarest, and 1.3 times on shared
  // data.
  SKIP_WITHOUT("mnist/train-images-idx3-ubyte.gz");
  const std::vector<std::string> fast{"cluster.workers=8", "cluster.topology.bandwidth=1 Gbps", "algorithm.period=16"};
  const auto with = [&](const std::string& setting) {
    std::vector<std::string> out = fast;
    out.push_back(setting);
    return out;
  };
  const Outcome own = on_mnist("lsgd", with("task.partition.kind=iid"));
  const Outcome shared = on_mnist("lsgd", fast);
  CHECK(std::ranges::max(own.leads) > 4 * std::ranges::min(own.leads));
  CHECK(std::ranges::max(shared.leads) < 2 * std::ranges::min(shared.leads));
  CHECK(own.loss > 1.1 * shared.loss);
  CHECK(own.loss > 1.1 * on_mnist("easgd", with("task.partition.kind=iid")).loss);
}
