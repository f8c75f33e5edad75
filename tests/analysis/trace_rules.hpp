#pragma once

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/time.hpp"

namespace peloton::test {

/// A trace file, read back by the rules of the Chrome trace event format.
class TraceFile {
 public:
  using TrackId = std::pair<int, int>;
  struct Slice {
    TrackId track;
    std::string name;
    std::int64_t start;  ///< ns
    std::int64_t end;
    Json args;
  };
  struct Arrow {
    std::string what;
    std::size_t from;  ///< place in `slices`
    std::size_t to;
  };
  struct Sample {
    std::string name;  ///< "messages/under way"
    std::int64_t at;
    double value;
    friend bool operator==(const Sample&, const Sample&) = default;
  };

  /// Parses the text; what a viewer would drop or misplace is a complaint.
  explicit TraceFile(const std::string& text) {
    json = Json::parse(text);
    for (const Json& event : json["traceEvents"]) {
      const std::string ph = event["ph"];
      const int pid = event["pid"];
      const TrackId track{pid, event.value("tid", 0)};
      if (event["name"] == "process_name") processes_[pid] = event["args"]["name"];
      if (event["name"] == "thread_name") threads_[track] = event["args"]["name"];
      if (ph == "X") add_slice(event, track);
      if (ph == "s") begins_[event["id"]] = {event["name"], place_of(event, track)};
      if (ph == "f") add_arrow(event, track);
      if (ph == "C")
        for (const auto& [key, value] : event["args"].items())
          samples.push_back({event["name"].get<std::string>() + "/" + key, nanoseconds(event["ts"]), value});
      if (ph != "M") ++events;
    }
    if (!begins_.empty()) complaints.push_back("an arrow has no end");
  }

  /// "worker 0/computing", process and thread.
  [[nodiscard]] std::string title(const TrackId& track) const { return processes_.at(track.first) + "/" + threads_.at(track); }
  /// The slices of a track, in the order of the file.
  [[nodiscard]] std::vector<Slice> on(const std::string& track) const {
    std::vector<Slice> out;
    for (const Slice& s : slices)
      if (title(s.track) == track) out.push_back(s);
    return out;
  }
  [[nodiscard]] std::vector<std::pair<std::int64_t, double>> counter(const std::string& name) const {
    std::vector<std::pair<std::int64_t, double>> out;
    for (const Sample& s : samples)
      if (s.name == name) out.emplace_back(s.at, s.value);
    return out;
  }

  Json json;
  std::vector<Slice> slices;
  std::vector<Arrow> arrows;
  std::vector<Sample> samples;
  std::size_t events = 0;  ///< names not counted
  std::vector<std::string> complaints;

 private:
  static std::int64_t nanoseconds(const Json& micros) { return std::llround(micros.get<double>() * 1000); }

  void add_slice(const Json& event, const TrackId& track) {
    const std::int64_t start = nanoseconds(event["ts"]);
    const std::int64_t end = start + nanoseconds(event["dur"]);
    if (!processes_.contains(track.first) || !threads_.contains(track)) complaints.push_back("a track without a name");
    auto& taken = taken_[track];
    for (const auto& [from, to] : taken)
      if (start < to && from < end) complaints.push_back("slices of one track overlap: " + event["name"].get<std::string>());
    taken.emplace(start, end);
    slices.push_back({track, event["name"], start, end, event.value("args", Json())});
  }

  /// The last slice written to the track that holds the event's time.
  std::size_t place_of(const Json& event, const TrackId& track) {
    const std::int64_t at = nanoseconds(event["ts"]);
    for (std::size_t i = slices.size(); i-- > 0;)
      if (slices[i].track == track && slices[i].start <= at && at <= slices[i].end) return i;
    complaints.push_back("an arrow outside of every slice");
    return 0;
  }

  void add_arrow(const Json& event, const TrackId& track) {
    const auto begin = begins_.find(event["id"]);
    if (begin == begins_.end() || begin->second.first != event["name"] || event["bp"] != "e")
      return complaints.push_back("an arrow without a start");
    arrows.push_back({event["name"], begin->second.second, place_of(event, track)});
    begins_.erase(begin);
  }

  std::map<int, std::string> processes_;
  std::map<TrackId, std::string> threads_;
  std::map<TrackId, std::set<std::pair<std::int64_t, std::int64_t>>> taken_;
  std::map<std::uint64_t, std::pair<std::string, std::size_t>> begins_;
};

}  // namespace peloton::test
