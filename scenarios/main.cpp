#include <fmt/format.h>

#include <cstdio>
#include <new>

#include "scenarios/commands.hpp"
#include "sim/base/error.hpp"

namespace {

using namespace peloton;

void print_usage(std::FILE* out) {
  fmt::print(out, "peloton {} — a discrete-event cluster simulator for distributed SGD\n\nusage: peloton COMMAND …\n\n", PELOTON_VERSION);
  for (const Command& command : commands()) fmt::print(out, "  {:<10} {}\n", command.name, command.summary);
  fmt::print(out, "  {:<10} {}\n  {:<10} {}\n  {:<10} {}\n", "test", "build and run the tests (start script only)", "bench",
             "build and run the benchmarks (start script only)", "new", "create the skeleton of an algorithm (start script only)");
  fmt::print(out, "\n`peloton COMMAND --help` shows a command's options. First steps: peloton run scenarios/quickstart.json\n");
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_usage(stderr);
    return kWrongInput;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_usage(stdout);
    return kDone;
  }
  if (name == "--version") {
    fmt::print("peloton {}\n", PELOTON_VERSION);
    return kDone;
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.name == name) return command.run({arguments.begin() + 1, arguments.end()});
    names.emplace_back(command.name);
  }
  throw InputError(fmt::format("unknown command \"{}\"{}; `peloton --help` lists the commands", name, did_you_mean(name, names)));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const InputError& e) {
    fmt::print(stderr, "{}\n", e.what());
    return kWrongInput;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "out of memory\n");
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
  }
  return kFailed;
}
