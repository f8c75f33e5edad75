#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// The parsed arguments of one command: flags by name, positionals in order.
class Arguments {
 public:
  /// `usage` is the first line of the help; `positionals` names what stands without a flag, all of them required; the last may be given
  /// several times when its name ends in "…". Unknown flags, missing or surplus positionals are InputErrors. With --help the help is
  /// printed and `help()` is true.
  Arguments(const std::string& usage, const boost::program_options::options_description& flags, const std::vector<std::string>& positionals,
            const std::vector<std::string>& arguments);

  [[nodiscard]] bool help() const { return help_; }
  [[nodiscard]] const std::string& positional(std::size_t i) const { return positionals_[i]; }
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }
  [[nodiscard]] bool has(const std::string& flag) const { return values_.count(flag) != 0; }
  [[nodiscard]] std::optional<std::string> text(const std::string& flag) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& flag) const;

  /// A quantity with its unit ("1.5 s", "2 GiB"), or a plain number in SI units. Anything else is an InputError that names the flag.
  template <class Quantity>
  [[nodiscard]] std::optional<Quantity> quantity(const std::string& flag) const {
    const std::optional<std::string> given = text(flag);
    if (!given) return std::nullopt;
    const Json number = Json::parse(*given, nullptr, false);
    return OptionType<Quantity>::parse(number.is_number() ? number : Json(*given), {"--" + flag, ""});
  }

 private:
  boost::program_options::variables_map values_;
  std::vector<std::string> positionals_;
  bool help_ = false;
};

}  // namespace peloton
