#include "algorithms/local/spread.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {

/// The contributions on their way to the aggregator, measured as they pass.
class SpreadAggregator::Probe final : public Contributions {
 public:
  Probe(const SpreadAggregator& owner, VectorSpace& space, Contributions& source)
      : owner_(owner), space_(space), source_(source), weights_(owner.weights(source.samples())) {}

  [[nodiscard]] std::size_t size() const override { return source_.size(); }
  [[nodiscard]] std::span<const double> samples() const override { return source_.samples(); }

  void consume(const std::function<void(std::span<const Vector>)>& body) override {
    std::span<const double> left = weights_;
    source_.consume([&](std::span<const Vector> some) {
      const std::span<const double> own = left.first(some.size());
      left = left.subspan(some.size());
      for (std::size_t i = 0; i < some.size(); ++i) squares += own[i] * owner_.squared_distance(space_, some[i]);
      if (!owner_.weighted_mean_) add_to_mean(own, some);
      body(some);
    });
  }

  double squares = 0;  ///< Σ w_i ‖x_i − o‖²
  Vector mean;         ///< where the aggregate is something else

 private:
  void add_to_mean(std::span<const double> factors, std::span<const Vector> some) {
    if (mean)
      space_.add_all(mean, factors, some);
    else
      mean = space_.weighted_sum(factors, some);
  }

  const SpreadAggregator& owner_;
  VectorSpace& space_;
  Contributions& source_;
  std::vector<double> weights_;
};

Vector SpreadAggregator::aggregate(VectorSpace& space, Contributions& contributions) {
  Probe probe(*this, space, contributions);
  Vector out = inner_->aggregate(space, probe);
  spread_ = std::sqrt(std::max(0.0, probe.squares - squared_distance(space, weighted_mean_ ? out : probe.mean)));
  origin_ = Vector();
  return out;
}

double SpreadAggregator::squared_distance(VectorSpace& space, const Vector& x) const {
  if (!origin_) return space.dot(x, x);
  const double distance = space.distance(x, origin_);
  return distance * distance;
}

}  // namespace peloton
