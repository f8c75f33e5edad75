#include "sim/network/packet_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace peloton {
namespace {

constexpr double kPacketBits = 12'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::size_t kMostPackets = 100'000'000;

std::ifstream open(const std::string& name, const std::string& data_folder, const Place& place) {
  const std::filesystem::path file = std::filesystem::path(data_folder) / name;
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(file, unreadable))
    throw InputError(
        place,
        fmt::format("no file \"{}\"; paths are relative to the data folder: --data, else PELOTON_DATA, else ../shared/data, else data",
                    file.string()));
  std::ifstream in(file);
  if (!in) throw Failure(fmt::format("{}: cannot be opened", file.string()));
  return in;
}

/// The milliseconds of the packets, ascending.
std::vector<std::int64_t> read_packets(std::istream& in, const std::string& name) {
  std::vector<std::int64_t> out;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto fail = [&](const std::string& message) { throw InputError(Place{name, fmt::format("line {}", number)}, message); };
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty()) continue;
    constexpr std::int64_t kMost = 1'000'000'000'000;  // 31 years
    std::int64_t at = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), at);
    if (error != std::errc{} || end != line.data() + line.size() || at < 0 || at > kMost)
      fail(fmt::format("must be a whole number of milliseconds, 0 … 10^12, got \"{}\"", line));
    if (!out.empty() && at < out.back()) fail(fmt::format("goes back in time: {} ms after {} ms", at, out.back()));
    if (out.size() == kMostPackets) fail(fmt::format("more than {} packets", kMostPackets));
    out.push_back(at);
  }
  if (in.bad()) throw Failure(fmt::format("{}: cannot be read", name));
  if (out.empty() || out.back() == 0) throw InputError(Place{name, ""}, "must tell of a packet after 0 ms, got none");
  return out;
}

}  // namespace

PacketTrace::PacketTrace(const PacketTraceSpec& spec, const std::string& data_folder, const Place& place) {
  std::ifstream in = open(spec.path, data_folder, place / "path");
  const std::vector<std::int64_t> packets = read_packets(in, spec.path);
  period_ = {packets.back() * kMillisecond};
  const std::int64_t window = to_duration(spec.window).ns;
  std::size_t next = 0;
  for (std::int64_t start = 0; start < period_.ns; start += window) {
    const std::int64_t end = std::min(start + window, period_.ns);
    const std::size_t first = next;
    // The packets at the very end of the trace belong to its last window.
    while (next < packets.size() && (packets[next] * kMillisecond < end || end == period_.ns)) ++next;
    const double bandwidth = static_cast<double>(next - first) * kPacketBits / Duration{end - start}.seconds();
    if (steps_.empty() || steps_.back().bandwidth != bandwidth) steps_.push_back({{start}, bandwidth});
  }
}

std::size_t PacketTrace::step_at(Duration t) const {
  const auto after = std::upper_bound(steps_.begin(), steps_.end(), t, [](Duration x, const Step& step) { return x < step.start; });
  return static_cast<std::size_t>(after - steps_.begin()) - 1;
}

double PacketTrace::bandwidth(Time t) const { return steps_[step_at({t.ns % period_.ns})].bandwidth; }

Time PacketTrace::next_change(Time t) const {
  if (steps_.size() == 1) return kNever;
  const Duration within{t.ns % period_.ns};
  const Time start{t.ns - within.ns};
  const std::size_t next = step_at(within) + 1;
  if (next < steps_.size()) return start + steps_[next].start;
  // Over the end of the trace, whose last window may be like the first.
  return start + period_ + (steps_.back().bandwidth == steps_.front().bandwidth ? steps_[1].start : Duration{});
}

}  // namespace peloton
