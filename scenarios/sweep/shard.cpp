#include "scenarios/sweep/shard.hpp"

#include <fmt/format.h>

#include <charconv>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

constexpr std::size_t kMostShards = 100'000;

bool read_count(std::string_view text, std::size_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string Shard::file_name() const { return fmt::format("sweep.{}-of-{}.sqlite", index, count); }

Shard parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  Shard out;
  const bool read = slash != std::string::npos && read_count(std::string_view(text).substr(0, slash), out.index) &&
                    read_count(std::string_view(text).substr(slash + 1), out.count);
  if (!read || out.index < 1 || out.index > out.count || out.count > kMostShards)
    throw InputError(fmt::format("--shard: must be i/n with 1 ≤ i ≤ n ≤ {}, such as 2/5, got \"{}\"", kMostShards, text));
  return out;
}

}  // namespace peloton
