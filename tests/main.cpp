/// The runner of every test program. Its last line reads `tests_sim: 12 passed, 0 failed, 1 skipped`.
///
///   --long           also run the tests tagged [long]
///   --tally FILE     write `passed failed skipped` to FILE at the end (no file: the program did not reach its end)
///
/// Exit status: 0 when something ran and nothing failed, else 1.

#define CATCH_CONFIG_RUNNER
#include "tests/test.hpp"

#if PELOTON_CATCH2_VERSION == 3
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#endif

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace {

#if PELOTON_CATCH2_VERSION == 3
namespace clara = Catch::Clara;
using ListenerBase = Catch::EventListenerBase;
#else
namespace clara = Catch::clara;
using ListenerBase = Catch::TestEventListenerBase;
#endif

struct Tally {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  std::string test_case;           // the one that runs
  bool test_case_skipped = false;  // whether it asked to be skipped
};

Tally tally;

struct Listener : ListenerBase {
  using ListenerBase::ListenerBase;

  void testCaseStarting(const Catch::TestCaseInfo& info) override {
    tally.test_case = info.name;
    tally.test_case_skipped = false;
  }

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    if (stats.totals.testCases.failed > 0) {
      ++tally.failed;
    } else if (tally.test_case_skipped) {
      ++tally.skipped;
    } else {
      ++tally.passed;
    }
  }
};

/// The same test specifications with [long] excluded from each. Catch2 reads ',' as "or", except when escaped or in quotes;
/// without a specification it leaves out hidden tests, with an exclusion alone version 2 does not.
std::vector<std::string> without_long(const std::vector<std::string>& specifications) {
  const std::string exclusion = "~[long] ";
  if (specifications.empty()) return {exclusion + "~[.]"};
  std::vector<std::string> result;
  for (const std::string& specification : specifications) {
    std::string narrowed = exclusion;
    bool quoted = false;
    for (std::size_t i = 0; i < specification.size(); ++i) {
      const char c = specification[i];
      narrowed += c;
      if (c == '\\' && i + 1 < specification.size()) {
        narrowed += specification[++i];
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        narrowed += exclusion;
      }
    }
    result.push_back(narrowed);
  }
  return result;
}

}  // namespace

CATCH_REGISTER_LISTENER(Listener)

namespace peloton::test {

void skip(std::string_view reason) {
  if (!tally.test_case_skipped) std::cerr << "skipped: " << tally.test_case << ": " << reason << std::endl;
  tally.test_case_skipped = true;
}

std::filesystem::path data_path(const std::filesystem::path& file) {
  if (const char* folder = std::getenv("PELOTON_DATA")) return std::filesystem::path(folder) / file;
  const std::filesystem::path source = PELOTON_SOURCE_DIR;
  const std::filesystem::path shared = source.parent_path() / "shared" / "data";
  return (std::filesystem::is_directory(shared) ? shared : source / "data") / file;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "peloton-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace peloton::test

int main(int argc, char** argv) {
  Catch::Session session;
  bool with_long = false;
  std::string tally_file;
  session.cli(session.cli() | clara::Opt(with_long)["--long"]("also run the tests tagged [long]") |
              clara::Opt(tally_file, "file")["--tally"]("write `passed failed skipped` to this file"));
  if (session.applyCommandLine(argc, argv) != 0) return 1;

  Catch::ConfigData& config = session.configData();
  if (!with_long) config.testsOrTags = without_long(config.testsOrTags);
  const int status = session.run();

  const int ran = tally.passed + tally.failed + tally.skipped;
  bool only_listed = config.showHelp || config.listTests || config.listTags || config.listReporters;
#if PELOTON_CATCH2_VERSION == 2
  only_listed = only_listed || config.listTestNamesOnly || config.libIdentify;
#endif
  if (only_listed) return 0;

  if (!tally_file.empty()) {
    std::ofstream file(tally_file);
    file << tally.passed << ' ' << tally.failed << ' ' << tally.skipped << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write " + tally_file);
  }
  std::cout << std::filesystem::path(argv[0]).filename().string() << ": " << tally.passed << " passed, " << tally.failed << " failed, "
            << tally.skipped << " skipped" << std::endl;
  return status == 0 && ran > 0 ? 0 : 1;
}
