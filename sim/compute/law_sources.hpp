#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace peloton {

/// What a law of compute times is made ready from, besides its options.
struct LawSources {
  std::size_t workers = 0;
  std::uint64_t seed = 1;
  std::string data_folder = {};  ///< to which the paths of files are relative
  double flops_per_sample = 0;   ///< of the task's stochastic gradient; 0: there is no task
  std::uint32_t term = 0;        ///< which term of a sum the law is
};

}  // namespace peloton
