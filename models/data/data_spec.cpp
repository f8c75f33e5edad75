#include "models/data/data_spec.hpp"

namespace peloton {

std::shared_ptr<const DataPair> load_data(const DataSpec& spec, const std::string& folder, std::uint64_t data_seed, const Place& place) {
  const DataContext context{folder, data_seed, place};
  auto data = std::make_shared<const DataPair>(std::visit([&](const auto& kind) { return kind.load(context); }, spec.value));
  PELOTON_INVARIANT(data->train.rows > 0 && data->train.labels.size() == data->train.rows, "a training set has rows, with a label each");
  PELOTON_INVARIANT(data->test.rows == 0 || data->test.features == data->train.features, "both sets have the same features");
  return data;
}

}  // namespace peloton
