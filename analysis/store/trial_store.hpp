#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "analysis/store/sqlite.hpp"
#include "analysis/store/store_lock.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// One run of a search by bisection.
struct Trial {
  std::size_t combination = 0;  ///< of the other axes' levels, as the sweep numbers them
  std::size_t repeat = 0;
  double value = 0;    ///< that was tried
  std::string status;  ///< as in summary.json
  std::optional<double> first_loss;
  std::optional<double> last_loss;
  bool stable = false;
};

/// Whether the folder holds a search by bisection.
[[nodiscard]] bool holds_trials(const std::filesystem::path& folder);

/// The runs that a search by bisection has made: DIR/bisect.sqlite. A trial is a committed row, so that a search that was cut off goes on
/// where it was, and one with a finer tolerance starts from what is known. One process writes at a time.
///
///   meta    key, value: peloton, identity
///   trials  combination, repeat, value, status, first_loss, last_loss, stable
class TrialStore {
 public:
  /// Makes the store in `folder`, or opens it to go on. A store of another search (the message lists the differences) or one in use is an
  /// InputError. A full disk is a Failure, here and below.
  TrialStore(const std::filesystem::path& folder, const Json& identity);

  /// Whether that run was stable; nothing when it was not made yet.
  [[nodiscard]] std::optional<bool> find(std::size_t combination, std::size_t repeat, double value) const;
  void commit(const Trial& trial);
  [[nodiscard]] std::size_t count() const { return known_.size(); }

 private:
  void create(const Json& identity);
  void check(const Json& identity);

  StoreLock lock_;
  Database database_;
  std::map<std::tuple<std::size_t, std::size_t, double>, bool> known_;
};

}  // namespace peloton
