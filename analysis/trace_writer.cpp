#include "analysis/trace_writer.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <iterator>

#include "analysis/events_writer.hpp"
#include "sim/base/options.hpp"

namespace {

/// Nanoseconds that are written as microseconds, exactly.
struct Micros {
  std::int64_t ns;
};

}  // namespace

template <>
struct fmt::formatter<Micros> {
  static constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const Micros& t, Context& context) const {
    return fmt::format_to(context.out(), FMT_COMPILE("{}.{:03}"), t.ns / 1000, t.ns % 1000);
  }
};

namespace peloton {
namespace {

Micros micros(Time t) { return {t.ns}; }
Micros micros(Duration d) { return {d.ns}; }

/// Results of a worker that are remembered at most until they are used: more than any method keeps.
constexpr std::size_t kMostReads = 32;

std::size_t traced_nodes(const RecordFilter& filter, const Topology& topology) {
  if (topology.workers() == 0) return topology.nodes();
  std::size_t out = 0;
  for (NodeId w = 0; w < topology.workers(); ++w) out += filter.has(w) ? 1 : 0;
  return out;
}

}  // namespace

template <class Format, class... Args>
void TraceWriter::put(const Format& format, const Args&... args) {
  const std::string_view separator = std::exchange(empty_, false) ? "{\"traceEvents\":[\n" : ",\n";
  file_.buffer().append(separator.data(), separator.data() + separator.size());
  fmt::format_to(std::back_inserter(file_.buffer()), format, args...);
  file_.poll();
}

TraceWriter::TraceWriter(const std::filesystem::path& path, const Topology& topology, RecordChoice choice)
    : file_(path),
      topology_(topology),
      filter_(std::move(choice), topology),
      tracks_(topology, traced_nodes(filter_, topology), [this](const std::string& event) { put(FMT_COMPILE("{}"), event); }) {}

bool TraceWriter::takes(std::uint64_t events, Time at, std::uint64_t records) {
  if (!cut_ && written_ + events <= filter_.choice().limit) {
    written_ += events;
    return true;
  }
  if (!cut_) cut_ = at;
  left_out_ += records;
  return false;
}

// ---- computations -----------------------------------------------------------------------------------------------------------------

void TraceWriter::on_compute(const ComputeRecord& r) {
  now_ = r.finish;
  if (!filter_.has(r.node)) return;
  Worker& worker = workers_[r.node];
  const Time idle_since = std::exchange(worker.idle_since, r.finish);
  if (!filter_.wants(r)) return;
  const bool waited = idle_since < r.start && filter_.within(idle_since, r.start);
  if (!takes(waited ? 2 : 1, r.finish)) return;
  if (waited) put_wait("wait", r.node, idle_since, r.start);
  const Track track = tracks_.of(TraceTracks::Activity::computing, r.node);
  put(FMT_COMPILE(
          R"({{"ph":"X","name":"compute v{0}","cat":"compute","pid":{1},"tid":{2},"ts":{3},"dur":{4},"args":{{"version":{0},"call":{5}}}}})"),
      r.version, track.process, track.thread, micros(r.start), micros(r.finish - r.start), r.call);
  if (worker.reads.size() == kMostReads) worker.reads.erase(worker.reads.begin());
  worker.reads.push_back({r.version, r.start});
}

void TraceWriter::put_wait(std::string_view why, NodeId node, Time since, Time until) {
  const Track track = tracks_.of(TraceTracks::Activity::waiting, node);
  put(FMT_COMPILE(R"({{"ph":"X","name":"{}","cat":"wait","pid":{},"tid":{},"ts":{},"dur":{}}})"), why, track.process, track.thread,
      micros(since), micros(until - since));
}

/// What the worker did up to now, with the computation that is lost or interrupted; then the time that it was away.
void TraceWriter::on_node(const NodeRecord& r) {
  now_ = r.time;
  if (r.node >= topology_.workers() || !filter_.has(r.node)) return;
  const Time idle_since = std::exchange(workers_[r.node].idle_since, r.time);
  const auto away = away_.find(r.node);
  const bool back = r.up && !r.paused;
  std::string_view before = back ? "down" : "wait";  // who comes without having gone was not there from the start
  if (away != away_.end()) before = away->second;
  if (away != away_.end()) away_.erase(away);
  if (!back) away_[r.node] = r.up ? "paused" : "down";
  const Time until = r.computing_since.value_or(r.time);
  if (idle_since < until && filter_.within(idle_since, until) && takes(1, r.time)) put_wait(before, r.node, idle_since, until);
  if (!r.computing_since || until == r.time || !filter_.within(until, r.time) || !takes(1, r.time)) return;
  const Track track = tracks_.of(TraceTracks::Activity::computing, r.node);
  put(FMT_COMPILE(R"({{"ph":"X","name":"compute, {}","cat":"compute","pid":{},"tid":{},"ts":{},"dur":{}}})"), r.up ? "interrupted" : "lost",
      track.process, track.thread, micros(until), micros(r.time - until));
}

/// Where the worker read the model behind a contribution. Of several computations at one version they are used in order; the last one
/// may be used again (methods that keep a worker's last gradient).
std::optional<Time> TraceWriter::take_read(NodeId node, std::int64_t version) {
  const auto found = workers_.find(node);
  if (found == workers_.end()) return std::nullopt;
  std::vector<Read>& reads = found->second.reads;
  const auto is_it = [&](const Read& read) { return read.version == version; };
  const auto read = std::find_if(reads.begin(), reads.end(), is_it);
  if (read == reads.end()) return std::nullopt;
  const Time start = read->start;
  if (std::find_if(read + 1, reads.end(), is_it) != reads.end()) reads.erase(read);
  return start;
}

// ---- messages ---------------------------------------------------------------------------------------------------------------------

void TraceWriter::on_send(const SendRecord& r) {
  now_ = r.sent;
  filter_.see(r);
  if (!filter_.has(r.from) && !filter_.has(r.to)) return;
  set(under_way_counter_, r.sent, static_cast<double>(++under_way_));
}

/// What a message's slice calls the other node.
std::string TraceWriter::peer_name(NodeId node) const {
  if (topology_.is_server(node)) return topology_.server_name(node);
  if (node < topology_.workers()) return fmt::format(FMT_COMPILE("worker {}"), node);
  const std::string quoted = Json(topology_.name(node)).dump();
  return quoted.substr(1, quoted.size() - 2);
}

void TraceWriter::put_message(const TransferRecord& r, Track track, std::string_view way, NodeId peer) {
  put(FMT_COMPILE(R"({{"ph":"X","name":"{} {}","cat":"{}","pid":{},"tid":{},"ts":{},"dur":{},"args":{{"bits":{},"version":{}}}}})"), way,
      peer_name(peer), traffic_name(r.traffic), track.process, track.thread, micros(r.sent), micros(r.delivered - r.sent), r.bits,
      r.version);
}

void TraceWriter::put_instant_message(const TransferRecord& r, Track track, std::string_view way, NodeId peer, Time at) {
  put(FMT_COMPILE(R"({{"ph":"X","name":"{} {}","cat":"{}","pid":{},"tid":{},"ts":{},"dur":0.000,"args":{{"bits":{},"version":{}}}}})"), way,
      peer_name(peer), traffic_name(r.traffic), track.process, track.thread, micros(at), r.bits, r.version);
}

TraceWriter::Track TraceWriter::put_departure(const TransferRecord& r) {
  if (topology_.is_server(r.from)) {
    const Track track = tracks_.of(TraceTracks::ServerTrack::departures);
    put_instant_message(r, track, "to", r.to, r.sent);
    return track;
  }
  const Track track = tracks_.free_lane(TraceTracks::Activity::sending, r.from, r.sent, r.delivered);
  put_message(r, track, "to", r.to);
  return track;
}

TraceWriter::Track TraceWriter::put_arrival(const TransferRecord& r) {
  if (topology_.is_server(r.to)) {
    const Track track = tracks_.of(TraceTracks::ServerTrack::arrivals);
    put_instant_message(r, track, "from", r.from, r.delivered);
    return track;
  }
  const Track track = tracks_.free_lane(TraceTracks::Activity::receiving, r.to, r.sent, r.delivered);
  put_message(r, track, "from", r.from);
  return track;
}

void TraceWriter::put_arrow(std::string_view what, Track from, Time start, Track to, Time end) {
  const std::uint64_t id = ++arrows_;
  put(FMT_COMPILE(R"({{"ph":"s","name":"{0}","cat":"{0}","id":{1},"pid":{2},"tid":{3},"ts":{4}}})"), what, id, from.process, from.thread,
      micros(start));
  put(FMT_COMPILE(R"({{"ph":"f","bp":"e","name":"{0}","cat":"{0}","id":{1},"pid":{2},"tid":{3},"ts":{4}}})"), what, id, to.process,
      to.thread, micros(end));
}

void TraceWriter::on_transfer(const TransferRecord& r) {
  now_ = r.delivered;
  note_arrival(r);
  if (!filter_.wants(r)) return;
  const bool sender = shown(r.from);
  const bool receiver = shown(r.to);
  if (!takes(sender && receiver ? 4 : 1, r.delivered)) return;
  const Track from = sender ? put_departure(r) : Track();
  const Track to = receiver ? put_arrival(r) : Track();
  if (sender && receiver) put_arrow("message", from, r.sent, to, r.delivered);
}

void TraceWriter::on_loss(const TransferRecord& r) {
  now_ = r.delivered;
  if (filter_.has(r.from) || filter_.has(r.to)) set(under_way_counter_, r.delivered, static_cast<double>(--under_way_));
  if (!filter_.wants(r) || !shown(r.from) || !takes(1, r.delivered)) return;
  if (r.from == topology_.server())
    put_instant_message(r, tracks_.of(TraceTracks::ServerTrack::departures), "lost, to", r.to, r.sent);
  else
    put_message(r, tracks_.free_lane(TraceTracks::Activity::sending, r.from, r.sent, r.delivered), "lost, to", r.to);
}

void TraceWriter::note_arrival(const TransferRecord& r) {
  if (filter_.has(r.from) || filter_.has(r.to)) set(under_way_counter_, r.delivered, static_cast<double>(--under_way_));
  if (r.traffic != Traffic::uplink || r.version < 0 || !r.completes || !filter_.has(r.from)) return;
  ++workers_[r.from].unanswered;
  set(unanswered_counter_, r.delivered, static_cast<double>(++unanswered_));
}

// ---- updates ----------------------------------------------------------------------------------------------------------------------

void TraceWriter::note_answer(const UpdateRecord& r) {
  const auto worker = workers_.find(r.worker);
  if (worker == workers_.end() || worker->second.unanswered == 0) return;
  --worker->second.unanswered;
  set(unanswered_counter_, r.time, static_cast<double>(--unanswered_));
}

void TraceWriter::on_update(const UpdateRecord& r) {
  now_ = r.time;
  if (update_.contributions > 0 && (update_.version != r.version || !r.applied)) put_update();
  note_answer(r);
  if (!filter_.has(r.worker)) return;
  const std::optional<Time> read = take_read(r.worker, r.base);
  if (!filter_.wants(r)) return;
  if (!r.applied) return put_discard(r);
  update_.version = r.version;
  update_.time = r.time;
  ++update_.contributions;
  update_.staleness_sum += r.staleness;
  update_.staleness_max = std::max(update_.staleness_max, r.staleness);
  if (read) update_.reads.emplace_back(r.worker, *read);
}

void TraceWriter::put_discard(const UpdateRecord& r) {
  if (!takes(1, r.time)) return;
  const Track track = tracks_.of(TraceTracks::ServerTrack::updates);
  put(FMT_COMPILE(
          R"({{"ph":"X","name":"discard","cat":"update","pid":{},"tid":{},"ts":{},"dur":0.000,"args":{{"worker":{},"base":{},"staleness":{}}}}})"),
      track.process, track.thread, micros(r.time), r.worker, r.base, r.staleness);
}

void TraceWriter::put_update() {
  const Update update = std::exchange(update_, {});
  if (!takes(2 + 2 * update.reads.size(), update.time, update.contributions)) return;
  const Track track = tracks_.of(TraceTracks::ServerTrack::updates);
  const double mean = static_cast<double>(update.staleness_sum) / static_cast<double>(update.contributions);
  put(FMT_COMPILE(
          R"({{"ph":"X","name":"update v{0}","cat":"update","pid":{1},"tid":{2},"ts":{3},"dur":0.000,"args":{{"version":{0},"contributions":{4},"staleness_mean":{5:.6g},"staleness_max":{6}}}}})"),
      update.version, track.process, track.thread, micros(update.time), update.contributions, mean, update.staleness_max);
  put(FMT_COMPILE(R"({{"ph":"C","name":"staleness","pid":{},"ts":{},"args":{{"mean":{:.6g},"max":{}}}}})"), TraceTracks::kCluster,
      micros(update.time), mean, update.staleness_max);
  for (const auto& [worker, start] : update.reads)
    put_arrow("read", tracks_.of(TraceTracks::Activity::computing, worker), start, track, update.time);
}

// ---- counters ---------------------------------------------------------------------------------------------------------------------

void TraceWriter::on_link(const LinkRecord& r) {
  if (!filter_.has_link(r.link)) return;
  const auto [place, is_new] = link_places_.emplace(r.link, link_counters_.size());
  if (is_new) link_counters_.push_back({TraceTracks::kLinks, Json(topology_.link_name(r.link)).dump(), "load"});
  set(link_counters_[place->second], r.time, r.load);
}

void TraceWriter::set(Counter& counter, Time at, double value) {
  if (counter.pending && counter.at != at) settle(counter, at);
  counter.at = at;
  counter.value = value;
  counter.pending = true;
}

/// Writes the value that held until then; one from before the time that was chosen, when it still holds there.
void TraceWriter::settle(Counter& counter, Time until) {
  const Time from = filter_.choice().from;
  if (!counter.pending || (counter.at < from && until <= from)) return;
  counter.pending = false;
  const Time at = std::max(counter.at, from);
  if (at > filter_.choice().to || counter.value == counter.written || !takes(1, at, 0)) return;
  put(FMT_COMPILE(R"({{"ph":"C","name":{},"pid":{},"ts":{},"args":{{"{}":{:.6g}}}}})"), counter.name, counter.process, micros(at),
      counter.unit, counter.value);
  counter.written = counter.value;
}

// ---- the end ----------------------------------------------------------------------------------------------------------------------

std::string TraceWriter::cut_note() const {
  if (!cut_) return {};
  return fmt::format("cut at {} s: {} later records are left out (--trace-limit {})", decimal_seconds(*cut_), left_out_,
                     filter_.choice().limit);
}

void TraceWriter::finish() {
  if (update_.contributions > 0) put_update();
  for (const auto& [node, why] : away_)
    if (const Time since = workers_[node].idle_since; since < now_ && filter_.within(since, now_) && takes(1, now_))
      put_wait(why, node, since, now_);
  settle(under_way_counter_, now_);
  settle(unanswered_counter_, now_);
  for (Counter& counter : link_counters_) settle(counter, now_);
  if (cut_)
    put(FMT_COMPILE(R"({{"ph":"i","s":"g","name":{},"cat":"cut","pid":{},"tid":0,"ts":{}}})"), Json(cut_note()).dump(),
        TraceTracks::kCluster, micros(*cut_));
  fmt::format_to(std::back_inserter(file_.buffer()), R"({}],"displayTimeUnit":"ns","otherData":{{"program":"peloton {}","note":{}}}}})",
                 "\n", PELOTON_VERSION, Json(cut_note()).dump());
  file_.buffer().push_back('\n');
  file_.close();
}

}  // namespace peloton
