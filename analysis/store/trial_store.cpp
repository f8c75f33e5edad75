#include "analysis/store/trial_store.hpp"

#include <fmt/format.h>

#include "analysis/json_difference.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

constexpr std::string_view kFile = "bisect.sqlite";
constexpr int kVersion = 1;

void bind(Statement& statement, int parameter, const std::optional<double>& value) {
  if (value)
    statement.bind(parameter, *value);  // what is no number becomes null
  else
    statement.bind_null(parameter);
}

}  // namespace

bool holds_trials(const std::filesystem::path& folder) { return std::filesystem::exists(folder / kFile); }

TrialStore::TrialStore(const std::filesystem::path& folder, const Json& identity)
    : lock_(folder / kFile), database_((folder / kFile).string(), Database::Mode::write) {
  const std::int64_t version = database_.integer("PRAGMA user_version");
  const bool fresh = version == 0 && database_.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh && version != kVersion)
    throw InputError(fmt::format("{}: is no search by bisection of this version of peloton (layout {}, expected {}); give another --out",
                                 database_.path(), version, kVersion));
  database_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  if (fresh)
    create(identity);
  else
    check(identity);
  Statement rows(database_, "SELECT combination, repeat, value, stable FROM trials");
  while (rows.step())
    known_[{static_cast<std::size_t>(rows.integer(0)), static_cast<std::size_t>(rows.integer(1)), rows.real(2)}] = rows.integer(3) != 0;
}

void TrialStore::create(const Json& identity) {
  Transaction transaction(database_);
  database_.run(
      "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE trials(combination INTEGER, repeat INTEGER, value REAL, status TEXT NOT NULL, first_loss REAL, last_loss REAL,"
      " stable INTEGER NOT NULL, PRIMARY KEY(combination, value, repeat)) WITHOUT ROWID;");
  Statement meta(database_, "INSERT INTO meta(key, value) VALUES(?, ?)");
  for (const auto& [key, value] : {std::pair<std::string_view, std::string>{"peloton", PELOTON_VERSION}, {"identity", identity.dump()}}) {
    meta.bind(1, key);
    meta.bind(2, std::string_view(value));
    meta.run();
  }
  database_.run(fmt::format("PRAGMA user_version = {}", kVersion));
  transaction.commit();
}

void TrialStore::check(const Json& identity) {
  Statement meta(database_, "SELECT value FROM meta WHERE key = 'identity'");
  const Json stored = meta.step() ? Json::parse(meta.text(0), nullptr, false) : Json();
  const std::vector<JsonDifference> differences = json_differences(stored, identity);
  if (!differences.empty())
    throw InputError(fmt::format("{}: holds another search; give another --out, or remove it. What differs:{}", database_.path(),
                                 differences_text(differences)));
}

std::optional<bool> TrialStore::find(std::size_t combination, std::size_t repeat, double value) const {
  const auto found = known_.find({combination, repeat, value});
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void TrialStore::commit(const Trial& t) {
  Transaction transaction(database_);
  Statement row(database_,
                "INSERT INTO trials(combination, repeat, value, status, first_loss, last_loss, stable) VALUES(?, ?, ?, ?, ?, ?, ?)");
  row.bind(1, static_cast<std::int64_t>(t.combination));
  row.bind(2, static_cast<std::int64_t>(t.repeat));
  row.bind(3, t.value);
  row.bind(4, std::string_view(t.status));
  bind(row, 5, t.first_loss);
  bind(row, 6, t.last_loss);
  row.bind(7, static_cast<std::int64_t>(t.stable ? 1 : 0));
  row.run();
  transaction.commit();
  known_[{t.combination, t.repeat, t.value}] = t.stable;
}

}  // namespace peloton
