#include <fmt/format.h>

#include <cmath>

#include "sim/base/random.hpp"
#include "sim/compute/time_law.hpp"
#include "tests/algorithms/harness.hpp"
#include "tests/sim/compute/kolmogorov_smirnov.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Messages of a Poisson process, 50000 a second in the mean, reach a server over a network that takes no time. A service takes 10 us in
/// the mean.
struct Queue {
  std::vector<double> waiting;  ///< of each message, in units of the mean service
  std::vector<double> sojourn;  ///< waiting and service

  Queue(const std::string& service, int count, int at_once, double load) {
    const std::string json = fmt::format(
        R"({{"name": "queue", "seed": 1,
             "cluster": {{"topology": {{"kind": "explicit", "nodes": ["source", "server"],
                                        "links": [{{"name": "wire", "between": ["source", "server"], "bandwidth": "inf"}}]}},
                          "network": "none", "processing": [{{"per_message": "{}", "at_once": {}}}]}},
             "algorithm": {{"name": "transfers", "arrivals": [{{"from": "source", "to": "server", "size": "1 kB", "count": {},
                                                               "every": {{"distribution": "exponential", "mean": {}}}}}]}}}})",
        service, at_once, count, kService / load);
    Run run(scenario_of(json), execution_of());
    while (run.advance()) {}
    const TimeLaw law = OptionType<TimeLaw>::parse(Json(service), {});
    const NodeId server = run.topology().node("server", {});
    const std::vector<Table> tables = run.tables();
    const auto& rows = tables.at(0).rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      RandomStream random(1, Purpose::processing, server, i);  // first come, first served: message i is the i-th that is served
      const double time = (std::stod(rows[i][5]) - std::stod(rows[i][4])) / kService;
      sojourn.push_back(time);
      waiting.push_back(time - draw(law, random).seconds() / kService);
    }
  }

  static constexpr double kService = 1e-5;
};

double mean(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

/// Share of the values above `t`, nanoseconds forgiven.
double share_above(const std::vector<double>& x, double t) {
  double above = 0;
  for (const double v : x) above += v > t + 1e-3 ? 1.0 : 0.0;
  return above / static_cast<double>(x.size());
}

/// Every 50th value. A queue M/M/1 forgets with the relaxation time 1 / (√μ − √λ)², here 11.7 services or 5.8 messages: at half load, 50
/// messages apart, the correlation is exp(−8.6).
std::vector<double> thinned(const std::vector<double>& x) {
  std::vector<double> out;
  for (std::size_t i = 0; i < x.size(); i += 50) out.push_back(x[i]);
  return out;
}

constexpr const char* kExponential = "exponential:10us";
constexpr int kMessages = 200000;

}  // namespace

TEST_CASE("an M/M/1 server: the mean waiting time is ρ / (1 − ρ) services", "[algorithms][processing][queueing]") {
  // ρ = 1/2: 1 service. The mean of n successive waiting times has the asymptotic variance ρ (2 + 5ρ − 4ρ² + ρ³) / (1 − ρ)⁴ / n = 29 / n
  // (Daley 1968; Whitt 1989), here a standard deviation of 0.012; the bound of 5.5 of them fails with probability 4e-8.
  const Queue queue(kExponential, kMessages, 1, 0.5);
  CHECK(std::abs(mean(queue.waiting) - 1) < 5.5 * 0.012);
}

TEST_CASE("an M/M/1 server: the time in the system is exponential with mean 1 / (1 − ρ) services", "[algorithms][processing][queueing]") {
  // The whole distribution, by Kolmogorov and Smirnov on 4000 messages: above 3 with probability 3e-8. Its quantile at 90 %, of all
  // messages, is ln 10 · 2 services: there are 10 % above it, and the thinned sample has a standard deviation of √(0.09/4000) = 0.0047.
  const Queue queue(kExponential, kMessages, 1, 0.5);
  CHECK(kolmogorov_smirnov(thinned(queue.sojourn), exponential(2)) < 3);
  CHECK(std::abs(share_above(queue.sojourn, 2 * std::log(10.0)) - 0.1) < 5.5 * 0.0047);
}

TEST_CASE("an M/D/1 server waits half as long as an M/M/1 server", "[algorithms][processing][queueing]") {
  // Pollaczek–Khinchine: ρ / (2 (1 − ρ)) = 1/2 service. The asymptotic variance is below that of the M/M/1 queue, 29 / n.
  const Queue queue("10 us", kMessages, 1, 0.5);
  CHECK(std::abs(mean(queue.waiting) - 0.5) < 5.5 * 0.012);
}

TEST_CASE("an M/D/1 server: waiting times up to a service have Erlang's distribution", "[algorithms][processing][queueing]") {
  // Erlang 1909: P(W ≤ t) = (1 − ρ) exp(ρ t) for t < 1 service, with an atom of 1 − ρ at 0. The standard deviation of a share, with no more
  // independent messages than every 50th, is at most √(1/4 / 4000) = 0.0079; 5.5 of them at one of four points fail with 1.6e-7.
  const Queue queue("10 us", kMessages, 1, 0.5);
  for (const double t : {0.0, 0.3, 0.6, 0.9}) CHECK(std::abs(share_above(queue.waiting, t) - (1 - 0.5 * std::exp(0.5 * t))) < 5.5 * 0.0079);
}

TEST_CASE("an M/M/3 server: Erlang's C formula", "[algorithms][processing][queueing]") {
  // a = λ/μ = 2, c = 3: C = (a^c/c!) c/(c − a) / (Σ_{k<c} a^k/k! + (a^c/c!) c/(c − a)) = 4 / (1 + 2 + 2 + 4) = 4/9 of the messages wait,
  // and a waiting time exceeds t with probability C exp(−(c − a) t). The relaxation time 1 / (√3 − √2)² is 9.9 services or 19.8 messages:
  // every 100th is independent of the others (correlation exp(−5)), 2000 in all, a standard deviation of at most 0.011; the bound of 5.5 of
  // them fails at one of four points with 1.6e-7.
  const Queue queue(kExponential, kMessages, 3, 2);
  for (const double t : {0.0, 0.5, 1.0, 2.0}) CHECK(std::abs(share_above(queue.waiting, t) - 4.0 / 9 * std::exp(-t)) < 5.5 * 0.011);
}

TEST_CASE("waiting times follow Lindley's recursion", "[algorithms][processing][queueing]") {
  // Independent computation, to the nanosecond: W_{k+1} = max(0, W_k + S_k − (T_{k+1} − T_k)) with the same draws.
  const Queue queue(kExponential, 2000, 1, 0.9);
  Time arrival;
  double waiting = 0;  // ns
  double service_before = 0;
  for (std::size_t k = 0; k < queue.waiting.size(); ++k) {
    RandomStream gap_random(1, Purpose::arrival, 0, k);
    RandomStream service_random(1, Purpose::processing, 1, k);
    const auto gap = static_cast<double>(draw(TimeLaw(ExponentialLaw{Seconds{Queue::kService / 0.9}}), gap_random).ns);
    if (k > 0) waiting = std::max(0.0, waiting + service_before - gap);
    service_before = static_cast<double>(draw(TimeLaw(ExponentialLaw{Seconds{Queue::kService}}), service_random).ns);
    CHECK(queue.waiting[k] * 1e4 == Approx(waiting).margin(0.01));
  }
}

// ---- learning ---------------------------------------------------------------------------------------------------------------------

namespace {

constexpr const char* kTwoWorkers = R"({"name": "p", "seed": 1,
  "cluster": {"workers": 2, "compute": "constant:10ms", "network": "none", "processing": [{"per_coordinate": "10 us"}]},
  "task": {"model": {"kind": "quadratic", "dimension": 100}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1}, "stop": {"updates": 6}})";

std::vector<std::int64_t> update_times_ms(const std::vector<std::string>& settings) {
  Run run(scenario_of(kTwoWorkers, settings), execution_of());
  UpdateLog log;
  run.add_observer(log);
  while (run.advance()) {}
  std::vector<std::int64_t> out;
  for (const UpdateRecord& r : log.records) out.push_back(r.time.ns / 1'000'000);
  return out;
}

}  // namespace

TEST_CASE("gradients queue at a server that needs time for them", "[algorithms][processing]") {
  // Hand computation: 100 coordinates · 10 us = 1 ms. Both gradients arrive at 10 ms and are applied at 11 and 12; the workers go on then
  // and are 1 ms apart from there: 22, 23; 33, 34. Two at once: every 11 ms.
  CHECK(update_times_ms({}) == std::vector<std::int64_t>{11, 12, 22, 23, 33, 34});
  CHECK(update_times_ms({"cluster.processing.0.at_once=2"}) == std::vector<std::int64_t>{11, 11, 22, 22, 33, 33});
  CHECK(update_times_ms({"cluster.processing=[]"}) == std::vector<std::int64_t>{10, 10, 20, 20, 30, 30});
}

TEST_CASE("workers decode the models that they receive", "[algorithms][processing]") {
  // Hand computation: 1 ms at the worker for the model, 10 ms of computing, 1 ms at the server for each gradient.
  CHECK(update_times_ms({R"(cluster.processing.0.nodes=["w*","server"])"}) == std::vector<std::int64_t>{12, 13, 24, 25, 36, 37});
}

TEST_CASE("members of a collective process the parts that they receive", "[algorithms][processing]") {
  // Hand computation: a ring of two sends halves of 50 coordinates, 0.5 ms each, twice: an update every 10 + 1 ms.
  const auto times = update_times_ms(
      {R"(algorithm={"name":"allreduce_sgd"})", R"(cluster.processing.0.nodes=["w*"])", "cluster.topology=complete", "stop.updates=3"});
  REQUIRE(times.size() == 6);  // a record for each of two contributions
  CHECK(times == std::vector<std::int64_t>{11, 11, 22, 22, 33, 33});
}

TEST_CASE("a server that crashes loses what waits there, a sender that crashes loses nothing that has arrived",
          "[algorithms][processing][faults]") {
  // Hand computation, 10 ms a message and no time on the way: three flows at 0 would be processed at 10, 20 and 30 ms; the fourth comes at
  // 27 ms. The server is down from 15 to 16 ms: the first is done, the second and third are lost, the fourth is done at 37. The sender
  // is down instead: all are done, at 10, 20, 30 and 40.
  const auto outcomes = [](const std::string& node) {
    const std::string json = R"({"name": "f", "seed": 1, "cluster": {"topology": {"kind": "explicit", "nodes": ["a", "server"],
        "links": [{"name": "wire", "between": ["a", "server"], "bandwidth": "inf"}]}, "network": "none", "processing": [{"per_message": "10 ms"}],
        "faults": [{"at": "15 ms", "crash": [")" +
                             node + R"("], "for": "1 ms"}]},
        "algorithm": {"name": "transfers", "flows": [{"from": "a", "to": "server", "size": 1}, {"from": "a", "to": "server", "size": 1},
          {"from": "a", "to": "server", "size": 1}, {"at": "27 ms", "from": "a", "to": "server", "size": 1}]}})";
    Run run(scenario_of(json), execution_of());
    while (run.advance()) {}
    std::string out;
    const std::vector<Table> tables = run.tables();
    for (const auto& row : tables.at(0).rows) out += row.back() + " " + row[5] + "; ";
    return out;
  };
  CHECK(outcomes("server") == "arrived 0.010000000; lost ; lost ; arrived 0.037000000; ");
  CHECK(outcomes("a") == "arrived 0.010000000; arrived 0.020000000; arrived 0.030000000; arrived 0.040000000; ");
}

TEST_CASE("without costs nothing is processed and nothing changes", "[algorithms][processing]") {
  // Invariant: an empty list is the default, and its outputs have no table of processing.
  Run run(scenario_of(kTwoWorkers, {"cluster.processing=[]"}), execution_of());
  while (run.advance()) {}
  CHECK(run.tables().empty());
  Json without = Json::parse(kTwoWorkers);
  without["cluster"].erase("processing");
  CHECK(output_of(run) == output_of(scenario_of(without.dump()), execution_of()));
}

TEST_CASE("runs with processing, phases and slow-downs go on from any event as they would have", "[algorithms][processing][state]") {
  // Invariant: saved, and restored into a fresh run, the outputs are the same.
  const Scenario scenario = scenario_of(
      kTwoWorkers,
      {R"(cluster.compute={"distribution":"markov","fast":"exponential:5ms","slow":"20 ms","to_slow":"100 ms","to_fast":"30 ms"})",
       R"(cluster.slowdowns=[{"groups":1,"slowdown":3,"every":"exponential:40ms","for":"20 ms"}])",
       R"(cluster.processing=[{"per_message":"exponential:3ms"}])", "stop.updates=60"});
  Run whole(scenario, execution_of());
  std::string saved;
  for (int event = 0; whole.advance(); ++event)
    if (event == 77) saved = save_state(whole);
  REQUIRE_FALSE(saved.empty());
  Run second(scenario, execution_of());
  restore_state(second, saved);
  while (second.advance()) {}
  CHECK(output_of(second) == output_of(whole));
}
