#include "models/data/batch.hpp"

#include <algorithm>
#include <map>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

using Rows = std::vector<std::uint32_t>;

/// Rows 0 … rows − 1 in equal consecutive shards: worker w holds w · rows / workers and those after it.
Partition consecutive(std::size_t rows, std::size_t workers) { return {SortedPartition{}, std::vector<double>(rows, 0.0), workers, 1, {}}; }

/// The same number of rows for each worker, dealt anew each epoch.
Partition redealt(std::size_t rows, std::size_t workers) {
  PartitionSpec spec;
  spec.reshuffle = Reshuffle::epoch;
  return {spec, std::vector<double>(rows, 0.0), workers, 1, {}};
}

Rows batch(const BatchSampler& sampler, std::size_t worker, std::uint64_t step) {
  Rows scratch;
  const std::span<const std::uint32_t> rows = sampler.rows(worker, step, scratch);
  return {rows.begin(), rows.end()};
}

Rows steps(const BatchSampler& sampler, std::size_t worker, std::uint64_t count) {
  Rows all;
  for (std::uint64_t step = 0; step < count; ++step) {
    const Rows rows = batch(sampler, worker, step);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

/// True when each run of `size` rows of the sequence holds base … base + size − 1 once each.
bool visits_each_once_per_epoch(const Rows& sequence, std::size_t size, std::uint32_t base) {
  for (std::size_t start = 0; start + size <= sequence.size(); start += size) {
    Rows epoch(sequence.begin() + static_cast<std::ptrdiff_t>(start), sequence.begin() + static_cast<std::ptrdiff_t>(start + size));
    std::sort(epoch.begin(), epoch.end());
    for (std::size_t i = 0; i < size; ++i)
      if (epoch[i] != base + i) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a full batch is the shard", "[models][data][batch]") {
  const Partition partition = consecutive(12, 3);
  for (const BatchOrder order : {BatchOrder::with_replacement, BatchOrder::epoch}) {
    const BatchSampler sampler(partition, {.size = {std::nullopt}, .order = order});
    CHECK(sampler.size(1) == 4);
    CHECK(batch(sampler, 1, 0) == Rows{4, 5, 6, 7});
    CHECK(batch(sampler, 1, 9) == Rows{4, 5, 6, 7});
  }
}

TEST_CASE("a batch is a function of seed, worker and step", "[models][data][batch]") {
  // Invariant: asked again, in another order and with used scratch memory, each batch is the same; another seed, worker or step gives
  // another one. 16 of 1000 rows agree by chance with probability below 10⁻³⁰.
  const Partition partition(SharedPartition{}, std::vector<double>(1000, 0.0), 5, 1, {});
  for (const BatchOrder order : {BatchOrder::with_replacement, BatchOrder::epoch}) {
    const BatchSampler sampler(partition, {.size = {16}, .order = order, .seed = 3});
    const BatchSampler again(partition, {.size = {16}, .order = order, .seed = 3});
    const BatchSampler other(partition, {.size = {16}, .order = order, .seed = 4});
    CHECK(sampler.size(2) == 16);
    std::map<std::uint64_t, Rows> seen;
    for (std::uint64_t step = 0; step < 70; ++step) seen[step] = batch(sampler, 2, step);
    Rows scratch(99, 7);
    for (std::uint64_t step = 70; step-- > 0;) {
      const std::span<const std::uint32_t> rows = again.rows(2, step, scratch);
      CHECK(Rows(rows.begin(), rows.end()) == seen[step]);
    }
    CHECK(batch(other, 2, 5) != seen[5]);
    CHECK(batch(sampler, 3, 5) != seen[5]);
    CHECK(seen[6] != seen[5]);
    CHECK(seen[5 + 1000 / 16] != seen[5]);
  }
}

TEST_CASE("rows are drawn with replacement, uniformly from the shard", "[models][data][batch]") {
  // χ² with 7 degrees of freedom over worker 1's rows 8 … 15, 40 000 draws: beyond 50 with probability 2·10⁻⁸. A batch of 20 from 8 rows
  // repeats rows.
  const Partition partition = consecutive(16, 2);
  const BatchSampler sampler(partition, {.size = {20}});
  std::vector<double> counts(16);
  for (const std::uint32_t row : steps(sampler, 1, 2000)) ++counts.at(row);
  double sum = 0;
  for (std::size_t row = 8; row < 16; ++row) sum += (counts[row] - 5000) * (counts[row] - 5000) / 5000;
  CHECK(sum < 50);
  CHECK(std::all_of(counts.begin(), counts.begin() + 8, [](double count) { return count == 0; }));
}

TEST_CASE("an epoch visits each row of the shard exactly once", "[models][data][batch]") {
  // Invariant, for batches that divide the shard, that do not (the last batch of an epoch runs on into the next one), and that exceed it.
  const Partition partition = consecutive(30, 3);
  for (const Count size : {1, 2, 3, 5, 7, 10, 11, 25, 64}) {
    const BatchSampler sampler(partition, {.size = {size}, .order = BatchOrder::epoch, .seed = 2});
    const Rows sequence = steps(sampler, 1, 70);
    CHECK(sequence.size() == static_cast<std::size_t>(70 * size));
    CHECK(visits_each_once_per_epoch(sequence, 10, 10));
  }
  const BatchSampler sampler(partition, {.size = {10}, .order = BatchOrder::epoch, .seed = 2});
  CHECK(batch(sampler, 1, 0) != batch(sampler, 1, 1));  // a new order each epoch: equal with probability 1 / 10!
}

TEST_CASE("the sequence of epochs does not depend on the batch size", "[models][data][batch]") {
  // Reduction: positions are counted in rows, so batches of 1, of 4 and of 15 are the same sequence cut differently.
  const Partition partition = consecutive(30, 3);
  const BatchSampler ones(partition, {.size = {1}, .order = BatchOrder::epoch});
  const BatchSampler fours(partition, {.size = {4}, .order = BatchOrder::epoch});
  const BatchSampler fifteens(partition, {.size = {15}, .order = BatchOrder::epoch});
  CHECK(steps(ones, 2, 60) == steps(fours, 2, 15));
  CHECK(steps(ones, 2, 60) == steps(fifteens, 2, 4));
}

TEST_CASE("a shard of one row gives that row", "[models][data][batch]") {
  const Partition partition = consecutive(3, 3);
  for (const BatchOrder order : {BatchOrder::with_replacement, BatchOrder::epoch})
    CHECK(batch(BatchSampler(partition, {.size = {4}, .order = order}), 1, 12345678901234) == Rows{1, 1, 1, 1});
}

TEST_CASE("batches of a redealt partition: each epoch of all workers holds every row once", "[models][data][batch]") {
  // Invariant, as of PyTorch's DistributedSampler: 30 rows over 3 workers, epochs of 10 rows each, in batches that divide an epoch, that do
  // not, and the whole shard. Batches are functions of worker and step: steps asked for backwards give the same.
  const Partition partition = redealt(30, 3);
  for (const BatchSize& size : {BatchSize{1}, BatchSize{5}, BatchSize{7}, BatchSize{25}, BatchSize{std::nullopt}}) {
    const BatchSampler sampler(partition, {.size = size, .order = BatchOrder::epoch, .seed = 2});
    std::vector<Rows> sequences;
    for (std::size_t w = 0; w < 3; ++w) sequences.push_back(steps(sampler, w, 50));
    for (std::size_t start = 0; start + 10 <= sequences[0].size(); start += 10) {
      Rows epoch;
      for (const Rows& of_worker : sequences)
        for (std::size_t i = start; i < start + 10; ++i) epoch.push_back(of_worker[i]);
      CHECK(visits_each_once_per_epoch(epoch, 30, 0));
    }
    Rows backwards;
    for (std::uint64_t step = 50; step-- > 0;) {
      const Rows rows = batch(sampler, 1, step);
      backwards.insert(backwards.begin(), rows.begin(), rows.end());
    }
    CHECK(backwards == sequences[1]);
  }
  const BatchSampler full(partition, {.size = {std::nullopt}});
  CHECK(full.size(0) == 10);
  CHECK(batch(full, 0, 0) != batch(full, 0, 1));  // equal with probability below 10⁻¹⁴
}

TEST_CASE("batches with replacement of a redealt partition stay in the shard of their epoch", "[models][data][batch]") {
  // Hand computation: shards of 10 rows and batches of 4: steps 0 1 2 begin in epoch 0, steps 3 4 in epoch 1, 5 6 7 in epoch 2. 400 draws
  // from ten rows miss one of them with probability below 10⁻¹⁶.
  const Partition partition = redealt(30, 3);
  const auto epoch_of_step = [](std::uint64_t step) { return 4 * step / 10; };
  for (std::uint64_t step = 0; step < 8; ++step) {
    Rows shard;
    for (std::uint32_t i = 0; i < 10; ++i) shard.push_back(partition.shard(1, epoch_of_step(step))[i]);
    Rows seen;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      const BatchSampler sampler(partition, {.size = {4}, .order = BatchOrder::with_replacement, .seed = seed});
      const Rows rows = batch(sampler, 1, step);
      seen.insert(seen.end(), rows.begin(), rows.end());
    }
    std::sort(shard.begin(), shard.end());
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    CHECK(seen == shard);
  }
}

TEST_CASE("batch sizes in scenarios: a count or \"full\"", "[models][data][batch]") {
  const auto parse = [](const Json& json) { return OptionType<BatchSize>::parse(json, Place{"f", "/batch_size"}); };
  CHECK(parse(32).rows == 32);
  CHECK_FALSE(parse("full").rows.has_value());
  CHECK(write_options(parse("Full")) == Json("full"));
  CHECK(write_options(parse(8)) == Json(8));
  const auto error = [&](const Json& json) { return input_error([&] { (void)parse(json); }); };
  CHECK(error("half") == "f: /batch_size: must be a count or \"full\", got \"half\"");
  CHECK(error(0) == "f: /batch_size: must be ≥ 1 and ≤ 4294967295, or \"full\", got 0");
  CHECK(error(2.5) == "f: /batch_size: must be a whole number (at most 2^53), got 2.5");
}
