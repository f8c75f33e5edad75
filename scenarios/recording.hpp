#pragma once

#include <memory>

#include "analysis/events_writer.hpp"
#include "analysis/output_directory.hpp"
#include "analysis/trace_writer.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/run.hpp"

namespace peloton {

/// Adds --trace, --events, --report and the flags that choose what they record.
void add_recording_flags(boost::program_options::options_description& flags);

/// What the flags chose. A wrong value, a worker that the cluster does not have, and a choice without a recording are InputErrors.
[[nodiscard]] RecordChoice record_choice(const Arguments& given, const Topology& topology);

/// trace.json and events.csv of a run, as far as they were asked for.
class Recording {
 public:
  /// Starts to observe `run`, which must not have advanced; files are begun in `out`. Both must outlive the recording.
  Recording(const Arguments& given, Run& run, OutputDirectory& out);
  /// Completes the files and says on standard error what a limit left out.
  void finish();

 private:
  std::unique_ptr<TraceWriter> trace_;
  std::unique_ptr<EventsWriter> events_;
};

}  // namespace peloton
