#include "scenarios/program.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <new>

#include "scenarios/commands.hpp"
#include "scenarios/sweep/sweep_command.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

void print_usage(std::FILE* out) {
  fmt::print(out, "peloton {} — a discrete-event cluster simulator for distributed SGD\n\nusage: peloton COMMAND …\n\n", PELOTON_VERSION);
  for (const Command& command : commands()) fmt::print(out, "  {:<10} {}\n", command.name, command.summary);
  fmt::print(out, "  {:<10} {}\n  {:<10} {}\n  {:<10} {}\n", "test", "build and run the tests (start script only)", "bench",
             "build and run the benchmarks (start script only)", "new", "create the skeleton of an algorithm (start script only)");
  fmt::print(out, "\n`peloton COMMAND --help` shows a command's options. First steps: peloton run scenarios/quickstart.json\n");
}

int dispatch(const std::vector<std::string>& arguments, const MakeWorkforce& make_workforce) {
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
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (name == "sweep") return sweep(rest, make_workforce);
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.name == name) return command.run(rest);
    names.emplace_back(command.name);
  }
  throw InputError(fmt::format("unknown command \"{}\"{}; `peloton --help` lists the commands", name, did_you_mean(name, names)));
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, const MakeWorkforce& make_workforce) {
  try {
    return dispatch(arguments, make_workforce);
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

}  // namespace peloton
