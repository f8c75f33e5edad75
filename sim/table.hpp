#pragma once

#include <string>
#include <vector>

namespace peloton {

/// A result table of an algorithm's own; the run writes it as `<name>.csv`.
struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

}  // namespace peloton
