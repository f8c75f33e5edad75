#include "analysis/trace_writer.hpp"

#include <fmt/format.h>

#include "analysis/text.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// Nanoseconds as microseconds, exactly.
std::string micros(std::int64_t ns) { return fmt::format("{}.{:03}", ns / 1000, ns % 1000); }

std::string_view traffic_name(Traffic traffic) {
  switch (traffic) {
    case Traffic::uplink: return "uplink";
    case Traffic::downlink: return "downlink";
    case Traffic::peer: return "peer";
    case Traffic::control: return "control";
  }
  return "";
}

}  // namespace

TraceWriter::TraceWriter(const std::filesystem::path& path, std::size_t workers, NodeId server)
    : path_(path), out_(path, std::ios::binary), workers_(workers), server_(server) {
  out_ << "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[";
  const auto process = [this](Track track, std::string_view name) {
    put(fmt::format(R"({{"ph":"M","name":"process_name","pid":{},"args":{{"name":"{}"}}}})", static_cast<int>(track), name));
    put(fmt::format(R"({{"ph":"M","name":"process_sort_index","pid":{0},"args":{{"sort_index":{0}}}}})", static_cast<int>(track)));
  };
  process(Track::compute, "computing");
  process(Track::send, "messages, by sender");
  process(Track::receive, "arrivals, by receiver");
  process(Track::update, "updates");
}

std::string TraceWriter::node_name(NodeId node) const {
  if (node == server_) return "server";
  return node < workers_ ? fmt::format("worker {}", node) : fmt::format("node {}", node);
}

void TraceWriter::put(const std::string& event) {
  out_ << (first_ ? "\n" : ",\n") << event;
  first_ = false;
}

void TraceWriter::name_track(Track track, NodeId node) {
  if (!named_.emplace(static_cast<int>(track), node).second) return;
  put(fmt::format(R"({{"ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":"{}"}}}})", static_cast<int>(track), node,
                  node_name(node)));
}

bool TraceWriter::full(std::uint64_t wanted) {
  if (written_ + wanted <= kMostEvents) {
    written_ += wanted;
    return false;
  }
  ++left_out_;
  return true;
}

void TraceWriter::on_compute(const ComputeRecord& r) {
  if (full(1)) return;
  cut_ = r.finish;
  name_track(Track::compute, r.node);
  put(fmt::format(R"({{"ph":"X","name":"gradient","cat":"compute","pid":1,"tid":{},"ts":{},"dur":{},"args":{{"call":{},"version":{}}}}})",
                  r.node, micros(r.start.ns), micros((r.finish - r.start).ns), r.call, r.version));
}

void TraceWriter::on_transfer(const TransferRecord& r) {
  if (full(4)) return;
  cut_ = r.delivered;
  name_track(Track::send, r.from);
  name_track(Track::receive, r.to);
  const std::uint64_t id = arrows_++;
  // Messages of one sender may overlap, so each is an asynchronous slice of its own; the arrow leads to an instant at the receiver.
  const std::string common = fmt::format(R"("name":"{} → {}","cat":"{}","pid":2,"tid":{},"id":{})", node_name(r.from), node_name(r.to),
                                         traffic_name(r.traffic), r.from, id);
  put(fmt::format(R"({{"ph":"b",{},"ts":{},"args":{{"bits":{},"version":{}}}}})", common, micros(r.sent.ns), r.bits, r.version));
  put(fmt::format(R"({{"ph":"e",{},"ts":{}}})", common, micros(r.delivered.ns)));
  put(fmt::format(R"({{"ph":"X","name":"arrival","cat":"{}","pid":3,"tid":{},"ts":{},"dur":0,"args":{{"from":{},"version":{}}}}})",
                  traffic_name(r.traffic), r.to, micros(r.delivered.ns), r.from, r.version));
  if (r.from < workers_ && r.sent < r.delivered) {
    put(fmt::format(R"({{"ph":"s","name":"message","cat":"message","pid":1,"tid":{},"ts":{},"id":{}}})", r.from, micros(r.sent.ns), id));
    put(fmt::format(R"({{"ph":"f","bp":"e","name":"message","cat":"message","pid":3,"tid":{},"ts":{},"id":{}}})", r.to,
                    micros(r.delivered.ns), id));
  }
}

void TraceWriter::on_update(const UpdateRecord& r) {
  if (full(2)) return;
  cut_ = r.time;
  put(fmt::format(
      R"({{"ph":"i","s":"t","name":"{}","cat":"update","pid":4,"tid":0,"ts":{},"args":{{"worker":{},"version":{},"base":{},"staleness":{}}}}})",
      r.applied ? "update" : "discarded", micros(r.time.ns), r.worker, r.version, r.base, r.staleness));
  put(fmt::format(R"({{"ph":"C","name":"staleness","pid":4,"ts":{},"args":{{"versions":{}}}}})", micros(r.time.ns), r.staleness));
}

void TraceWriter::finish() {
  if (left_out_ > 0)
    put(fmt::format(R"({{"ph":"i","s":"g","name":"the trace was cut here: {} records left out","pid":4,"tid":0,"ts":{}}})", left_out_,
                    micros(cut_.ns)));
  out_ << "\n]}\n";
  out_.close();
  if (!out_) throw Failure(fmt::format("{}: writing failed", path_.string()));
}

}  // namespace peloton
