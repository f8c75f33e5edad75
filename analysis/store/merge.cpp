#include "analysis/store/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "analysis/json_difference.hpp"
#include "analysis/store/read_sweep.hpp"
#include "analysis/store/stored_sweep.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

namespace fs = std::filesystem;

void refuse_different(const std::string& file, const SweepPoint& point, const SweepPoint& other, const std::string& target) {
  const std::vector<JsonDifference> differences = json_differences(other.summary, point.summary);
  if (differences.empty() && metrics_csv(point.rows) == metrics_csv(other.rows)) return;
  throw InputError(fmt::format("{}: point {} is not the same as in {}:{}", file, point.index, target,
                               differences.empty() ? std::string(" its measurements differ") : differences_text(differences)));
}

void merge(const fs::path& source, SweepStore& target, Database& target_reader) {
  Database database(source.string(), Database::Mode::read);
  database.run("BEGIN");
  visit_points(database, [&](const StoredPoint& stored) {
    if (!target.finished(stored.point.index)) return target.commit(stored);
    refuse_different(source.string(), stored.point, stored_point(target_reader, stored.point.index)->point, target.path());
  });
}

}  // namespace

std::vector<fs::path> stores_in(const fs::path& folder_or_store) {
  if (!fs::is_directory(folder_or_store)) {
    if (!fs::exists(folder_or_store))
      throw InputError(fmt::format("{}: must be the output folder of a sweep, or a store; there is none", folder_or_store.string()));
    return {folder_or_store};
  }
  std::vector<fs::path> out;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_or_store))
    if (is_store(entry.path())) out.push_back(entry.path());
  if (out.empty()) throw InputError(fmt::format("{}: holds no sweep", folder_or_store.string()));
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::size_t> merge_stores(const std::vector<fs::path>& sources, const fs::path& target) {
  std::optional<SweepIdentity> identity;
  Json score;
  for (const fs::path& source : sources) {  // all are looked at before the first is written
    Database database(source.string(), Database::Mode::read);
    check_layout(database);
    const SweepIdentity own = stored_identity(database);
    if (!identity) {
      identity = own;
      score = stored_score(database);
    }
    check_same(source.string(), own, stored_version(database), *identity,
               fmt::format("only stores of one sweep can be merged, as {} is", sources.front().string()));
  }
  PELOTON_INVARIANT(identity.has_value(), "something is merged");
  SweepStore store(target, *identity);
  store.put_score(score);
  Database reader(target.string(), Database::Mode::read);
  for (const fs::path& source : sources) {
    std::error_code ignored;
    if (!fs::equivalent(source, target, ignored)) merge(source, store, reader);
  }
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < identity->planned; ++i)
    if (!store.finished(i)) missing.push_back(i);
  return missing;
}

}  // namespace peloton
