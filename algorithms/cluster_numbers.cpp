#include "algorithms/cluster.hpp"

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
std::shared_ptr<const Payload> length_only(const Codec& codec) {
  const std::optional<std::uint64_t> bits = codec.fixed_bits();
  PELOTON_INVARIANT(bits.has_value(), "without learning a message has a length that needs no values");
  return std::make_shared<const Payload>(Payload{.message = {.bytes = {}, .bits = *bits}, .codec = &codec});
}

}  // namespace

Gradient Cluster::encoded(const Gradient& gradient, const Codec& codec) {
  return encoded(gradient, learning() ? value(gradient) : Vector(), codec);
}

Gradient Cluster::encoded(const Gradient& gradient, const Vector& v, const Codec& codec) {
  Gradient out = gradient;
  out.value = LazyGradient();
  out.encoded = !learning() ? length_only(codec)
                            : std::make_shared<const Payload>(Payload{
                                  .message = codec.encode(v.view(), gradient.node, totals_[gradient.node].started), .codec = &codec});
  return out;
}

Gradient Cluster::encoded(const Gradient& gradient, Vector v, const Codec& codec, ErrorFeedback& memory) {
  Gradient out = gradient;
  out.value = LazyGradient();
  out.encoded = std::make_shared<const Payload>(
      Payload{.message = memory.encode(codec, std::move(v), gradient.node, totals_[gradient.node].started), .codec = &codec});
  return out;
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

// ---- updates ----------------------------------------------------------------------------------------------------------------------

/// Gradients as an aggregator reads them.
class Cluster::Sources final : public Contributions {
 public:
  Sources(Cluster& cluster, std::vector<Gradient>& gradients, std::span<const double> samples)
      : cluster_(cluster), gradients_(gradients), samples_(samples) {}
  [[nodiscard]] std::size_t size() const override { return gradients_.size(); }
  [[nodiscard]] std::span<const double> samples() const override { return samples_; }

  void consume(const std::function<void(std::span<const Vector>)>& body) override {
    if (gradients_.front().encoded) {
      for (Gradient& g : gradients_) {
        const Vector one = cluster_.value(g);
        g.encoded.reset();
        body({&one, 1});
      }
      return;
    }
    std::vector<LazyGradient> lazy;
    lazy.reserve(gradients_.size());
    for (Gradient& g : gradients_) lazy.push_back(std::move(g.value));
    cluster_.parts_.learning->executor.consume(std::move(lazy), body);
  }

 private:
  Cluster& cluster_;
  std::vector<Gradient>& gradients_;
  std::span<const double> samples_;
};

double Cluster::learning_rate() const {
  PELOTON_INVARIANT(rule_.has_value(), "an algorithm that applies gradients declares its step rule");
  return step_size(rule_->learning_rate, static_cast<std::int64_t>(updates_));
}

std::vector<double> Cluster::samples_of(std::span<const Gradient> gradients) const {
  std::vector<double> out;
  out.reserve(gradients.size());
  for (const Gradient& g : gradients) out.push_back(static_cast<double>(batch_size(g.node)));
  return out;
}

Model Cluster::next_version(Vector values) {
  ++updates_;
  return {.values = std::move(values), .version = static_cast<std::int64_t>(updates_), .created = now(), .bits = 0};
}

void Cluster::record_update(const Gradient& gradient, double weight, bool applied) {
  if (observers_.empty()) return;
  const auto version = static_cast<std::int64_t>(updates_);
  const UpdateRecord record{.time = now(),
                            .worker = gradient.node,
                            .version = version,
                            .base = gradient.base,
                            .staleness = version - (applied ? 1 : 0) - gradient.base,
                            .staleness_time = now() - gradient.base_created,
                            .weight = weight,
                            .applied = applied};
  for (Observer* observer : observers_) observer->on_update(record);
}

void Cluster::forget_rounded(const Model& model) {
  if (wire_source_.identity() == model.values.identity()) wire_source_ = wire_rounded_ = Vector();
}

Model Cluster::stepped(Model model, const Vector& direction, double scale) {
  Vector values;
  if (learning()) {
    forget_rounded(model);
    values = optimizer_->step(std::move(model.values), direction, scale * learning_rate());
  }
  return next_version(std::move(values));
}

Model Cluster::apply(Model model, const Gradient& gradient, double scale) {
  Model next = stepped(std::move(model), learning() ? value(gradient) : Vector(), scale);
  record_update(gradient, scale, true);
  return next;
}

Model Cluster::apply(Model model, std::vector<Gradient>& gradients, Aggregator& aggregator, const Codec* codec) {
  const std::vector<double> samples = samples_of(gradients);
  Vector direction;
  std::uint64_t bits = codec == nullptr ? 0 : codec->fixed_bits().value_or(0);
  if (learning()) {
    Sources sources(*this, gradients, samples);
    direction = aggregator.aggregate(space(), sources);
    if (codec != nullptr) {
      const EncodedVector message = codec->encode(direction.view(), parts_.server, updates_);
      bits = message.bits;
      if (!direction.unique()) direction = space().make();
      codec->decode(message, direction.write());
    }
  }
  Model next = stepped(std::move(model), direction, 1.0);
  next.bits = bits;
  if (!observers_.empty()) {
    const std::vector<double> weights = aggregator.weights(samples);
    for (std::size_t i = 0; i < gradients.size(); ++i) record_update(gradients[i], weights[i], true);
  }
  gradients.clear();
  return next;
}

Model Cluster::apply(Model model, std::vector<Gradient>& gradients, std::span<const double> factors) {
  PELOTON_INVARIANT(gradients.size() == factors.size(), "every gradient has a factor");
  Vector direction;
  if (learning()) {
    const std::vector<double> samples = samples_of(gradients);
    Sources sources(*this, gradients, samples);
    std::size_t done = 0;
    sources.consume([&](std::span<const Vector> some) {
      const std::span<const double> own = factors.subspan(done, some.size());
      done += some.size();
      if (direction)
        space().add_all(direction, own, some);
      else
        direction = space().weighted_sum(own, some);
    });
  }
  Model next = stepped(std::move(model), direction, 1.0);
  for (std::size_t i = 0; i < gradients.size(); ++i) record_update(gradients[i], factors[i], true);
  gradients.clear();
  return next;
}

Model Cluster::apply(Model model, const Vector& direction, std::span<const Gradient> contributions) {
  Model next = stepped(std::move(model), direction, 1.0);
  for (const Gradient& g : contributions) record_update(g, 1.0 / static_cast<double>(contributions.size()), true);
  return next;
}

Model Cluster::replace(Model model, std::vector<Gradient>& ends, Aggregator& aggregator) {
  const std::vector<double> samples = samples_of(ends);
  Vector values;
  if (learning()) {
    forget_rounded(model);
    model = Model();
    Sources sources(*this, ends, samples);
    values = aggregator.aggregate(space(), sources);
  }
  Model next = next_version(std::move(values));
  const std::vector<double> weights = aggregator.weights(samples);
  for (std::size_t i = 0; i < ends.size(); ++i) record_update(ends[i], weights[i], true);
  ends.clear();
  return next;
}

Model Cluster::make_version(Vector values, std::span<const Gradient> contributions) {
  Model next = next_version(std::move(values));
  for (const Gradient& g : contributions) record_update(g, 1.0 / static_cast<double>(contributions.size()), true);
  return next;
}

void Cluster::discard(const Gradient& gradient) { record_update(gradient, 0, false); }

}  // namespace peloton
