#include "analysis/store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <utility>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// "file:" URI of a path, for the options that only a URI can carry.
std::string uri_of(const std::string& path, std::string_view options) {
  std::string out = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#')
      out += fmt::format("%{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return fmt::format("{}?{}", out, options);
}

}  // namespace

Database::Database(std::string path, Mode mode) : path_(std::move(path)) {
  try {
    switch (mode) {
      case Mode::memory: open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY); break;
      case Mode::write: open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE); break;
      case Mode::read:
        open(SQLITE_OPEN_READONLY);
        // A write-ahead log needs a file beside the database even to read; where none can be made and none is there, nobody writes.
        if (sqlite3_exec(handle_, "SELECT 1 FROM sqlite_schema", nullptr, nullptr, nullptr) == SQLITE_CANTOPEN &&
            !std::filesystem::exists(path_ + "-wal")) {
          sqlite3_close(handle_);
          handle_ = nullptr;
          const std::string plain = std::exchange(path_, uri_of(path_, "immutable=1"));
          open(SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
          path_ = plain;
        }
        break;
    }
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

void Database::open(int flags) {
  const int code = sqlite3_open_v2(path_.c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) fail(code);
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, 5000);
}

Database::~Database() { sqlite3_close(handle_); }

void Database::fail(int code) const {
  const std::string reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM: throw Failure(fmt::format("{}: cannot be written ({}); what was committed before is kept", path_, reason));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: throw InputError(fmt::format("{}: is no store of a sweep, or is damaged: {}", path_, reason));
    default: throw InputError(fmt::format("{}: {}", path_, reason));
  }
}

void Database::run(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::integer(const std::string& sql) {
  Statement query(*this, sql);
  return query.step() ? query.integer(0) : 0;
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  check(sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail(code);
}

void Statement::bind(int parameter, std::int64_t value) { check(sqlite3_bind_int64(statement_, parameter, value)); }
void Statement::bind(int parameter, double value) { check(sqlite3_bind_double(statement_, parameter, value)); }
void Statement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(statement_, parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::bind_null(int parameter) { check(sqlite3_bind_null(statement_, parameter)); }

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  reset();
  if (code != SQLITE_DONE) database_.fail(code);
  return false;
}

void Statement::run() { static_cast<void>(step()); }

void Statement::reset() { sqlite3_reset(statement_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }
std::string Statement::text(int column) const {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
bool Statement::is_integer(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_INTEGER; }
bool Statement::is_text(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_TEXT; }

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace peloton
