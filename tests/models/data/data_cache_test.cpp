#include "models/data/data_cache.hpp"

#include <thread>

#include "tests/test.hpp"

using namespace peloton;

namespace {

const DataSpec kSpec = parse_options<DataSpec>(Json::parse(R"({"kind": "blobs", "samples": 100, "features": 4, "classes": 3})"), {});

}  // namespace

TEST_CASE("equal data are loaded once, for any number of threads", "[models][data][data_cache]") {
  DataCache cache(1e9);
  std::vector<std::shared_ptr<const DataPair>> got(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < got.size(); ++i) threads.emplace_back([&, i] { got[i] = cache.load(kSpec, "data", 1 + i % 2, {}); });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 2; i < got.size(); ++i) CHECK(got[i] == got[i % 2]);
  CHECK(got[0] != got[1]);  // another data seed
  CHECK(cache.bytes() == memory_of(*got[0]) + memory_of(*got[1]));
  CHECK(got[0]->train.labels == load_data(kSpec, "data", 1, {})->train.labels);
}

TEST_CASE("sets that nobody uses are kept within the bytes given, the last used first", "[models][data][data_cache]") {
  const double each = memory_of(*load_data(kSpec, "data", 1, {}));
  DataCache cache(2.5 * each);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) static_cast<void>(cache.load(kSpec, "data", seed, {}));
  CHECK(cache.bytes() == 2 * each);
  const std::weak_ptr<const DataPair> fifth = cache.load(kSpec, "data", 5, {});
  static_cast<void>(cache.load(kSpec, "data", 1, {}));
  CHECK_FALSE(fifth.expired());
  static_cast<void>(cache.load(kSpec, "data", 2, {}));
  CHECK(fifth.expired());
}
