#include "analysis/store/read_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/store/stored_sweep.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

namespace fs = std::filesystem;

fs::path store_in(const fs::path& path) {
  if (!fs::is_directory(path)) {
    if (fs::exists(path)) return path;
    throw InputError(fmt::format("{}: must be the output folder of a sweep, or its store; there is none", path.string()));
  }
  if (fs::exists(store_of(path))) return store_of(path);
  if (holds_sweep(path))
    throw InputError(fmt::format("{}: holds shards of a sweep; put them together first: peloton merge {}", path.string(), path.string()));
  throw InputError(fmt::format("{}: holds no sweep ({} is missing)", path.string(), store_of(path).filename().string()));
}

SweepResult header_in(Database& database) {
  SweepIdentity identity = stored_identity(database);
  if (Json score = stored_score(database); !score.is_null()) identity.scenario["score"] = std::move(score);
  return {.name = std::move(identity.name),
          .scenario = std::move(identity.scenario),
          .axes = std::move(identity.axes),
          .repeats = identity.repeats,
          .planned = identity.planned,
          .points = {}};
}

}  // namespace

bool is_store(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("sweep.") && name.ends_with(".sqlite");
}

fs::path store_of(const fs::path& folder) { return folder / "sweep.sqlite"; }

bool holds_sweep(const fs::path& folder) {
  if (!fs::is_directory(folder)) return false;
  const auto entries = fs::directory_iterator(folder);
  return std::any_of(fs::begin(entries), fs::end(entries), [](const fs::directory_entry& e) { return is_store(e.path()); });
}

SweepResult read_sweep_header(const fs::path& folder_or_store) {
  Database database(store_in(folder_or_store).string(), Database::Mode::read);
  check_layout(database);
  database.run("BEGIN");
  return header_in(database);
}

SweepResult read_sweep(const fs::path& folder_or_store, const std::function<void(SweepPoint)>& visit) {
  Database database(store_in(folder_or_store).string(), Database::Mode::read);
  check_layout(database);
  database.run("BEGIN");  // one state of the store, whoever goes on writing
  SweepResult out = header_in(database);
  visit_points(database, [&](StoredPoint stored) { visit(std::move(stored.point)); });
  return out;
}

SweepResult read_sweep(const fs::path& folder_or_store) {
  std::vector<SweepPoint> points;
  SweepResult out = read_sweep(folder_or_store, [&](SweepPoint point) { points.push_back(std::move(point)); });
  out.points = std::move(points);
  return out;
}

SweepCounts count_points(const fs::path& folder_or_store) {
  Database database(store_in(folder_or_store).string(), Database::Mode::read);
  check_layout(database);
  database.run("BEGIN");
  SweepCounts out;
  out.planned = stored_identity(database).planned;
  Statement query(database, "SELECT status, count(*) FROM points GROUP BY status ORDER BY status");
  while (query.step()) {
    out.by_status.emplace_back(query.text(0), static_cast<std::size_t>(query.integer(1)));
    out.finished += out.by_status.back().second;
  }
  return out;
}

}  // namespace peloton
