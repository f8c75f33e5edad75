#include "models/objectives/kinked_quadratic.hpp"

#include "models/gradient_check.hpp"
#include "models/kernels/kernels.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;

std::unique_ptr<Objective> make(const char* text, Precision precision = Precision::float64) {
  return make_kinked_quadratic(parse_options<KinkedQuadraticOptions>(Json::parse(text), {"a.json", "/task/model"}), precision,
                               find_kernels("auto"));
}

}  // namespace

TEST_CASE("a kinked quadratic, by hand", "[models][objectives][kinked_quadratic]") {
  // Spiridonoff et al.: f = x² for x ≥ 0 and x²/2 below. At (3, −2, 0): f = 9 + 2, ∇f = (6, −2, 0).
  for (const Precision precision : {Precision::float32, Precision::float64}) {
    const auto objective = make(R"({"dimension": 3})", precision);
    Probe probe(*objective);
    const std::vector<double> x{3, -2, 0};
    double loss = 0;
    CHECK(probe.gradient(x, Sample{}, &loss) == std::vector<double>{6, -2, 0});
    CHECK(loss == 11);
    CHECK(probe.score(x, Split::train, 0, 1).loss == 11);
    CHECK(probe.score_gradient(x, Split::train, 0, 1) == std::vector<double>{6, -2, 0});
    CHECK(objective->optimal_value() == 0.0);
    CHECK(objective->optimal_point() == std::vector<double>{0, 0, 0});
    CHECK(objective->worker_functions() == 0);
    CHECK(probe.start(1) == std::vector<double>{1, 1, 1});
  }
  CHECK(Probe(*make(R"({"right": 5, "left": 7, "initial": -2})")).score({-2}, Split::train, 0, 1).loss == 14);
  CHECK(Probe(*make(R"({"right": 5, "left": 7})")).score({2}, Split::train, 0, 1).loss == 10);
}

TEST_CASE("the value of a kinked quadratic matches its gradient", "[models][objectives][kinked_quadratic]") {
  // Oracle: central differences of the noiseless function, on both sides of the kink.
  for (const char* text : {R"({"dimension": 9, "noise": 8, "initial": "gaussian"})", R"({"dimension": 9, "initial": -1, "left": 3})"}) {
    for (const Precision precision : {Precision::float32, Precision::float64}) {
      const GradientCheck check = check_gradient(*make(text, precision), {});
      INFO(text << ": " << check.worst_error << " at " << check.where);
      CHECK(check.passed());
    }
  }
}

TEST_CASE("wrong kinked quadratics are refused with their place", "[models][objectives][kinked_quadratic]") {
  // Invariant.
  CHECK_THROWS_WITH(make(R"({"left": 0})"), "a.json: /task/model/left: must be > 0, got 0");
  CHECK_THROWS_WITH(make(R"({"dimension": 3, "initial": {"kind": "list", "values": [1, 2]}})"),
                    "a.json: /task/model/initial: must have a number for each of the 3 dimensions, got 2");
}

}  // namespace peloton
