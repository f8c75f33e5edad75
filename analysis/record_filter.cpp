#include "analysis/record_filter.hpp"

#include <fmt/format.h>

#include <charconv>

namespace peloton {
namespace {

/// A worker's number that fills `text`.
std::optional<NodeId> worker_number(std::string_view text) {
  NodeId out = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<RecordChoice::Range> range_of(std::string_view text, std::size_t workers) {
  const std::size_t dash = text.find('-');
  const std::optional<NodeId> first = worker_number(text.substr(0, dash));
  const std::optional<NodeId> last = dash == std::string_view::npos ? first : worker_number(text.substr(dash + 1));
  if (!first || !last || *first > *last || *last >= workers) return std::nullopt;
  return RecordChoice::Range{*first, *last};
}

}  // namespace

std::vector<RecordChoice::Range> parse_workers(std::string_view text, std::size_t workers, std::string_view flag) {
  std::vector<RecordChoice::Range> out;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const auto range = range_of(part, workers);
    if (!range)
      throw InputError(fmt::format("{}: must name workers from 0 to {}, like \"0-2\" or \"0,3,8-11\"; got \"{}\"{}", flag, workers - 1,
                                   text, part == text ? "" : fmt::format(", where \"{}\" is wrong", part)));
    out.push_back(*range);
    if (comma == std::string_view::npos) return out;
    rest.remove_prefix(comma + 1);
  }
}

RecordFilter::RecordFilter(RecordChoice choice, const Topology& topology) : choice_(std::move(choice)), topology_(topology) {
  if (choice_.workers.empty()) return;
  chosen_.resize(topology.workers());
  for (const RecordChoice::Range& range : choice_.workers)
    for (std::size_t worker = range.first; worker <= range.last; ++worker) chosen_.at(worker) = true;
}

void RecordFilter::see(const SendRecord& r) {
  if (chosen_.empty() || !(has(r.from) || has(r.to))) return;
  topology_.route(r.from, r.to, route_);
  for (const Resource& resource : route_) crossed_.insert(resource.id);
}

}  // namespace peloton
