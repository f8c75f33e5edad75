#include <algorithm>

#include "models/layers/layer_table.hpp"
#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("ResNet-50 has its published parameters and multiplications", "[models][layers]") {
  // Oracle: published values. 25,557,032 parameters in 161 tensors; 4,089,184,256 multiplications in the convolutions and the last layer
  // (the counts of torchvision's model card, 4.09 GFLOPS there, and of fvcore).
  std::uint64_t parameters = 0;
  double multiplications = 0;
  const LayerTable table = resnet50();
  for (const LayerRow& row : table) {
    parameters += row.parameters;
    const bool product =
        row.name.ends_with("weight") && row.name.find("bn") == std::string::npos && !row.name.ends_with("downsample.1.weight");
    if (product) multiplications += row.flops / 2;
  }
  CHECK(table.size() == 161);
  CHECK(parameters == 25'557'032);
  CHECK(multiplications == 4'089'184'256.0);
}

TEST_CASE("a layer of ResNet-50 by hand", "[models][layers]") {
  // Hand computation: the first 3 × 3 convolution of stage 2 halves 56 × 56 pixels, 128 to 128 channels: 9 · 128² weights, two operations
  // for each at 28² places; the projection beside it 256 · 512 weights at 28² places.
  const LayerTable table = resnet50();
  const auto row = [&](std::string_view name) { return *std::ranges::find(table, name, &LayerRow::name); };
  CHECK(row("layer2.0.conv2.weight").parameters == 9 * 128 * 128);
  CHECK(row("layer2.0.conv2.weight").flops == 2.0 * 9 * 128 * 128 * 28 * 28);
  CHECK(row("layer2.0.conv1.weight").flops == 2.0 * 256 * 128 * 56 * 56);
  CHECK(row("layer2.0.downsample.0.weight").flops == 2.0 * 256 * 512 * 28 * 28);
  CHECK(row("bn1.weight").flops == 64.0 * 112 * 112);
  CHECK(table.back().name == "fc.bias");
}
