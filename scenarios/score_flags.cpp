#include "scenarios/score_flags.hpp"

#include <fmt/format.h>

#include <array>

#include "analysis/scores/score_spec.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

/// A flag's text as the JSON that a scenario would have.
Json value_of(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(text) : value;
}

/// Refuses a wrong value at its flag instead of at a member that the user did not write.
void check_alone(const std::string& key, const Json& value, const Place& flag) {
  try {
    static_cast<void>(parse_options<ScoreSpec>(Json{{key, value}}, flag));
  } catch (const InputError& e) {
    const std::string text = e.what();
    const std::string inner = fmt::format("{}: ", (flag / key).str());
    throw InputError(flag, text.starts_with(inner) ? text.substr(inner.size()) : text);
  }
}

}  // namespace

po::options_description score_flags() {
  po::options_description flags("scores");
  flags.add_options()("target", po::value<std::string>(), "loss<=0.35: what time, bits, updates and gradients are counted to")(
      "in-a-row", po::value<std::string>(), "K: a target is met at the first of K measurements in a row that hold it (default 1)")(
      "tune", po::value<std::string>(), "PATH: the axis of which each group takes its best level, or none")(
      "rule", po::value<std::string>(), "time | bits | updates | gradients | loss | accuracy: what is best");
  return flags;
}

void apply_score_flags(const Arguments& given, Json& scenario) {
  constexpr std::array kKeys = {std::pair{"target", "target"}, std::pair{"in-a-row", "in_a_row"}, std::pair{"tune", "tune"},
                                std::pair{"rule", "rule"}};
  Json score = scenario.contains("score") && scenario["score"].is_object() ? scenario["score"] : Json::object();
  for (const auto& [flag, key] : kKeys) {
    const auto text = given.text(flag);
    if (!text) continue;
    score[key] = value_of(*text);
    check_alone(key, score[key], {fmt::format("--{}", flag), ""});
  }
  if (!score.empty()) scenario["score"] = std::move(score);
}

}  // namespace peloton
