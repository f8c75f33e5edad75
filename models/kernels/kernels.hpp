#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/kernels/table.hpp"

namespace peloton {

/// The kernels called `name` (case, '-' and '_' do not matter):
///   reference        slow, obvious loops; the oracle of the tests
///   sse2             any x86-64 processor
///   avx2, avx512     processors that have them
///   avx2+onednn, avx512+onednn   float32 matrix products by oneDNN, where peloton was built with it; the rest as without. oneDNN picks its
///                    instructions by the processor, so only the set of the best supported instructions can be combined with it.
///   auto             the fastest that this processor runs
/// An unknown name, or one that this processor or this build cannot run, is an InputError. The kernels live as long as the program.
[[nodiscard]] const Kernels& find_kernels(std::string_view name);

/// The names that this processor and this build can run, slowest first, without `auto`.
[[nodiscard]] std::vector<std::string> kernel_names();

}  // namespace peloton
