#include "models/data/data_cache.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace peloton {
namespace {

double bytes_of(const Dataset& data) {
  double bytes = static_cast<double>(data.labels.size() * sizeof(double) + data.devices.size() * sizeof(std::uint32_t));
  if (const auto* dense = std::get_if<DenseBytes>(&data.x)) return bytes + static_cast<double>(dense->values.size());
  if (const auto* reals = std::get_if<DenseReals>(&data.x)) return bytes + static_cast<double>(reals->values.size() * sizeof(double));
  const auto& sparse = std::get<SparseRows>(data.x);
  return bytes + static_cast<double>(sparse.starts.size() * 8 + sparse.columns.size() * 12);
}

}  // namespace

double memory_of(const DataPair& data) { return bytes_of(data.train) + bytes_of(data.test); }

std::shared_ptr<const DataPair> DataCache::load(const DataSpec& spec, const std::string& folder, std::uint64_t data_seed,
                                                const Place& place) {
  const std::string key = fmt::format("{}\n{}\n{}", write_options(spec).dump(), data_seed, folder);
  std::shared_ptr<Entry> entry;
  {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Entry>& slot = entries_[key];
    if (slot == nullptr) slot = std::make_shared<Entry>();
    entry = slot;
  }
  std::shared_ptr<const DataPair> data;
  {
    const std::lock_guard lock(entry->loading);
    data = entry->data.lock();
    if (data == nullptr) {
      data = load_data(spec, folder, data_seed, place);
      const std::lock_guard publish(mutex_);
      entry->data = data;
    }
  }
  keep(data);
  return data;
}

void DataCache::keep(const std::shared_ptr<const DataPair>& data) {
  const std::lock_guard lock(mutex_);
  recent_.erase(std::remove(recent_.begin(), recent_.end(), data), recent_.end());
  recent_.push_front(data);
  double bytes = 0;
  std::size_t kept = 0;
  while (kept < recent_.size() && (kept == 0 || bytes + memory_of(*recent_[kept]) <= keep_bytes_)) bytes += memory_of(*recent_[kept++]);
  recent_.resize(kept);
  for (auto entry = entries_.begin(); entry != entries_.end();)  // forget sets that are gone, unless somebody is about to load one
    entry = entry->second.use_count() == 1 && entry->second->data.expired() ? entries_.erase(entry) : std::next(entry);
}

double DataCache::bytes() const {
  const std::lock_guard lock(mutex_);
  double out = 0;
  for (const auto& [key, entry] : entries_)
    if (const auto data = entry->data.lock()) out += memory_of(*data);
  return out;
}

}  // namespace peloton
