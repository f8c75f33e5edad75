#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/compression/codec.hpp"
#include "sim/base/options.hpp"
#include "sim/base/state.hpp"
#include "sim/node.hpp"
#include "sim/table.hpp"

namespace peloton {

/// Which workers of a lazy method uploaded, and how long ago.
class UploadLog {
 public:
  explicit UploadLog(std::size_t workers) : workers_(workers) {}

  void upload(NodeId worker) { workers_[worker] = {.age = 1, .uploads = workers_[worker].uploads + 1, .skips = workers_[worker].skips}; }
  void skip(NodeId worker) { ++workers_[worker].age, ++workers_[worker].skips; }
  /// Rounds since the worker's last upload: 1 in the round after it, and in round 0.
  [[nodiscard]] Count age(NodeId worker) const { return workers_[worker].age; }

  /// `uploads`: what each worker did. For top-k messages also `conventions`: the bits of all uploads as they were sent ("honest") and as
  /// papers count them.
  [[nodiscard]] std::vector<Table> tables(const Codec& codec) const;
  void visit_state(StateVisitor& v) { v("workers", workers_); }

 private:
  struct Worker {
    Count age = 1;
    std::uint64_t uploads = 0;
    std::uint64_t skips = 0;
    void visit_state(StateVisitor& v);
  };
  std::vector<Worker> workers_;
};

}  // namespace peloton
