#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/folder.hpp"

namespace peloton {

/// A parameter tensor of a network whose values nobody computes.
struct LayerRow {
  std::string name;
  std::uint64_t parameters = 0;
  double flops = 0;  ///< floating-point operations of the forward pass over one sample that it takes part in
};

/// The parameter tensors of a network in the order of its forward pass: what a network's communication and computation are known by.
/// A multiplication and an addition are two operations.
using LayerTable = std::vector<LayerRow>;

/// ResNet-50 on images of 224 × 224 pixels and 1000 classes (He, Zhang, Ren, Sun, CVPR 2016), made from its blocks: 161 tensors,
/// 25,557,032 parameters, 4.09·10⁹ multiplications in its convolutions and the last layer. Where a stage halves the image, the 3 × 3
/// convolution does it, as in the implementations in use, not the 1 × 1 before it. A batch normalisation is a multiplication and an
/// addition per number.
[[nodiscard]] LayerTable resnet50();

/// BERT-base, uncased, with pooler (Devlin, Chang, Lee, Toutanova, NAACL 2019), made from its blocks: 199 tensors, 109,482,240 parameters.
/// A sample is a sequence of 1 … 512 `tokens`: 22.4·10⁹ operations for 128. The products of queries with keys and of weights with values
/// count with the projections that make keys and values; looking up an embedding is free, a normalisation as in `resnet50`.
[[nodiscard]] LayerTable bert_base(std::uint64_t tokens);

/// A table of numbers as text, plain or compressed: the header "name,parameters,flops", then one tensor a line, in the order of the forward
/// pass. InputErrors with the line: another header, other cells, nothing to send.
[[nodiscard]] LayerTable read_layer_table(const DataFile& file);

}  // namespace peloton
