#pragma once

#include "algorithms/compression/codec.hpp"

namespace peloton {

/// Error feedback of one sender (Seide et al., Interspeech 2014; Karimireddy et al., ICML 2019):
///
///   p = v + e;   send C(p);   e ← p − C(p)
///
/// Nothing is lost: Σ C(p) + e = Σ v, exactly where the sums are, to rounding otherwise.
class ErrorFeedback {
 public:
  /// `space` must outlive the memory.
  explicit ErrorFeedback(VectorSpace& space) : space_(space) {}

  /// The message for v. Works in place when the caller gives its only handle; `sender` and `message` are the codec's.
  [[nodiscard]] EncodedVector encode(const Codec& codec, Vector v, std::uint32_t sender, std::uint64_t message);
  /// e; an empty handle, which stands for zero, before the first message.
  [[nodiscard]] const Vector& memory() const { return memory_; }
  /// e ← 0
  void forget() { memory_ = Vector(); }
  void visit_state(StateVisitor& v) { space_.visit(v, "memory", memory_); }

 private:
  VectorSpace& space_;
  Vector memory_;
};

}  // namespace peloton
