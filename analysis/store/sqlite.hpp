#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace peloton {

/// An SQLite database, closed at the end of the scope. What goes wrong with it: a full disk or failed input and output are Failures; a
/// file that is no database, is damaged, cannot be opened or is in use are InputErrors; all of them name the file.
class Database {
 public:
  enum class Mode : std::uint8_t { read, write, memory };

  /// `write` makes the file when it is missing. `read` also reads a store in a folder that cannot be written.
  Database(std::string path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] sqlite3* handle() const { return handle_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Runs statements that give no rows.
  void run(const std::string& sql);
  /// The first column of the first row of a query.
  [[nodiscard]] std::int64_t integer(const std::string& sql);
  /// Throws the error that the result code stands for.
  [[noreturn]] void fail(int code) const;

 private:
  void open(int flags);

  std::string path_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement: bind its parameters (from 1), step through its rows, read their columns (from 0).
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, std::string_view text);
  void bind_null(int parameter);
  /// True when there is a row; false at the end, and then the statement can be bound and run anew.
  bool step();
  /// Runs a statement that gives no rows.
  void run();
  /// Ready to be bound and run anew, before the end of its rows.
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_integer(int column) const;
  [[nodiscard]] bool is_text(int column) const;

 private:
  void check(int code) const;

  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

/// A transaction that is rolled back unless it is committed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace peloton
