#include "models/data/data_spec.hpp"

namespace peloton {

std::shared_ptr<const DataPair> load_data(const DataSpec& spec, const std::string& folder, std::uint64_t data_seed, const Place& place) {
  const DataContext context{folder, data_seed, place};
  auto data = std::make_shared<DataPair>(std::visit([&](const auto& source) { return source.load(context); }, spec.source.value));
  if (spec.limit) limit_rows(*data, static_cast<std::size_t>(*spec.limit), place / "limit");
  if (spec.split) split_rows(*data, *spec.split, data_seed, place / "split");
  normalise_features(*data, spec.normalise, place / "normalise");
  PELOTON_INVARIANT(data->train.rows > 0 && data->train.labels.size() == data->train.rows, "a training set has rows, with a label each");
  PELOTON_INVARIANT(data->test.rows == 0 || data->test.features == data->train.features, "both sets have the same features");
  return data;
}

}  // namespace peloton
