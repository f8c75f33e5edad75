#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/record_filter.hpp"
#include "analysis/streamed_file.hpp"
#include "analysis/trace_tracks.hpp"

namespace peloton {

/// Streams trace.json in the Chrome trace event format, which Perfetto (ui.perfetto.dev) opens.
///
/// Slices: computing, waiting (between two computations, or because it is down or paused), sending and receiving of every worker; updates,
/// discarded contributions, arrivals and departures of the server, which take no time. Arrows: from a message's departure to its arrival,
/// and from the read of a model (where the computation starts) to the update that used what was computed from it. Counters: staleness of
/// each update (mean and largest), messages under way, contributions that wait at the server, and the load of every link.
///
/// Timestamps are microseconds with three decimals: exact to the nanosecond. Memory does not grow with the run. Every arrow starts and
/// ends in a slice of the file, and slices of one track do not overlap: viewers drop what breaks these rules.
/// Google, "Trace Event Format", 2016.
class TraceWriter final : public Observer {
 public:
  /// `topology` must outlive the writer.
  TraceWriter(const std::filesystem::path& path, const Topology& topology, RecordChoice choice);
  [[nodiscard]] bool sees_network() const override { return true; }
  void on_compute(const ComputeRecord& r) override;
  void on_send(const SendRecord& r) override;
  void on_transfer(const TransferRecord& r) override;
  void on_update(const UpdateRecord& r) override;
  void on_link(const LinkRecord& r) override;
  void on_node(const NodeRecord& r) override;
  void on_loss(const TransferRecord& r) override;
  /// Closes the JSON document; a failed write is a Failure.
  void finish();

  /// One line about what the limit left out; empty when nothing.
  [[nodiscard]] std::string cut_note() const;

 private:
  using Track = TraceTracks::Track;

  /// A computation in the trace whose result may still be used.
  struct Read {
    std::int64_t version = 0;
    Time start;
  };
  struct Worker {
    std::vector<Read> reads;       // oldest first
    Time idle_since;               // the end of the last computation
    std::uint64_t unanswered = 0;  // contributions that arrived at the server and were neither applied nor discarded
  };
  /// The contributions to one version, which come one by one.
  struct Update {
    std::int64_t version = 0;
    Time time;
    std::uint64_t contributions = 0;  // 0: there is no update to be written
    std::int64_t staleness_sum = 0;
    std::int64_t staleness_max = 0;
    std::vector<std::pair<NodeId, Time>> reads;
  };
  /// A value over time, of which the last one at each instant counts.
  struct Counter {
    std::uint32_t process;
    std::string name;  // as JSON
    std::string_view unit;
    Time at = {};
    double value = 0;
    double written = 0;
    bool pending = false;
  };

  template <class Format, class... Args>
  void put(const Format& format, const Args&... args);
  [[nodiscard]] bool takes(std::uint64_t events, Time at, std::uint64_t records = 1);
  void put_wait(std::string_view why, NodeId node, Time since, Time until);
  void put_message(const TransferRecord& r, Track track, std::string_view way, NodeId peer);
  void put_instant_message(const TransferRecord& r, Track track, std::string_view way, NodeId peer, Time at);
  void put_arrow(std::string_view what, Track from, Time start, Track to, Time end);
  [[nodiscard]] Track put_departure(const TransferRecord& r);
  [[nodiscard]] Track put_arrival(const TransferRecord& r);
  [[nodiscard]] bool shown(NodeId node) const { return topology_.is_server(node) || filter_.has(node); }
  [[nodiscard]] std::string peer_name(NodeId node) const;
  void note_arrival(const TransferRecord& r);
  void note_answer(const UpdateRecord& r);
  [[nodiscard]] std::optional<Time> take_read(NodeId worker, std::int64_t version);
  void put_discard(const UpdateRecord& r);
  void put_update();
  void set(Counter& counter, Time at, double value);
  void settle(Counter& counter, Time until);

  StreamedFile file_;
  const Topology& topology_;
  RecordFilter filter_;
  bool empty_ = true;  // no event is in the file yet
  TraceTracks tracks_;
  std::unordered_map<NodeId, Worker> workers_;  // never iterated
  std::map<NodeId, std::string_view> away_;     // workers that are down or paused, and which of the two
  Update update_;
  std::uint64_t arrows_ = 0;
  std::uint64_t under_way_ = 0;
  std::uint64_t unanswered_ = 0;
  Counter under_way_counter_{TraceTracks::kCluster, R"("messages")", "under way"};
  Counter unanswered_counter_{TraceTracks::kCluster, R"("contributions")", "waiting at the server"};
  std::unordered_map<std::uint64_t, std::size_t> link_places_;  // in the list below; never iterated
  std::vector<Counter> link_counters_;
  Time now_;  // of the last record, chosen or not
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
  std::optional<Time> cut_;
};

}  // namespace peloton
