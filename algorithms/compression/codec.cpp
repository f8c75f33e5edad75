#include "algorithms/compression/codec.hpp"

#include "algorithms/compression/identity.hpp"
#include "algorithms/compression/sign.hpp"
#include "algorithms/compression/topk.hpp"

namespace peloton {
namespace {

std::unique_ptr<Codec> make(const IdentityOptions&, CodecContext c) { return std::make_unique<IdentityCodec>(std::move(c)); }
std::unique_ptr<Codec> make(const SignOptions& o, CodecContext c) { return std::make_unique<SignCodec>(o, std::move(c)); }
std::unique_ptr<Codec> make(const TopkOptions& o, CodecContext c) { return std::make_unique<TopkCodec>(o, std::move(c)); }

}  // namespace

bool is_linear(const CodecSpec& spec) { return make_codec(spec, {.dimension = 1, .tensors = {1}})->is_linear(); }

std::unique_ptr<Codec> make_codec(const CodecSpec& spec, CodecContext context) {
  return std::visit([&](const auto& o) { return make(o, std::move(context)); }, spec.value);
}

}  // namespace peloton
