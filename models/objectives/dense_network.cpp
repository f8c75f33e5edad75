#include "models/objectives/dense_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/objectives/aligned_buffer.hpp"
#include "models/objectives/class_labels.hpp"
#include "models/objectives/finite_sum.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

/// One affine map and where its parameters stand in x.
struct Layer {
  std::size_t inputs;
  std::size_t outputs;
  std::size_t weights;
  std::size_t biases;
};

std::vector<Layer> layers_of(const DenseNetwork& network, std::size_t features, std::size_t classes) {
  std::vector<Layer> layers;
  std::size_t inputs = features;
  std::size_t offset = 0;
  const auto add = [&](std::size_t outputs) {
    const std::size_t biases = offset + inputs * outputs;
    layers.push_back({inputs, outputs, offset, biases});
    offset = biases + (network.intercept ? outputs : 0);
    inputs = outputs;
  };
  for (const std::size_t width : network.hidden) add(width);
  add(classes);
  return layers;
}

/// The half-width of the uniform law of a layer's first weights.
double start_width(const DenseNetwork& network, const Layer& layer, bool last) {
  const auto inputs = static_cast<double>(layer.inputs);
  const auto outputs = static_cast<double>(layer.outputs);
  if (!last && network.activation == Activation::relu) return std::sqrt(6 / inputs);
  if (!last && network.activation == Activation::leaky_relu) return std::sqrt(6 / ((1 + kLeakySlope * kLeakySlope) * inputs));
  return std::sqrt(6 / (inputs + outputs));
}

template <class T>
class DenseNetworkObjective final : public FiniteSum<T> {
  using Base = FiniteSum<T>;
  using Rows = typename Base::Rows;

 public:
  DenseNetworkObjective(const DenseNetwork& network, const std::shared_ptr<const DataPair>& data, ClassLabels labels,
                        const Kernels& kernels)
      : Base(data, kernels, network.regulariser),
        network_(network),
        layers_(layers_of(network, data->train.features, labels.values.size())),
        train_labels_(std::move(labels.train)),
        test_labels_(std::move(labels.test)) {}

  [[nodiscard]] std::string name() const override { return network_.name; }
  [[nodiscard]] std::size_t dimension() const override { return layers_.back().biases + (network_.intercept ? layers_.back().outputs : 0); }
  [[nodiscard]] std::vector<std::size_t> tensors() const override {
    std::vector<std::size_t> out;
    for (const Layer& layer : layers_) {
      out.push_back(layer.inputs * layer.outputs);
      if (network_.intercept) out.push_back(layer.outputs);
    }
    return out;
  }
  [[nodiscard]] std::vector<double> forward_flops() const override {
    std::vector<double> out;
    for (const Layer& layer : layers_) {
      out.push_back(2 * static_cast<double>(layer.inputs) * static_cast<double>(layer.outputs));
      if (network_.intercept) out.push_back(0);
    }
    return out;
  }
  /// For each weight 2 forward, 2 for its own gradient and 2 to pass the gradient on, which the first layer need not.
  [[nodiscard]] double flops_per_sample() const override {
    double out = 0;
    for (const Layer& layer : layers_) out += (&layer == &layers_.front() ? 4.0 : 6.0) * static_cast<double>(layer.inputs * layer.outputs);
    return out;
  }
  [[nodiscard]] std::unique_ptr<Workspace> workspace() const override {
    auto out = std::make_unique<Scratch>();
    out->values.resize(layers_.size() + 1);
    return out;
  }

  void initial_point(std::uint64_t seed, MutableView out) const override {
    const std::span<T> x = out.as<T>();
    std::ranges::fill(x, T{0});
    if (!network_.random_start) return;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      RandomStream random(seed, Purpose::initial_point, static_cast<std::uint32_t>(l), 0);
      const double width = start_width(network_, layers_[l], l + 1 == layers_.size());
      for (T& weight : x.subspan(layers_[l].weights, layers_[l].inputs * layers_[l].outputs))
        weight = static_cast<T>(width * (2 * random.uniform() - 1));
    }
  }

 protected:
  void forward(const T* x, const Rows& rows, Workspace& workspace) const override {
    auto& scratch = static_cast<Scratch&>(workspace);
    const std::size_t count = rows.index.size();
    const KernelSet<T>& kernels = this->kernels();
    const T* inputs = scratch.values[0].at_least(count * layers_[0].inputs);
    this->matrix(rows.split).gather(rows.index, kernels, scratch.values[0].data());
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const Layer& layer = layers_[l];
      T* outputs = scratch.values[l + 1].at_least(count * layer.outputs);
      kernels.gemm_nn(count, layer.outputs, layer.inputs, inputs, x + layer.weights, outputs, false);
      if (network_.intercept) kernels.add_bias(count, layer.outputs, x + layer.biases, outputs);
      if (l + 1 < layers_.size()) kernels.activate(count * layer.outputs, network_.activation, outputs);
      inputs = outputs;
    }
    const std::vector<std::uint32_t>& labels = rows.split == Split::train ? train_labels_ : test_labels_;
    for (std::size_t i = 0; i < count; ++i) scratch.labels[i] = labels[rows.index[i]];
  }

  Score loss(std::size_t count, Workspace& workspace) const override {
    auto& scratch = static_cast<Scratch&>(workspace);
    Score out;
    out.loss =
        this->kernels().softmax_loss(count, layers_.back().outputs, scratch.labels.data(), scratch.values.back().data(), &out.correct);
    return out;
  }

  void backward(const T* x, const Rows& rows, T factor, T* out, bool accumulate, Workspace& workspace) const override {
    auto& scratch = static_cast<Scratch&>(workspace);
    const std::size_t count = rows.index.size();
    const KernelSet<T>& kernels = this->kernels();
    T* delta = scratch.values.back().data();  // ∂f/∂(output of layer l), before its activation
    kernels.softmax_residual(count, layers_.back().outputs, scratch.labels.data(), factor, delta);
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const Layer& layer = layers_[l];
      const T* inputs = scratch.values[l].data();
      kernels.gemm_tn(layer.inputs, layer.outputs, count, inputs, delta, out + layer.weights, accumulate);
      if (network_.intercept) kernels.column_sums(count, layer.outputs, delta, out + layer.biases, accumulate);
      if (l == 0) return;
      T* next = scratch.deltas[l % 2].at_least(count * layer.inputs);
      kernels.gemm_nt(count, layer.inputs, layer.outputs, delta, x + layer.weights, next, false);
      kernels.activation_gradient(count * layer.inputs, network_.activation, inputs, next);
      delta = next;
    }
  }

 private:
  struct Scratch final : Workspace {
    std::vector<AlignedBuffer<T>> values;  ///< the inputs, then the outputs of each layer
    std::array<AlignedBuffer<T>, 2> deltas;
    std::array<std::uint32_t, Base::kChunk> labels;
  };

  DenseNetwork network_;
  std::vector<Layer> layers_;
  std::vector<std::uint32_t> train_labels_;
  std::vector<std::uint32_t> test_labels_;
};

}  // namespace

std::unique_ptr<Objective> make_dense_network(const DenseNetwork& network, const std::shared_ptr<const DataPair>& data, Precision precision,
                                              const Kernels& kernels, const Place& place) {
  ClassLabels labels = class_labels(*data, place);
  if (precision == Precision::float32) return std::make_unique<DenseNetworkObjective<float>>(network, data, std::move(labels), kernels);
  return std::make_unique<DenseNetworkObjective<double>>(network, data, std::move(labels), kernels);
}

}  // namespace peloton
