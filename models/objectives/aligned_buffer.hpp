#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace peloton {

/// Scratch memory aligned to a cache line, which grows and never shrinks. Growing loses the contents; new memory is undefined.
template <class T>
class AlignedBuffer {
 public:
  /// Room for `size` numbers.
  T* at_least(std::size_t size) {
    if (size > size_) {
      memory_.reset(static_cast<T*>(::operator new(size * sizeof(T), kAlignment)));
      size_ = size;
    }
    return memory_.get();
  }
  [[nodiscard]] T* data() { return memory_.get(); }

 private:
  static_assert(std::is_trivially_destructible_v<T>);
  static constexpr std::align_val_t kAlignment{64};
  struct Delete {
    void operator()(T* memory) const { ::operator delete(memory, kAlignment); }
  };
  std::unique_ptr<T, Delete> memory_;
  std::size_t size_ = 0;
};

}  // namespace peloton
