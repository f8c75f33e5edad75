#include "sim/network/completions.hpp"

#include <algorithm>

namespace peloton {

void Completions::put(std::size_t place, const Entry& entry) {
  heap_[place] = entry;
  place_of_flow_[entry.flow] = static_cast<std::uint32_t>(place);
}

void Completions::set(const std::vector<Entry>& entries) {
  const bool rebuild = 4 * entries.size() > heap_.size();
  for (const Entry& entry : entries) {
    if (entry.flow >= place_of_flow_.size()) place_of_flow_.resize(entry.flow + 1, kAbsent);
    std::uint32_t place = place_of_flow_[entry.flow];
    if (place == kAbsent) {
      place = static_cast<std::uint32_t>(heap_.size());
      heap_.emplace_back();
    }
    put(place, entry);
    if (rebuild) continue;
    sift_up(place);
    sift_down(place_of_flow_[entry.flow]);
  }
  if (rebuild && heap_.size() > 1)
    for (std::size_t i = (heap_.size() - 2) / kArity + 1; i-- > 0;) sift_down(i);
}

void Completions::pop() {
  place_of_flow_[heap_.front().flow] = kAbsent;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (heap_.empty()) return;
  put(0, last);
  sift_down(0);
}

void Completions::sift_up(std::size_t place) {
  const Entry entry = heap_[place];
  for (; place > 0 && entry < heap_[(place - 1) / kArity]; place = (place - 1) / kArity) put(place, heap_[(place - 1) / kArity]);
  put(place, entry);
}

void Completions::sift_down(std::size_t place) {
  const Entry entry = heap_[place];
  while (kArity * place + 1 < heap_.size()) {
    const auto first = heap_.begin() + static_cast<std::ptrdiff_t>(kArity * place + 1);
    const auto least = std::min_element(first, heap_.end() - first > static_cast<std::ptrdiff_t>(kArity) ? first + kArity : heap_.end());
    if (!(*least < entry)) break;
    const auto below = static_cast<std::size_t>(least - heap_.begin());
    put(place, *least);
    place = below;
  }
  put(place, entry);
}

void Completions::visit_state(StateVisitor& v) {
  v("heap", heap_);
  if (!v.reading()) return;
  place_of_flow_.clear();
  for (const Entry& entry : heap_)
    if (entry.flow >= place_of_flow_.size()) place_of_flow_.resize(entry.flow + 1, kAbsent);
  for (std::size_t i = 0; i < heap_.size(); ++i) put(i, heap_[i]);
}

}  // namespace peloton
