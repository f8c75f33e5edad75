#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/test.hpp"

namespace peloton::test {

/// What a command line of the program did.
struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

inline void write_file(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

/// Runs a shell command in `folder`; "peloton" in it stands for the program under test, and so does "$PELOTON".
inline Outcome shell(const TemporaryDirectory& folder, const std::string& command) {
  const std::string base = folder.path().string();
  const std::string line = "cd '" + base + "' && PELOTON='" + PELOTON_BINARY + "' && peloton() { \"$PELOTON\" \"$@\"; } && { " + command +
                           "; } >'" + base + "/.out' 2>'" + base + "/.err' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(base + "/.out"), read_file(base + "/.err")};
}

}  // namespace peloton::test
