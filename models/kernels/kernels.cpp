#include "models/kernels/kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/kernels/onednn.hpp"
#include "models/kernels/reference.hpp"
#include "sim/base/error.hpp"

namespace peloton {

namespace sse2 {
void set_kernels(Kernels& kernels);
}
#ifdef PELOTON_HAVE_AVX2
namespace avx2 {
void set_kernels(Kernels& kernels);
}
#endif
#ifdef PELOTON_HAVE_AVX512
namespace avx512 {
void set_kernels(Kernels& kernels);
}
#endif

namespace {

/// A set of kernels; those of one instruction set, with oneDNN's matrix products or without.
struct Variant {
  const char* name;
  void (*set)(Kernels& kernels);  ///< null: not in this build
  bool (*runs_here)();
  bool onednn = false;
};

bool always() { return true; }

#ifdef PELOTON_HAVE_AVX2
constexpr auto kSetAvx2 = avx2::set_kernels;
bool runs_avx2() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0; }
#else
constexpr void (*kSetAvx2)(Kernels&) = nullptr;
bool runs_avx2() { return false; }
#endif

#ifdef PELOTON_HAVE_AVX512
constexpr auto kSetAvx512 = avx512::set_kernels;
bool runs_avx512() {
  return runs_avx2() && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}
#else
constexpr void (*kSetAvx512)(Kernels&) = nullptr;
bool runs_avx512() { return false; }
#endif

/// Slowest first.
constexpr std::array kVariants{
    Variant{"reference", set_reference_kernels, always},
    Variant{"sse2", sse2::set_kernels, always},
    Variant{"avx2", kSetAvx2, runs_avx2},
    Variant{"avx2+onednn", kSetAvx2, [] { return runs_avx2() && !runs_avx512() && has_onednn(); }, true},
    Variant{"avx512", kSetAvx512, runs_avx512},
    Variant{"avx512+onednn", kSetAvx512, [] { return runs_avx512() && has_onednn(); }, true},
};

Kernels make(const Variant& variant) {
  Kernels kernels;
  kernels.name = variant.name;
  if (variant.set != nullptr) variant.set(kernels);
  if (variant.onednn && has_onednn()) set_onednn_products(kernels.float32);
  return kernels;
}

}  // namespace

const Kernels& find_kernels(std::string_view name) {
  static const std::array<Kernels, kVariants.size()> kernels = [] {
    std::array<Kernels, kVariants.size()> out;
    for (std::size_t i = 0; i < out.size(); ++i)
      if (kVariants[i].runs_here()) out[i] = make(kVariants[i]);
    return out;
  }();

  std::vector<std::string> known{"auto"};
  for (std::size_t i = 0; i < kVariants.size(); ++i) {
    const bool wanted = normalised(name) == normalised(kVariants[i].name);
    if (wanted && !kVariants[i].runs_here()) {
      throw InputError(fmt::format("kernels: {} cannot run on this processor with this build (which runs {})", kVariants[i].name,
                                   fmt::join(kernel_names(), ", ")));
    }
    if (wanted) return kernels[i];
    known.emplace_back(kVariants[i].name);
  }
  if (normalised(name) != "auto")
    throw InputError(fmt::format("kernels: must be one of {}, got \"{}\"{}", fmt::join(known, ", "), name, did_you_mean(name, known)));
  const auto best = std::find_if(kVariants.rbegin(), kVariants.rend(), [](const Variant& v) { return v.runs_here(); });
  return kernels[static_cast<std::size_t>(kVariants.rend() - best) - 1];
}

std::vector<std::string> kernel_names() {
  std::vector<std::string> names;
  for (const Variant& variant : kVariants)
    if (variant.runs_here()) names.emplace_back(variant.name);
  return names;
}

}  // namespace peloton
