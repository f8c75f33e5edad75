#include <cmath>

#include "algorithms/cluster.hpp"
#include "algorithms/twin.hpp"

namespace peloton {

// ---- reading ----------------------------------------------------------------------------------------------------------------------

Vector Cluster::value(const Gradient& gradient) {
  if (!gradient.encoded) return parts_.learning->executor.value(gradient.value);
  Vector out = space().make();
  gradient.encoded->codec->decode(gradient.encoded->message, out.write());
  return out;
}

Vector Cluster::result(const Gradient& gradient, std::size_t i) { return parts_.learning->executor.result(gradient.value, i); }

std::span<const double> Cluster::scalars(const Gradient& gradient) { return parts_.learning->executor.scalars(gradient.value); }

namespace {

/// The message of a codec in a run without learning: only its length exists.
EncodedVector length_only(const Codec& codec) {
  const std::optional<std::uint64_t> bits = codec.fixed_bits();
  PELOTON_INVARIANT(bits.has_value(), "without learning a message has a length that needs no values");
  return {.bytes = {}, .bits = *bits};
}

}  // namespace

Gradient Cluster::with_message(const Gradient& gradient, const Codec& codec, EncodedVector message, double factor, bool feedback) const {
  Gradient out = gradient;
  auto payload = std::make_shared<Payload>(Payload{.message = std::move(message), .codec = &codec, .recipe = nullptr});
  if (twin_)
    payload->recipe = std::make_shared<Recipe>(Recipe{.origin = parts_.learning->executor.origin(gradient.value),
                                                      .factor = factor,
                                                      .feedback = feedback,
                                                      .message = totals_[gradient.node].started,
                                                      .on_wire = false,
                                                      .stale = {},
                                                      .again = {}});
  out.value = LazyGradient();
  out.encoded = std::move(payload);
  return out;
}

Gradient Cluster::encoded(const Gradient& gradient, const Codec& codec, double factor, ErrorFeedback* memory) {
  if (!learning()) return with_message(gradient, codec, length_only(codec), factor, false);
  Vector v = value(gradient);
  if (factor != 1) space().scale(v, factor);
  const std::uint64_t number = totals_[gradient.node].started;
  EncodedVector message =
      memory == nullptr ? codec.encode(v.view(), gradient.node, number) : memory->encode(codec, std::move(v), gradient.node, number);
  return with_message(gradient, codec, std::move(message), factor, memory != nullptr);
}

Gradient Cluster::encoded(const Gradient& gradient, const Vector& v, const Codec& codec) {
  PELOTON_INVARIANT(!twin_ || twin_->makes_own_vectors(), "a method whose workers send vectors of their own overrides make_replay");
  return with_message(gradient, codec,
                      learning() ? codec.encode(v.view(), gradient.node, totals_[gradient.node].started) : length_only(codec), 1.0, false);
}

void Cluster::let_go(Gradient& gradient) {
  if (twin_) {
    const Accepted what = accepted(gradient);
    what.recipe->stale = value(gradient);
    twin_->keep(gradient.node, gradient.base, what.recipe);
  }
  gradient.value = LazyGradient();
}

Vector Cluster::combine(std::span<const double> factors, std::span<const Vector> terms) {
  return learning() ? space().weighted_sum(factors, terms) : Vector();
}

Model Cluster::mean(std::span<const Model> models) {
  std::vector<Vector> terms;
  terms.reserve(models.size());
  for (const Model& model : models) terms.push_back(model.values);
  const std::vector<double> ones(models.size(), 1.0);
  Vector values = combine(ones, terms);
  if (learning()) space().scale(values, 1.0 / static_cast<double>(models.size()));
  return {.values = std::move(values), .version = static_cast<std::int64_t>(updates_), .created = now(), .bits = 0};
}

double Cluster::consensus_distance(std::span<const Model> models) {
  const Model centre = mean(models);
  double sum = 0;
  for (const Model& model : models) {
    const double distance = space().distance(model.values, centre.values);
    sum += distance * distance;
  }
  return std::sqrt(sum / static_cast<double>(models.size()));
}

}  // namespace peloton
