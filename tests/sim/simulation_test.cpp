#include "sim/simulation.hpp"

#include <set>

#include "sim/base/random.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

/// Eight workers that compute for random times, without end: each completion schedules the next.
class Workers {
 public:
  explicit Workers(std::uint64_t seed) : seed_(seed) {
    for (NodeId w = 0; w < 8; ++w) schedule(w);
  }
  void run(int events) {
    for (int i = 0; i < events; ++i) sim_.step([&](const Event& e) { schedule(e.node); });
  }
  [[nodiscard]] const Simulation& simulation() const { return sim_; }
  void visit_state(StateVisitor& v) {
    v("simulation", sim_);
    v("calls", calls_);
  }

 private:
  void schedule(NodeId worker) {
    RandomStream random(seed_, Purpose::test, worker, calls_.at(worker)++);
    sim_.schedule_in({1 + random.below(10)}, {EventKind::compute_done, worker, 0});
  }

  std::uint64_t seed_;
  Simulation sim_;
  std::array<std::uint64_t, 8> calls_{};
};

/// The fingerprint of these events, all scheduled before the first happens.
std::string fingerprint(const std::vector<std::pair<std::int64_t, Event>>& events) {
  Simulation sim;
  for (const auto& [at, event] : events) sim.schedule({at}, event);
  while (!sim.idle()) sim.step([](const Event&) {});
  return sim.fingerprint().hex();
}

}  // namespace

TEST_CASE("the clock follows the events", "[sim][simulation]") {
  Simulation sim;
  CHECK(sim.now() == Time{0});
  CHECK(sim.idle());
  CHECK(sim.next_time() == kNever);

  sim.schedule({20}, {EventKind::timer, 1, 7});
  sim.schedule_in({10}, {EventKind::message_delivered, 2, 8});
  CHECK(sim.pending() == 2);
  CHECK(sim.next_time() == Time{10});

  std::vector<std::uint64_t> seen;
  const auto handler = [&](const Event& e) {
    seen.push_back(e.data);
    if (e.data == 8) sim.schedule_in({3}, {EventKind::timer, 1, 9});  // at 13: the clock already shows this event's time
  };
  sim.step(handler);
  CHECK(sim.now() == Time{10});
  sim.step(handler);
  CHECK(sim.now() == Time{13});
  sim.step(handler);
  CHECK(sim.now() == Time{20});
  CHECK(seen == std::vector<std::uint64_t>{8, 9, 7});
  CHECK(sim.events() == 3);
  CHECK(sim.idle());
}

TEST_CASE("an event may be scheduled for now, but not for the past", "[sim][simulation]") {
  Simulation sim;
  sim.schedule({10}, {});
  sim.step([](const Event&) {});
  CHECK_NOTHROW(sim.schedule({10}, {}));
  CHECK_THROWS_AS(sim.schedule({9}, {}), BrokenInvariant);
  CHECK_THROWS_AS(sim.schedule_in({-1}, {}), BrokenInvariant);
  CHECK(sim.pending() == 1);
}

TEST_CASE("the clock moves without an event up to the next one", "[sim][simulation]") {
  Simulation sim;
  sim.schedule({10}, {});
  sim.advance_to({7});
  CHECK(sim.now() == Time{7});
  CHECK(sim.events() == 0);
  CHECK_THROWS_AS(sim.advance_to({6}), BrokenInvariant);
  CHECK_THROWS_AS(sim.advance_to({11}), BrokenInvariant);
  sim.advance_to({10});
  CHECK(sim.pending() == 1);
  sim.step([](const Event&) {});
  sim.advance_to({1000});
  CHECK(sim.now() == Time{1000});
}

TEST_CASE("a cancelled event neither happens nor counts", "[sim][simulation]") {
  Simulation sim;
  const EventHandle first = sim.schedule({10}, {EventKind::timer, 0, 1});
  sim.schedule({20}, {EventKind::timer, 0, 2});
  CHECK(sim.cancel(first));
  CHECK_FALSE(sim.cancel(first));
  CHECK(sim.next_time() == Time{20});
  sim.step([](const Event& e) { CHECK(e.data == 2); });
  CHECK(sim.events() == 1);
  CHECK(sim.idle());

  Simulation without;
  without.schedule({20}, {EventKind::timer, 0, 2});
  without.step([](const Event&) {});
  CHECK(sim.fingerprint().hex() == without.fingerprint().hex());
}

TEST_CASE("the fingerprint depends on times, kinds, nodes and order", "[sim][simulation]") {
  // Invariant: seven event streams that differ in one thing each have seven fingerprints.
  const Event a{EventKind::timer, 1, 0};
  const Event b{EventKind::timer, 2, 0};
  const Event other_kind{EventKind::compute_done, 1, 0};
  const std::set<std::string> fingerprints{
      fingerprint({}),       fingerprint({{5, a}}),         fingerprint({{6, a}}),        fingerprint({{5, other_kind}}),
      fingerprint({{5, b}}), fingerprint({{5, a}, {5, b}}), fingerprint({{5, b}, {5, a}})};
  CHECK(fingerprints.size() == 7);

  // The data word is an index into someone's storage: where a thing is kept is no part of what happened.
  CHECK(fingerprint({{5, {EventKind::timer, 1, 8}}}) == fingerprint({{5, a}}));
}

TEST_CASE("copies of a simulation run independently", "[sim][simulation]") {
  // Invariant: whoever runs first, 300 events after the copy the two worlds are the same; nothing is shared.
  Workers original(1);
  original.run(200);
  Workers copy = original;
  original.run(300);
  CHECK(copy.simulation().events() == 200);
  CHECK(copy.simulation().fingerprint().value() != original.simulation().fingerprint().value());
  copy.run(300);
  CHECK(copy.simulation().fingerprint().value() == original.simulation().fingerprint().value());
  CHECK(copy.simulation().now() == original.simulation().now());
}

TEST_CASE("two simulations take turns in one process", "[sim][simulation]") {
  Workers a(1);
  Workers b(2);
  for (int i = 0; i < 100; ++i) {
    a.run(1);
    b.run(2);
  }
  Workers alone_a(1);
  Workers alone_b(2);
  alone_a.run(100);
  alone_b.run(200);
  CHECK(a.simulation().fingerprint().hex() == alone_a.simulation().fingerprint().hex());
  CHECK(b.simulation().fingerprint().hex() == alone_b.simulation().fingerprint().hex());
  CHECK(a.simulation().fingerprint().hex() != b.simulation().fingerprint().hex());
}

TEST_CASE("a simulation is saved and restored at any event", "[sim][simulation]") {
  Workers whole(1);
  whole.run(400);
  for (const int saved_at : {0, 1, 17, 250, 399}) {
    CAPTURE(saved_at);
    Workers first(1);
    first.run(saved_at);
    Workers second(1);
    restore_state(second, save_state(first));
    second.run(400 - saved_at);
    CHECK(second.simulation().events() == 400);
    CHECK(second.simulation().fingerprint().hex() == whole.simulation().fingerprint().hex());
    CHECK(save_state(second) == save_state(whole));
  }
}
