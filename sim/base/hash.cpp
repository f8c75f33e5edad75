#include "sim/base/hash.hpp"

#include <fmt/format.h>

namespace peloton {

std::string Fingerprint::hex() const { return fmt::format("{:016x}", value()); }

}  // namespace peloton
