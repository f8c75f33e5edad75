#include "analysis/store/sweep_store.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/store/stored_sweep.hpp"
#include "analysis/text.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// "Pelo" in ASCII: what `file` and PRAGMA application_id show.
constexpr int kApplication = 0x50656c6f;

const char* const kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE axes(axis INTEGER, path TEXT NOT NULL, level INTEGER, value TEXT NOT NULL, label TEXT NOT NULL,
                  PRIMARY KEY(axis, level)) WITHOUT ROWID;
CREATE TABLE points(point INTEGER PRIMARY KEY, levels TEXT NOT NULL, repeat INTEGER NOT NULL, seed INTEGER NOT NULL, status TEXT NOT NULL,
                    summary TEXT NOT NULL, machine TEXT NOT NULL, wall_seconds REAL NOT NULL);
)";

/// A count has no decimals; a real keeps its bits.
std::string measurements_table() {
  std::string out = "CREATE TABLE measurements(point INTEGER, measurement INTEGER, nanoseconds INTEGER NOT NULL";
  const std::vector<std::string> columns = metrics_columns();
  for (const std::string& column : columns) out += fmt::format(", {}", column);
  return out + ", PRIMARY KEY(point, measurement)) WITHOUT ROWID;";
}

std::string insert_measurement() {
  std::string names = "point, measurement, nanoseconds";
  std::string marks = "?, ?, ?";
  for (const std::string& column : metrics_columns()) {
    names += ", " + column;
    marks += ", ?";
  }
  return fmt::format("INSERT INTO measurements({}) VALUES({})", names, marks);
}

struct Bind {
  Statement& statement;
  int parameter;
  void operator()(std::monostate) const { statement.bind_null(parameter); }
  void operator()(std::int64_t value) const { statement.bind(parameter, value); }
  /// SQLite takes what is no number for null.
  void operator()(double value) const {
    if (std::isnan(value))
      statement.bind(parameter, std::string_view(real_text(value)));
    else
      statement.bind(parameter, value);
  }
};

std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

SweepStore::SweepStore(const std::filesystem::path& path, const SweepIdentity& identity, Options options)
    : lock_(path), database_(path.string(), Database::Mode::write) {
  // A new file has no version; one whose making was cut off has none either, and nothing else.
  const bool fresh = database_.integer("PRAGMA user_version") == 0 && database_.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh) check_layout(database_);
  database_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  if (options.most_pages) database_.run(fmt::format("PRAGMA max_page_count = {}", *options.most_pages));
  if (fresh)
    create(identity);
  else
    check(identity);
  finished_.assign(identity.planned, false);
  Statement done(database_, "SELECT point FROM points");
  while (done.step()) {
    finished_.at(static_cast<std::size_t>(done.integer(0))) = true;
    ++count_;
  }
  insert_point_.emplace(database_,
                        "INSERT INTO points(point, levels, repeat, seed, status, summary, machine, wall_seconds) "
                        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  insert_measurement_.emplace(database_, insert_measurement());
}

void SweepStore::create(const SweepIdentity& identity) {
  Transaction transaction(database_);
  database_.run(kTables + measurements_table());
  Statement meta(database_, "INSERT INTO meta(key, value) VALUES(?, ?)");
  const auto put = [&](std::string_view key, const std::string& value) {
    meta.bind(1, key);
    meta.bind(2, std::string_view(value));
    meta.run();
  };
  put("peloton", PELOTON_VERSION);
  put("name", identity.name);
  put("scenario", identity.scenario.dump());
  put("repeats", fmt::format("{}", identity.repeats));
  put("planned", fmt::format("{}", identity.planned));
  put("kernels", identity.kernels);
  Statement axes(database_, "INSERT INTO axes(axis, path, level, value, label) VALUES(?, ?, ?, ?, ?)");
  for (std::size_t a = 0; a < identity.axes.size(); ++a) {
    const SweepAxis& axis = identity.axes[a];
    for (std::size_t level = 0; level < axis.values.size(); ++level) {
      axes.bind(1, static_cast<std::int64_t>(a));
      axes.bind(2, std::string_view(axis.path));
      axes.bind(3, static_cast<std::int64_t>(level));
      axes.bind(4, std::string_view(axis.values[level].dump()));
      axes.bind(5, std::string_view(axis.labels[level]));
      axes.run();
    }
  }
  database_.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication, kVersion));
  transaction.commit();
}

void SweepStore::check(const SweepIdentity& identity) {
  check_same(database_.path(), stored_identity(database_), stored_version(database_), identity,
             "give another --out, or remove the old sweep");
}

void SweepStore::put_score(const Json& score) {
  Statement meta(database_, "INSERT OR REPLACE INTO meta(key, value) VALUES('score', ?)");
  meta.bind(1, std::string_view(score.dump()));
  meta.run();
}

void SweepStore::commit(const StoredPoint& stored) {
  const SweepPoint& p = stored.point;
  PELOTON_INVARIANT(!finished(p.index), "a point is stored once");
  Transaction transaction(database_);
  Statement& row = *insert_point_;
  row.bind(1, signed_of(p.index));
  row.bind(2, std::string_view(Json(p.levels).dump()));
  row.bind(3, signed_of(p.repeat));
  row.bind(4, signed_of(p.seed));
  row.bind(5, std::string_view(p.summary.at("status").get_ref<const std::string&>()));
  row.bind(6, std::string_view(p.summary.dump()));
  row.bind(7, std::string_view(stored.machine.dump()));
  row.bind(8, stored.wall_seconds);
  row.run();
  write_measurements(p);
  transaction.commit();
  finished_[p.index] = true;
  ++count_;
}

void SweepStore::write_measurements(const SweepPoint& point) {
  Statement& row = *insert_measurement_;
  for (std::size_t i = 0; i < point.rows.size(); ++i) {
    row.bind(1, signed_of(point.index));
    row.bind(2, signed_of(i));
    row.bind(3, point.rows[i].time.ns);
    int parameter = 4;
    for (const MetricsValue& value : metrics_values(point.rows[i])) std::visit(Bind{row, parameter++}, value);
    row.bind(4, point.rows[i].time.seconds());  // for people; the exact time stands beside it
    row.run();
  }
}

}  // namespace peloton
