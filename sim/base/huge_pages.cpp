#include "sim/base/huge_pages.hpp"

#include <sys/mman.h>

#include <new>

namespace peloton {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = 2UL << 20U;
constexpr std::size_t kWorthIt = 2 * kHugePage;

std::align_val_t alignment(std::size_t bytes) { return std::align_val_t{bytes >= kWorthIt ? kHugePage : kCacheLine}; }

}  // namespace

void* allocate_large(std::size_t bytes) {
  void* memory = ::operator new(bytes, alignment(bytes));
  // A hint: where the kernel has no huge pages to give, nothing changes.
  if (bytes >= kWorthIt) madvise(memory, bytes, MADV_HUGEPAGE);
  return memory;
}

void deallocate_large(void* memory, std::size_t bytes) noexcept { ::operator delete(memory, alignment(bytes)); }

}  // namespace peloton
