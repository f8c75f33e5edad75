#include "scenarios/mpi/rank_workforce.hpp"

#include <mpi.h>

#include <algorithm>
#include <boost/mpi.hpp>
#include <boost/serialization/string.hpp>

#include "scenarios/interrupt.hpp"
#include "scenarios/mpi/rank_messages.hpp"

namespace peloton {
namespace mpi = boost::mpi;

namespace {

using std::chrono::microseconds;

constexpr int tag(RankMessage message) { return static_cast<int>(message); }

/// How long to sleep between two looks at MPI: short while messages come, longer when nothing happens.
class Patience {
 public:
  [[nodiscard]] microseconds next() {
    const microseconds out = current_;
    current_ = std::min(2 * current_, kLongest);
    return out;
  }
  void reset() { current_ = kShortest; }

 private:
  static constexpr microseconds kShortest{50};
  static constexpr microseconds kLongest{2000};
  microseconds current_ = kShortest;
};

/// The processes on this machine share its memory.
Execution with_own_memory(Execution execution, const mpi::communicator& world) {
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(world, MPI_COMM_TYPE_SHARED, world.rank(), MPI_INFO_NULL, &machine);
  int processes = 1;
  MPI_Comm_size(machine, &processes);
  MPI_Comm_free(&machine);
  execution.max_memory = Bytes{(execution.max_memory ? execution.max_memory->value : physical_memory()) / processes};
  return execution;
}

class RankWorkforce final : public Workforce {
 public:
  RankWorkforce(const mpi::communicator& world, const Execution& execution) : world_(world), busy_(static_cast<std::size_t>(world.size())) {
    for (int rank = 1; rank < world_.size(); ++rank) world_.send(rank, tag(RankMessage::execution), encode_execution(execution));
    own_ = std::make_unique<ThreadWorkforce>(with_own_memory(execution, world_), 1);
  }

  /// Takes what is still under way, so that no process waits for somebody to hear its outcome.
  ~RankWorkforce() override {
    drop();
    while (away_ > 0) static_cast<void>(wait(microseconds{2000}));
  }
  RankWorkforce(const RankWorkforce&) = delete;
  RankWorkforce& operator=(const RankWorkforce&) = delete;

  [[nodiscard]] bool wants_work() const override { return own_->pending() == 0 || idle_rank() != 0; }

  void start(PointTask task) override {
    const int rank = idle_rank();
    if (rank == 0) return own_->start(std::move(task));
    world_.send(rank, tag(RankMessage::task), encode_task(task));
    busy_[static_cast<std::size_t>(rank)] = true;
    ++away_;
  }

  [[nodiscard]] std::size_t pending() const override { return away_ + own_->pending(); }

  [[nodiscard]] std::optional<PointOutcome> wait(microseconds patience) override {
    Patience nap;
    for (microseconds slept{0};;) {
      if (const auto message = world_.iprobe(mpi::any_source, tag(RankMessage::outcome))) return receive(message->source());
      const microseconds now = std::min(nap.next(), patience - slept);
      if (auto outcome = own_->wait(std::max(now, microseconds{0}))) return outcome;
      slept += now;
      if (slept >= patience) return std::nullopt;
    }
  }

  void drop() override {
    for (int rank = 1; rank < world_.size(); ++rank)
      if (busy_[static_cast<std::size_t>(rank)]) world_.send(rank, tag(RankMessage::drop), std::string());
    own_->drop();
  }

 private:
  /// 0: none.
  [[nodiscard]] int idle_rank() const {
    for (int rank = 1; rank < world_.size(); ++rank)
      if (!busy_[static_cast<std::size_t>(rank)]) return rank;
    return 0;
  }

  PointOutcome receive(int rank) {
    std::string text;
    world_.recv(rank, tag(RankMessage::outcome), text);
    busy_[static_cast<std::size_t>(rank)] = false;
    --away_;
    return decode_outcome(text);
  }

  mpi::communicator world_;
  std::unique_ptr<ThreadWorkforce> own_;
  std::vector<bool> busy_;
  std::size_t away_ = 0;
};

std::string receive(const mpi::communicator& world, RankMessage message) {
  std::string text;
  world.recv(0, tag(message), text);
  return text;
}

/// Makes runs for one sweep, until the job ends.
void serve(const mpi::communicator& world) {
  const InterruptGuard interrupt;  // the first process is told the same, and drops the runs
  ThreadWorkforce own(with_own_memory(decode_execution(receive(world, RankMessage::execution)), world), 1);
  Patience nap;
  while (true) {
    if (const auto message = world.iprobe(0, mpi::any_tag)) {
      nap.reset();
      if (message->tag() == tag(RankMessage::end)) return;
      if (message->tag() == tag(RankMessage::task)) own.start(decode_task(receive(world, RankMessage::task)));
      if (message->tag() == tag(RankMessage::drop)) {
        static_cast<void>(receive(world, RankMessage::drop));
        own.drop();
      }
    }
    if (const auto outcome = own.wait(nap.next())) {
      nap.reset();
      world.send(0, tag(RankMessage::outcome), encode_outcome(*outcome));
    }
  }
}

}  // namespace

std::unique_ptr<Workforce> make_rank_workforce(const mpi::communicator& world, const Execution& execution) {
  return std::make_unique<RankWorkforce>(world, execution);
}

void serve_first_rank(const mpi::communicator& world) {
  Patience nap;
  while (true) {
    const auto message = world.iprobe(0, mpi::any_tag);
    if (message && message->tag() == tag(RankMessage::execution)) serve(world);
    if (message) break;
    std::this_thread::sleep_for(nap.next());
  }
  static_cast<void>(receive(world, RankMessage::end));
}

void end_other_ranks(const mpi::communicator& world) {
  for (int rank = 1; rank < world.size(); ++rank) world.send(rank, tag(RankMessage::end), std::string());
}

}  // namespace peloton
