#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peloton {

/// Tells on standard error how far a run or a sweep is: a bar with rate and remaining time on a terminal, a line every ten seconds
/// elsewhere.
class Progress {
 public:
  /// `quiet` prints nothing.
  Progress(std::string label, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap to call often: looks at the clock, prints when it is time. `share`: 0 … 1, nothing when unknown.
  void update(std::optional<double> share, double virtual_seconds, std::uint64_t gradients);
  /// The same with words of the caller's between share and remaining time.
  void update(std::optional<double> share, std::string_view facts);
  /// Since this object was made.
  [[nodiscard]] double elapsed_seconds() const;
  /// True when an update would print.
  [[nodiscard]] bool due() const { return !quiet_ && Clock::now() >= next_; }
  /// Clears the bar.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] std::string line(std::optional<double> share, std::string_view facts) const;

  std::string label_;
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_;
};

}  // namespace peloton
