#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/store/sqlite.hpp"
#include "analysis/store/store_lock.hpp"
#include "analysis/sweep_result.hpp"

namespace peloton {

/// What a store is of. Two stores belong together, and a sweep goes on, when these are equal and the same peloton made them.
struct SweepIdentity {
  std::string name;
  Json scenario;  ///< with its sweep, all axes spelled out, and without what does not change a run
  std::vector<SweepAxis> axes;
  std::size_t repeats = 1;
  std::size_t planned = 0;  ///< points of the whole sweep
  std::string kernels;      ///< those that compute, by name: other kernels round otherwise
};

/// A finished point as it is stored: with what may differ between machines.
struct StoredPoint {
  SweepPoint point;
  Json machine;
  double wall_seconds = 0;
};

/// The store of a sweep that is written: an SQLite file, one row of `points` per finished point, committed with its measurements in
/// one transaction. A write-ahead log with `synchronous = NORMAL`: the end of the process in whichever way (`kill -9`, out of memory)
/// loses nothing that was committed and leaves no half point; a power cut or a crash of the system may lose the last commits, never
/// the file. Readers may look at any time.
///
///   meta          key, value: peloton, name, scenario, repeats, planned, kernels, score
///   axes          axis, path, level, value (JSON), label
///   points        point, levels (JSON list, by axis), repeat, seed, status, summary (JSON), machine (JSON), wall_seconds
///   measurements  point, measurement (from 0), nanoseconds (exact), then the columns of metrics.csv; a real that is no number is a text
///
/// PRAGMA user_version is the version of this layout.
class SweepStore {
 public:
  struct Options {
    std::optional<std::int64_t> most_pages = {};  ///< of the file; a full one is like a full disk (for tests)
  };

  static constexpr int kVersion = 1;

  /// Makes the store, or opens it to go on. Another sweep's store (the message lists the differences), one of another version, one that
  /// another process writes, and a file that is none are InputErrors and left as they are. A full disk is a Failure, here and below.
  SweepStore(const std::filesystem::path& path, const SweepIdentity& identity, Options options);
  SweepStore(const std::filesystem::path& path, const SweepIdentity& identity) : SweepStore(path, identity, Options{}) {}

  /// Whether the point is stored, by its index.
  [[nodiscard]] bool finished(std::size_t point) const { return finished_.at(point); }
  /// Stored points.
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::string& path() const { return database_.path(); }

  /// Commits a point that is not stored yet.
  void commit(const StoredPoint& point);
  /// How the sweep is scored (the scenario's "score", null for the defaults): not part of what the store is of, so that it may change.
  void put_score(const Json& score);

 private:
  void create(const SweepIdentity& identity);
  void check(const SweepIdentity& identity);
  void write_measurements(const SweepPoint& point);

  StoreLock lock_;
  Database database_;
  std::optional<Statement> insert_point_;
  std::optional<Statement> insert_measurement_;
  std::vector<bool> finished_;
  std::size_t count_ = 0;
};

}  // namespace peloton
