#include <fmt/format.h>

#include <array>

#include "models/layers/layer_table.hpp"

namespace peloton {
namespace {

/// Follows the size of the image from layer to layer.
class Builder {
 public:
  void convolve(const std::string& name, std::uint64_t kernel, std::uint64_t outputs, std::uint64_t stride) {
    pixels_ /= stride;
    const std::uint64_t weights = kernel * kernel * channels_ * outputs;
    out_.push_back({name + ".weight", weights, 2.0 * static_cast<double>(weights * pixels_ * pixels_)});
    channels_ = outputs;
  }
  void normalise(const std::string& name) {
    const auto numbers = static_cast<double>(channels_ * pixels_ * pixels_);
    out_.push_back({name + ".weight", channels_, numbers});
    out_.push_back({name + ".bias", channels_, numbers});
  }
  void pool(std::uint64_t stride) { pixels_ /= stride; }

  /// Three convolutions around which the input is added to the output, projected where their shapes differ.
  void bottleneck(const std::string& name, std::uint64_t width, std::uint64_t stride) {
    const std::uint64_t outputs = 4 * width;
    const std::uint64_t channels = channels_;
    const std::uint64_t pixels = pixels_;
    convolve(name + ".conv1", 1, width, 1);
    normalise(name + ".bn1");
    convolve(name + ".conv2", 3, width, stride);
    normalise(name + ".bn2");
    convolve(name + ".conv3", 1, outputs, 1);
    normalise(name + ".bn3");
    if (channels == outputs) return;
    channels_ = channels;
    pixels_ = pixels;
    convolve(name + ".downsample.0", 1, outputs, stride);
    normalise(name + ".downsample.1");
  }

  /// On the mean over the image.
  LayerTable classify(std::uint64_t classes) {
    out_.push_back({"fc.weight", channels_ * classes, 2.0 * static_cast<double>(channels_ * classes)});
    out_.push_back({"fc.bias", classes, static_cast<double>(classes)});
    return std::move(out_);
  }

 private:
  std::uint64_t channels_ = 3;
  std::uint64_t pixels_ = 224;  ///< of a side
  LayerTable out_;
};

}  // namespace

LayerTable resnet50() {
  Builder net;
  net.convolve("conv1", 7, 64, 2);
  net.normalise("bn1");
  net.pool(2);
  constexpr std::array<std::uint64_t, 4> kBlocks{3, 4, 6, 3};
  std::uint64_t width = 64;
  for (std::size_t stage = 0; stage < kBlocks.size(); ++stage, width *= 2)
    for (std::uint64_t block = 0; block < kBlocks[stage]; ++block)
      net.bottleneck(fmt::format("layer{}.{}", stage + 1, block), width, stage > 0 && block == 0 ? 2 : 1);
  return net.classify(1000);
}

}  // namespace peloton
