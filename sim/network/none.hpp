#pragma once

#include <memory>

#include "sim/base/options.hpp"
#include "sim/network/network.hpp"

namespace peloton {

/// Messages take no time: they arrive at the instant at which they are sent, in order of sending.
struct NoneNetwork {
  static constexpr std::string_view kind = "none";
  static constexpr std::string_view help = "messages take no time";
  static auto fields() { return options(); }
};

[[nodiscard]] std::unique_ptr<Network> make_none_network();

}  // namespace peloton
