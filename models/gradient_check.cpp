#include "models/gradient_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <limits>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

using Numbers = std::vector<double>;

/// How many step lengths are tried, each a quarter of the one before.
constexpr int kSteps = 7;

double norm(const Numbers& x) {
  double square = 0;
  for (const double value : x) square += value * value;
  return std::sqrt(square);
}

/// The mean over some rows of an objective of precision T, at points and with gradients in float64.
template <class T>
class Checked {
 public:
  Checked(const Objective& objective, std::vector<std::uint32_t> rows)
      : objective_(objective),
        rows_(std::move(rows)),
        workspace_(objective.workspace()),
        point_(objective.dimension()),
        gradient_(objective.dimension()) {}

  [[nodiscard]] bool has_data() const { return !rows_.empty(); }

  /// x as the objective sees it.
  [[nodiscard]] static Numbers rounded(Numbers x) {
    for (double& value : x) value = static_cast<double>(static_cast<T>(value));
    return x;
  }

  double loss(const Numbers& x) { return visit(x, nullptr); }

  Numbers score_gradient(const Numbers& x) {
    Numbers out(x.size());
    visit(x, &out);
    return out;
  }

  Numbers stochastic_gradient(const Numbers& x) {
    Sample sample;
    sample.rows = rows_;
    objective_.gradient(view(x), sample, gradient_view(), *workspace_);
    return {gradient_.begin(), gradient_.end()};
  }

 private:
  ConstView view(const Numbers& x) {
    std::transform(x.begin(), x.end(), point_.begin(), [](double v) { return static_cast<T>(v); });
    return {objective_.precision(), point_.data(), point_.size()};
  }
  MutableView gradient_view() { return {objective_.precision(), gradient_.data(), gradient_.size()}; }

  /// f(x); its gradient is added to `gradient` when given. Row by row, since rows may repeat and come in any order.
  double visit(const Numbers& x, Numbers* gradient) {
    const ConstView at = view(x);
    const MutableView to = gradient_view();
    const MutableView* wanted = gradient != nullptr ? &to : nullptr;
    const auto add = [&](double factor) {
      if (gradient == nullptr) return;
      for (std::size_t i = 0; i < gradient_.size(); ++i) (*gradient)[i] += factor * static_cast<double>(gradient_[i]);
      std::ranges::fill(gradient_, T{0});
    };
    std::ranges::fill(gradient_, T{0});
    if (!has_data()) {
      const double loss = objective_.score(at, Split::train, 0, 1, wanted, *workspace_).loss;
      add(1);
      return loss;
    }
    double sum = 0;
    for (const std::uint32_t row : rows_) sum += objective_.score(at, Split::train, row, row + 1UL, wanted, *workspace_).loss;
    const double share = 1 / static_cast<double>(rows_.size());
    add(share);
    const double regulariser = objective_.regulariser(at, wanted);
    add(1);
    return sum * share + regulariser;
  }

  const Objective& objective_;
  std::vector<std::uint32_t> rows_;
  std::unique_ptr<Workspace> workspace_;
  std::vector<T> point_;
  std::vector<T> gradient_;
};

/// A direction of length 1 and its name.
struct Direction {
  Numbers u;
  std::string name;
};

Direction direction(std::size_t number, const Numbers& gradient, RandomStream& random) {
  const std::size_t d = gradient.size();
  const double length = norm(gradient);
  if (number == 0 && length > 0 && std::isfinite(length)) {
    Numbers u = gradient;
    for (double& value : u) value /= length;
    return {std::move(u), "along the gradient"};
  }
  if (number % 2 == 1) {
    const std::uint32_t coordinate = random.below(static_cast<std::uint32_t>(d));
    Numbers u(d, 0.0);
    u[coordinate] = 1;
    return {std::move(u), fmt::format("coordinate {}", coordinate)};
  }
  boost::random::normal_distribution<double> normal;
  Numbers u(d);
  for (double& value : u) value = normal(random);
  const double size = norm(u);
  for (double& value : u) value /= size;
  return {std::move(u), "a random direction"};
}

/// |f(x + h u) − f(x − h u) − ⟨g, step⟩|, relative.
template <class T>
double error_along(Checked<T>& checked, const Numbers& x, const Numbers& u, const Numbers& gradient, double h) {
  Numbers ahead = x;
  Numbers behind = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    ahead[i] += h * u[i];
    behind[i] -= h * u[i];
  }
  ahead = Checked<T>::rounded(std::move(ahead));
  behind = Checked<T>::rounded(std::move(behind));
  const double measured = checked.loss(ahead) - checked.loss(behind);
  double claimed = 0;
  double square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double step = ahead[i] - behind[i];
    claimed += gradient[i] * step;
    square += step * step;
  }
  const double typical = norm(gradient) * std::sqrt(square / static_cast<double>(x.size()));
  const double scale = std::max({std::abs(measured), std::abs(claimed), typical});
  return scale == 0 ? 0.0 : std::abs(measured - claimed) / scale;
}

/// The error with the longest step that agrees within the tolerance, or the smallest of all; NaN when no loss was a number.
template <class T>
double smallest_error_along(Checked<T>& checked, const Numbers& x, const Numbers& u, const Numbers& gradient, double tolerance) {
  double h = sizeof(T) == sizeof(float) ? 1e-2 : 1e-5;
  double smallest = std::numeric_limits<double>::quiet_NaN();
  for (int i = 0; i < kSteps && !(smallest <= tolerance); ++i, h /= 4)
    smallest = std::fmin(smallest, error_along(checked, x, u, gradient, h));
  return smallest;
}

template <class T>
GradientCheck check(const Objective& objective, const GradientCheckOptions& options) {
  GradientCheck out;
  out.tolerance = sizeof(T) == sizeof(float) ? 2e-2 : 1e-5;

  RandomStream random(options.seed, Purpose::test, 0, 0);
  std::vector<std::uint32_t> rows(std::min(options.rows, objective.rows(Split::train)));
  for (std::uint32_t& row : rows) row = random.below(static_cast<std::uint32_t>(objective.rows(Split::train)));
  Checked<T> checked(objective, std::move(rows));

  std::vector<T> start(objective.dimension());
  objective.initial_point(options.seed, {objective.precision(), start.data(), start.size()});
  boost::random::normal_distribution<double> normal;
  const auto compare = [&](std::size_t point, const Numbers& x, const Numbers& gradient, std::string_view of) {
    for (std::size_t i = 0; i < options.directions; ++i) {
      const Direction along = direction(i, gradient, random);
      const double error = smallest_error_along(checked, x, along.u, gradient, out.tolerance);
      if (std::isnan(out.worst_error) || error <= out.worst_error) continue;
      out.where = fmt::format("point {}, {} of the {}", point, along.name, of);
      out.worst_error = error;
    }
  };
  for (std::size_t point = 0; point < options.points; ++point) {
    Numbers x(start.begin(), start.end());
    const double spread = 0.3 / std::sqrt(static_cast<double>(x.size())) * std::max(1.0, norm(x));
    for (double& value : x) value += spread * normal(random);
    x = Checked<T>::rounded(std::move(x));
    compare(point, x, checked.score_gradient(x), "gradient of the whole function");
    if (checked.has_data()) compare(point, x, checked.stochastic_gradient(x), "stochastic gradient");
  }
  return out;
}

}  // namespace

GradientCheck check_gradient(const Objective& objective, const GradientCheckOptions& options) {
  return objective.precision() == Precision::float32 ? check<float>(objective, options) : check<double>(objective, options);
}

}  // namespace peloton
