#include "sim/base/data_folder.hpp"

#include <cstdlib>
#include <optional>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

/// Works in another folder, with another PELOTON_DATA, until the end of the scope.
class Surroundings {
 public:
  Surroundings(const fs::path& folder, const char* variable) : folder_(fs::current_path()) {
    if (const char* value = std::getenv("PELOTON_DATA")) variable_ = value;
    fs::current_path(folder);
    set(variable);
  }
  ~Surroundings() {
    set(variable_ ? variable_->c_str() : nullptr);
    fs::current_path(folder_);
  }
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

 private:
  static void set(const char* value) {
    if (value == nullptr)
      unsetenv("PELOTON_DATA");
    else
      setenv("PELOTON_DATA", value, 1);
  }
  fs::path folder_;
  std::optional<std::string> variable_;
};

}  // namespace

TEST_CASE("the data folder: flag, variable, ../shared/data, data, in this order", "[sim][base][data_folder]") {
  // Oracle: the order that SCENARIO.md states. Every step removes the source that won before.
  const TemporaryDirectory root;
  fs::create_directories(root / "work");
  fs::create_directories(root / "shared" / "data");
  fs::create_directories(root / "mine");
  {
    const Surroundings here(root / "work", "/somewhere/else");
    CHECK(find_data_folder((root / "mine").string()) == (root / "mine").string());
    CHECK(find_data_folder(std::nullopt) == "/somewhere/else");
  }
  {
    const Surroundings here(root / "work", nullptr);
    CHECK(find_data_folder(std::nullopt) == "../shared/data");
    fs::remove(root / "shared" / "data");
    CHECK(find_data_folder(std::nullopt) == "data");
  }
  const Surroundings here(root / "work", "");  // an empty variable counts as none
  CHECK(find_data_folder(std::nullopt) == "data");
}

TEST_CASE("a data folder that the flag names must exist", "[sim][base][data_folder]") {
  const TemporaryDirectory root;
  CHECK(input_error([&] { (void)find_data_folder((root / "no").string()); }) ==
        "--data: must be a folder, got \"" + (root / "no").string() + "\"");
  CHECK_THAT(input_error([&] { (void)find_data_folder(""); }), ContainsSubstring("must be a folder"));
}

TEST_CASE("a data file is looked up in the folder, an absolute path stands for itself", "[sim][base][data_folder]") {
  const TemporaryDirectory root;
  write_file(root / "set.txt", "1 1:1\n");
  const DataFile relative = find_data_file(root.path().string(), "set.txt", {});
  CHECK(relative.name == "set.txt");
  CHECK(relative.path == (root / "set.txt").string());
  CHECK(find_data_file("/nowhere", (root / "set.txt").string(), {}).path == (root / "set.txt").string());
}

TEST_CASE("a missing data file: the path tried, the folders searched, the nearest name", "[sim][base][data_folder]") {
  const TemporaryDirectory root;
  fs::create_directories(root / "mnist");
  write_file(root / "mnist" / "labels.gz", "");
  write_file(root / "mnist" / "pixels.gz", "");
  const DataContext context{root.path().string(), 1, Place{"mine.json", "/task/data"}};
  CHECK(input_error([&] { (void)context.file("labels", "mnist/labels"); }) ==
        "mine.json: /task/data/labels: no file \"" + (root / "mnist" / "labels").string() +
            "\" (did you mean \"mnist/labels.gz\"?); paths are relative to the data folder: --data, else PELOTON_DATA, else "
            "../shared/data, else data");
  CHECK_THAT(input_error([&] { (void)context.file("labels", "nowhere/labels"); }),
             ContainsSubstring("/nowhere/labels\"; paths are relative"));
  CHECK(input_error([&] { (void)context.file("labels", ""); }) == "mine.json: /task/data/labels: must be the path of a file, got \"\"");
}
