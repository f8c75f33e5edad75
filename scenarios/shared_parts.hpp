#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "models/convex/facts.hpp"
#include "models/data/data_cache.hpp"
#include "scenarios/memory_budget.hpp"

namespace peloton {

/// Facts of convex tasks, each computed once, for any number of threads: f* may take longer than the run that wants it.
class FactsCache {
 public:
  /// The facts known by this name, else those that `compute` gives. Those that want the same wait for the one that computes.
  [[nodiscard]] std::optional<ConvexFacts> get(const std::string& task, const std::function<std::optional<ConvexFacts>()>& compute);

 private:
  struct Entry {
    std::mutex computing;
    bool known = false;
    std::optional<ConvexFacts> facts;
  };
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

/// What the runs of one process share. None of it changes a result.
struct SharedParts {
  DataCache data;
  FactsCache facts;
  MemoryBudget memory;

  /// `limit` of the memory of all runs, `program` what the process holds before them; both in bytes.
  SharedParts(double limit, double program) : data(limit / 4), memory(limit, program) {}
};

}  // namespace peloton
