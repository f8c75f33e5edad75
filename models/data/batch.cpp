#include "models/data/batch.hpp"

#include <algorithm>
#include <limits>

#include "models/data/permutation.hpp"
#include "sim/base/random.hpp"

namespace peloton {

BatchSize OptionType<BatchSize>::parse(const Json& json, const Place& place) {
  if (json.is_string() && normalised(json.get<std::string>()) == "full") return {std::nullopt};
  if (!json.is_number()) wrong_type(place, "a count or \"full\"", json);
  constexpr Check kRows = between(1, 4294967295.0);
  const Count rows = OptionType<Count>::parse(json, place);
  if (!kRows.accepts(static_cast<double>(rows))) wrong_type(place, kRows.text() + ", or \"full\"", json);
  return {rows};
}

Json OptionType<BatchSize>::schema() {
  return {{"oneOf", Json::array({Json{{"type", "integer"}, {"minimum", 1}, {"maximum", 4294967295}}, Json{{"const", "full"}}})}};
}

BatchSampler::BatchSampler(const Partition& partition, const Options& options)
    : partition_(partition), batch_(static_cast<std::size_t>(options.size.rows.value_or(0))), order_(options.order), seed_(options.seed) {
  PELOTON_INVARIANT(options.size.rows.value_or(1) >= 1, "a batch has rows");
}

std::span<const std::uint32_t> BatchSampler::rows(std::size_t worker, std::uint64_t step, std::vector<std::uint32_t>& scratch) const {
  if (partition_.redealt()) {
    scratch.resize(size(worker));
    draw_redealt(worker, step, scratch);
    return scratch;
  }
  const std::span<const std::uint32_t> shard = partition_.shard(worker);
  if (batch_ == 0) return shard;
  scratch.resize(batch_);
  if (order_ == BatchOrder::epoch) {
    draw_epochs(shard, worker, step, scratch);
    return scratch;
  }
  RandomStream random(seed_, Purpose::batch, static_cast<std::uint32_t>(worker), step);
  const auto count = static_cast<std::uint32_t>(shard.size());
  for (std::uint32_t& row : scratch) row = shard[random.below(count)];
  return scratch;
}

void BatchSampler::draw_redealt(std::size_t worker, std::uint64_t step, std::span<std::uint32_t> out) const {
  PELOTON_INVARIANT(step < std::numeric_limits<std::uint64_t>::max() / out.size(), "positions are counted by 64 bits");
  const std::uint64_t first = step * out.size();
  const auto count = static_cast<std::uint32_t>(partition_.size(worker));
  std::uint64_t epoch = first / count;
  if (batch_ != 0 && order_ == BatchOrder::with_replacement) {
    const EpochShard shard = partition_.shard(worker, epoch);
    RandomStream random(seed_, Purpose::batch, static_cast<std::uint32_t>(worker), step);
    for (std::uint32_t& row : out) row = shard[random.below(count)];
    return;
  }
  // An epoch's shard comes in a random order: walking it is sampling without replacement.
  auto position = static_cast<std::uint32_t>(first % count);
  for (std::size_t filled = 0; filled < out.size(); ++epoch, position = 0) {
    const EpochShard shard = partition_.shard(worker, epoch);
    for (; filled < out.size() && position < count; ++filled, ++position) out[filled] = shard[position];
  }
}

void BatchSampler::draw_epochs(std::span<const std::uint32_t> shard, std::size_t worker, std::uint64_t step,
                               std::span<std::uint32_t> out) const {
  PELOTON_INVARIANT(step < std::numeric_limits<std::uint64_t>::max() / batch_, "positions are counted by 64 bits");
  const std::uint64_t first = step * batch_;
  std::uint64_t epoch = first / shard.size();
  std::size_t position = first % shard.size();
  for (std::size_t filled = 0; filled < out.size(); ++epoch, position = 0) {
    const KeyedPermutation permutation(static_cast<std::uint32_t>(shard.size()),
                                       RandomStream(seed_, Purpose::batch, static_cast<std::uint32_t>(worker), epoch));
    const std::size_t end = filled + std::min(out.size() - filled, shard.size() - position);
    for (; filled < end; ++filled, ++position) out[filled] = shard[permutation(static_cast<std::uint32_t>(position))];
  }
}

}  // namespace peloton
