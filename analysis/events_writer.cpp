#include "analysis/events_writer.hpp"

#include <fmt/compile.h>

#include <iterator>

#include "analysis/text.hpp"

namespace peloton {

std::string_view traffic_name(Traffic traffic) {
  switch (traffic) {
    case Traffic::uplink: return "uplink";
    case Traffic::downlink: return "downlink";
    case Traffic::peer: return "peer";
    case Traffic::control: return "control";
  }
  return "";
}

EventsWriter::EventsWriter(const std::filesystem::path& path, const Topology& topology, RecordChoice choice)
    : file_(path), topology_(topology), filter_(std::move(choice), topology) {
  fmt::format_to(std::back_inserter(file_.buffer()), "time,event,node,peer,start,traffic,bits,version,base,staleness,weight,link,load\n");
}

bool EventsWriter::full(Time now) {
  if (written_ < filter_.choice().limit) {
    ++written_;
    return false;
  }
  if (left_out_++ == 0) cut_ = now;
  return true;
}

void EventsWriter::put_time(Time t) {
  fmt::format_to(std::back_inserter(file_.buffer()), FMT_COMPILE("{}.{:09}"), t.ns / 1'000'000'000, t.ns % 1'000'000'000);
}

void EventsWriter::put_node(NodeId node) {
  const auto out = std::back_inserter(file_.buffer());
  if (node < topology_.workers())
    fmt::format_to(out, FMT_COMPILE("{}"), node);
  else
    fmt::format_to(out, FMT_COMPILE("{}"), topology_.is_server(node) ? topology_.server_name(node) : csv_cell(topology_.name(node)));
}

void EventsWriter::end_row() {
  file_.buffer().push_back('\n');
  file_.poll();
}

void EventsWriter::on_compute(const ComputeRecord& r) {
  if (!filter_.wants(r) || full(r.finish)) return;
  const auto out = std::back_inserter(file_.buffer());
  put_time(r.finish);
  fmt::format_to(out, FMT_COMPILE(",compute,{},,"), r.node);
  put_time(r.start);
  fmt::format_to(out, FMT_COMPILE(",,,{},,,,,"), r.version);
  end_row();
}

void EventsWriter::on_transfer(const TransferRecord& r) {
  if (!filter_.wants(r) || full(r.delivered)) return;
  const auto out = std::back_inserter(file_.buffer());
  put_time(r.delivered);
  fmt::format_to(out, FMT_COMPILE(",transfer,"));
  put_node(r.from);
  file_.buffer().push_back(',');
  put_node(r.to);
  file_.buffer().push_back(',');
  put_time(r.sent);
  fmt::format_to(out, FMT_COMPILE(",{},{},"), traffic_name(r.traffic), r.bits);
  if (r.version >= 0) fmt::format_to(out, FMT_COMPILE("{}"), r.version);
  fmt::format_to(out, FMT_COMPILE(",,,,,"));
  end_row();
}

void EventsWriter::on_update(const UpdateRecord& r) {
  if (!filter_.wants(r) || full(r.time)) return;
  const auto out = std::back_inserter(file_.buffer());
  put_time(r.time);
  fmt::format_to(out, FMT_COMPILE(",{},{},,"), r.applied ? "update" : "discard", r.worker);
  put_time({r.time.ns - r.staleness_time.ns});
  fmt::format_to(out, FMT_COMPILE(",,,{},{},{},"), r.version, r.base, r.staleness);
  if (r.applied) fmt::format_to(out, FMT_COMPILE("{}"), r.weight);
  fmt::format_to(out, FMT_COMPILE(",,"));
  end_row();
}

void EventsWriter::on_link(const LinkRecord& r) {
  if (!filter_.wants(r) || full(r.time)) return;
  put_time(r.time);
  fmt::format_to(std::back_inserter(file_.buffer()), FMT_COMPILE(",link,,,,,,,,,,{},{:.6g}"), csv_cell(topology_.link_name(r.link)),
                 r.load);
  end_row();
}

std::string EventsWriter::cut_note() const {
  if (left_out_ == 0) return {};
  return fmt::format("{} records from {} s on are left out (--trace-limit {})", left_out_, decimal_seconds(cut_), filter_.choice().limit);
}

void EventsWriter::finish() {
  if (left_out_ > 0) {
    put_time(cut_);
    fmt::format_to(std::back_inserter(file_.buffer()), ",cut,,,,,,,,,,{},", csv_cell(cut_note()));
    end_row();
  }
  file_.close();
}

}  // namespace peloton
