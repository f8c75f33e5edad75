#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// For each of `count` rows whether it meets the condition: an SQL expression over the columns, which are named as they are, dots
/// included: "cluster.workers * task.batch_size <= 256 and algorithm.name <> 'sync_sgd'". SQLite evaluates it, in memory, with nothing
/// else in reach. `value(row, column)` is a number, text, boolean or null. What is no such expression, and a name that is no column, is
/// an InputError at `place`. A result of null counts as false.
[[nodiscard]] std::vector<bool> rows_where(const std::string& condition, const std::vector<std::string>& columns, std::size_t count,
                                           const std::function<Json(std::size_t row, std::size_t column)>& value, const Place& place);

}  // namespace peloton
