#include "algorithms/compression/error_feedback.hpp"

namespace peloton {

EncodedVector ErrorFeedback::encode(const Codec& codec, Vector v, std::uint32_t sender, std::uint64_t message) {
  Vector corrected = memory_ ? space_.plus_scaled(std::move(v), 1.0, memory_) : std::move(v);
  EncodedVector encoded = codec.encode(corrected.view(), sender, message);
  memory_ = Vector();  // the decoded vector takes its place
  Vector decoded = space_.make();
  codec.decode(encoded, decoded.write());
  space_.add_scaled(corrected, -1.0, decoded);
  memory_ = std::move(corrected);
  return encoded;
}

}  // namespace peloton
