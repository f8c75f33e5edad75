#pragma once

#include <string>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// Something a scenario can name.
struct CatalogueEntry {
  std::string category;  ///< "algorithm", "model", …
  std::string name;
  std::string help;
  std::string source;  ///< the paper, for algorithms
  std::string where;   ///< the place in a scenario: "/algorithm", "/task/model"
  std::string tag;     ///< the key that holds the name
  std::vector<FieldInfo> fields;
  std::string note;  ///< what else there is to know
};

/// Everything that can be named, by category in a fixed order. Follows from the option declarations and the registry.
[[nodiscard]] std::vector<CatalogueEntry> catalogue();

}  // namespace peloton
