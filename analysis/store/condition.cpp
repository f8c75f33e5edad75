#include "analysis/store/condition.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>

#include "analysis/store/sqlite.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '.'; }

std::string sql_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

/// Refuses what would end the condition before its end: it must stay inside the brackets that it is put into.
class Brackets {
 public:
  explicit Brackets(const Place& place) : place_(place) {}

  void see(const std::string& condition, std::size_t i) {
    const std::string_view two = std::string_view(condition).substr(i, 2);
    if (condition[i] == ';' || two == "--" || two == "/*") throw InputError(place_, "must be one condition, without ; and comments");
    if (condition[i] == '(') ++open_;
    if (condition[i] == ')') --open_;
    if (open_ < 0) throw InputError(place_, "has a ) without its (");
  }
  void finish() const {
    if (open_ > 0) throw InputError(place_, "has a ( without its )");
  }

 private:
  const Place& place_;
  int open_ = 0;
};

/// The condition with the columns in SQL's quotes. Text in quotes stays as it is; a dotted name that is no column is refused.
std::string with_quoted_columns(const std::string& condition, const std::vector<std::string>& columns, const Place& place) {
  std::string out;
  Brackets brackets(place);
  for (std::size_t i = 0; i < condition.size();) {
    const char c = condition[i];
    if (c == '\'' || c == '"') {
      const std::size_t end = std::min(condition.find(c, i + 1), condition.size() - 1);
      out += condition.substr(i, end - i + 1);
      i = end + 1;
    } else if (starts_name(c)) {
      std::size_t end = i;
      while (end < condition.size() && continues_name(condition[end])) ++end;
      const std::string name = condition.substr(i, end - i);
      const bool known = std::find(columns.begin(), columns.end(), name) != columns.end();
      if (!known && name.find('.') != std::string::npos)
        throw InputError(place, fmt::format("\"{}\" is no axis{}", name, did_you_mean(name, columns)));
      out += known ? sql_name(name) : name;
      i = end;
    } else if ((c >= '0' && c <= '9') || c == '.') {  // a number, with its exponent
      while (i < condition.size() && continues_name(condition[i])) out += condition[i++];
    } else {
      brackets.see(condition, i);
      out += c;
      ++i;
    }
  }
  brackets.finish();
  return out;
}

/// Reading the table and calling functions is all a condition may do.
int authorise(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT: return SQLITE_OK;
    case SQLITE_READ: return std::string_view(first) == "points" ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION: return std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    default: return SQLITE_DENY;
  }
}

void bind_value(Statement& statement, int parameter, const Json& value) {
  if (value.is_null())
    statement.bind_null(parameter);
  else if (value.is_boolean())
    statement.bind(parameter, std::int64_t{value.get<bool>() ? 1 : 0});
  else if (value.is_number_integer())
    statement.bind(parameter, value.get<std::int64_t>());
  else if (value.is_number())
    statement.bind(parameter, value.get<double>());
  else
    statement.bind(parameter, std::string_view(value.get_ref<const std::string&>()));
}

/// The rows in a table of that name, numbered from 1.
void fill(Database& database, const std::vector<std::string>& columns, std::size_t count,
          const std::function<Json(std::size_t, std::size_t)>& value) {
  std::string names;
  std::string marks;
  for (const std::string& column : columns) {
    names += (names.empty() ? "" : ", ") + sql_name(column);
    marks += marks.empty() ? "?" : ", ?";
  }
  database.run(fmt::format("CREATE TABLE points({})", names));
  Transaction transaction(database);
  Statement insert(database, fmt::format("INSERT INTO points VALUES({})", marks));
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) bind_value(insert, static_cast<int>(column + 1), value(row, column));
    insert.run();
  }
  transaction.commit();
}

/// SQLite's complaint in the words of a scenario.
std::string complaint(std::string_view message, const std::vector<std::string>& columns) {
  constexpr std::string_view kNoColumn = "no such column: ";
  if (!message.starts_with(kNoColumn))
    return fmt::format("must be a condition over the axes such as \"{} > 0\": {}", columns.front(), message);
  const std::string_view name = message.substr(kNoColumn.size());
  return fmt::format("\"{}\" is no axis{}", name, did_you_mean(name, columns));
}

}  // namespace

std::vector<bool> rows_where(const std::string& condition, const std::vector<std::string>& columns, std::size_t count,
                             const std::function<Json(std::size_t, std::size_t)>& value, const Place& place) {
  const std::string sql =
      fmt::format("SELECT rowid FROM points WHERE ({}\n) ORDER BY rowid", with_quoted_columns(condition, columns, place));
  Database database(":memory:", Database::Mode::memory);
  fill(database, columns, count, value);
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // "name" is a column or an error, never a text
  sqlite3_set_authorizer(database.handle(), authorise, nullptr);
  sqlite3_stmt* query = nullptr;
  int code = sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &query, nullptr);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owner(query, sqlite3_finalize);
  std::vector<bool> out(count, false);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(query);
    if (code == SQLITE_ROW) out.at(static_cast<std::size_t>(sqlite3_column_int64(query, 0) - 1)) = true;
  }
  if (code != SQLITE_DONE) throw InputError(place, complaint(sqlite3_errmsg(database.handle()), columns));
  return out;
}

}  // namespace peloton
