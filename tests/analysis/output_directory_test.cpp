#include "analysis/output_directory.hpp"

#include <fstream>
#include <sstream>

#include "tests/test.hpp"

using namespace peloton;
namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return std::move(text).str();
}

}  // namespace

TEST_CASE("a result appears as a whole, and an abandoned one leaves nothing", "[analysis][output_directory]") {
  const test::TemporaryDirectory folder;
  const fs::path path = folder.path() / "deep" / "result";
  {
    OutputDirectory out(path);
    out.write("summary.json", "{}");
    CHECK_FALSE(fs::exists(path / "summary.json"));
  }
  CHECK_FALSE(fs::exists(path));
  {
    OutputDirectory out(path);
    out.write("scenario.resolved.json", "1");
    out.write("metrics.csv", "a");
    out.publish();
  }
  CHECK(contents(path / "metrics.csv") == "a");
}

TEST_CASE("only the files of an older result are replaced or removed", "[analysis][output_directory]") {
  const test::TemporaryDirectory folder;
  const fs::path path = folder.path() / "r";
  {
    OutputDirectory out(path);
    out.write("scenario.resolved.json", "1");
    out.write("trace.json", "old");
    out.publish();
  }
  std::ofstream(path / "plot.csv") << "mine";
  {
    OutputDirectory out(path);
    CHECK(contents(path / "trace.json") == "old");  // still the old result until the new one is whole
    out.write("scenario.resolved.json", "2");
    out.publish();
  }
  CHECK_FALSE(fs::exists(path / "trace.json"));
  CHECK(contents(path / "plot.csv") == "mine");
  CHECK(contents(path / "scenario.resolved.json") == "2");
}

TEST_CASE("a folder of somebody else's, and a file, are refused; a killed run's leavings are not", "[analysis][output_directory]") {
  const test::TemporaryDirectory folder;
  fs::create_directory(folder.path() / "mine");
  std::ofstream(folder.path() / "mine" / "thesis.tex") << "x";
  CHECK_THROWS_AS(OutputDirectory(folder.path() / "mine"), InputError);
  CHECK_THROWS_AS(OutputDirectory(folder.path() / "mine" / "thesis.tex"), InputError);
  fs::create_directory(folder.path() / "killed");
  std::ofstream(folder.path() / "killed" / "trace.json.peloton-tmp") << "x";
  OutputDirectory out(folder.path() / "killed");
  out.write("scenario.resolved.json", "1");
  out.publish();
  CHECK_FALSE(fs::exists(folder.path() / "killed" / "trace.json.peloton-tmp"));
}
