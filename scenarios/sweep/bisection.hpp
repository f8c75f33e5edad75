#pragma once

#include <optional>
#include <utility>

namespace peloton {

/// The search for the largest stable value of a positive scenario value, by bisection of its logarithm. Ask `next`, run it, `tell`.
///
/// With `between` both ends are tried first. Without, the bracket is found from `start`: doubled while stable, halved while not, 64 times
/// at most. What is stable is taken to be stable below, too.
class Bisection {
 public:
  struct Options {
    double start = 1;                                  ///< > 0; not used with `between`
    std::optional<std::pair<double, double>> between;  ///< 0 < low < high
    double tolerance = 0.01;  ///< ends when the smallest unstable value is at most (1 + tolerance) times the largest stable
  };

  explicit Bisection(const Options& options) : options_(options) {}

  /// The value to try; nothing when the search is over.
  [[nodiscard]] std::optional<double> next() const;
  /// Whether the value of `next` was stable.
  void tell(bool is_stable);
  /// The value of `next` is none that a scenario can have: the search ends with what it has, unless both ends are known.
  void tell_impossible() { over_ = true; }

  /// Nothing while every value was unstable.
  [[nodiscard]] std::optional<double> largest_stable() const { return stable_; }
  /// Nothing while every value was stable.
  [[nodiscard]] std::optional<double> smallest_unstable() const { return unstable_; }
  [[nodiscard]] int trials() const { return trials_; }

 private:
  [[nodiscard]] std::optional<double> bracket_value() const;

  Options options_;
  std::optional<double> stable_;
  std::optional<double> unstable_;
  int trials_ = 0;
  bool over_ = false;
};

}  // namespace peloton
