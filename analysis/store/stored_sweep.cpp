#include "analysis/store/stored_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "analysis/json_difference.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

std::string meta(Database& database, std::string_view key) {
  Statement query(database, "SELECT value FROM meta WHERE key = ?");
  query.bind(1, key);
  if (!query.step()) throw InputError(fmt::format("{}: is no store of a sweep, or is damaged: \"{}\" is missing", database.path(), key));
  return query.text(0);
}

/// The stored text is peloton's own: what does not parse was written by somebody else.
Json json_of(const Database& database, const std::string& text) {
  Json out = Json::parse(text, nullptr, false);
  if (out.is_discarded()) throw InputError(fmt::format("{}: is damaged: {} is not JSON", database.path(), show(Json(text))));
  return out;
}

std::size_t count_of(const Database& database, const std::string& text) {
  std::size_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(fmt::format("{}: is damaged: \"{}\" is no count", database.path(), text));
  return out;
}

std::vector<SweepAxis> stored_axes(Database& database) {
  std::vector<SweepAxis> out;
  Statement query(database, "SELECT axis, path, value, label FROM axes ORDER BY axis, level");
  while (query.step()) {
    if (static_cast<std::size_t>(query.integer(0)) == out.size()) out.push_back({query.text(1), {}, {}});
    out.back().values.push_back(json_of(database, query.text(2)));
    out.back().labels.push_back(query.text(3));
  }
  return out;
}

/// A column of metrics.csv in the store, by its number in a row. A later version's columns that this program lacks are left out.
struct StoredColumn {
  std::string name;
  std::size_t number;
};

std::vector<StoredColumn> stored_columns(Database& database) {
  const std::vector<std::string> known = metrics_columns();
  std::vector<StoredColumn> out;
  Statement query(database, "SELECT name FROM pragma_table_info('measurements')");
  while (query.step()) {
    const auto found = std::find(known.begin(), known.end(), query.text(0));
    if (found != known.end() && *found != "time") out.push_back({*found, static_cast<std::size_t>(found - known.begin())});
  }
  return out;
}

MetricsValue value_in(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  if (row.is_integer(column)) return row.integer(column);
  if (!row.is_text(column)) return row.real(column);
  const std::string text = row.text(column);  // "nan", "-nan"
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Reads the measurements of one point after the other.
class MeasurementReader {
 public:
  explicit MeasurementReader(Database& database)
      : database_(database), columns_(stored_columns(database)), query_(database, query_text(columns_)) {}

  std::vector<MetricsRow> rows_of(std::int64_t point) {
    std::vector<MetricsRow> out;
    query_.bind(1, point);
    while (query_.step()) {
      MetricsRow& row = out.emplace_back();
      row.time.ns = query_.integer(0);
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (!set_metrics_value(row, columns_[i].number, value_in(query_, static_cast<int>(i + 1))))
          throw InputError(fmt::format("{}: is damaged: point {}: {} has another type", database_.path(), point, columns_[i].name));
    }
    return out;
  }

 private:
  static std::string query_text(const std::vector<StoredColumn>& columns) {
    std::string out = "SELECT nanoseconds";
    for (const StoredColumn& column : columns) out += ", " + column.name;
    return out + " FROM measurements WHERE point = ? ORDER BY measurement";
  }

  Database& database_;
  std::vector<StoredColumn> columns_;
  Statement query_;
};

const std::string kSelectPoints = "SELECT point, levels, repeat, seed, summary, machine, wall_seconds FROM points";

/// The order of the axes numbers the points.
std::string axis_paths(const SweepIdentity& sweep) {
  std::string out;
  for (const SweepAxis& axis : sweep.axes) {
    if (!out.empty()) out += ", ";
    out += axis.path;
  }
  return out;
}

StoredPoint point_in(const Database& database, const Statement& row, MeasurementReader& measurements) {
  StoredPoint out;
  out.point.index = static_cast<std::size_t>(row.integer(0));
  for (const Json& level : json_of(database, row.text(1))) out.point.levels.push_back(level.get<std::size_t>());
  out.point.repeat = static_cast<std::size_t>(row.integer(2));
  out.point.seed = static_cast<std::uint64_t>(row.integer(3));
  out.point.summary = json_of(database, row.text(4));
  out.machine = json_of(database, row.text(5));
  out.wall_seconds = row.real(6);
  out.point.rows = measurements.rows_of(row.integer(0));
  return out;
}

}  // namespace

void check_layout(Database& database) {
  const std::int64_t version = database.integer("PRAGMA user_version");
  const bool has_meta = database.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'") == 1;
  if (version == 0 || !has_meta) throw InputError(fmt::format("{}: is no store of a sweep", database.path()));
  if (version != SweepStore::kVersion)
    throw InputError(fmt::format("{}: is a store of version {}, made by peloton {}; this peloton {} reads and writes version {}",
                                 database.path(), version, meta(database, "peloton"), PELOTON_VERSION, SweepStore::kVersion));
}

std::string stored_version(Database& database) { return meta(database, "peloton"); }

SweepIdentity stored_identity(Database& database) {
  return {.name = meta(database, "name"),
          .scenario = json_of(database, meta(database, "scenario")),
          .axes = stored_axes(database),
          .repeats = count_of(database, meta(database, "repeats")),
          .planned = count_of(database, meta(database, "planned")),
          .kernels = meta(database, "kernels")};
}

Json stored_score(Database& database) {
  Statement query(database, "SELECT value FROM meta WHERE key = 'score'");
  return query.step() ? json_of(database, query.text(0)) : Json();
}

void visit_points(Database& database, const std::function<void(StoredPoint)>& visit) {
  Statement points(database, kSelectPoints + " ORDER BY point");
  MeasurementReader measurements(database);
  while (points.step()) visit(point_in(database, points, measurements));
}

std::optional<StoredPoint> stored_point(Database& database, std::size_t point) {
  Statement points(database, kSelectPoints + " WHERE point = ?");
  MeasurementReader measurements(database);
  points.bind(1, static_cast<std::int64_t>(point));
  if (!points.step()) return std::nullopt;
  return point_in(database, points, measurements);
}

void check_same(const std::string& file, const SweepIdentity& stored, const std::string& version, const SweepIdentity& wanted,
                std::string_view advice) {
  if (version != PELOTON_VERSION)
    throw InputError(fmt::format("{}: was made by peloton {}, this is {}; {}", file, version, PELOTON_VERSION, advice));
  const std::vector<JsonDifference> differences = json_differences(stored.scenario, wanted.scenario);
  if (!differences.empty() || stored.planned != wanted.planned)
    throw InputError(fmt::format("{}: holds the sweep of another scenario:{}\n{}", file, differences_text(differences), advice));
  if (axis_paths(stored) != axis_paths(wanted))
    throw InputError(fmt::format("{}: holds the sweep with its axes in another order: {}; here it is {}; {}", file, axis_paths(stored),
                                 axis_paths(wanted), advice));
  if (stored.kernels != wanted.kernels)
    throw InputError(
        fmt::format("{}: was computed with the kernels {}, here they are {}, which round otherwise; pin them with --kernels, or {}", file,
                    stored.kernels, wanted.kernels, advice));
}

}  // namespace peloton
