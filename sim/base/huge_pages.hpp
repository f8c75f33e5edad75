#pragma once

#include <cstddef>
#include <vector>

namespace peloton {

/// `bytes` of memory, aligned to a cache line; from 4 MiB on to 2 MiB, with a request for huge pages: arrays that are walked at random
/// otherwise pay a page-table walk for nearly every access. std::bad_alloc when there is none.
[[nodiscard]] void* allocate_large(std::size_t bytes);
void deallocate_large(void* memory, std::size_t bytes) noexcept;

/// The allocator of large arrays on hot paths.
template <class T>
struct HugePageAllocator {
  using value_type = T;
  HugePageAllocator() = default;
  template <class U>
  HugePageAllocator(const HugePageAllocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor): as allocators must
  [[nodiscard]] T* allocate(std::size_t n) { return static_cast<T*>(allocate_large(n * sizeof(T))); }
  void deallocate(T* memory, std::size_t n) noexcept { deallocate_large(memory, n * sizeof(T)); }
  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) { return true; }
};

template <class T>
using LargeVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace peloton
