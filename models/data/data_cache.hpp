#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "models/data/data_spec.hpp"

namespace peloton {

/// Bytes that the rows of a data set take, of both splits.
[[nodiscard]] double memory_of(const DataPair& data);

/// Data sets that several runs share: each is loaded once, and the last ones used are kept. For any number of threads; those that want
/// the same set wait for the one that loads it.
class DataCache {
 public:
  /// Sets that no run uses any more are kept up to `keep_bytes` in all.
  explicit DataCache(double keep_bytes) : keep_bytes_(keep_bytes) {}

  /// As load_data.
  [[nodiscard]] std::shared_ptr<const DataPair> load(const DataSpec& spec, const std::string& folder, std::uint64_t data_seed,
                                                     const Place& place);
  /// Bytes of the sets in memory, those in use and those kept.
  [[nodiscard]] double bytes() const;

 private:
  struct Entry {
    std::mutex loading;
    std::weak_ptr<const DataPair> data;
  };

  void keep(const std::shared_ptr<const DataPair>& data);

  double keep_bytes_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
  std::deque<std::shared_ptr<const DataPair>> recent_;  ///< the last used first
};

}  // namespace peloton
