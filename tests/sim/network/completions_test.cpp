#include "sim/network/completions.hpp"

#include <map>
#include <random>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("completions come earliest first, then in order of starting", "[sim][network][completions]") {
  // Reference: a sorted map. Random batches of new and changed entries, large and small, with many equal times, between random pops.
  std::mt19937_64 random(11);
  Completions completions;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::uint64_t> reference;  // (time, order) → flow
  std::map<std::uint64_t, std::pair<std::int64_t, std::uint64_t>> entry_of_flow;
  for (int step = 0; step < 3000; ++step) {
    std::map<std::uint64_t, Completions::Entry> batch;  // each flow once
    const std::size_t size = step % 10 == 0 ? 60 : random() % 4;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t flow = random() % 100;
      const std::uint64_t order = flow * 37 % 101;
      batch[flow] = {{static_cast<std::int64_t>(random() % 50)}, order, flow};
    }
    std::vector<Completions::Entry> entries;
    for (const auto& [flow, entry] : batch) {
      entries.push_back(entry);
      if (const auto old = entry_of_flow.find(flow); old != entry_of_flow.end()) reference.erase(old->second);
      entry_of_flow[flow] = {entry.at.ns, entry.start_order};
      reference[entry_of_flow[flow]] = flow;
    }
    completions.set(entries);
    for (std::size_t pops = random() % 7; pops > 0 && !reference.empty(); --pops) {
      REQUIRE(completions.earliest().at.ns == reference.begin()->first.first);
      REQUIRE(completions.earliest().flow == reference.begin()->second);
      entry_of_flow.erase(reference.begin()->second);
      reference.erase(reference.begin());
      completions.pop();
    }
    REQUIRE(completions.empty() == reference.empty());
  }
}
