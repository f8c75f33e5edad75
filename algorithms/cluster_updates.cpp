#include "algorithms/cluster.hpp"
#include "algorithms/twin.hpp"

namespace peloton {

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

/// One gradient, evaluated with those that are due next.
class Cluster::One final : public Contributions {
 public:
  One(Cluster& cluster, const Gradient& gradient)
      : cluster_(cluster), gradient_(gradient), samples_(static_cast<double>(cluster.batch_size(gradient.node))) {}
  [[nodiscard]] std::size_t size() const override { return 1; }
  [[nodiscard]] std::span<const double> samples() const override { return {&samples_, 1}; }
  void consume(const std::function<void(std::span<const Vector>)>& body) override {
    const Vector value = cluster_.value(gradient_);
    body({&value, 1});
  }

 private:
  Cluster& cluster_;
  const Gradient& gradient_;
  double samples_;
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

void Cluster::record_update(const Gradient& gradient, double weight, bool applied, std::size_t number) {
  if (observers_.empty()) return;
  const auto version = static_cast<std::int64_t>(updates_);
  UpdateRecord record{.time = now(),
                      .worker = gradient.node,
                      .version = version,
                      .base = gradient.base,
                      .staleness = version - (applied ? 1 : 0) - gradient.base,
                      .staleness_time = now() - gradient.base_created,
                      .weight = weight,
                      .applied = applied};
  if (twin_ && applied) {
    record.twin_distance = twin_->last().distance;
    record.twin_floor = twin_->last().floor;
    record.gradient_discrepancy = twin_->last().discrepancies[number];
  }
  for (Observer* observer : observers_) observer->on_update(record);
}

void Cluster::record_applied(std::span<const Gradient> gradients, const std::function<double(std::size_t)>& weight) {
  if (observers_.empty()) return;
  for (std::size_t i = 0; i < gradients.size(); ++i) record_update(gradients[i], weight(i), true, i);
}

void Cluster::forget_rounded(const Model& model) {
  if (wire_source_.identity() == model.values.identity()) wire_source_ = wire_rounded_ = Vector();
}

// ---- the twin ---------------------------------------------------------------------------------------------------------------------

void Cluster::start_twin(const TwinSpec& spec, const Algorithm& algorithm) {
  PELOTON_INVARIANT(learning(), "only a run with learning has a twin");
  GradientExecutor& executor = parts_.learning->executor;
  executor.keep_origins();
  algorithm_ = &algorithm;
  twin_ = std::make_unique<ZeroDelayTwin>(
      ZeroDelayTwin::Parts{.executor = executor,
                           .narrow_wire = parts_.wire == Precision::float32,
                           .seed = parts_.seed,
                           .spec = spec,
                           .optimizer = rule_ ? std::optional(rule_->optimizer) : std::nullopt,
                           .make_replay = [&](const Vector& initial) { return algorithm.make_replay(*this, initial); }},
      initial_);
}

Accepted Cluster::accepted(const Gradient& gradient) {
  GradientExecutor& executor = parts_.learning->executor;
  if (gradient.encoded) return {.node = gradient.node, .recipe = gradient.encoded->recipe, .codec = gradient.encoded->codec, .value = {}};
  if (!gradient.value) return {.node = gradient.node, .recipe = twin_->take(gradient.node, gradient.base), .codec = nullptr, .value = {}};
  auto recipe = std::make_shared<Recipe>();
  recipe->origin = executor.origin(gradient.value);
  recipe->on_wire = executor.is_rounded(gradient.value);
  return {.node = gradient.node, .recipe = std::move(recipe), .codec = nullptr, .value = gradient.value};
}

template <class Rule>
Vector Cluster::updated(Model model, std::span<const Gradient> gradients, Contributions& contributions, bool reused, Rule rule) {
  if (!learning()) return {};
  if (twin_) {
    std::vector<Accepted> all;
    for (const Gradient& gradient : gradients) all.push_back(accepted(gradient));
    twin_->replay(all, contributions.samples(), reused, rule);
  }
  forget_rounded(model);
  Vector values =
      rule(std::move(model.values), contributions, UpdateParts{.optimizer = optimizer_.get(), .compresses = true, .measures = true});
  if (twin_) twin_->arrived(values);
  return values;
}

// ---- updates ----------------------------------------------------------------------------------------------------------------------

Model Cluster::apply(Model model, const Gradient& gradient, double scale) {
  One one(*this, gradient);
  Vector values =
      updated(std::move(model), {&gradient, 1}, one, false, [&](Vector x, Contributions& contributions, const UpdateParts& parts) {
        Vector direction;
        contributions.consume([&](std::span<const Vector> some) { direction = some.front(); });
        return parts.optimizer->step(std::move(x), direction, scale * learning_rate());
      });
  Model next = next_version(std::move(values));
  record_update(gradient, scale, true, 0);
  return next;
}

Model Cluster::apply(Model model, std::vector<Gradient>& gradients, Aggregator& aggregator, const Codec* codec) {
  const std::vector<double> samples = samples_of(gradients);
  Sources sources(*this, gradients, samples);
  std::uint64_t bits = codec == nullptr ? 0 : codec->fixed_bits().value_or(0);
  Vector values =
      updated(std::move(model), gradients, sources, false, [&](Vector x, Contributions& contributions, const UpdateParts& parts) {
        Vector direction = (parts.measures ? aggregator : aggregator.rule()).aggregate(space(), contributions);
        if (codec != nullptr && parts.compresses) {
          const EncodedVector message = codec->encode(direction.view(), parts_.server, updates_);
          bits = message.bits;  // in the end those of the run, which comes last
          if (!direction.unique()) direction = space().make();
          codec->decode(message, direction.write());
        }
        return parts.optimizer->step(std::move(x), direction, learning_rate());
      });
  Model next = next_version(std::move(values));
  next.bits = bits & Model::kMostBits;
  version_codec_ = number_of(codec);
  record_aggregated(gradients, aggregator, samples);
  return next;
}

Model Cluster::apply(Model model, std::vector<Gradient>& gradients, std::span<const double> factors) {
  PELOTON_INVARIANT(gradients.size() == factors.size(), "every gradient has a factor");
  const std::vector<double> samples = samples_of(gradients);
  Sources sources(*this, gradients, samples);
  Vector values =
      updated(std::move(model), gradients, sources, false, [&](Vector x, Contributions& contributions, const UpdateParts& parts) {
        Vector direction;
        std::size_t done = 0;
        contributions.consume([&](std::span<const Vector> some) {
          const std::span<const double> own = factors.subspan(done, some.size());
          done += some.size();
          if (direction)
            space().add_all(direction, own, some);
          else
            direction = space().weighted_sum(own, some);
        });
        return parts.optimizer->step(std::move(x), direction, learning_rate());
      });
  Model next = next_version(std::move(values));
  record_applied(gradients, [&](std::size_t i) { return factors[i]; });
  gradients.clear();
  return next;
}

Model Cluster::apply_sum(Model model, std::span<const Gradient> gradients) {
  std::vector<Gradient> read(gradients.begin(), gradients.end());
  const std::vector<double> samples = samples_of(gradients);
  Sources sources(*this, read, samples);
  Vector values =
      updated(std::move(model), gradients, sources, true, [&](Vector x, Contributions& contributions, const UpdateParts& parts) {
        Vector sum = space().zeros();
        contributions.consume([&](std::span<const Vector> some) {
          for (const Vector& one : some) space().add_scaled(sum, 1.0, one);
        });
        return parts.optimizer->step(std::move(x), sum, learning_rate());
      });
  Model next = next_version(std::move(values));
  record_applied(gradients, [&](std::size_t) { return 1.0 / static_cast<double>(gradients.size()); });
  return next;
}

void Cluster::record_aggregated(std::vector<Gradient>& gradients, const Aggregator& aggregator, std::span<const double> samples) {
  if (!observers_.empty()) {
    const std::vector<double> weights = aggregator.weights(samples);
    record_applied(gradients, [&](std::size_t i) { return weights[i]; });
  }
  gradients.clear();
}

Model Cluster::replace(Model model, std::vector<Gradient>& ends, Aggregator& aggregator) {
  const std::vector<double> samples = samples_of(ends);
  Sources sources(*this, ends, samples);
  Vector values = updated(std::move(model), ends, sources, false, [&](Vector x, Contributions& contributions, const UpdateParts& parts) {
    x = Vector();
    return (parts.measures ? aggregator : aggregator.rule()).aggregate(space(), contributions);
  });
  Model next = next_version(std::move(values));
  record_aggregated(ends, aggregator, samples);
  return next;
}

Vector Cluster::mixed(Vector model, Contributions& contributions, double keep, const std::function<double(std::size_t)>& factor) {
  Vector out;
  if (keep != 0) out = space().weighted_sum(std::array{keep}, std::array{model});
  model = Vector();
  std::size_t i = 0;
  contributions.consume([&](std::span<const Vector> some) {
    for (const Vector& one : some) {
      const double own = factor(i++);
      if (own == 0) continue;  // nothing is left of it, not even what is not finite
      if (out)
        space().add_scaled(out, own, one);
      else
        out = space().weighted_sum({&own, 1}, {&one, 1});
    }
  });
  return out;
}

Model Cluster::mix(Model model, double keep, double factor, std::vector<Gradient>& contributions) {
  const std::vector<double> samples = samples_of(contributions);
  Sources sources(*this, contributions, samples);
  Vector values = updated(std::move(model), contributions, sources, false, [&](Vector x, Contributions& own, const UpdateParts& /*parts*/) {
    return mixed(std::move(x), own, keep, [&](std::size_t) { return factor; });
  });
  Model next = next_version(std::move(values));
  record_applied(contributions, [&](std::size_t) { return 1.0 / static_cast<double>(contributions.size()); });
  contributions.clear();
  return next;
}

void Cluster::make_version(std::span<const Gradient> contributions, const Mixture& mixture) {
  if (twin_) {
    std::vector<Accepted> all;
    for (const Gradient& gradient : contributions) all.push_back(accepted(gradient));
    twin_->replay(all, samples_of(contributions), false, [&](Vector y, Contributions& own, const UpdateParts& /*parts*/) {
      return mixed(std::move(y), own, mixture.keep, [&](std::size_t i) { return mixture.factors[i]; });
    });
    twin_->arrived(algorithm_->reported_model(*this).values);
  }
  static_cast<void>(next_version(Vector()));
  record_applied(contributions, [&](std::size_t) { return 1.0 / static_cast<double>(contributions.size()); });
}

void Cluster::discard(const Gradient& gradient) { record_update(gradient, 0, false, 0); }

}  // namespace peloton
