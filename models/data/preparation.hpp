#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/dataset.hpp"
#include "sim/base/options.hpp"

/// What is done to the rows of any data set after they were read or generated: fewer of them, a test set cut off, other scales.
namespace peloton {

/// How many training rows become the test set: a share between 0 and 1 (a number or "20%"), or a count from 1 on.
struct SplitSize {
  double value = 0;  ///< < 1: a share

  [[nodiscard]] bool is_share() const { return value < 1; }
};

template <>
struct OptionType<SplitSize> {
  static SplitSize parse(const Json& json, const Place& place);
  static Json write(const SplitSize& size) { return size.is_share() ? Json(size.value) : Json(static_cast<Count>(size.value)); }
  static Json schema();
  static std::string type() { return "share | count"; }
};

/// How the features are scaled. Statistics are those of the training set; both sets are treated alike.
///
///   none       not at all
///   standard   feature j ← (x_j − mean_j) / sd_j, sd_j that of the population; a constant feature is centred only
///   given      {"mean": m, "sd": s}: x ← (x − m) / s. Lists of length c, which must divide the number of features, are one value for each
///              of c equal runs of features: the colour planes of an image, or with c = features each feature
///   unit_rows  each row is divided by its Euclidean norm; rows of zeros stay
///   max_abs    feature j is divided by the largest |x_j|; features of zeros stay
struct Normalise {
  enum class Kind : std::uint8_t { none, standard, given, unit_rows, max_abs };
  Kind kind = Kind::none;
  std::vector<double> mean = {};  ///< given: as many as sd, > 0
  std::vector<double> sd = {};
};

template <>
struct OptionType<Normalise> {
  static Normalise parse(const Json& json, const Place& place);
  static Json write(const Normalise& normalise);
  static Json schema();
  static std::string type() { return "none | standard | unit_rows | max_abs | {mean, sd}"; }
};

/// The first `count` training rows; fewer are an InputError at `place`.
void limit_rows(DataPair& data, std::size_t count, const Place& place);

/// Moves rows, chosen at random, from the training to the test set; in both the rows keep their order. A share is rounded to the nearest
/// count. A source with a test set of its own, and a split that leaves one of the sets without a row, are InputErrors at `place`.
void split_rows(DataPair& data, const SplitSize& size, std::uint64_t data_seed, const Place& place);

/// Scales both sets. Bytes stay bytes with one given mean and sd and become reals otherwise; sparse rows stay sparse, and what would make
/// their zeros others is an InputError at `place`.
void normalise_features(DataPair& data, const Normalise& normalise, const Place& place);

}  // namespace peloton
