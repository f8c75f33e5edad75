#include "analysis/store/trial_store.hpp"

#include <limits>

#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const Json kIdentity = {{"scenario", {{"seed", 1}}}, {"bisect", "algorithm.learning_rate"}};

}  // namespace

TEST_CASE("trials are found again by their exact value", "[analysis][store][trials]") {
  const TemporaryDirectory folder;
  const double value = 0.1 + 0.2;
  {
    TrialStore store(folder.path(), kIdentity);
    CHECK_FALSE(store.find(3, 1, value).has_value());
    store.commit({.combination = 3, .repeat = 1, .value = value, .status = "finished", .first_loss = 1, .last_loss = 0.5, .stable = true});
    store.commit({.combination = 3,
                  .repeat = 0,
                  .value = value,
                  .status = "diverged",
                  .first_loss = 1,
                  .last_loss = std::numeric_limits<double>::quiet_NaN(),
                  .stable = false});
  }
  CHECK(holds_trials(folder.path()));
  const TrialStore again(folder.path(), kIdentity);
  CHECK(again.count() == 2);
  CHECK(again.find(3, 1, value) == true);
  CHECK(again.find(3, 0, value) == false);
  CHECK_FALSE(again.find(3, 1, 0.3).has_value());
}

TEST_CASE("another search's trials are refused with the difference, and one process writes at a time", "[analysis][store][trials]") {
  const TemporaryDirectory folder;
  Json other = kIdentity;
  other["scenario"]["seed"] = 2;
  {
    const TrialStore store(folder.path(), kIdentity);
    CHECK_THROWS_AS(TrialStore(folder.path(), kIdentity), InputError);
  }
  CHECK_THROWS_WITH(TrialStore(folder.path(), other), Catch::Matchers::ContainsSubstring("holds another search") &&
                                                          Catch::Matchers::ContainsSubstring("scenario.seed: 1 → 2"));
}
