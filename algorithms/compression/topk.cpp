#include "algorithms/compression/topk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "algorithms/compression/bits.hpp"

namespace peloton {
namespace {

template <class T>
using Word = std::conditional_t<std::is_same_v<T, float>, std::uint32_t, std::uint64_t>;

/// |x| as an integer: the order of IEEE numbers without a sign is that of their bits.
template <class T>
Word<T> magnitude(T x) {
  constexpr Word<T> kInfinity = std::bit_cast<Word<T>>(std::numeric_limits<T>::infinity());
  constexpr Word<T> kWithoutSign = std::numeric_limits<Word<T>>::max() >> 1;
  return std::min(std::bit_cast<Word<T>>(x) & kWithoutSign, kInfinity);
}

template <class T>
struct Cut {
  Word<T> magnitude;  ///< the k-th largest
  std::size_t ties;   ///< how many of just that magnitude are among the k
};

/// 1 ≤ k ≤ x.size(). A histogram of the leading twelve bits leaves few candidates for the selection proper.
template <class T>
Cut<T> find_cut(std::span<const T> x, std::size_t k) {
  constexpr std::size_t kBuckets = 4096;
  constexpr int kShift = std::numeric_limits<Word<T>>::digits - 13;
  std::array<std::size_t, kBuckets> counts{};
  for (const T value : x) ++counts[magnitude(value) >> kShift];
  std::size_t bucket = kBuckets - 1;
  std::size_t above = 0;  // numbers in higher buckets
  while (above + counts[bucket] < k) above += counts[bucket--];

  std::vector<Word<T>> candidates;
  candidates.reserve(counts[bucket]);
  for (const T value : x) {
    const Word<T> m = magnitude(value);
    if (m >> kShift == bucket) candidates.push_back(m);
  }
  const auto cut = candidates.begin() + static_cast<std::ptrdiff_t>(k - above - 1);
  std::nth_element(candidates.begin(), cut, candidates.end(), std::greater<>());
  const auto larger = std::count_if(candidates.begin(), cut, [&](Word<T> m) { return m > *cut; });
  return {*cut, k - above - static_cast<std::size_t>(larger)};
}

/// Appends the indices of the k numbers of largest magnitude, ascending.
template <class T>
void append_largest(std::span<const T> x, std::size_t k, std::vector<std::size_t>& out) {
  if (k == 0) return;
  auto [cut, ties] = find_cut(x, k);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Word<T> m = magnitude(x[i]);
    if (m < cut) continue;
    if (m == cut) {
      if (ties == 0) continue;
      --ties;
    }
    out.push_back(i);
  }
}

void put_bitmap(std::span<const std::size_t> indices, std::size_t size, BitWriter& writer) {
  auto next = indices.begin();
  for (std::size_t at = 0; at < size; at += 64) {
    std::uint64_t word = 0;
    for (; next != indices.end() && *next < at + 64; ++next) word |= std::uint64_t{1} << (*next - at);
    writer.put(word, static_cast<unsigned>(std::min<std::size_t>(64, size - at)));
  }
}

void append_bitmap(BitReader& reader, std::size_t size, std::size_t k, std::vector<std::size_t>& out) {
  const std::size_t before = out.size();
  for (std::size_t at = 0; at < size; at += 64) {
    std::uint64_t word = reader.get(static_cast<unsigned>(std::min<std::size_t>(64, size - at)));
    for (; word != 0; word &= word - 1) out.push_back(at + static_cast<std::size_t>(std::countr_zero(word)));
  }
  if (out.size() - before != k)
    throw InputError(fmt::format("the bitmap of {} coordinates must mark {}, got {}", size, k, out.size() - before));
}

void append_indices(BitReader& reader, std::size_t size, std::size_t k, std::vector<std::size_t>& out) {
  const unsigned width = index_bits(size);
  std::size_t lowest = 0;  // allowed for the next index
  for (std::size_t i = 0; i < k; ++i) {
    const std::size_t index = reader.get(width);
    if (index < lowest || index >= size)
      throw InputError(fmt::format("index {} of the message must be ≥ {} and < {}, got {}", i, lowest, size, index));
    out.push_back(index);
    lowest = index + 1;
  }
}

}  // namespace

bool TopkCodec::Part::as_bitmap() const { return size < k * index_bits(size); }

std::uint64_t TopkCodec::Part::position_bits() const { return as_bitmap() ? size : k * index_bits(size); }

TopkCodec::TopkCodec(const TopkOptions& options, CodecContext codec_context) : Codec(std::move(codec_context)) {
  const std::size_t d = context().dimension;
  const std::vector<std::size_t> sizes = options.scope == TopkScope::vector ? std::vector<std::size_t>{d} : context().tensors;
  PELOTON_INVARIANT(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}) == d, "the tensors make up the vector");
  std::size_t begin = 0;
  for (const std::size_t size : sizes) {
    if (size == 0) continue;
    const double share = std::floor(options.ratio.value * static_cast<double>(size));
    const Part part{.begin = begin, .size = size, .k = std::max<std::size_t>(1, static_cast<std::size_t>(share))};
    parts_.push_back(part);
    begin += size;
    values_ += part.k;
    bits_ += part.k * 8 * bytes_of(context().wire) + part.position_bits();
  }
}

std::optional<std::uint64_t> TopkCodec::bits_of(std::size_t begin, std::size_t end) const {
  std::uint64_t bits = 0;
  for (const Part& part : parts_) {
    if (part.begin + part.size <= begin || part.begin >= end) continue;
    if (part.begin < begin || part.begin + part.size > end) return std::nullopt;
    bits += part.k * 8 * bytes_of(context().wire) + part.position_bits();
  }
  return bits;
}

EncodedVector TopkCodec::encode(ConstView x, std::uint32_t /*sender*/, std::uint64_t /*message*/) const {
  PELOTON_INVARIANT(x.size == context().dimension, "a codec encodes vectors of its dimension");
  BitWriter writer(bits_);
  std::vector<std::size_t> chosen;  // of all parts, each counted from the part's beginning
  chosen.reserve(values_);
  with_type(x.precision, [&]<class T>(T) {
    const std::span<const T> numbers = x.as<T>();
    for (const Part& part : parts_) {
      const std::span<const T> own = numbers.subspan(part.begin, part.size);
      append_largest(own, part.k, chosen);
      for (const std::size_t index : std::span(chosen).last(part.k)) {
        if (context().wire == Precision::float32)
          writer.put(std::bit_cast<std::uint32_t>(static_cast<float>(own[index])), 32);
        else
          writer.put(std::bit_cast<std::uint64_t>(static_cast<double>(own[index])), 64);
      }
    }
  });
  std::span<const std::size_t> left = chosen;
  for (const Part& part : parts_) {
    const std::span<const std::size_t> indices = left.first(part.k);
    left = left.subspan(part.k);
    if (part.as_bitmap())
      put_bitmap(indices, part.size, writer);
    else
      for (const std::size_t index : indices) writer.put(index, index_bits(part.size));
  }
  return writer.take();
}

void TopkCodec::decode(const EncodedVector& message, MutableView out) const {
  PELOTON_INVARIANT(out.size == context().dimension, "a codec decodes vectors of its dimension");
  require_length(message, bits_);
  BitReader reader(message);
  std::vector<double> values(values_);
  for (double& value : values) {
    value = context().wire == Precision::float32 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(reader.get(32))))
                                                 : std::bit_cast<double>(reader.get(64));
  }
  with_type(out.precision, [&]<class T>(T) {
    const std::span<T> numbers = out.as<T>();
    std::fill(numbers.begin(), numbers.end(), T{0});
    const double* value = values.data();
    std::vector<std::size_t> indices;
    for (const Part& part : parts_) {
      indices.clear();
      part.as_bitmap() ? append_bitmap(reader, part.size, part.k, indices) : append_indices(reader, part.size, part.k, indices);
      for (const std::size_t index : indices) numbers[part.begin + index] = static_cast<T>(*value++);
    }
  });
}

}  // namespace peloton
