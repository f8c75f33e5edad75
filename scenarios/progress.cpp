#include "scenarios/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "sim/base/units.hpp"

namespace peloton {
namespace {

constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(10);
constexpr int kBarWidth = 28;

std::string bar(double share) {
  const int filled = static_cast<int>(std::lround(share * kBarWidth));
  std::string out;
  for (int i = 0; i < kBarWidth; ++i) out += i < filled ? "━" : "─";
  return out;
}

}  // namespace

Progress::Progress(std::string label, bool quiet) : label_(std::move(label)), quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {
  next_ = start_ + (terminal_ ? std::chrono::nanoseconds(kBarInterval) : std::chrono::nanoseconds(kLineInterval));
}

Progress::~Progress() { finish(); }

double Progress::elapsed_seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

std::string Progress::line(std::optional<double> share, std::string_view facts) const {
  std::string out = label_;
  if (share && terminal_) out += fmt::format(" {}", bar(*share));
  if (share) out += fmt::format(" {:3.0f} %", 100 * *share);
  out += fmt::format("  {}", facts);
  if (share && *share > 0.005) out += fmt::format(", {} left", show_seconds(std::ceil(elapsed_seconds() * (1 - *share) / *share)));
  return out;
}

void Progress::update(std::optional<double> share, double virtual_seconds, std::uint64_t gradients) {
  if (!due()) return;
  const double rate = static_cast<double>(gradients) / std::max(elapsed_seconds(), 1e-9);
  update(share, fmt::format("{} virtual, {} gradients/s", show_seconds(virtual_seconds), show_count(rate)));
}

void Progress::update(std::optional<double> share, std::string_view facts) {
  if (!due()) return;
  const std::string text = line(share, facts);
  if (terminal_)
    fmt::print(stderr, "\r\033[K{}", text);
  else
    fmt::print(stderr, "{}\n", text);
  std::fflush(stderr);
  drawn_ = true;
  next_ = Clock::now() + (terminal_ ? std::chrono::nanoseconds(kBarInterval) : std::chrono::nanoseconds(kLineInterval));
}

void Progress::finish() {
  if (drawn_ && terminal_) {
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
  }
  drawn_ = false;
}

}  // namespace peloton
