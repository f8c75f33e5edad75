#include "scenarios/recording.hpp"

#include <fmt/format.h>

#include <charconv>

#include "sim/base/units.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

constexpr std::uint64_t kMostRecords = 1'000'000'000;

Time time_flag(const Arguments& given, const std::string& flag, Time fallback) {
  const auto value = given.quantity<Seconds>(flag);
  if (!value) return fallback;
  if (value->value < 0) throw InputError(fmt::format("--{}: must be ≥ 0 s, got \"{}\"", flag, *given.text(flag)));
  return to_time(*value);
}

std::uint64_t limit_flag(const Arguments& given) {
  const auto text = given.text("trace-limit");
  if (!text) return RecordChoice::kDefaultLimit;
  std::uint64_t out = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, out);
  if (error != std::errc() || rest != end || out < 1 || out > kMostRecords)
    throw InputError(fmt::format("--trace-limit: must be a whole number from 1 to {}, got \"{}\"", kMostRecords, *text));
  return out;
}

bool records_events(const Arguments& given) { return given.has("events") || given.has("report"); }

}  // namespace

void add_recording_flags(po::options_description& flags) {
  flags.add_options()("trace", "write trace.json, which opens in Perfetto")("events", "write events.csv: the same for scripts, a row each")(
      "report", "write report.html, a page that opens in a browser; records events.csv for it")(
      "trace-workers", po::value<std::string>(), "LIST: record these workers only, e.g. 0-15 or 0,3,8-11")(
      "trace-from", po::value<std::string>(), "TIME: record nothing that ended before, e.g. \"1.5 s\"")(
      "trace-to", po::value<std::string>(), "TIME: record nothing that began after")(
      "trace-limit", po::value<std::string>(), "N: at most so many trace events, and rows of events.csv (default 1000000)");
}

RecordChoice record_choice(const Arguments& given, const Topology& topology) {
  for (const char* flag : {"trace-workers", "trace-from", "trace-to", "trace-limit"})
    if (given.has(flag) && !given.has("trace") && !records_events(given))
      throw InputError(fmt::format("--{}: chooses what --trace and --events record; give one of them", flag));
  RecordChoice out;
  if (const auto workers = given.text("trace-workers")) {
    if (topology.workers() == 0) throw InputError("--trace-workers: this scenario has no workers");
    out.workers = parse_workers(*workers, topology.workers(), "--trace-workers");
  }
  out.from = time_flag(given, "trace-from", out.from);
  out.to = time_flag(given, "trace-to", out.to);
  if (out.to < out.from)
    throw InputError(fmt::format("--trace-to: must not be before --trace-from, got \"{}\" and \"{}\"", *given.text("trace-to"),
                                 given.text("trace-from").value_or("0 s")));
  out.limit = limit_flag(given);
  return out;
}

Recording::Recording(const Arguments& given, Run& run, OutputDirectory& out) {
  const RecordChoice choice = record_choice(given, run.topology());
  if (given.has("trace")) {
    trace_ = std::make_unique<TraceWriter>(out.begin("trace.json"), run.topology(), choice);
    run.add_observer(*trace_);
  }
  if (records_events(given)) {
    events_ = std::make_unique<EventsWriter>(out.begin("events.csv"), run.topology(), choice);
    run.add_observer(*events_);
  }
}

void Recording::finish() {
  const auto say = [](std::string_view file, const std::string& note) {
    if (!note.empty()) fmt::print(stderr, "{}: {}\n", file, note);
  };
  if (trace_) {
    trace_->finish();
    say("trace.json", trace_->cut_note());
  }
  if (events_) {
    events_->finish();
    say("events.csv", events_->cut_note());
  }
}

}  // namespace peloton
