#include "analysis/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <variant>

#include "analysis/text.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// Where a column lies in a row; bits by their kind of traffic.
using Member = std::variant<Time MetricsRow::*, std::uint64_t MetricsRow::*, std::optional<double> MetricsRow::*,
                            std::optional<std::int64_t> MetricsRow::*, Traffic>;

struct Column {
  std::string_view name;
  Member member;
};

/// The one list of what a row holds: head, cells, reading and state follow from it.
constexpr std::array kColumns = {
    Column{"time", &MetricsRow::time},
    Column{"updates", &MetricsRow::updates},
    Column{"gradients", &MetricsRow::gradients},
    Column{"evaluations", &MetricsRow::evaluations},
    Column{"samples", &MetricsRow::samples},
    Column{"epochs", &MetricsRow::epochs},
    Column{"bits_uplink", Traffic::uplink},
    Column{"bits_downlink", Traffic::downlink},
    Column{"bits_peer", Traffic::peer},
    Column{"bits_control", Traffic::control},
    Column{"wire_bytes", &MetricsRow::wire_bytes},
    Column{"loss", &MetricsRow::loss},
    Column{"test_loss", &MetricsRow::test_loss},
    Column{"accuracy", &MetricsRow::accuracy},
    Column{"grad_norm", &MetricsRow::grad_norm},
    Column{"suboptimality", &MetricsRow::suboptimality},
    Column{"distance_to_optimum", &MetricsRow::distance_to_optimum},
    Column{"staleness_mean", &MetricsRow::staleness_mean},
    Column{"staleness_max", &MetricsRow::staleness_max},
    Column{"consensus_distance", &MetricsRow::consensus_distance},
    Column{"worker_loss_mean", &MetricsRow::worker_loss_mean},
    Column{"worker_loss_worst10", &MetricsRow::worker_loss_worst10},
    Column{"worker_accuracy_mean", &MetricsRow::worker_accuracy_mean},
    Column{"worker_accuracy_worst10", &MetricsRow::worker_accuracy_worst10},
    Column{"twin_distance", &MetricsRow::twin_distance},
    Column{"twin_floor", &MetricsRow::twin_floor},
    Column{"gradient_discrepancy", &MetricsRow::gradient_discrepancy},
    Column{"twin_loss_gap", &MetricsRow::twin_loss_gap},
};

/// Calls body(field) with the column's field of `row`.
template <class Row, class Body>
decltype(auto) with_field(Row& row, const Member& member, Body&& body) {
  return std::visit(
      [&](auto m) -> decltype(auto) {
        if constexpr (std::is_same_v<decltype(m), Traffic>)
          return body(row.bits[static_cast<std::size_t>(m)]);
        else
          return body(row.*m);
      },
      member);
}

std::string cell(Time time) { return decimal_seconds(time); }
std::string cell(std::uint64_t count) { return fmt::format("{}", count); }
std::string cell(const std::optional<double>& value) { return real_text(value); }
std::string cell(const std::optional<std::int64_t>& value) { return value ? fmt::format("{}", *value) : std::string(); }

std::optional<double> number(Time time) { return time.seconds(); }
std::optional<double> number(std::uint64_t count) { return static_cast<double>(count); }
std::optional<double> number(const std::optional<double>& value) { return value; }
std::optional<double> number(const std::optional<std::int64_t>& value) {
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

MetricsValue value_of(Time time) { return time.ns; }
MetricsValue value_of(std::uint64_t count) { return static_cast<std::int64_t>(count); }
template <class T>
MetricsValue value_of(const std::optional<T>& value) {
  return value ? MetricsValue(*value) : MetricsValue();
}

bool take(const MetricsValue& value, Time& out) {
  const auto* const ns = std::get_if<std::int64_t>(&value);
  if (ns != nullptr) out.ns = *ns;
  return ns != nullptr;
}
bool take(const MetricsValue& value, std::uint64_t& out) {
  const auto* const count = std::get_if<std::int64_t>(&value);
  if (count != nullptr) out = static_cast<std::uint64_t>(*count);
  return count != nullptr;
}
template <class T>
bool take(const MetricsValue& value, std::optional<T>& out) {
  out.reset();
  if (std::holds_alternative<std::monostate>(value)) return true;
  const T* const number = std::get_if<T>(&value);
  if (number != nullptr) out = *number;
  return number != nullptr;
}

template <class T>
bool read_number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

bool read(std::string_view text, Time& out) { return parse_decimal_seconds(text, out); }
bool read(std::string_view text, std::uint64_t& out) { return read_number(text, out); }
template <class T>
bool read(std::string_view text, std::optional<T>& out) {
  out.reset();
  return text.empty() || read_number(text, out.emplace());
}

const Column* find_column(std::string_view name) {
  const auto* const found = std::find_if(kColumns.begin(), kColumns.end(), [&](const Column& c) { return c.name == name; });
  return found == kColumns.end() ? nullptr : found;
}

}  // namespace

std::vector<std::string> metrics_columns() {
  std::vector<std::string> out;
  for (const Column& column : kColumns) out.emplace_back(column.name);
  return out;
}

std::vector<std::string> metrics_cells(const MetricsRow& row) {
  std::vector<std::string> out;
  out.reserve(kColumns.size());
  for (const Column& column : kColumns) out.push_back(with_field(row, column.member, [](const auto& field) { return cell(field); }));
  return out;
}

std::optional<double> metric(const MetricsRow& row, std::string_view column) {
  const Column* const found = find_column(column);
  PELOTON_INVARIANT(found != nullptr, "a metric is a column of metrics.csv");
  return with_field(row, found->member, [](const auto& field) { return number(field); });
}

std::vector<MetricsValue> metrics_values(const MetricsRow& row) {
  std::vector<MetricsValue> out;
  out.reserve(kColumns.size());
  for (const Column& column : kColumns) out.push_back(with_field(row, column.member, [](const auto& field) { return value_of(field); }));
  return out;
}

bool set_metrics_value(MetricsRow& row, std::size_t column, const MetricsValue& value) {
  return with_field(row, kColumns.at(column).member, [&](auto& field) { return take(value, field); });
}

std::string metrics_csv(const std::vector<MetricsRow>& rows) {
  std::string out = csv_line(metrics_columns());
  for (const MetricsRow& row : rows) out += csv_line(metrics_cells(row));
  return out;
}

std::vector<MetricsRow> parse_metrics_csv(std::string_view text, const std::string& file) {
  std::vector<MetricsRow> rows;
  std::vector<const Column*> columns;
  CsvReader in(text);
  for (std::vector<std::string> cells; in.next(cells);) {
    if (in.line() == 1) {
      for (const std::string& name : cells) columns.push_back(find_column(name));
      if (columns.empty() || columns.front() == nullptr) throw InputError(fmt::format("{}: is no metrics.csv of peloton", file));
      continue;
    }
    if (cells.size() != columns.size())
      throw InputError(fmt::format("{}: line {}: must have {} cells, got {}", file, in.line(), columns.size(), cells.size()));
    MetricsRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (columns[i] == nullptr) continue;  // a later version's column
      if (!with_field(row, columns[i]->member, [&](auto& field) { return read(cells[i], field); }))
        throw InputError(fmt::format("{}: line {}: {}: must be a number, got \"{}\"", file, in.line(), columns[i]->name, cells[i]));
    }
  }
  if (columns.empty()) throw InputError(fmt::format("{}: is no metrics.csv of peloton", file));
  return rows;
}

void MetricsRow::visit_state(StateVisitor& v) {
  for (const Column& column : kColumns) with_field(*this, column.member, [&](auto& field) { v(column.name, field); });
}

}  // namespace peloton
