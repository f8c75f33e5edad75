#pragma once

#include "sim/base/options.hpp"
#include "sim/topology/shortest_paths.hpp"

namespace peloton {

template <>
struct EnumNames<RouteBy> {
  static constexpr std::array<std::pair<std::string_view, RouteBy>, 2> names{{{"latency", RouteBy::latency}, {"hops", RouteBy::hops}}};
};

inline constexpr std::string_view kRoutingHelp = "what makes a route short: latency and then its number of links, or hops and then latency";

}  // namespace peloton
