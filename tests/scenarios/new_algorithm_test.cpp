/// `./peloton new algorithm`, in copies of the part of the source tree that it reads and writes. What it makes is compiled with the
/// commands of this very build and linked with its libraries, only with another registry.

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <sstream>

#include "algorithms/registry.hpp"
#include "tests/scenarios/readme.hpp"

namespace fs = std::filesystem;
using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kMark = std::string("FILL") + " IN";
const fs::path kBuild = fs::path(PELOTON_BINARY).parent_path();

/// The start script and the files of the algorithms.
void copy_sources(const TemporaryDirectory& tree) {
  const fs::path from(PELOTON_SOURCE_DIR);
  fs::copy(from / "algorithms", tree / "algorithms");  // without the folders in it
  for (const char* file : {"peloton", ".clang-format"}) fs::copy(from / file, tree / file);
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

/// Every file of a tree but the captured output, with its content.
std::string contents(const TemporaryDirectory& tree) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(tree.path()))
    if (entry.is_regular_file() && entry.path().filename().string().front() != '.')
      files[entry.path().string()] = read_file(entry.path().string());
  std::string out;
  for (const auto& [name, text] : files) out += name + "\n" + text;
  return out;
}

/// The command lines with which this build makes its tests and its program, run in its folder.
class BuildCommands {
 public:
  explicit BuildCommands(const TemporaryDirectory& tree) : tree_(tree) {
    std::istringstream in(shell(tree, "ninja -C '" + kBuild.string() + "' -t commands tests_scenarios").out);
    for (std::string line; std::getline(in, line);) lines_.push_back(line);
  }

  /// Compiles a file of the tree into NAME.o with the flags of `model`, a file of the repository, but without optimisation, which takes
  /// half of the time. A precompiled header was made with it and is left out. The tree's headers come first.
  [[nodiscard]] std::string compile(const std::string& file, const std::string& name, const std::string& model) const {
    std::istringstream in(command(" -c " + std::string(PELOTON_SOURCE_DIR) + "/" + model));
    std::string line;
    for (std::string word; in >> word;) {
      std::string next;
      if (word == "-Winvalid-pch" || word == "-MD") continue;
      if (word == "-include" || word == "-MT" || word == "-MF") {
        in >> next;
      } else if (word == "-o" || word == "-c") {
        in >> next;
        line += word == "-o" ? "-o " + path(name + ".o") + " -O0 " : "-c " + path(file) + " ";
      } else {
        if (word == std::string("-I") + PELOTON_SOURCE_DIR) line += "-I" + tree_.path().string() + " ";
        line += word + " ";
      }
    }
    return in_build(line);
  }

  /// Links `objects` in front of the libraries that `program` has, in place of its own files for tests, as NAME.
  [[nodiscard]] std::string link(const std::string& program, const std::vector<std::string>& objects, const std::string& name) const {
    std::istringstream in(command(" -o " + program + " "));
    std::string line;
    for (std::string word; in >> word;) {
      if (word.find("tests_scenarios.dir/") != std::string::npos) continue;
      if (word == "-o")
        for (const std::string& object : objects) line += path(object + ".o") + " ";
      line += (word == program ? path(name) : word) + " ";
    }
    return in_build(line);
  }

 private:
  [[nodiscard]] std::string path(const std::string& name) const { return (tree_ / name).string(); }
  [[nodiscard]] static std::string in_build(const std::string& line) { return "( cd '" + kBuild.string() + "' && " + line + " )"; }
  [[nodiscard]] std::string command(const std::string& part) const {
    for (const std::string& line : lines_)
      if ((line + " ").find(part) != std::string::npos) return line;
    FAIL("no command of the build has " << part);
    return {};
  }

  const TemporaryDirectory& tree_;
  std::vector<std::string> lines_;
};

/// Runs the commands two at a time; what went wrong, or nothing.
std::string run_all(const TemporaryDirectory& tree, const std::vector<std::string>& commands) {
  std::string list;
  for (const std::string& command : commands) list += command + "\n";
  write_file((tree / "commands.txt").string(), list);
  const Outcome outcome = shell(tree, "CCACHE_DISABLE=1 xargs -a commands.txt -d '\\n' -n 1 -P 2 sh -c");
  return outcome.code == 0 ? "" : outcome.out + outcome.err;
}

/// The names of the algorithms that learn.
std::vector<std::string> methods() {
  std::vector<std::string> out;
  for (const AlgorithmEntry& e : algorithm_registry())
    if (e.info.needs_task) out.emplace_back(e.info.name);
  return out;
}

}  // namespace

TEST_CASE("the README's five steps add an algorithm", "[scenarios][readme][new_algorithm]") {
  // Oracle: the README. Its commands are run, its files put in place of the skeleton's; the file pair and the registry are all of the
  // source that is compiled, so nothing of sim/ or models/ can have changed.
  SKIP_IF(!fs::exists(kBuild / "build.ninja"), "needs a build by Ninja");
  const TemporaryDirectory tree;
  copy_sources(tree);
  std::vector<std::string> commands;
  for (const std::string& command : readme_commands())
    if (command.find("sign_momentum") != std::string::npos) commands.push_back(command);
  REQUIRE(commands.size() == 3);  // create, run the scenario, run the tests

  const Outcome created = shell(tree, commands[0]);
  INFO(created.err);
  REQUIRE(created.code == 0);
  const std::map<std::string, std::string> files = readme_files();
  CHECK(files.size() == 3);
  for (const auto& [path, text] : files) {
    INFO(path);
    REQUIRE(fs::exists(tree / path));
    CHECK_THAT(read_file((tree / path).string()), ContainsSubstring(path.ends_with(".cpp") && path[0] == 'a' ? "SignMomentum" : kMark));
    CHECK(count(text, kMark) == 0);
    write_file((tree / path).string(), text);
  }

  const BuildCommands build(tree);
  const std::string test = "tests/algorithms/sign_momentum_test.cpp";
  REQUIRE(run_all(tree, {build.compile(test, "test", "tests/scenarios/new_algorithm_test.cpp"),
                         build.compile("algorithms/registry.cpp", "registry", "algorithms/registry.cpp"),
                         build.compile("algorithms/sign_momentum.cpp", "method", "algorithms/registry.cpp")}) == "");
  REQUIRE(run_all(tree, {build.link("tests_scenarios", {"test", "registry", "method"}, "tests.new"),
                         build.link("peloton", {"registry", "method"}, "peloton.new")}) == "");

  const std::string start = "./peloton ";
  REQUIRE(commands[1].starts_with(start + "run "));
  const Outcome run = shell(tree, "./peloton.new " + commands[1].substr(start.size()));
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK_THAT(run.out, ContainsSubstring("sign_momentum (sign_momentum): finished"));
  REQUIRE(commands[2].starts_with(start + "test "));
  const Outcome tests = shell(tree, "./tests.new " + commands[2].substr(start.size() + 5));
  INFO(tests.out);
  CHECK(tests.code == 0);
  CHECK_THAT(tests.out, ContainsSubstring(fmt::format("{} passed, 0 failed", count(files.at(test), "TEST_CASE("))));
}

TEST_CASE("a skeleton can be made from every method that learns, with its claims taken out", "[scenarios][new_algorithm]") {
  // Oracle: invariants of the text.
  const TemporaryDirectory tree;
  copy_sources(tree);
  for (const std::string& method : methods()) {
    INFO(method);
    const std::string name = "toy_" + method;
    const Outcome outcome = shell(tree, "./peloton new algorithm " + name + " --like=" + method);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const std::string header = read_file((tree / ("algorithms/" + name + ".hpp")).string());
    const std::string source = std::string(find_algorithm(method, {}).info.source);
    CHECK(count(header, "/// " + kMark) == 2);
    CHECK(count(header, "\"" + kMark) == 2);
    CHECK(count(header, ".name = \"" + name + "\",") == 1);
    CHECK(count(header, source) == 0);
    CHECK(count(header, "enum class") == 0);
    CHECK(fs::exists(tree / ("algorithms/" + method + ".cpp")) == fs::exists(tree / ("algorithms/" + name + ".cpp")));
    CHECK(count(read_file((tree / ("tests/algorithms/" + name + "_test.cpp")).string()), "FAIL(\"" + kMark) == 3);
    const std::string registry = read_file((tree / "algorithms/registry.cpp").string());
    CHECK(count(registry, "#include \"algorithms/" + name + ".hpp\"\n") == 1);
  }
  const std::string registry = read_file((tree / "algorithms/registry.cpp").string());
  CHECK(count(registry, "    entry<") == algorithm_registry().size() + methods().size());
  CHECK_THAT(registry, ContainsSubstring("    entry<AsyncSgd>(),\n    entry<ToyAsyncSgd>(),\n"));
  CHECK_THAT(registry, ContainsSubstring("#include \"algorithms/sync_sgd.hpp\"\n#include \"algorithms/toy_"));
}

TEST_CASE("a skeleton of every method compiles, runs its scenario and fails its tests", "[long][scenarios][new_algorithm]") {
  SKIP_IF(!fs::exists(kBuild / "build.ninja"), "needs a build by Ninja");
  const TemporaryDirectory tree;
  copy_sources(tree);
  const BuildCommands build(tree);
  std::vector<std::string> compile;
  std::vector<std::string> objects;
  for (const std::string& method : methods()) {
    const std::string name = "toy_" + method;
    REQUIRE(shell(tree, "./peloton new algorithm " + name + " --like " + method).code == 0);
    for (const std::string& part : {name, name + "_faults"}) {
      if (!fs::exists(tree / ("algorithms/" + part + ".cpp"))) continue;
      compile.push_back(build.compile("algorithms/" + part + ".cpp", part, "algorithms/registry.cpp"));
      objects.push_back(part);
    }
  }
  objects.emplace_back("registry");
  compile.push_back(build.compile("algorithms/registry.cpp", "registry", "algorithms/registry.cpp"));
  compile.push_back(build.compile("tests/algorithms/toy_async_sgd_test.cpp", "toy_test", "tests/scenarios/new_algorithm_test.cpp"));
  REQUIRE(run_all(tree, compile) == "");
  const std::string program = build.link("peloton", objects, "peloton.new");
  objects.emplace_back("toy_test");
  REQUIRE(run_all(tree, {program, build.link("tests_scenarios", objects, "tests.new")}) == "");
  for (const std::string& method : methods()) {
    const Outcome run = shell(tree, "./peloton.new run scenarios/papers/toy_" + method + ".json --set stop.updates=20");
    INFO(run.err);
    CHECK(run.code == 0);
  }
  const Outcome tests = shell(tree, "./tests.new '[toy_async_sgd]'");
  CHECK(tests.code == 1);
  CHECK_THAT(tests.out, ContainsSubstring("0 passed, 3 failed"));
}

TEST_CASE("new algorithm refuses what it cannot make, and writes nothing then", "[scenarios][new_algorithm]") {
  const TemporaryDirectory tree;
  copy_sources(tree);
  fs::create_directories(tree / "scenarios/papers");
  write_file((tree / "scenarios/papers/here_already.json").string(), "{}");
  const std::string before = contents(tree);
  const auto refused = [&](const std::string& arguments, const std::string& message) {
    INFO(arguments);
    const Outcome outcome = shell(tree, "./peloton new " + arguments);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, ContainsSubstring(message));
  };
  refused("", "usage: ./peloton new algorithm NAME");
  refused("optimizer adam2", "got 'optimizer'");
  refused("algorithm", "needs a name");
  refused("algorithm one two", "one name at a time");
  refused("algorithm toy --unlike x", "unknown option '--unlike'");
  refused("algorithm toy --like", "--like needs the name");
  for (const char* name : {"Toy", "2toys", "toy-sgd", "toy__sgd", "toy_", "'to y'", "../toy", "''"})
    refused(std::string("algorithm ") + name, "NAME");
  refused("algorithm toy --like asinc_sgd", "got 'asinc_sgd' (did you mean \"async_sgd\"?)");
  refused("algorithm toy --like transfers", "an algorithm that learns, got 'transfers'");
  refused("algorithm async_sgd", "there is an algorithm async_sgd already");
  refused("algorithm asyncsgd", "there is an algorithm async_sgd already");
  refused("algorithm registry", "algorithms/registry.hpp exists already");
  refused("algorithm here_already", "scenarios/papers/here_already.json exists already");
  refused("algorithm step_rule", "algorithms/algorithm.hpp has something of that name");
  CHECK(contents(tree) == before);
}
