#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/data_folder.hpp"

namespace peloton {

/// What a data set is made from, besides its own options.
struct DataContext {
  std::string folder;
  std::uint64_t seed = 1;  ///< data_seed
  Place place;             ///< of the options, for messages

  /// The file that the option `key` names.
  [[nodiscard]] DataFile file(std::string_view key, const std::string& name) const { return find_data_file(folder, name, place / key); }
};

}  // namespace peloton
