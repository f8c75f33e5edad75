#include "sim/network/indexed_heap.hpp"

#include <map>
#include <random>

#include "tests/test.hpp"

using namespace peloton;

namespace {

struct Entry {
  std::int64_t at = 0;
  std::uint64_t order = 0;
  std::uint64_t number = 0;
  [[nodiscard]] std::uint32_t id() const { return static_cast<std::uint32_t>(number); }
  friend bool operator<(const Entry& a, const Entry& b) { return a.at != b.at ? a.at < b.at : a.order < b.order; }
};

}  // namespace

TEST_CASE("an indexed heap gives the least entry whatever was changed or removed", "[sim][network][heap]") {
  // Reference: a sorted map. Random batches of new and changed entries, large and small, with many equal keys, between random pops and
  // removals by id.
  std::mt19937_64 random(11);
  IndexedHeap<Entry> heap;
  HeapPlaces places;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::uint64_t> reference;  // (key, order) → id
  std::map<std::uint64_t, std::pair<std::int64_t, std::uint64_t>> key_of;
  const auto forget = [&](std::uint64_t id) {
    reference.erase(key_of.at(id));
    key_of.erase(id);
  };
  for (int step = 0; step < 3000; ++step) {
    std::map<std::uint64_t, Entry> batch;  // each id once
    const std::size_t size = step % 10 == 0 ? 60 : random() % 4;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t id = random() % 100;
      batch[id] = {static_cast<std::int64_t>(random() % 50), id * 37 % 101, id};
    }
    std::vector<Entry> entries;
    for (const auto& [id, entry] : batch) {
      entries.push_back(entry);
      if (key_of.contains(id)) forget(id);
      key_of[id] = {entry.at, entry.order};
      reference[key_of[id]] = id;
    }
    heap.set_all(entries, places);
    if (!key_of.empty() && step % 3 == 0) {
      const std::uint64_t id = std::next(key_of.begin(), static_cast<std::ptrdiff_t>(random() % key_of.size()))->first;
      heap.remove(static_cast<std::uint32_t>(id), places);
      forget(id);
    }
    for (std::size_t pops = random() % 6; pops > 0 && !reference.empty(); --pops) {
      REQUIRE(heap.top().at == reference.begin()->first.first);
      REQUIRE(heap.top().number == reference.begin()->second);
      forget(reference.begin()->second);
      heap.pop(places);
    }
    REQUIRE(heap.size() == reference.size());
  }
}
