#include "sim/network/device_speeds.hpp"

#include <fstream>
#include <set>

#include "sim/network/link_conditions.hpp"
#include "sim/topology/topology_spec.hpp"
#include "tests/sim/compute/kolmogorov_smirnov.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/cluster/network/links"};
using Way = DeviceSpeeds::Way;

struct SpeedFile {
  test::TemporaryDirectory folder;

  explicit SpeedFile(const std::string& content) { std::ofstream(folder / "speeds.json") << content; }

  [[nodiscard]] DeviceSpeeds speeds(std::optional<Seconds> every = {}) const {
    return {{.path = "speeds.json", .every = every}, 1, folder.path().string(), kPlace};
  }
  [[nodiscard]] std::string error() const {
    try {
      (void)speeds();
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  }
};

constexpr const char* kSteady = R"({"a": {"down_u": 1000, "down_sigma": 0, "up_u": 250, "up_sigma": 0}})";

}  // namespace

TEST_CASE("kilobytes per second become bits per second, up and down", "[sim][network][device_speeds]") {
  // Hand computation: 250 kB/s = 2 Mbit/s up, 1000 kB/s = 8 Mbit/s down.
  const DeviceSpeeds s = SpeedFile(kSteady).speeds();
  CHECK(s.bandwidth(0, Way::up, {}) == 2e6);
  CHECK(s.bandwidth(7, Way::down, {}) == 8e6);
  CHECK_FALSE(s.varies());
  CHECK(s.next_change({}) == kNever);
}

TEST_CASE("hosts are devices of the file", "[sim][network][device_speeds]") {
  // Three devices that are told apart by their speeds; each of 3000 hosts is one of them with probability 1/3, up and down alike: standard
  // deviation √(3000 · 2/9) = 25.8; the bound of 5.5 of them fails with 1e-7.
  const DeviceSpeeds s = SpeedFile(R"({"a": {"down_u": 1, "down_sigma": 0, "up_u": 10, "up_sigma": 0},
                                       "b": {"down_u": 2, "down_sigma": 0, "up_u": 20, "up_sigma": 0},
                                       "c": {"down_u": 3, "down_sigma": 0, "up_u": 30, "up_sigma": 0}})")
                             .speeds();
  std::map<double, int> seen;
  for (NodeId host = 0; host < 3000; ++host) {
    CHECK(s.bandwidth(host, Way::up, {}) == 10 * s.bandwidth(host, Way::down, {}));
    ++seen[s.bandwidth(host, Way::down, {})];
  }
  for (const double kilobytes : {1.0, 2.0, 3.0}) CHECK(std::abs(seen[8000 * kilobytes] - 1000) < 5.5 * 25.8);
}

TEST_CASE("speeds follow the normal law that is cut at 0", "[sim][network][device_speeds]") {
  // Kolmogorov–Smirnov against (Φ((x − μ)/σ) − Φ(−μ/σ)) / Φ(μ/σ): above 3 with probability 3e-8.
  const DeviceSpeeds s = SpeedFile(R"({"a": {"down_u": 100, "down_sigma": 150, "up_u": 1, "up_sigma": 0}})").speeds();
  std::vector<double> x;
  for (NodeId host = 0; host < 20000; ++host) x.push_back(s.bandwidth(host, Way::down, {}) / 8000);
  const auto phi = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  const double below = phi(-100.0 / 150);
  CHECK(test::kolmogorov_smirnov(x, [&](double v) { return (phi((v - 100) / 150) - below) / (1 - below); }) < 3);
}

TEST_CASE("speeds are drawn anew at the times that are asked for", "[sim][network][device_speeds]") {
  const DeviceSpeeds s = SpeedFile(R"({"a": {"down_u": 100, "down_sigma": 20, "up_u": 100, "up_sigma": 20}})").speeds(Seconds{10});
  CHECK(s.varies());
  CHECK(s.next_change({}) == to_time({10}));
  CHECK(s.next_change(to_time({10})) == to_time({20}));
  std::set<double> seen;
  for (int i = 0; i < 10; ++i) {
    const double start = s.bandwidth(0, Way::up, to_time({10.0 * i}));
    CHECK(s.bandwidth(0, Way::up, to_time({10.0 * i + 9.999})) == start);
    seen.insert(start);
    seen.insert(s.bandwidth(0, Way::down, to_time({10.0 * i})));
  }
  CHECK(seen.size() == 20);
}

TEST_CASE("links of a star get the speeds of their workers", "[sim][network][device_speeds][links]") {
  // Hand computation: 2 Mbit/s up and 8 Mbit/s down at the workers, the topology's 1 Gbit/s at the server, half of it up after 5 s.
  const SpeedFile file(kSteady);
  const auto topology = make_topology(StarTopology{}, 2, true, {});
  const auto specs =
      OptionType<std::vector<LinkSpec>>::parse(Json::parse(R"([{"links": ["w*->switch", "switch->w*"], "devices": {"path": "speeds.json"}},
                      {"links": ["w1->switch"], "changes": [{"at": 5, "bandwidth": "1 Mbps"}]}])"),
                                               kPlace);
  const LinkConditions c(specs, *topology, {.seed = 1, .data_folder = file.folder.path().string(), .place = kPlace});
  std::vector<Resource> route;
  topology->route(1, 2, route);  // w1 → server
  CHECK(c.bandwidth(route[0], {}) == 2e6);
  CHECK(c.bandwidth(route[0], to_time({5})) == 1e6);
  CHECK(c.bandwidth(route[1], {}) == 1e9);
  topology->route(2, 0, route);
  CHECK(c.bandwidth(route[1], {}) == 8e6);
  CHECK_FALSE(c.varies(route[1]));
}

TEST_CASE("files of speeds are checked", "[sim][network][device_speeds]") {
  CHECK(SpeedFile(R"({"a": {"down_u": 1, "down_sigma": 0, "up_u": 1}})").error() == "speeds.json: /a: needs the key \"up_sigma\"");
  CHECK(SpeedFile(R"({"a": {"down_u": 0, "down_sigma": 0, "up_u": 1, "up_sigma": 1}})").error() ==
        "speeds.json: /a/down_u: must be a number > 0 (kB/s), got 0");
  CHECK(SpeedFile(R"({"a": {"down_u": 1, "down_sigma": -1, "up_u": 1, "up_sigma": 1}})").error() ==
        "speeds.json: /a/down_sigma: must be a number ≥ 0 (kB/s), got -1");
  CHECK(SpeedFile(R"({"a": 1})").error() == "speeds.json: /a: needs the key \"up_u\"");
  CHECK_THAT(SpeedFile("x").error(), Catch::Matchers::StartsWith("speeds.json: is not JSON: "));
}

TEST_CASE("a link has a trace or devices", "[sim][network][device_speeds]") {
  const char* both = R"([{"links": ["*"], "devices": {"path": "a"}, "trace": {"path": "b"}}])";
  try {
    (void)OptionType<std::vector<LinkSpec>>::parse(Json::parse(both), kPlace);
    FAIL("accepted");
  } catch (const InputError& e) {
    CHECK(std::string(e.what()) == "x.json: /cluster/network/links/0: takes \"trace\" or \"devices\", got both");
  }
}
