#include "algorithms/schedules/communication.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

using Times = std::vector<std::uint64_t>;

/// τ_1, τ_2, … of a schedule with an end.
Times times_of(const CommunicationSchedule& schedule, std::size_t workers = 1) {
  const CommunicationTimes times(schedule, workers);
  Times out;
  std::uint64_t now = 0;
  for (std::uint64_t r = 0; times.steps(r); ++r) out.push_back(now += *times.steps(r));
  return out;
}

}  // namespace

TEST_CASE("growing communication times are those of the authors' notebook", "[algorithms][schedules][communication]") {
  // Oracle: hand computation of ⌊a r (r + 1) / 2⌋, a = 2T / (R (R + 1)).
  CHECK(times_of(GrowingSchedule{.total = 10, .rounds = 4}) == Times{1, 3, 6, 10});       // a = 1
  CHECK(times_of(GrowingSchedule{.total = 100, .rounds = 4}) == Times{10, 30, 60, 100});  // a = 10
  CHECK(times_of(GrowingSchedule{.total = 17, .rounds = 3}) == Times{2, 8, 17});          // 17/6, 17/2, 17
  // T = 1000 and R = 20 workers, the paper's: a/2 = 2.38095…; r (r + 1) a/2 = 4.76, 14.28, 28.57, 47.61, 71.42, 100, …
  const Times paper = times_of(GrowingSchedule{.total = 1000, .rounds = std::nullopt}, 20);
  REQUIRE(paper.size() == 20);
  CHECK(Times(paper.begin(), paper.begin() + 6) == Times{4, 14, 28, 47, 71, 100});
  CHECK(paper.back() == 1000);
}

TEST_CASE("growing communication times that coincide collapse", "[algorithms][schedules][communication]") {
  // Oracle: hand computation, a < 1: 3·2/20, 3·6/20, 3·12/20, 3 are 0.3, 0.9, 1.8, 3, hence 0, 0, 1, 3.
  CHECK(times_of(GrowingSchedule{.total = 3, .rounds = 4}) == Times{1, 3});
  CHECK(times_of(GrowingSchedule{.total = 1, .rounds = 1000}) == Times{1});
  CHECK(times_of(GrowingSchedule{.total = 5, .rounds = 1}) == times_of(OneShotSchedule{.total = 5}));  // R = 1: one-shot averaging
}

TEST_CASE("growing communication times grow by a and end at T", "[algorithms][schedules][communication]") {
  // Oracle: invariants. T = m R (R + 1) / 2 makes a = m whole, so H_r = m (r + 1) exactly, for numbers that no double holds as well.
  for (const Count rounds : {1, 7, 49, 1000}) {
    for (const Count m : {Count{1}, Count{3}, Count{9'007'199'254'741}}) {
      const CommunicationTimes times(GrowingSchedule{.total = m * rounds * (rounds + 1) / 2, .rounds = rounds}, 1);
      for (Count r = 0; r < rounds; ++r) CHECK(*times.steps(static_cast<std::uint64_t>(r)) == static_cast<std::uint64_t>(m * (r + 1)));
      CHECK_FALSE(times.steps(static_cast<std::uint64_t>(rounds)));
      CHECK(times.most_steps() == static_cast<std::uint64_t>(m * rounds));
    }
  }
  for (Count total = 1; total < 60; ++total)
    for (Count rounds = 1; rounds < 12; ++rounds)
      CHECK(times_of(GrowingSchedule{.total = total, .rounds = rounds}).back() == static_cast<std::uint64_t>(total));
}

TEST_CASE("fixed, one-shot and every-step communication times", "[algorithms][schedules][communication]") {
  // Oracle: hand computation. T is a communication time also where H does not divide it.
  CHECK(times_of(FixedSchedule{.steps = 4, .total = 10}) == Times{4, 8, 10});
  CHECK(times_of(FixedSchedule{.steps = 5, .total = 10}) == Times{5, 10});
  CHECK(times_of(FixedSchedule{.steps = 20, .total = 10}) == Times{10});
  CHECK(times_of(OneShotSchedule{.total = 1000}) == Times{1000});
  const CommunicationTimes forever(FixedSchedule{.steps = 4, .total = std::nullopt}, 3);
  CHECK(*forever.steps(1'000'000'000'000) == 4);
  CHECK(*CommunicationTimes(EveryStepSchedule{}, 3).steps(1'000'000'000'000) == 1);
  CHECK(CommunicationTimes(FixedSchedule{.steps = 20, .total = 10}, 1).most_steps() == 10);
}
