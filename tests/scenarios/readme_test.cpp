#include <filesystem>

#include "tests/scenarios/readme.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Whether a scenario reads files of data.
bool reads_data(const std::string& scenario) {
  const std::string text = read_file(scenario);
  for (const char* part : {"mnist/", "libsvm/", "\"topology/", "\"traces/"})
    if (text.find(part) != std::string::npos) return true;
  return false;
}

/// Whether the scenario that a command names does.
bool command_reads_data(const std::string& command) {
  const std::size_t begin = command.find("scenarios/");
  if (begin == std::string::npos) return false;
  return reads_data(std::string(PELOTON_SOURCE_DIR) + "/" + command.substr(begin, command.find(' ', begin) - begin));
}

}  // namespace

TEST_CASE("every command of the README works", "[scenarios][readme]") {
  // The start script itself, which builds first, is what brought this test here; `./peloton test` and `bench` would run in circles.
  const TemporaryDirectory folder;
  std::filesystem::create_directory_symlink(std::string(PELOTON_SOURCE_DIR) + "/scenarios", folder.path() / "scenarios");
  const std::string probe = data_path("mnist/train-images-idx3-ubyte.gz");
  const bool data = std::filesystem::exists(probe);
  const std::string data_folder = std::filesystem::absolute(probe).parent_path().parent_path().string();
  std::size_t run = 0;
  for (const std::string& command : readme_commands()) {
    INFO(command);
    REQUIRE(command.starts_with("./peloton "));
    if (command.starts_with("./peloton test") || command.starts_with("./peloton bench")) continue;
    if (command.find("sign_momentum") != std::string::npos) continue;  // new_algorithm_test.cpp follows these steps
    if (!data && command_reads_data(command)) continue;
    const Outcome outcome = shell(folder, "PELOTON_DATA='" + data_folder + "' " + "\"$PELOTON\"" + command.substr(9));
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK_FALSE(outcome.out.empty());
    ++run;
  }
  CHECK(run >= 8);
}

TEST_CASE("the README's scenario is valid", "[scenarios][readme]") {
  const TemporaryDirectory folder;
  const auto blocks = readme_blocks("json");
  REQUIRE_FALSE(blocks.empty());
  for (const std::vector<std::string>& block : blocks) {
    std::string scenario;
    for (const std::string& line : block) scenario += line + "\n";
    write_file((folder.path() / "s.json").string(), scenario);
    const Outcome outcome = shell(folder, "peloton run s.json --set stop.time='\"2 s\"'");
    INFO(outcome.err);
    CHECK(outcome.code == 0);
  }
}

TEST_CASE("every scenario in the repository is valid", "[scenarios][readme]") {
  const TemporaryDirectory folder;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(PELOTON_SOURCE_DIR) + "/scenarios")) {
    if (entry.path().extension() != ".json") continue;
    const std::string probe = data_path("mnist/train-images-idx3-ubyte.gz");
    if (reads_data(entry.path().string()) && !std::filesystem::exists(probe)) continue;
    const std::string data_folder = std::filesystem::absolute(probe).parent_path().parent_path().string();
    const Outcome outcome = shell(folder, "PELOTON_DATA='" + data_folder + "' \"$PELOTON\" validate '" + entry.path().string() + "'");
    INFO(entry.path().string() << "\n" << outcome.err);
    CHECK(outcome.code == 0);
  }
}
