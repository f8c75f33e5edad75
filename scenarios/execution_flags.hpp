#pragma once

#include <string>

#include "scenarios/arguments.hpp"
#include "scenarios/run.hpp"

/// The flags that commands have in common: which scenario, with which values, executed how.
namespace peloton {

/// --set, --seed, --data.
[[nodiscard]] boost::program_options::options_description scenario_flags();
/// --threads, --device, --kernels, --max-memory, --quiet.
[[nodiscard]] boost::program_options::options_description execution_flags(const std::string& threads_help);

/// The settings of --set and --seed, in the form of --set.
[[nodiscard]] std::vector<std::string> settings_of(const Arguments& given);
/// The scenario that the first positional names, with its settings.
[[nodiscard]] Scenario scenario_of(const Arguments& given);

/// A whole number from 1 to `most` given by a flag. Anything else is an InputError that names the flag.
[[nodiscard]] std::size_t count_of(const Arguments& given, const std::string& flag, std::size_t otherwise, std::size_t most);
/// All cores of this machine.
[[nodiscard]] std::size_t core_count();
/// `threads`: where the flag is not given.
[[nodiscard]] Execution execution_of(const Arguments& given, std::size_t threads);

}  // namespace peloton
