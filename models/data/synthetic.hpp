#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "models/data/dataset.hpp"
#include "models/data/folder.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// How many training rows a device has.
enum class DeviceSizes : std::uint8_t { equal, lognormal };

template <>
struct EnumNames<DeviceSizes> {
  static constexpr std::array names = {std::pair{std::string_view("equal"), DeviceSizes::equal},
                                       std::pair{std::string_view("lognormal"), DeviceSizes::lognormal}};
};

/// Synthetic(α, β): one softmax model and one input law per device (Li, Sahu, Zaheer, Sanjabi, Talwalkar, Smith, MLSys 2020 "FedProx",
/// section 5.1, after Shamir, Srebro, Zhang, ICML 2014).
///
///   y = argmax(W_k x + b_k),  W_k, b_k ~ N(u_k, 1) elementwise,  u_k ~ N(0, α)
///   x ~ N(v_k, Σ),  Σ = diag(j^−1.2), j = 1 … features,  v_k ~ N(B_k, 1) elementwise,  B_k ~ N(0, β)
///
/// α and β are variances, as Σ is; the authors' generator takes them for standard deviations, which is the same for the values 0 and 1.
/// Labels are classes from 0; the lowest wins a tie. Larger β: the inputs of the devices differ more. Mind that u_k shifts all scores of a
/// row alike, so that α changes no label: the models differ by their N(·, 1) parts whatever it is. So it is in the paper.
///
/// Rows stand device by device and know their device (Dataset::devices): the partition `device` gives each worker a device. Sizes: equal
/// to within one row (the first devices get the longer shards), or 50 + ⌊exp N(4, 2²)⌋ training rows each, as the authors draw them;
/// test rows are always dealt evenly. A row depends on the seed, its number and its device alone, a device's laws on the seed and its
/// number.
struct SyntheticData {
  static constexpr std::string_view kind = "synthetic";
  static constexpr std::string_view help = "Synthetic(alpha, beta): devices with a model and an input law each (Li et al., MLSys 2020)";
  double alpha = 1;
  double beta = 1;
  Count devices = 30;
  DeviceSizes sizes = DeviceSizes::equal;
  std::optional<Count> samples;
  Count features = 60;
  Count classes = 10;
  Count test_samples = 1000;

  static constexpr Count kDefaultSamples = 10000;

  static auto fields() {
    return options(
        field("alpha", &SyntheticData::alpha, between(0, 1e6),
              "variance of the means of the devices' models; changes no label, by the paper's definition"),
        field("beta", &SyntheticData::beta, between(0, 1e6), "how much the devices' inputs differ: variance of their means"),
        field("devices", &SyntheticData::devices, between(1, 4e6), "number of devices"),
        field("sizes", &SyntheticData::sizes, "training rows per device: equal, or 50 + lognormal as in the paper"),
        field("samples", &SyntheticData::samples, between(1, 4294967295.0), "training rows of equal devices together; default 10000"),
        field("features", &SyntheticData::features, at_least(1), "features per row"),
        field("classes", &SyntheticData::classes, between(2, 1e6), "number of classes"),
        field("test_samples", &SyntheticData::test_samples, between(0, 4294967295.0), "test rows of all devices together"));
  }
  void validate(const Place& place) const;
  [[nodiscard]] DataPair load(const DataContext& context) const;
};

}  // namespace peloton
