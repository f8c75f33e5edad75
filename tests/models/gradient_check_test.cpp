#include "models/gradient_check.hpp"

#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

/// Another objective with a defect in its stochastic gradient.
class Wrong final : public Objective {
 public:
  enum class Defect { none, factor, sign_of_one, without_regulariser };
  Wrong(const Objective& right, Defect defect) : right_(right), defect_(defect) {}

  std::string name() const override { return right_.name(); }
  std::size_t dimension() const override { return right_.dimension(); }
  Precision precision() const override { return right_.precision(); }
  double flops_per_sample() const override { return right_.flops_per_sample(); }
  std::size_t rows(Split split) const override { return right_.rows(split); }
  bool classifies() const override { return right_.classifies(); }
  std::unique_ptr<Workspace> workspace() const override { return right_.workspace(); }
  Score score(ConstView x, Split split, std::size_t begin, std::size_t end, const MutableView* sum, Workspace& workspace) const override {
    return right_.score(x, split, begin, end, sum, workspace);
  }
  Score sample_score(ConstView x, const Sample& sample, Workspace& workspace) const override {
    return right_.sample_score(x, sample, workspace);
  }
  double regulariser(ConstView x, const MutableView* gradient) const override { return right_.regulariser(x, gradient); }
  void initial_point(std::uint64_t seed, MutableView out) const override { right_.initial_point(seed, out); }

  void gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace, double* loss) const override {
    right_.gradient(x, sample, out, workspace, loss);
    if (precision() == Precision::float32)
      spoil(x.as<float>(), out.as<float>());
    else
      spoil(x.as<double>(), out.as<double>());
  }

 private:
  template <class T>
  void spoil(std::span<const T> x, std::span<T> g) const {
    if (defect_ == Defect::factor)
      for (T& value : g) value *= T(1.05);
    if (defect_ == Defect::sign_of_one) g[2] = -g[2];
    if (defect_ == Defect::without_regulariser)
      for (std::size_t i = 0; i < g.size(); ++i) g[i] -= T(0.5) * x[i];
  }

  const Objective& right_;
  Defect defect_;
};

}  // namespace

TEST_CASE("the gradient check accepts a right gradient and finds a wrong one", "[models][gradient_check]") {
  // Oracle: a wrapper that spoils the stochastic gradient by 5 %, in the sign of one coordinate, or by leaving out the regulariser.
  const auto data = test::small_data(test::Storage::reals, 60, 6, 3);
  for (const Precision precision : {Precision::float32, Precision::float64}) {
    const auto right = make_objective(SoftmaxOptions{.l2 = 0.5}, data, precision, find_kernels("auto"), {});
    const GradientCheck none = check_gradient(Wrong(*right, Wrong::Defect::none), {});
    INFO(none.worst_error << " at " << none.where);
    CHECK(none.passed());
    CHECK(none.worst_error > 0);
    for (const Wrong::Defect defect : {Wrong::Defect::factor, Wrong::Defect::sign_of_one, Wrong::Defect::without_regulariser}) {
      const GradientCheck check = check_gradient(Wrong(*right, defect), {});
      CHECK(!check.passed());
      CHECK_THAT(check.where, Catch::Matchers::ContainsSubstring("of the stochastic gradient"));
    }
  }
}

TEST_CASE("features far from 1 do not fail the gradient check", "[models][gradient_check]") {
  // Features up to 1e5, as in LIBSVM's `australian`: a step of 1e-5 moves a margin by 1, so shorter steps are needed.
  const auto data = test::hand_data(2, {1e5, 1, -3e4, 2, 7e4, -1, 10, 3}, {0, 1, 1, 0});
  const auto objective = make_objective(LogisticOptions{}, data, Precision::float64, find_kernels("auto"), {});
  const GradientCheck check = check_gradient(*objective, {});
  INFO(check.worst_error << " at " << check.where);
  CHECK(check.passed());
}

TEST_CASE("a loss that is not a number fails the gradient check", "[models][gradient_check]") {
  // Invariant: the error is then no number, and no number is within the tolerance.
  QuadraticOptions options;
  options.eigenvalues = std::vector<double>{1e300, 1e300};
  options.initial = ConstantPoint{1e200};
  const auto objective = make_objective(options, nullptr, Precision::float64, find_kernels("auto"), {});
  CHECK(!check_gradient(*objective, {}).passed());
}

}  // namespace peloton
