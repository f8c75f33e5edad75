#include "scenarios/arguments.hpp"

#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "sim/base/error.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

std::vector<std::string> long_names(const po::options_description& flags) {
  std::vector<std::string> out;
  for (const auto& option : flags.options()) out.push_back("--" + option->long_name());
  return out;
}

}  // namespace

Arguments::Arguments(const std::string& usage, const po::options_description& flags, const std::vector<std::string>& positionals,
                     const std::vector<std::string>& arguments) {
  po::options_description all = flags;
  all.add_options()("help", "show this help");
  po::options_description parsed = all;
  parsed.add_options()("positional", po::value<std::vector<std::string>>());
  po::positional_options_description order;
  order.add("positional", -1);
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(parsed).positional(order).style(style).run(), values_);
  } catch (const po::unknown_option& e) {
    throw InputError(fmt::format("unknown flag {}{}\n{}", e.get_option_name(), did_you_mean(e.get_option_name(), long_names(all)), usage));
  } catch (const po::error& e) {
    throw InputError(fmt::format("{}\n{}", e.what(), usage));
  }
  if (values_.count("help") != 0) {
    help_ = true;
    std::ostringstream text;
    text << all;
    fmt::print("{}\n\n{}", usage, text.str());
    return;
  }
  positionals_ = texts("positional");
  if (positionals_.size() < positionals.size()) throw InputError(fmt::format("{} is missing\n{}", positionals[positionals_.size()], usage));
  const bool several = !positionals.empty() && positionals.back().ends_with("…");
  if (positionals_.size() > positionals.size() && !several)
    throw InputError(fmt::format("unexpected argument \"{}\"\n{}", positionals_[positionals.size()], usage));
}

std::optional<std::string> Arguments::text(const std::string& flag) const {
  if (!has(flag)) return std::nullopt;
  return values_[flag].as<std::string>();
}

std::vector<std::string> Arguments::texts(const std::string& flag) const {
  return has(flag) ? values_[flag].as<std::vector<std::string>>() : std::vector<std::string>{};
}

}  // namespace peloton
