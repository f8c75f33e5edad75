#pragma once

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "analysis/store/read_sweep.hpp"
#include "sim/base/error.hpp"
#include "tests/scenarios/process.hpp"

namespace peloton::test {

/// Twelve short points: 2 numbers of workers × 3 step sizes × 2 seeds.
inline const char* const kSmallSweep = R"({
  "name": "small",
  "cluster": {"workers": 3, "compute": {"distribution": "exponential", "mean": "10 ms"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 100, "features": 4, "classes": 3}, "batch_size": 4},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "measure": {"every": "20 ms"},
  "stop": {"updates": 50},
  "sweep": {"cluster.workers": [2, 4], "algorithm.learning_rate": {"log2": [-3, -1]}, "repeat": 2}})";

/// The tables of a sweep: points.csv, measurements.csv, points.jsonl.
using Tables = std::array<std::string, 3>;
inline Tables tables_of(const std::filesystem::path& folder) {
  return {read_file((folder / "points.csv").string()), read_file((folder / "measurements.csv").string()),
          read_file((folder / "points.jsonl").string())};
}

/// Starts the program in `folder`, so that a test can send it signals; what it prints goes to .out and .err there.
inline pid_t start(const TemporaryDirectory& folder, const std::vector<std::string>& arguments) {
  const pid_t child = fork();
  if (child != 0) return child;
  std::vector<char*> argv = {const_cast<char*>("peloton")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  if (chdir(folder.path().c_str()) != 0) _exit(126);
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(open(".out", O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
  dup2(open(".err", O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
  execv(PELOTON_BINARY, argv.data());
  _exit(127);
}

/// Returns when the sweep in the folder has stored so many points; gives up after two minutes, and then the test fails by what it checks.
inline void wait_for_points(const std::filesystem::path& sweep, std::size_t count) {
  for (int i = 0; i < 12'000; ++i) {
    try {
      if (count_points(sweep).finished >= count) return;
    } catch (const InputError&) {  // its store is not made yet
    }
    usleep(10'000);
  }
}

/// Sends a signal and waits for the end; the code is −1 when the signal ended it.
inline Outcome stop(const TemporaryDirectory& folder, pid_t child, int signal) {
  kill(child, signal);
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file((folder / ".out").string()), read_file((folder / ".err").string())};
}

inline std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace peloton::test
