#include "sim/compute/devices.hpp"

#include <fstream>
#include <map>

#include "sim/compute/laws.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/compute"};

/// A file of scores in a folder of its own, and laws that use it.
struct ScoreFile {
  test::TemporaryDirectory folder;

  explicit ScoreFile(const std::string& content) { std::ofstream(folder / "scores.json") << content; }

  [[nodiscard]] ComputeLaw law(const std::string& keys, std::size_t workers = 1000) const {
    auto out = OptionType<ComputeLaw>::parse(Json::parse(R"({"distribution": "devices", "path": "scores.json", )" + keys + "}"), kPlace);
    prepare(out, {.workers = workers, .seed = 1, .data_folder = folder.path().string()}, kPlace);
    return out;
  }
  [[nodiscard]] std::string error(const std::string& keys) const {
    try {
      (void)law(keys);
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  }
};

constexpr const char* kThree = R"({"Pixel": 100, "Mate": 400, "Redmi": 25})";
constexpr const char* kPixel = R"("reference": "Pixel", "time": "100 ms")";

}  // namespace

TEST_CASE("a device takes the reference's time over its relative score", "[sim][compute][devices]") {
  // Hand computation: the Pixel takes 100 ms, the Mate with four times its score 25 ms, the Redmi with a quarter 400 ms. A device is drawn
  // by each of 1000 workers with probability 1/3: standard deviation √(1000 · 2/9) = 14.9; the bound of 5.5 of them fails with 1e-7.
  const ComputeLaw l = ScoreFile(kThree).law(kPixel);
  std::map<double, int> seen;
  for (NodeId w = 0; w < 1000; ++w) {
    const double time = sample(l, {.seed = 1, .worker = w, .number = 0});
    CHECK(sample(l, {.seed = 1, .worker = w, .number = 9}) == time);
    CHECK(expectation(l, w) == time);
    ++seen[time];
  }
  CHECK(seen.size() == 3);
  for (const double time : {0.025, 0.1, 0.4}) CHECK(std::abs(seen[time] - 1000.0 / 3) < 5.5 * 14.9);
}

TEST_CASE("devices are drawn from the models that are named", "[sim][compute][devices]") {
  const ComputeLaw l = ScoreFile(kThree).law(std::string(kPixel) + R"(, "models": ["Mate"])", 20);
  for (NodeId w = 0; w < 20; ++w) CHECK(sample(l, {.seed = 1, .worker = w}) == 0.025);
}

TEST_CASE("a device keeps its factor under a random time", "[sim][compute][devices]") {
  // Invariant: the same random numbers, four times faster.
  const ScoreFile file(kThree);
  const std::string random = R"("reference": "Pixel", "time": "exponential:100ms", "models": )";
  const ComputeLaw pixel = file.law(random + "[\"Pixel\"]", 1);
  const ComputeLaw mate = file.law(random + "[\"Mate\"]", 1);
  for (std::uint64_t call = 0; call < 5; ++call)
    CHECK(sample(pixel, {.number = call}) == Approx(4 * sample(mate, {.number = call})).epsilon(1e-14));
}

TEST_CASE("FLASH's phones take the times that their scores say", "[sim][compute][devices][data]") {
  // Read off the file: Huawei Mate 30 Pro 5G 76206, Google Pixel 4 33289 points, 100 ms: 43.68 ms; 307 devices in all.
  SKIP_WITHOUT("traces/flash-mobile/benchmark2score.json");
  const auto times = [](const std::string& keys, std::size_t workers) {
    auto l = OptionType<ComputeLaw>::parse(
        Json::parse(R"({"distribution": "devices", "path": "traces/flash-mobile/benchmark2score.json", "reference": "Google Pixel 4", )"
                    R"("time": "100 ms")" +
                    keys + "}"),
        kPlace);
    prepare(l, {.workers = workers, .seed = 1, .data_folder = test::data_path("").string()}, kPlace);
    std::vector<double> out;
    for (NodeId w = 0; w < workers; ++w) out.push_back(sample(l, {.worker = w}));
    return out;
  };
  CHECK(times(R"(, "models": ["Huawei Mate 30 Pro 5G"])", 1)[0] == Approx(0.1 * 33289 / 76206).epsilon(1e-14));
  // The fastest of the file has 76206 points, the slowest 212: nobody takes less than 43.68 ms or more than 15.7 s.
  for (const double time : times("", 2000)) CHECK((time > 0.04368 && time < 15.71));
}

TEST_CASE("files of scores and names of devices are checked", "[sim][compute][devices]") {
  const ScoreFile file(kThree);
  CHECK(file.error(R"("reference": "Pixle", "time": 1)") ==
        "x.json: /compute/reference: must be one of the 3 devices of scores.json, got \"Pixle\" (did you mean \"Pixel\"?)");
  CHECK(file.error(std::string(kPixel) + R"(, "models": ["Mate", "Redmy"])") ==
        "x.json: /compute/models/1: must be one of the 3 devices of scores.json, got \"Redmy\" (did you mean \"Redmi\"?)");
  CHECK(file.error(std::string(kPixel) + R"(, "models": [])") == "x.json: /compute/models: must name at least one device, got none");
  CHECK(file.error(R"("reference": "Pixel", "time": 0)") == "x.json: /compute/time: must be > 0, got 0");
  CHECK(ScoreFile(R"({"Pixel": 0})").error(kPixel) == "scores.json: /Pixel: must be a score > 0, got 0");
  CHECK(ScoreFile(R"({"Pixel": "fast"})").error(kPixel) == "scores.json: /Pixel: must be a score > 0, got \"fast\"");
  CHECK(ScoreFile("[]").error(kPixel) == "scores.json: must be a JSON object with a member for each device");
  CHECK_THAT(ScoreFile("{").error(kPixel), Catch::Matchers::StartsWith("scores.json: is not JSON: "));
  CHECK_THAT(file.error(R"("reference": "Pixel", "time": 1, "path": "none.json")"), Catch::Matchers::ContainsSubstring("none.json"));
}
