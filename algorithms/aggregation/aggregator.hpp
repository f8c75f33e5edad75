#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "models/vector.hpp"
#include "sim/base/options.hpp"

namespace peloton {

enum class Weighting : std::uint8_t { uniform, samples };
template <>
struct EnumNames<Weighting> {
  static constexpr std::array names = {std::pair{std::string_view("uniform"), Weighting::uniform},
                                       std::pair{std::string_view("samples"), Weighting::samples}};
};

struct MeanOptions {
  static constexpr std::string_view kind = "mean";
  static constexpr std::string_view help = "the mean of the contributions";
  Weighting weighting = Weighting::uniform;
  static auto fields() {
    return options(field("weighting", &MeanOptions::weighting, "equal weights, or by the number of samples behind a contribution"));
  }
};

/// sign(Σ_i sign(g_i)), coordinate by coordinate; 0 on ties (Bernstein et al., ICML 2018).
struct MajorityVoteOptions {
  static constexpr std::string_view kind = "majority_vote";
  static constexpr std::string_view help = "the sign that most contributions have, coordinate by coordinate; 0 on ties";
  static auto fields() { return options(); }
};

/// median_i g_i, coordinate by coordinate; the mean of the middle two when their number is even (Yin et al., ICML 2018).
struct CoordinateMedianOptions {
  static constexpr std::string_view kind = "coordinate_median";
  static constexpr std::string_view help = "the median, coordinate by coordinate";
  static auto fields() { return options(); }
};

using AggregatorSpec = OneOf<"name", MeanOptions, MajorityVoteOptions, CoordinateMedianOptions>;

/// The contributions to an aggregate, in a fixed order. They are made when they are read.
class Contributions {
 public:
  virtual ~Contributions() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// The samples behind each.
  [[nodiscard]] virtual std::span<const double> samples() const = 0;
  /// Calls body(values) for all in order, a few at a time, and drops each right after. How many come together depends on the thread
  /// count; a body that treats them one after the other does not. Once.
  virtual void consume(const std::function<void(std::span<const Vector> values)>& body) = 0;
};

/// Makes one vector of the workers' contributions.
class Aggregator {
 public:
  virtual ~Aggregator() = default;
  /// The weight of each contribution, given the samples behind it; they sum to one. For rules that are no weighted mean: 1/n.
  [[nodiscard]] virtual std::vector<double> weights(std::span<const double> samples) const;
  /// The aggregate of at least one contribution.
  [[nodiscard]] virtual Vector aggregate(VectorSpace& space, Contributions& contributions) = 0;
  /// The same rule without what it finds out beside the aggregate: for a trajectory that must leave this one alone.
  [[nodiscard]] virtual Aggregator& rule() { return *this; }
  /// True when all contributions are held at once (memory of n vectors).
  [[nodiscard]] virtual bool holds_all() const { return false; }
};

[[nodiscard]] std::unique_ptr<Aggregator> make_aggregator(const AggregatorSpec& spec);

}  // namespace peloton
