#include "sim/collectives/bucketed.hpp"

#include <map>

#include "tests/test.hpp"

using namespace peloton;

namespace {

/// Every message takes `per_bit` times its bits and `alpha`, whatever else is under way.
class Drive {
 public:
  Drive(const CollectiveSpec& spec, std::int64_t alpha, std::int64_t per_bit)
      : alpha_(alpha), per_bit_(per_bit), operation_(make_collective(spec)), done_(spec.ranks, -1) {}

  void join_at(std::int64_t at, std::uint32_t rank) { events_.emplace(at, Step{true, {.to = rank}}); }
  void run(std::uint64_t most = ~0ULL) {
    for (; most > 0 && !events_.empty(); --most) {
      const auto [now, step] = *events_.begin();
      events_.erase(events_.begin());
      std::vector<CollectiveMessage> out;
      step.joins ? operation_->join(step.message.to, out) : operation_->receive(step.message, out);
      if (operation_->done(step.message.to) && done_[step.message.to] < 0) done_[step.message.to] = now;
      for (const CollectiveMessage& m : out) {
        bits += m.bits;
        events_.emplace(now + alpha_ + static_cast<std::int64_t>(m.bits) * per_bit_, Step{false, m});
      }
    }
  }
  void replace(const CollectiveSpec& spec) {
    const std::string state = save_state(*operation_);
    operation_ = make_collective(spec);
    restore_state(*operation_, state);
  }
  [[nodiscard]] const std::vector<std::int64_t>& done() const { return done_; }
  [[nodiscard]] std::size_t finished() const { return operation_->finished(); }

  std::uint64_t bits = 0;

 private:
  struct Step {
    bool joins = false;
    CollectiveMessage message;
  };
  std::int64_t alpha_;
  std::int64_t per_bit_;
  std::unique_ptr<Collective> operation_;
  std::multimap<std::int64_t, Step> events_;
  std::vector<std::int64_t> done_;
};

CollectiveSpec three_buckets() {
  CollectiveSpec spec;
  spec.ranks = 4;
  spec.coordinates = 60;
  spec.bits_per_coordinate = 1;
  spec.buckets = {20, 8, 32};
  return spec;
}

}  // namespace

TEST_CASE("buckets that are all ready are reduced one behind the other", "[sim][collectives][bucketed]") {
  // Closed form: 2(n−1) (α + (d/n) b/β) for each. n = 4, α = 3, 1/β = 2: 6 (3 + 5·2) + 6 (3 + 2·2) + 6 (3 + 8·2) = 78 + 42 + 114.
  // The bits are those of one ring over all 60 coordinates: 2 (n − 1) d.
  Drive drive(three_buckets(), 3, 2);
  for (std::uint32_t rank = 0; rank < 4; ++rank)
    for (int bucket = 0; bucket < 3; ++bucket) drive.join_at(0, rank);
  drive.run();
  CHECK(drive.done() == std::vector<std::int64_t>(4, 78 + 42 + 114));
  CHECK(drive.finished() == 4);
  CHECK(drive.bits == 2 * 3 * 60);
}

TEST_CASE("a bucket that is ready late is reduced when all have it", "[sim][collectives][bucketed]") {
  // Hand computation: the buckets are ready at 0, 100 and 110 everywhere. The first ends at 78 and the second at 100 + 42 = 142, behind
  // which the third waits: 142 + 114.
  Drive drive(three_buckets(), 3, 2);
  for (std::uint32_t rank = 0; rank < 4; ++rank)
    for (const std::int64_t at : {0, 100, 110}) drive.join_at(at, rank);
  drive.run();
  CHECK(drive.done() == std::vector<std::int64_t>(4, 142 + 114));
}

TEST_CASE("a collective in buckets goes on from its saved state", "[sim][collectives][bucketed]") {
  // Oracle: invariant. Stopped after any number of events and continued in an object of its own, the ranks are done at the same times.
  const auto start = [] {
    Drive drive(three_buckets(), 3, 2);
    for (std::uint32_t rank = 0; rank < 4; ++rank)
      for (const std::int64_t at : {0, 40, 50}) drive.join_at(at + 7 * rank, rank);
    return drive;
  };
  Drive whole = start();
  whole.run();
  for (std::uint64_t events = 0; events < 80; events += 7) {
    Drive copy = start();
    copy.run(events);
    copy.replace(three_buckets());
    copy.run();
    CHECK(copy.done() == whole.done());
  }
}
