#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/base/state.hpp"
#include "sim/base/thread_pool.hpp"

namespace peloton {

struct Kernels;
class VectorSpace;

/// The number type of parameters and gradients, chosen per scenario at run time.
enum class Precision : std::uint8_t { float32, float64 };

template <>
struct EnumNames<Precision> {
  static constexpr std::array names = {std::pair{std::string_view("float32"), Precision::float32},
                                       std::pair{std::string_view("float64"), Precision::float64}};
};

[[nodiscard]] constexpr std::size_t bytes_of(Precision p) { return p == Precision::float32 ? 4 : 8; }

/// body(T{}) with the number type T of a precision: where run-time precision becomes a type.
template <class Body>
decltype(auto) with_type(Precision precision, Body&& body) {
  return precision == Precision::float32 ? body(float{}) : body(double{});
}

/// A contiguous vector of `size` numbers of type `precision` that somebody else owns.
struct ConstView {
  Precision precision = Precision::float32;
  const void* data = nullptr;
  std::size_t size = 0;

  template <class T>
  [[nodiscard]] std::span<const T> as() const {
    PELOTON_INVARIANT(precision == (std::is_same_v<T, float> ? Precision::float32 : Precision::float64),
                      "a vector is read in its own precision");
    return {static_cast<const T*>(data), size};
  }
};

struct MutableView {
  Precision precision = Precision::float32;
  void* data = nullptr;
  std::size_t size = 0;

  template <class T>
  [[nodiscard]] std::span<T> as() const {
    PELOTON_INVARIANT(precision == (std::is_same_v<T, float> ? Precision::float32 : Precision::float64),
                      "a vector is written in its own precision");
    return {static_cast<T*>(data), size};
  }
  operator ConstView() const {
    return {precision, data, size};
  }  // NOLINT(google-explicit-constructor): a reader may read what it may write
};

/// A handle to d numbers: shared, reference-counted, immutable while shared. Empty handles are allowed (runs without learning).
/// Handles belong to the thread of the event loop; other threads see views.
class Vector {
 public:
  Vector() = default;
  Vector(const Vector& other) noexcept : block_(other.block_) { retain(); }
  Vector(Vector&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Vector& operator=(Vector other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Vector() { release(); }

  [[nodiscard]] explicit operator bool() const { return block_ != nullptr; }
  /// True when this is the only handle: the numbers may be overwritten in place.
  [[nodiscard]] bool unique() const { return block_ != nullptr && block_->references == 1; }
  [[nodiscard]] ConstView view() const;
  /// Overwriting is allowed to the only owner.
  [[nodiscard]] MutableView write();
  /// Identity of the shared numbers, for caches and state.
  [[nodiscard]] const void* identity() const { return block_; }

 private:
  friend class VectorSpace;
  struct Block {
    VectorSpace* home;
    std::uint32_t references;
  };
  explicit Vector(Block* block) : block_(block) {}
  void retain() const {
    if (block_ != nullptr) ++block_->references;
  }
  void release();

  Block* block_ = nullptr;
};

/// All vectors of one run: one dimension, one precision, one set of kernels. Freed memory is reused; live vectors are counted.
/// Must outlive its vectors. Operations on long vectors are spread over the thread pool; results do not depend on the thread count.
class VectorSpace {
 public:
  /// Numbers that one thread treats at a time. Part of the meaning of a reduction: the chunks' sums are added in order.
  static constexpr std::size_t kChunk = 16384;

  VectorSpace(Precision precision, std::size_t dimension, const Kernels& kernels, ThreadPool& pool);
  ~VectorSpace();
  VectorSpace(const VectorSpace&) = delete;
  VectorSpace& operator=(const VectorSpace&) = delete;

  [[nodiscard]] Precision precision() const { return precision_; }
  [[nodiscard]] std::size_t dimension() const { return dimension_; }
  [[nodiscard]] const Kernels& kernels() const { return kernels_; }
  [[nodiscard]] ThreadPool& pool() const { return pool_; }
  /// Bytes one vector takes, its bookkeeping included.
  [[nodiscard]] std::size_t bytes_per_vector() const;
  [[nodiscard]] std::size_t live() const { return live_; }
  [[nodiscard]] std::size_t peak() const { return peak_; }

  /// A new vector with undefined contents.
  [[nodiscard]] Vector make();
  [[nodiscard]] Vector zeros();
  [[nodiscard]] Vector copy(const Vector& x);

  // Element by element; a vector that is written and shared is replaced by a copy first. Factors are rounded to the precision once.
  /// y ← y + a x
  void add_scaled(Vector& y, double a, const Vector& x);
  /// y ← (…((y + a_1 x_1) + a_2 x_2) …): as add_scaled term after term, bit for bit, with y read and written once.
  void add_all(Vector& y, std::span<const double> factors, std::span<const Vector> terms);
  /// x + a y, in place when the caller gives its only handle to x.
  [[nodiscard]] Vector plus_scaled(Vector x, double a, const Vector& y);
  /// y ← a y
  void scale(Vector& y, double a);
  /// y ← b y + a x
  void scale_and_add(Vector& y, double b, double a, const Vector& x);
  /// a_1 x_1 + a_2 x_2 + …, summed in the order given; at least one term. The first product is rounded like the others.
  [[nodiscard]] Vector weighted_sum(std::span<const double> factors, std::span<const Vector> terms);
  /// x rounded to float32 and back; the same handle when the precision is float32 already.
  [[nodiscard]] Vector rounded_to_float32(const Vector& x);

  // Reductions accumulate in float64 in a fixed order.
  [[nodiscard]] double dot(const Vector& x, const Vector& y);
  [[nodiscard]] double norm(const Vector& x);
  [[nodiscard]] double distance(const Vector& x, const Vector& y);
  [[nodiscard]] bool all_finite(const Vector& x);

  /// Saves or restores a handle; numbers reached through several handles are stored once.
  void visit(StateVisitor& v, std::string_view name, Vector& x);
  void visit(StateVisitor& v, std::string_view name, std::vector<Vector>& xs);

  /// Runs body(begin, end) over [0, dimension) in fixed chunks, in parallel when that pays. The body must act element by element.
  void for_each_chunk(const std::function<void(std::size_t begin, std::size_t end)>& body);

 private:
  friend class Vector;
  void recycle(Vector::Block* block);

  Precision precision_;
  std::size_t dimension_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  void grow();

  std::vector<Vector::Block*> free_;
  std::vector<std::pair<void*, std::size_t>> slabs_;  ///< memory of many blocks each, and its bytes
  std::byte* unused_ = nullptr;                       ///< the part of the last slab that was never touched, and so takes no memory yet
  std::size_t unused_blocks_ = 0;
  std::size_t blocks_ = 0;
  std::size_t live_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace peloton
