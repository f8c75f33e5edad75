#include "sim/base/state.hpp"

#include <fmt/format.h>

#include <cstring>

#include "sim/base/error.hpp"
#include "sim/base/hash.hpp"

namespace peloton {

std::pair<std::uint64_t, bool> StateVisitor::identify(const void* identity) {
  const auto [entry, first] = numbers_.emplace(identity, numbers_.size() + 1);
  return {entry->second, first};
}

std::shared_ptr<void> StateVisitor::object(std::uint64_t number) const {
  const auto found = objects_.find(number);
  return found == objects_.end() ? nullptr : found->second;
}

void StateWriter::integer(std::string_view, std::uint64_t& value, bool) {
  out_.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void StateWriter::real(std::string_view, double& value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }

void StateWriter::bytes(std::string_view, void* data, std::size_t size) {
  if (size > 0) out_.append(static_cast<const char*>(data), size);
}

void StateReader::integer(std::string_view name, std::uint64_t& value, bool) { bytes(name, &value, sizeof value); }

void StateReader::real(std::string_view name, double& value) { bytes(name, &value, sizeof value); }

void StateReader::bytes(std::string_view, void* data, std::size_t size) {
  PELOTON_INVARIANT(in_.size() >= size, "a saved state ends too early");
  if (size > 0) std::memcpy(data, in_.data(), size);
  in_.remove_prefix(size);
}

void StateReader::finish() const { PELOTON_INVARIANT(in_.empty(), "a saved state has bytes left over"); }

void StatePrinter::line(std::string_view name, std::string_view value) {
  out_ += fmt::format("{:{}}{}{}{}\n", "", 2 * depth_, name, name.empty() ? "" : ": ", value);
}

void StatePrinter::integer(std::string_view name, std::uint64_t& value, bool is_signed) {
  line(name, is_signed ? fmt::format("{}", static_cast<std::int64_t>(value)) : fmt::format("{}", value));
}

void StatePrinter::real(std::string_view name, double& value) { line(name, fmt::format("{}", value)); }

void StatePrinter::bytes(std::string_view name, void* data, std::size_t size) {
  Fingerprint hash;
  hash.add_bytes(data, size);
  line(name, fmt::format("{} bytes, hash {}", size, hash.hex()));
}

void StatePrinter::begin(std::string_view name) {
  line(name, "");
  ++depth_;
}

}  // namespace peloton
