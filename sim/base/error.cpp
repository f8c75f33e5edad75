#include "sim/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace peloton {

Place Place::operator/(std::string_view key) const {
  std::string escaped;
  for (const char c : key) {
    if (c == '~')
      escaped += "~0";
    else if (c == '/')
      escaped += "~1";
    else
      escaped += c;
  }
  return {file, pointer + "/" + escaped};
}

Place Place::operator/(std::size_t index) const { return {file, fmt::format("{}/{}", pointer, index)}; }

std::string Place::str() const {
  if (file.empty()) return pointer;
  return pointer.empty() ? file : file + ": " + pointer;
}

InputError::InputError(const Place& place, std::string_view message)
    : std::runtime_error(place.str().empty() ? std::string(message) : fmt::format("{}: {}", place.str(), message)) {}

void broken_invariant(std::string_view condition, std::string_view meaning, std::string_view file, int line) {
  throw BrokenInvariant(fmt::format("internal error: {} ({} at {}:{})", meaning, condition, file, line));
}

std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    out += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

namespace {

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> d((a.size() + 1) * width);
  for (std::size_t i = 0; i <= a.size(); ++i) d[i * width] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = d[(i - 1) * width + j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      std::size_t best = std::min({d[(i - 1) * width + j] + 1, d[i * width + j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = std::min(best, d[(i - 2) * width + j - 2] + 1);
      d[i * width + j] = best;
    }
  }
  return d[a.size() * width + b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates) {
  if (name.size() > 64) return std::nullopt;  // nobody mistypes that; the distance costs the product of the lengths
  const std::string wanted = normalised(name);
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(2, wanted.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::string have = normalised(candidate);
    std::size_t distance = edit_distance(wanted, have);
    if (wanted.size() >= 3 && have.starts_with(wanted)) distance = std::min<std::size_t>(distance, 1);
    if (distance < best_distance && distance < have.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::optional<std::string> nearest = nearest_name(name, candidates);
  return nearest ? fmt::format(" (did you mean \"{}\"?)", *nearest) : std::string();
}

}  // namespace peloton
