#pragma once
/// What every test includes: Catch2 (2 on Debian 12, 3 on Ubuntu 24.04), data files, scratch folders.
///
/// Both versions give TEST_CASE, SECTION, GENERATE, REQUIRE…, `Approx` and `Catch::Matchers` (strings: `ContainsSubstring`).
/// Tests tagged [long] run with --long only.

#if __has_include(<catch2/catch_test_macros.hpp>)
#define PELOTON_CATCH2_VERSION 3
#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
using Catch::Approx;
#else
#define PELOTON_CATCH2_VERSION 2
#include <catch2/catch.hpp>
namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& part, CaseSensitive::Choice sensitivity = CaseSensitive::Yes) {
  return Contains(part, sensitivity);
}
}  // namespace Catch::Matchers
#endif

#include <filesystem>
#include <string>
#include <string_view>

namespace peloton::test {

/// A file below the data folder: PELOTON_DATA, else ../shared/data beside the repository, else data/ in it. It may be absent.
std::filesystem::path data_path(const std::filesystem::path& file);

/// Marks the running test case as skipped, with the reason on standard error. SKIP_WITHOUT and SKIP_IF also return from it.
void skip(std::string_view reason);

/// A new, empty folder under the system's temporary folder, removed with its contents at the end of the scope.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace peloton::test

/// Skips the running test case when `condition` holds: SKIP_IF(!device_present(), "no CUDA device").
#define SKIP_IF(condition, reason)   \
  do {                               \
    if (condition) {                 \
      ::peloton::test::skip(reason); \
      return;                        \
    }                                \
  } while (false)

/// Skips the running test case when a data file is absent; a relative path is looked up in the data folder.
#define SKIP_WITHOUT(file) \
  SKIP_IF(!std::filesystem::exists(::peloton::test::data_path(file)), "needs " + ::peloton::test::data_path(file).string())
