#include "scenarios/shared_parts.hpp"

namespace peloton {

std::optional<ConvexFacts> FactsCache::get(const std::string& task, const std::function<std::optional<ConvexFacts>()>& compute) {
  std::shared_ptr<Entry> entry;
  {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Entry>& slot = entries_[task];
    if (slot == nullptr) slot = std::make_shared<Entry>();
    entry = slot;
  }
  const std::lock_guard lock(entry->computing);
  if (!entry->known) {
    entry->facts = compute();
    entry->known = true;
  }
  return entry->facts;
}

}  // namespace peloton
