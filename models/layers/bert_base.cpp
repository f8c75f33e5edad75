#include <fmt/format.h>

#include "models/layers/layer_table.hpp"

namespace peloton {
namespace {

constexpr std::uint64_t kHidden = 768;
constexpr std::uint64_t kInner = 3072;
constexpr std::uint64_t kLayers = 12;
constexpr std::uint64_t kVocabulary = 30522;
constexpr std::uint64_t kPositions = 512;
constexpr std::uint64_t kSegments = 2;

class Builder {
 public:
  explicit Builder(std::uint64_t tokens) : tokens_(tokens) {}

  void embed(const std::string& name, std::uint64_t rows) {
    out_.push_back({"embeddings." + name + "_embeddings.weight", rows * kHidden, 0});
  }
  /// `more`: multiplications of a product without parameters that uses the outputs.
  void dense(const std::string& name, std::uint64_t inputs, std::uint64_t outputs, std::uint64_t rows, std::uint64_t more = 0) {
    out_.push_back({name + ".weight", inputs * outputs, 2.0 * static_cast<double>(rows * inputs * outputs + more)});
    out_.push_back({name + ".bias", outputs, static_cast<double>(rows * outputs)});
  }
  void normalise(const std::string& name) {
    const auto numbers = static_cast<double>(tokens_ * kHidden);
    out_.push_back({name + ".weight", kHidden, numbers});
    out_.push_back({name + ".bias", kHidden, numbers});
  }

  void layer(const std::string& name) {
    const std::uint64_t pairs = tokens_ * tokens_ * kHidden;
    dense(name + ".attention.self.query", kHidden, kHidden, tokens_);
    dense(name + ".attention.self.key", kHidden, kHidden, tokens_, pairs);
    dense(name + ".attention.self.value", kHidden, kHidden, tokens_, pairs);
    dense(name + ".attention.output.dense", kHidden, kHidden, tokens_);
    normalise(name + ".attention.output.LayerNorm");
    dense(name + ".intermediate.dense", kHidden, kInner, tokens_);
    dense(name + ".output.dense", kInner, kHidden, tokens_);
    normalise(name + ".output.LayerNorm");
  }

  LayerTable take() { return std::move(out_); }

 private:
  std::uint64_t tokens_;
  LayerTable out_;
};

}  // namespace

LayerTable bert_base(std::uint64_t tokens) {
  Builder net(tokens);
  net.embed("word", kVocabulary);
  net.embed("position", kPositions);
  net.embed("token_type", kSegments);
  net.normalise("embeddings.LayerNorm");
  for (std::uint64_t i = 0; i < kLayers; ++i) net.layer(fmt::format("encoder.layer.{}", i));
  net.dense("pooler.dense", kHidden, kHidden, 1);
  return net.take();
}

}  // namespace peloton
