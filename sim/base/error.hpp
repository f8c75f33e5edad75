#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace peloton {

/// Where in the input something stands: a file and a JSON pointer (or, for data files, "line 17").
struct Place {
  std::string file;
  std::string pointer;

  /// The place of a member or element below this one; escapes `~` and `/` as RFC 6901 asks.
  [[nodiscard]] Place operator/(std::string_view key) const;
  [[nodiscard]] Place operator/(std::size_t index) const;
  /// "file: pointer", without the parts that are empty.
  [[nodiscard]] std::string str() const;
};

/// The input is wrong: the message names the place, what was expected and what was found. Exit code 2.
class InputError : public std::runtime_error {
 public:
  InputError(const Place& place, std::string_view message);
  explicit InputError(const std::string& message) : std::runtime_error(message) {}
};

/// The work could not be done although the input was right (disk full, a file that vanished). Exit code 1.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An invariant of the program is broken: a defect of peloton. Exit code 1.
class BrokenInvariant : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void broken_invariant(std::string_view condition, std::string_view meaning, std::string_view file, int line);

/// Lower case without '-', '_' and blanks: the form in which names are compared.
[[nodiscard]] std::string normalised(std::string_view name);

/// The candidate within a small edit distance of `name`, nearest first, earliest on ties; nothing when all are far.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

/// " (did you mean \"candidate\"?)" or the empty string.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace peloton

/// States an invariant in words; kept in release builds because a wrong result is worse than a stop.
#define PELOTON_INVARIANT(condition, meaning) \
  ((condition) ? static_cast<void>(0) : ::peloton::broken_invariant(#condition, meaning, __FILE__, __LINE__))
