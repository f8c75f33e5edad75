#include "models/data/generated.hpp"

#include <fmt/format.h>

namespace peloton {

void check_generated_numbers(double numbers, const Place& place) {
  if (numbers <= kMaxGeneratedNumbers) return;
  throw InputError(place, fmt::format("asks with test_samples and features for {:.4g} numbers; the limit is {:.4g} (8 GiB)", numbers,
                                      kMaxGeneratedNumbers));
}

void check_generated_size(Count samples, Count test_samples, Count features, const Place& place) {
  const double numbers = (static_cast<double>(samples) + static_cast<double>(test_samples)) * static_cast<double>(features);
  check_generated_numbers(numbers, place / "samples");
}

}  // namespace peloton
