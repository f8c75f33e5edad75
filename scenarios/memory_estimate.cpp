#include "scenarios/memory_estimate.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "sim/base/units.hpp"

namespace peloton {

double MemoryEstimate::total() const {
  double sum = 0;
  for (const Item& item : items) sum += item.bytes;
  return sum;
}

std::string MemoryEstimate::text() const {
  std::vector<Item> sorted = items;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Item& a, const Item& b) { return a.bytes > b.bytes; });
  std::string out = fmt::format("memory: about {}", show_bytes(total()));
  std::string parts;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, sorted.size()); ++i)
    if (sorted[i].bytes > 0) parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", sorted[i].what, show_bytes(sorted[i].bytes));
  return parts.empty() ? out : fmt::format("{} ({})", out, parts);
}

double physical_memory() { return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)); }

double resident_memory() {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  in >> pages >> pages;  // the second number: resident pages
  return pages * static_cast<double>(sysconf(_SC_PAGE_SIZE));
}

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace peloton
