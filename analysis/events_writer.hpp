#pragma once

#include "analysis/record_filter.hpp"
#include "analysis/streamed_file.hpp"

namespace peloton {

[[nodiscard]] std::string_view traffic_name(Traffic traffic);

/// Streams events.csv, what happened in a run for scripts: one row per record, in event order. Columns, empty where they mean nothing:
///
///   time       when it happened or ended, seconds with nine decimals
///   event      compute | transfer | update | discard | link | cut
///   node       compute, update, discard: the worker; transfer: the sender. Workers by number, then "server", other nodes by name
///   peer       transfer: the receiver
///   start      compute: its start; transfer: when it was sent; update, discard: when the base version was made
///   traffic    transfer: uplink | downlink | peer | control
///   bits       transfer: payload
///   version    compute: of the model; transfer: of the model carried or behind the gradient; update: the one made; discard: the current
///   base       update, discard: the version the contribution was computed at
///   staleness  update, discard: versions between the two
///   weight     update: of the contribution
///   link       link: its name; cut: what was left out, and the row is the last
///   load       link: the share of its capacity in use from now on
class EventsWriter final : public Observer {
 public:
  /// `topology` must outlive the writer.
  EventsWriter(const std::filesystem::path& path, const Topology& topology, RecordChoice choice);
  [[nodiscard]] bool sees_network() const override { return true; }
  void on_compute(const ComputeRecord& r) override;
  void on_send(const SendRecord& r) override { filter_.see(r); }
  void on_transfer(const TransferRecord& r) override;
  void on_update(const UpdateRecord& r) override;
  void on_link(const LinkRecord& r) override;
  /// Notes what was left out and closes the file; a failed write is a Failure.
  void finish();

  /// One line about what the limit left out; empty when nothing.
  [[nodiscard]] std::string cut_note() const;

 private:
  [[nodiscard]] bool full(Time now);
  void put_time(Time t);
  void put_node(NodeId node);
  void end_row();

  StreamedFile file_;
  const Topology& topology_;
  RecordFilter filter_;
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
  Time cut_;
};

}  // namespace peloton
