#include "models/convex/lbfgs.hpp"

#include <Eigen/Core>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>

namespace peloton {
namespace {

using Map = Eigen::Map<Eigen::VectorXd>;

constexpr std::size_t kPairs = 20;
constexpr int kMostTrials = 60;

// The constants δ and σ of Hager and Zhang; values may grow by rounding alone, where theirs may grow by ε = 1e-6 |f|.
constexpr double kDelta = 0.1;
constexpr double kSigma = 0.9;
constexpr double kRounding = 1e-13;

struct Point {
  std::vector<double> x;
  std::vector<double> gradient;
  double value = 0;

  Map position() { return {x.data(), static_cast<Eigen::Index>(x.size())}; }
  Map slope() { return {gradient.data(), static_cast<Eigen::Index>(gradient.size())}; }
};

struct Pair {
  Eigen::VectorXd s;  ///< difference of two iterates
  Eigen::VectorXd y;  ///< difference of their gradients
  double rho = 0;     ///< 1 / sᵀy
};

/// −H ∇f with the inverse Hessian H that the pairs stand for.
Eigen::VectorXd direction(Point& at, const std::deque<Pair>& pairs) {
  Eigen::VectorXd q = at.slope();
  std::vector<double> alpha(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    alpha[i] = pairs[i].rho * pairs[i].s.dot(q);
    q -= alpha[i] * pairs[i].y;
  }
  if (!pairs.empty()) q /= pairs.back().rho * pairs.back().y.squaredNorm();
  for (std::size_t i = 0; i < pairs.size(); ++i) q += (alpha[i] - pairs[i].rho * pairs[i].y.dot(q)) * pairs[i].s;
  return -q;
}

/// Moves to x + αp; false when no step length is found, and then `to` means nothing.
bool search(const ConvexFunction& f, Point& from, const Eigen::VectorXd& p, double alpha, Point& to) {
  const double slope = from.slope().dot(p);
  const double ceiling = from.value + kRounding * std::abs(from.value);
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  for (int trial = 0; trial < kMostTrials; ++trial) {
    to.position() = from.position() + alpha * p;
    to.value = f(to.x, to.gradient);
    const double here = to.slope().dot(p);
    if (!(to.value <= ceiling) || here > (2 * kDelta - 1) * slope) {
      high = alpha;
    } else if (here < kSigma * slope) {
      low = alpha;
    } else {
      return true;
    }
    alpha = std::isinf(high) ? 2 * low : (low + high) / 2;
  }
  return false;
}

}  // namespace

LbfgsResult minimise_by_lbfgs(const ConvexFunction& f, std::vector<double> start, const LbfgsOptions& options) {
  const std::size_t d = start.size();
  Point at{.x = std::move(start), .gradient = std::vector<double>(d)};
  Point next{.x = std::vector<double>(d), .gradient = std::vector<double>(d)};
  at.value = f(at.x, at.gradient);
  std::deque<Pair> pairs;
  LbfgsResult out;
  for (;; ++out.iterations) {
    out.gradient_norm = at.slope().norm();
    out.converged = out.gradient_norm <= options.gradient_tolerance;
    if (out.converged || out.iterations == options.iterations || !std::isfinite(out.gradient_norm)) break;
    const Eigen::VectorXd p = direction(at, pairs);
    const double first = pairs.empty() ? 1 / std::max(1.0, out.gradient_norm) : 1;
    if (!search(f, at, p, first, next)) break;
    Pair pair{next.position() - at.position(), next.slope() - at.slope(), 0};
    pair.rho = 1 / pair.s.dot(pair.y);
    if (!(std::isfinite(pair.rho) && pair.rho > 0)) break;
    pairs.push_back(std::move(pair));
    if (pairs.size() > kPairs) pairs.pop_front();
    std::swap(at, next);
  }
  out.x = std::move(at.x);
  out.value = at.value;
  return out;
}

}  // namespace peloton
