/// The house rules that a compiler does not check: which folder may include which, no include cycle, no file over a thousand
/// lines, no mark of the skeleton of an algorithm, and no kernel code that could stand in for baseline code at link time.

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <sstream>
#include <vector>

#include "tests/test.hpp"

namespace fs = std::filesystem;

namespace {

struct Rule {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

/// The arrows. The first folder that contains a file is the one whose rule it follows.
const std::array rules{
    Rule{"sim/base", {"sim/base"}},
    Rule{"sim", {"sim"}},
    Rule{"models", {"models", "sim/base"}},
    Rule{"algorithms", {"algorithms", "sim", "models"}},
    Rule{"analysis", {"analysis", "sim", "models"}},
    Rule{"scenarios", {"scenarios", "algorithms", "analysis", "sim", "models"}},
    Rule{"tests", {"tests", "scenarios", "algorithms", "analysis", "sim", "models"}},
};

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

const Rule* rule_of(std::string_view path) {
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return is_below(path, r.folder); });
  return rule == rules.end() ? nullptr : &*rule;
}

struct Include {
  std::string file;  // as written
  int line = 0;
  bool angled = false;
};

using IncludeGraph = std::map<std::string, std::vector<Include>>;  // by path from the root

/// Cuts blanks and then `token` off the front of `text`; false when it does not start so.
bool skip_token(std::string_view& text, std::string_view token) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  if (!text.starts_with(token)) return false;
  text.remove_prefix(token.size());
  return true;
}

std::vector<Include> includes_of(const fs::path& file) {
  std::vector<Include> includes;
  std::ifstream text(file);
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    std::string_view rest = line;
    if (!skip_token(rest, "#") || !skip_token(rest, "include")) continue;
    const bool angled = skip_token(rest, "<");
    if (!angled && !skip_token(rest, "\"")) continue;
    includes.push_back({std::string(rest.substr(0, rest.find(angled ? '>' : '"'))), number, angled});
  }
  return includes;
}

std::vector<std::string> source_files(const fs::path& root) {
  static const std::array extensions{".hpp", ".cpp", ".cuh", ".cu"};
  std::vector<std::string> files;
  for (const std::string_view folder : {"sim", "models", "algorithms", "analysis", "scenarios", "tests"}) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension().string();
      if (entry.is_regular_file() && std::find(extensions.begin(), extensions.end(), extension) != extensions.end()) {
        files.push_back(entry.path().lexically_relative(root).generic_string());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Checks one include of `file`; the complaint, or nothing. Includes in <> count when they name one of our folders.
std::optional<std::string> complaint(const fs::path& root, const std::string& file, const Include& include) {
  const std::string place = file + ":" + std::to_string(include.line) + ": ";
  const Rule* target = rule_of(include.file);
  if (include.angled && target == nullptr) return std::nullopt;
  if (target == nullptr || !fs::is_regular_file(root / include.file)) {
    return place + "\"" + include.file + "\" does not exist (paths start at the root of the repository)";
  }
  const Rule& rule = *rule_of(file);
  const auto covers = [&](std::string_view folder) { return is_below(include.file, folder); };
  if (std::any_of(rule.may_include.begin(), rule.may_include.end(), covers)) return std::nullopt;
  std::string allowed;
  for (const std::string_view folder : rule.may_include) allowed += (allowed.empty() ? "" : ", ") + std::string(folder) + "/";
  return place + "includes " + include.file + ", but " + std::string(rule.folder) + "/ may include only " + allowed;
}

/// Appends a line per include cycle that is reachable from `file`. `path` holds the files between the start and `file`.
void find_cycles(const IncludeGraph& graph, const std::string& file, std::vector<std::string>& path, std::map<std::string, bool>& finished,
                 std::vector<std::string>& complaints) {
  const auto known = graph.find(file);
  if (known == graph.end() || finished[file]) return;
  const auto start = std::find(path.begin(), path.end(), file);
  if (start != path.end()) {
    std::string cycle = "include cycle: ";
    for (auto step = start; step != path.end(); ++step) cycle += *step + " -> ";
    complaints.push_back(cycle + file);
    return;
  }
  path.push_back(file);
  for (const Include& include : known->second) find_cycles(graph, include.file, path, finished, complaints);
  path.pop_back();
  finished[file] = true;
}

/// Everything wrong with the includes of the tree at `root`, one line each.
std::vector<std::string> check_includes(const fs::path& root) {
  std::vector<std::string> complaints;
  IncludeGraph graph;
  for (const std::string& file : source_files(root)) graph[file] = includes_of(root / file);
  for (const auto& [file, includes] : graph) {
    for (const Include& include : includes) {
      if (auto text = complaint(root, file, include)) complaints.push_back(*text);
    }
  }
  std::vector<std::string> path;
  std::map<std::string, bool> finished;
  for (const auto& [file, includes] : graph) find_cycles(graph, file, path, finished, complaints);
  return complaints;
}

std::vector<std::string> files_longer_than(const fs::path& root, int limit) {
  std::vector<std::string> files = source_files(root);
  for (const char* other : {"CMakeLists.txt", "tests/CMakeLists.txt", "peloton", "algorithms/new_algorithm.sh", ".ci/run"})
    files.push_back(other);
  std::vector<std::string> complaints;
  for (const std::string& file : files) {
    std::ifstream text(root / file);
    const auto lines = std::count(std::istreambuf_iterator<char>(text), std::istreambuf_iterator<char>(), '\n');
    if (lines > limit) complaints.push_back(file + ": " + std::to_string(lines) + " lines");
  }
  return complaints;
}

/// The lines with a mark that `./peloton new` leaves where the author has something to say.
std::vector<std::string> marks_left(const fs::path& root) {
  const std::string mark = std::string("FILL") + " IN";
  std::vector<std::string> complaints;
  for (const std::string& file : source_files(root)) {
    std::ifstream text(root / file);
    std::string line;
    for (int number = 1; std::getline(text, line); ++number)
      if (line.find(mark) != std::string::npos)
        complaints.push_back(file + ":" + std::to_string(number) + ": has the mark \"" + mark + "\"");
  }
  return complaints;
}

/// Types of one name in two headers: all share one namespace, and the linker would silently take one's functions for the other's.
std::vector<std::string> types_defined_twice(const fs::path& root) {
  static const std::regex definition(R"(^(?:struct|class|enum class) (\w+)(?: final)?(?: :[^;]*)? \{.*)");
  std::map<std::string, std::string> first;
  std::vector<std::string> complaints;
  for (const std::string& file : source_files(root)) {
    if (!file.ends_with(".hpp")) continue;
    std::ifstream text(root / file);
    std::smatch found;
    for (std::string line; std::getline(text, line);) {
      if (!std::regex_match(line, found, definition)) continue;
      const auto [before, fresh] = first.emplace(found[1], file);
      if (!fresh) complaints.push_back(file + ": defines " + before->first + ", as " + before->second + " does");
    }
  }
  return complaints;
}

/// The weak symbols in the output of `nm -C` that lie outside the namespaces of the instruction set `isa`.
std::vector<std::string> foreign_weak_symbols(std::istream& nm, const std::string& isa) {
  std::vector<std::string> symbols;
  std::string line;
  while (std::getline(nm, line)) {
    std::istringstream fields(line);  // ADDRESS TYPE NAME; undefined symbols have no address
    std::string address, type, name;
    if (line.starts_with(' ') || !(fields >> address >> type >> std::ws) || !std::getline(fields, name)) continue;
    if (type != "W" && type != "V" && type != "u") continue;
    const bool own =
        name.find("peloton::" + isa + "::") != std::string::npos || name.find("PelotonEigen_" + isa + "::") != std::string::npos;
    // A pointer to the exception personality: data, the same in every object file.
    if (!own && !name.starts_with("DW.ref.")) symbols.push_back(name);
  }
  return symbols;
}

[[maybe_unused]] std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) output.append(buffer.data(), n);
  return output;
}

std::string lines(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += item + "\n";
  return text;
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("includes follow the arrows between the folders, without a cycle", "[architecture]") {
  CHECK(lines(check_includes(PELOTON_SOURCE_DIR)) == "");
}

TEST_CASE("no source file is longer than a thousand lines", "[architecture]") {
  CHECK(lines(files_longer_than(PELOTON_SOURCE_DIR, 1000)) == "");
}

TEST_CASE("no algorithm is a skeleton", "[architecture]") { CHECK(lines(marks_left(PELOTON_SOURCE_DIR)) == ""); }

TEST_CASE("every type of a header has a name of its own", "[architecture]") { CHECK(lines(types_defined_twice(PELOTON_SOURCE_DIR)) == ""); }

TEST_CASE("kernels define no weak symbol outside their own namespaces", "[architecture]") {
  // The linker keeps one copy of an inline function. A std:: function from an AVX-512 file could be it, and crash older processors.
#ifdef PELOTON_KERNEL_OBJECTS
  std::ifstream objects(PELOTON_KERNEL_OBJECTS);
  std::string isa;
  std::string object;
  int checked = 0;
  for (; objects >> isa >> std::ws && std::getline(objects, object); ++checked) {
    std::istringstream nm(output_of("nm -C '" + object + "'"));
    INFO(object);
    CHECK(nm.str() != "");
    CHECK(lines(foreign_weak_symbols(nm, isa)) == "");
  }
  CHECK(checked > 0);
#else
  peloton::test::skip("needs kernels built without sanitizers");
#endif
}

TEST_CASE("a wrong arrow is reported with its file and line", "[architecture]") {
  const peloton::test::TemporaryDirectory tree;
  write(tree / "sim/base/units.hpp", "#pragma once\n#include <vector>\n");
  write(tree / "sim/queue.hpp", "#pragma once\n#include \"sim/base/units.hpp\"\n");
  write(tree / "models/model.hpp", "#include \"sim/base/units.hpp\"\n");
  write(tree / "algorithms/method.cpp", "#include \"sim/queue.hpp\"\n#include \"models/model.hpp\"\n");
  write(tree / "scenarios/main.cpp", "#include \"algorithms/method.cpp\"\n");
  CHECK(lines(check_includes(tree.path())) == "");

  SECTION("models see sim/base only") {
    write(tree / "models/model.hpp", "#pragma once\n\n  #  include \"sim/queue.hpp\"  // why\n");
    CHECK(lines(check_includes(tree.path())) ==
          "models/model.hpp:3: includes sim/queue.hpp, but models/ may include only models/, sim/base/\n");
  }
  SECTION("sim/base sees nothing of sim") {
    write(tree / "sim/base/units.hpp", "#include \"sim/clock.hpp\"\n");
    write(tree / "sim/clock.hpp", "");
    CHECK(lines(check_includes(tree.path())) == "sim/base/units.hpp:1: includes sim/clock.hpp, but sim/base/ may include only sim/base/\n");
  }
  SECTION("analysis never sees an algorithm, not even in angle brackets") {
    write(tree / "analysis/score.cpp", "#include <algorithms/method.cpp>\n");
    CHECK(lines(check_includes(tree.path())) ==
          "analysis/score.cpp:1: includes algorithms/method.cpp, but analysis/ may include only analysis/, sim/, models/\n");
  }
  SECTION("nothing but tests sees the tests") {
    write(tree / "tests/test.hpp", "");
    write(tree / "tests/sim/queue_test.cpp", "#include \"tests/test.hpp\"\n#include \"sim/queue.hpp\"\n");
    CHECK(lines(check_includes(tree.path())) == "");
    write(tree / "scenarios/main.cpp", "#include \"tests/test.hpp\"\n");
    CHECK(check_includes(tree.path()).size() == 1);
  }
  SECTION("an include that does not exist") {
    write(tree / "sim/queue.hpp", "#include \"base/units.hpp\"\n#include \"sim/absent.hpp\"\n");
    CHECK(lines(check_includes(tree.path())) ==
          "sim/queue.hpp:1: \"base/units.hpp\" does not exist (paths start at the root of the repository)\n"
          "sim/queue.hpp:2: \"sim/absent.hpp\" does not exist (paths start at the root of the repository)\n");
  }
}

TEST_CASE("an include cycle is reported once, with its files", "[architecture]") {
  const peloton::test::TemporaryDirectory tree;
  write(tree / "sim/a.hpp", "#include \"sim/b.hpp\"\n");
  write(tree / "sim/b.hpp", "#include \"sim/c.hpp\"\n");
  write(tree / "sim/c.hpp", "#include \"sim/b.hpp\"\n");
  CHECK(lines(check_includes(tree.path())) == "include cycle: sim/b.hpp -> sim/c.hpp -> sim/b.hpp\n");
}

TEST_CASE("a type that two headers define is reported with both", "[architecture]") {
  const peloton::test::TemporaryDirectory tree;
  write(tree / "sim/a.hpp", "namespace peloton {\nstruct Run {\n  struct Inner {};\n};\nclass Later;\n}\n");
  write(tree / "analysis/b.hpp", "class Run final : public Base {\n};\nstruct Later {};\ntemplate <>\nstruct Names<Run> {\n};\n");
  CHECK(lines(types_defined_twice(tree.path())) == "sim/a.hpp: defines Run, as analysis/b.hpp does\n");
}

TEST_CASE("a file over the limit is reported with its length", "[architecture]") {
  const peloton::test::TemporaryDirectory tree;
  write(tree / "sim/long.hpp", "1\n2\n3\n4\n");
  write(tree / "sim/short.hpp", "1\n2\n3\n");
  CHECK(lines(files_longer_than(tree.path(), 3)) == "sim/long.hpp: 4 lines\n");
}

TEST_CASE("what a skeleton's author has not filled in is reported with its place", "[architecture]") {
  const peloton::test::TemporaryDirectory tree;
  const std::string mark = std::string("FILL") + " IN";
  write(tree / "algorithms/method.hpp", "#pragma once\n/// " + mark + ": what it does\n");
  write(tree / "tests/algorithms/method_test.cpp", "// fill in\nFAIL(\"" + mark + "\");\n");
  CHECK(lines(marks_left(tree.path())) ==
        "algorithms/method.hpp:2: has the mark \"" + mark + "\"\n" + "tests/algorithms/method_test.cpp:2: has the mark \"" + mark + "\"\n");
}

TEST_CASE("weak symbols outside the instruction set's namespaces are found", "[architecture]") {
  std::istringstream nm(
      "0000000000000000 T peloton::avx2::axpy(float, float const*)\n"
      "0000000000000000 W peloton::avx2::reduce(float const*)\n"
      "0000000000000000 W PelotonEigen_avx2::internal::gemm()\n"
      "                 w __cxa_finalize\n"
      "0000000000000000 V DW.ref.__gxx_personality_v0\n"
      "0000000000000000 W std::vector<float>::resize(unsigned long)\n"
      "0000000000000000 u peloton::avx512::table\n");
  CHECK(lines(foreign_weak_symbols(nm, "avx2")) == "std::vector<float>::resize(unsigned long)\npeloton::avx512::table\n");
}
