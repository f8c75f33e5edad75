#include "models/vector.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>

#include "models/kernels/kernels.hpp"
#include "sim/base/huge_pages.hpp"

namespace peloton {
namespace {

/// Bookkeeping in front of the numbers; keeps them aligned.
constexpr std::size_t kHeader = 64;

/// From so many chunks on, waking the pool costs less than it saves.
constexpr std::size_t kParallelChunks = 8;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

ConstView Vector::view() const {
  PELOTON_INVARIANT(block_ != nullptr, "a vector that is read holds numbers");
  const VectorSpace& home = *block_->home;
  return {home.precision(), reinterpret_cast<const std::byte*>(block_) + kHeader, home.dimension()};
}

MutableView Vector::write() {
  PELOTON_INVARIANT(unique(), "a vector is written through its only handle");
  const VectorSpace& home = *block_->home;
  return {home.precision(), reinterpret_cast<std::byte*>(block_) + kHeader, home.dimension()};
}

void Vector::release() {
  if (block_ != nullptr && --block_->references == 0) block_->home->recycle(block_);
  block_ = nullptr;
}

VectorSpace::VectorSpace(Precision precision, std::size_t dimension, const Kernels& kernels, ThreadPool& pool)
    : precision_(precision), dimension_(dimension), kernels_(kernels), pool_(pool) {}

VectorSpace::~VectorSpace() {
  for (const auto& [memory, bytes] : slabs_) deallocate_large(memory, bytes);
}

std::size_t VectorSpace::bytes_per_vector() const { return kHeader + round_up(dimension_ * bytes_of(precision_), kHeader); }

void VectorSpace::grow() {
  // Slabs double up to 64 MiB: few enough for the allocator, large enough for huge pages, small enough to waste little.
  constexpr std::size_t kLargestSlab = 64UL << 20U;
  const std::size_t block = bytes_per_vector();
  const std::size_t count = std::max<std::size_t>(1, std::min(std::max<std::size_t>(8, blocks_), kLargestSlab / block));
  const std::size_t bytes = count * block;
  unused_ = static_cast<std::byte*>(allocate_large(bytes));
  unused_blocks_ = count;
  slabs_.emplace_back(unused_, bytes);
  blocks_ += count;
  free_.reserve(blocks_);  // giving back must not allocate
}

Vector VectorSpace::make() {
  Vector::Block* block = nullptr;
  if (free_.empty()) {
    if (unused_blocks_ == 0) grow();
    block = new (unused_) Vector::Block{this, 0};
    unused_ += bytes_per_vector();
    --unused_blocks_;
  } else {
    block = free_.back();
    free_.pop_back();
  }
  block->references = 1;
  peak_ = std::max(peak_, ++live_);
  return Vector(block);
}

void VectorSpace::recycle(Vector::Block* block) {
  --live_;
  free_.push_back(block);
}

Vector VectorSpace::zeros() {
  Vector out = make();
  std::memset(out.write().data, 0, dimension_ * bytes_of(precision_));
  return out;
}

Vector VectorSpace::copy(const Vector& x) {
  const ConstView from = x.view();
  Vector out = make();
  std::memcpy(out.write().data, from.data, dimension_ * bytes_of(precision_));
  return out;
}

void VectorSpace::for_each_chunk(const std::function<void(std::size_t begin, std::size_t end)>& body) {
  const std::size_t chunks = (dimension_ + kChunk - 1) / kChunk;
  if (chunks < kParallelChunks || pool_.size() == 1) {
    for (std::size_t begin = 0; begin < dimension_; begin += kChunk) body(begin, std::min(dimension_, begin + kChunk));
    return;
  }
  pool_.run(chunks, [&](std::size_t chunk, std::size_t) { body(chunk * kChunk, std::min(dimension_, (chunk + 1) * kChunk)); });
}

void VectorSpace::add_scaled(Vector& y, double a, const Vector& x) {
  if (!y.unique()) y = copy(y);
  with_type(precision_, [&]<class T>(T) {
    const T* from = x.view().as<T>().data();
    T* to = y.write().as<T>().data();
    for_each_chunk([&](std::size_t begin, std::size_t end) {
      kernels_.get<T>().add_scaled(end - begin, static_cast<T>(a), from + begin, to + begin);
    });
  });
}

void VectorSpace::add_all(Vector& y, std::span<const double> factors, std::span<const Vector> terms) {
  PELOTON_INVARIANT(factors.size() == terms.size(), "every term has a factor");
  if (!y.unique()) y = copy(y);
  constexpr std::size_t kStrip = 2048;  // of y stays in the first-level cache while all terms are added
  with_type(precision_, [&]<class T>(T) {
    T* to = y.write().as<T>().data();
    for_each_chunk([&](std::size_t begin, std::size_t end) {
      for (std::size_t strip = begin; strip < end; strip += kStrip) {
        const std::size_t count = std::min(kStrip, end - strip);
        for (std::size_t i = 0; i < terms.size(); ++i)
          kernels_.get<T>().add_scaled(count, static_cast<T>(factors[i]), terms[i].view().as<T>().data() + strip, to + strip);
      }
    });
  });
}

Vector VectorSpace::plus_scaled(Vector x, double a, const Vector& y) {
  Vector out = x.unique() ? Vector() : make();
  with_type(precision_, [&]<class T>(T) {
    const T* first = x.view().as<T>().data();
    const T* second = y.view().as<T>().data();
    T* to = (out ? out : x).write().as<T>().data();
    for_each_chunk([&](std::size_t begin, std::size_t end) {
      kernels_.get<T>().plus_scaled(end - begin, first + begin, static_cast<T>(a), second + begin, to + begin);
    });
  });
  return out ? out : x;
}

void VectorSpace::scale(Vector& y, double a) {
  if (!y.unique()) y = copy(y);
  with_type(precision_, [&]<class T>(T) {
    T* to = y.write().as<T>().data();
    for_each_chunk([&](std::size_t begin, std::size_t end) { kernels_.get<T>().scale(end - begin, static_cast<T>(a), to + begin); });
  });
}

void VectorSpace::scale_and_add(Vector& y, double b, double a, const Vector& x) {
  if (!y.unique()) y = copy(y);
  with_type(precision_, [&]<class T>(T) {
    const T* from = x.view().as<T>().data();
    T* to = y.write().as<T>().data();
    for_each_chunk([&](std::size_t begin, std::size_t end) {
      kernels_.get<T>().scale_and_add(end - begin, static_cast<T>(b), static_cast<T>(a), from + begin, to + begin);
    });
  });
}

Vector VectorSpace::weighted_sum(std::span<const double> factors, std::span<const Vector> terms) {
  PELOTON_INVARIANT(!terms.empty(), "a sum has a term");
  Vector out = copy(terms.front());
  if (factors.front() != 1.0) scale(out, factors.front());
  add_all(out, factors.subspan(1), terms.subspan(1));
  return out;
}

Vector VectorSpace::rounded_to_float32(const Vector& x) {
  if (precision_ == Precision::float32) return x;
  const double* from = x.view().as<double>().data();
  Vector out = make();
  double* to = out.write().as<double>().data();
  for_each_chunk([&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) to[i] = static_cast<double>(static_cast<float>(from[i]));
  });
  return out;
}

namespace {

/// Σ over the chunks of `term(begin, end)`, in order.
template <class Term>
double ordered_sum(VectorSpace& space, Term term) {
  std::vector<double> parts((space.dimension() + VectorSpace::kChunk - 1) / VectorSpace::kChunk);
  space.for_each_chunk([&](std::size_t begin, std::size_t end) { parts[begin / VectorSpace::kChunk] = term(begin, end); });
  double total = 0;
  for (const double part : parts) total += part;
  return total;
}

}  // namespace

double VectorSpace::dot(const Vector& x, const Vector& y) {
  return with_type(precision_, [&]<class T>(T) {
    const T* first = x.view().as<T>().data();
    const T* second = y.view().as<T>().data();
    return ordered_sum(
        *this, [&](std::size_t begin, std::size_t end) { return kernels_.get<T>().dot(end - begin, first + begin, second + begin); });
  });
}

double VectorSpace::norm(const Vector& x) { return std::sqrt(dot(x, x)); }

double VectorSpace::distance(const Vector& x, const Vector& y) {
  return with_type(precision_, [&]<class T>(T) {
    const T* first = x.view().as<T>().data();
    const T* second = y.view().as<T>().data();
    return std::sqrt(ordered_sum(*this, [&](std::size_t begin, std::size_t end) {
      return kernels_.get<T>().squared_distance(end - begin, first + begin, second + begin);
    }));
  });
}

bool VectorSpace::all_finite(const Vector& x) {
  return with_type(precision_, [&]<class T>(T) {
    const T* values = x.view().as<T>().data();
    return ordered_sum(*this, [&](std::size_t begin, std::size_t end) {
             return kernels_.get<T>().all_finite(end - begin, values + begin) ? 0.0 : 1.0;
           }) == 0.0;
  });
}

void VectorSpace::visit(StateVisitor& v, std::string_view name, Vector& x) {
  v.begin(name);
  std::uint64_t number = 0;  // 0: an empty handle
  bool first = false;
  if (!v.reading() && x) std::tie(number, first) = v.identify(x.identity());
  v("vector", number);
  if (v.reading()) {
    x = Vector();
    if (const std::shared_ptr<void> known = v.object(number))
      x = *std::static_pointer_cast<Vector>(known);
    else if (number != 0)
      first = true;
  }
  if (first) {
    if (v.reading()) x = make();
    // A visitor that does not read leaves the bytes alone, so shared numbers may be shown to it.
    v.bytes("numbers", const_cast<void*>(x.view().data), dimension_ * bytes_of(precision_));
    if (v.reading()) v.remember(number, std::make_shared<Vector>(x));
  }
  v.end();
}

void VectorSpace::visit(StateVisitor& v, std::string_view name, std::vector<Vector>& xs) {
  std::uint64_t size = xs.size();
  v("count", size);
  xs.resize(size);
  for (Vector& x : xs) visit(v, name, x);
}

}  // namespace peloton
