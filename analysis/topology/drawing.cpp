#include "analysis/topology/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <vector>

#include "sim/base/units.hpp"

namespace peloton {

namespace {

constexpr std::size_t kMostNamed = 80;
constexpr double kMostWidth = 1400;
constexpr double kMargin = 60;
constexpr double kLetter = 6.3;  // mean width in the font of the names
constexpr double kHeader = 64;

constexpr std::string_view kStyle =
    R"(text { font: 11px sans-serif; fill: #222; paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round; }
text.title { font-size: 15px; font-weight: bold; }
text.count { text-anchor: middle; dominant-baseline: central; stroke: none; font-size: 10px; }
.link { fill: none; stroke: #8a8f98; stroke-opacity: 0.75; stroke-linecap: round; }
.worker { fill: #3b75af; stroke: #fff; }
.server { fill: #c23b22; stroke: #fff; }
.idle { fill: #fff; stroke: #3b75af; stroke-width: 1.5; }
.switch { fill: #4d525b; stroke: #fff; }
)";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out;
}

std::string_view class_of(bool server, bool worker, bool is_switch) {
  if (server) return "server";
  if (worker) return "worker";
  return is_switch ? "switch" : "idle";
}

/// A node as it is drawn: what it carries, and how many hosts it stands for.
struct Mark {
  std::size_t workers = 0;
  bool server = false;
  bool is_switch = false;
  std::size_t hidden_hosts = 0;
  std::string label;
  Position at;
};

struct Line {
  NodeId a = 0;
  NodeId b = 0;
  double bandwidth = 0;
  std::string label;
};

class Drawer {
 public:
  explicit Drawer(const Topology& topology) : topology_(topology), physical_(topology.nodes(), true) {}

  TopologyDrawing draw(const std::string& title) {
    const std::size_t nodes = topology_.nodes();
    constexpr std::size_t kMostLookedAt = 2'000'000;
    constexpr std::size_t kMostLinks = 20'000'000;
    if (nodes > kMostLookedAt || topology_.links() > kMostLinks) return too_many(nodes);
    for (NodeId i = 0; i < nodes; ++i) physical_[i] = topology_.carrier(i) == i;
    collect_marks();
    if (marks_.size() > kMostDrawnNodes) hide_leaves();
    for (auto& [node, mark] : marks_)
      if (mark.hidden_hosts > 0) mark.label += fmt::format(": {} hosts", mark.hidden_hosts);
    if (marks_.size() > kMostDrawnNodes) return too_many(marks_.size());
    collect_lines();
    title_width_ = 32 + 9 * static_cast<double>(title.size());
    place_marks();
    return {document(title), ""};
  }

 private:
  static TopologyDrawing too_many(std::size_t nodes) {
    return {"", fmt::format("{} nodes are too many to draw: at most {}, not counting hosts whose only link leads to a switch", nodes,
                            kMostDrawnNodes)};
  }

  void collect_marks() {
    for (NodeId i = 0; i < topology_.nodes(); ++i) {
      if (!physical_[i]) continue;
      Mark& mark = marks_[i];
      mark.is_switch = i >= topology_.hosts();
      mark.label = topology_.name(i);
    }
    std::map<NodeId, std::vector<std::string>> carried;
    const auto carry = [&](NodeId node) {
      if (topology_.carrier(node) != node) carried[topology_.carrier(node)].push_back(topology_.name(node));
    };
    for (NodeId w = 0; w < topology_.workers(); ++w) {
      ++marks_[topology_.carrier(w)].workers;
      carry(w);
    }
    for (std::size_t s = 0; s < topology_.servers(); ++s) {
      const auto server = static_cast<NodeId>(topology_.server() + s);
      marks_[topology_.carrier(server)].server = true;
      carry(server);
    }
    for (const auto& [node, names] : carried) {
      constexpr std::size_t kNamesShown = 3;
      std::string& label = marks_[node].label;
      for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) label += (i == 0 ? ": " : ", ") + names[i];
      if (names.size() > kNamesShown) label += fmt::format(", … ({})", names.size());
    }
  }

  /// Hosts with one link, to a switch, become a number there.
  void hide_leaves() {
    std::vector<std::uint32_t> degree(topology_.nodes(), 0);
    std::vector<NodeId> neighbour(topology_.nodes(), kNoNode);
    for (std::size_t i = 0; i < topology_.links(); ++i) {
      const PhysicalLink link = topology_.link(i);
      ++degree[link.a];
      ++degree[link.b];
      neighbour[link.a] = link.b;
      neighbour[link.b] = link.a;
    }
    for (NodeId i = 0; i < topology_.hosts(); ++i) {
      if (!physical_[i] || degree[i] != 1 || neighbour[i] < topology_.hosts() || marks_[i].server) continue;
      Mark& at_switch = marks_[neighbour[i]];
      ++at_switch.hidden_hosts;
      marks_.erase(i);
    }
  }

  void collect_lines() {
    constexpr std::size_t kMostLines = 20'000;
    for (std::size_t i = 0; i < topology_.links() && lines_.size() < kMostLines; ++i) {
      const PhysicalLink link = topology_.link(i);
      if (!marks_.contains(link.a) || !marks_.contains(link.b)) continue;
      lines_.push_back(
          {link.a, link.b, link.bandwidth,
           fmt::format("{} – {}: {}, {}", topology_.name(link.a), topology_.name(link.b),
                       std::isinf(link.bandwidth) ? "no limit" : show_bits(link.bandwidth) + "/s", show_seconds(link.latency.seconds()))});
    }
  }

  /// Scales the positions to the page, as wide as it may be but with no more room than the nodes need.
  void place_marks() {
    std::vector<Position> positions = topology_.positions();
    if (topology_.is_map()) project(positions);
    double left = std::numeric_limits<double>::infinity();
    double top = left;
    double right = -left;
    double bottom = -left;
    for (const auto& [node, mark] : marks_) {
      left = std::min(left, positions[node].x);
      right = std::max(right, positions[node].x);
      top = std::min(top, positions[node].y);
      bottom = std::max(bottom, positions[node].y);
    }
    const double span = std::max({right - left, bottom - top, 1e-9});
    const double names = named() ? kLetter * static_cast<double>(longest_label()) + 20 : 0;
    const double margin = std::max(kMargin, names);
    scale_ = std::min(roomy_scale(positions), (kMostWidth - 2 * margin) / span);
    for (auto& [node, mark] : marks_) mark.at = {scale_ * positions[node].x, scale_ * positions[node].y};
    find_crowded_rows();
    const double above = std::max(kMargin, crowded_rows_.empty() ? 0 : 0.75 * names);  // names of crowded rows slant
    width_ = std::max({420.0, title_width_, scale_ * (right - left) + 2 * margin});
    height_ = scale_ * (bottom - top) + 2 * above + kHeader;
    const double shift = (width_ - scale_ * (right - left)) / 2;
    for (auto& [node, mark] : marks_)
      mark.at = {shift + scale_ * (positions[node].x - left), kHeader + above + scale_ * (positions[node].y - top)};
    find_crowded_rows();
    centre_ = {width_ / 2, kHeader + (height_ - kHeader) / 2};
    double nearest = kMostWidth;
    for (auto i = marks_.begin(); i != marks_.end(); ++i)
      for (auto j = std::next(i); j != marks_.end(); ++j)
        nearest = std::min(nearest, std::hypot(i->second.at.x - j->second.at.x, i->second.at.y - j->second.at.y));
    radius_ = std::clamp(nearest * 0.3, 3.0, 9.0);
  }

  /// Equirectangular, true to distance at the middle latitude.
  void project(std::vector<Position>& positions) const {
    double low = 90;
    double high = -90;
    for (const auto& [node, mark] : marks_) {
      low = std::min(low, positions[node].y);
      high = std::max(high, positions[node].y);
    }
    const double stretch = std::cos((low + high) / 2 * std::numbers::pi / 180);
    for (Position& p : positions) p.x *= stretch;
  }

  /// Such that nodes at their usual distance have room for a name; maps take the page.
  double roomy_scale(const std::vector<Position>& positions) const {
    if (topology_.is_map()) return kMostWidth;
    std::vector<double> nearest;
    for (const auto& [a, mark_a] : marks_) {
      double least = std::numeric_limits<double>::infinity();
      for (const auto& [b, mark_b] : marks_)
        if (a != b) least = std::min(least, std::hypot(positions[a].x - positions[b].x, positions[a].y - positions[b].y));
      nearest.push_back(least);
    }
    std::nth_element(nearest.begin(), nearest.begin() + static_cast<std::ptrdiff_t>(nearest.size() / 2), nearest.end());
    const double usual = nearest[nearest.size() / 2];
    return std::isfinite(usual) && usual > 0 ? (marks_.size() <= kMostNamed ? 56 : 26) / usual : 1;
  }

  std::string document(const std::string& title) {
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
        "{1:.0f}\">\n<style>{2}</style>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text class=\"title\" x=\"16\" y=\"26\">{3}</text>\n",
        width_, height_, kStyle, escaped(title));
    out += legend();
    std::map<std::pair<NodeId, NodeId>, int> parallel;
    for (const Line& line : lines_) out += drawn(line, parallel[std::minmax(line.a, line.b)]++);
    for (const auto& [node, mark] : marks_) out += drawn(mark);
    return out + "</svg>\n";
  }

  std::string legend() const {
    std::string out;
    double x = 16;
    const auto add = [&](std::string_view name, bool there, std::string_view text) {
      if (!there) return;
      out += symbol(name, {x + 6, 46}, 6) + fmt::format("<text x=\"{:.0f}\" y=\"50\">{}</text>\n", x + 18, text);
      x += 34 + 6.5 * static_cast<double>(text.size());
    };
    const auto any = [&](auto predicate) {
      return std::any_of(marks_.begin(), marks_.end(), [&](const auto& m) { return predicate(m.second); });
    };
    add("worker", any([](const Mark& m) { return m.workers > 0 && !m.server; }), "worker");
    add("server", any([](const Mark& m) { return m.server; }), "server");
    add("idle", any([](const Mark& m) { return m.workers == 0 && !m.server && !m.is_switch; }), "host without a worker");
    add("switch", any([](const Mark& m) { return m.is_switch; }), "switch");
    if (!named() && any([](const Mark& m) { return m.hidden_hosts > 0; }))
      out += fmt::format("<text x=\"{:.0f}\" y=\"50\">numbers: hosts at a switch, not drawn</text>\n", x);
    return out;
  }

  static std::string symbol(std::string_view name, Position at, double radius) {
    if (name == "switch")
      return fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"1.5\">", name, at.x - radius,
                         at.y - radius, 2 * radius, 2 * radius) +
             "</rect>";
    return fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\">", name, at.x, at.y, radius) + "</circle>";
  }

  /// Straight when nothing is in the way; links beside an earlier one of the same ends, and those through a node, go round.
  std::string drawn(const Line& line, int earlier) const {
    const Position a = marks_.at(line.a).at;
    const Position b = marks_.at(line.b).at;
    const double width = std::isinf(line.bandwidth) ? 4 : std::clamp(1 + 0.7 * std::log10(line.bandwidth / 1e9), 0.8, 4.0);
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    double bend = (earlier + 1) / 2 * 14.0 * (earlier % 2 == 0 ? -1 : 1);
    if (earlier == 0) bend = passes_a_node(line, a, b, length) ? std::clamp(0.16 * length, 14.0, 70.0) : 0;
    const Position middle{(a.x + b.x) / 2 - 2 * bend * (b.y - a.y) / std::max(length, 1.0),
                          (a.y + b.y) / 2 + 2 * bend * (b.x - a.x) / std::max(length, 1.0)};
    const std::string way =
        bend == 0 ? fmt::format("L{:.1f} {:.1f}", b.x, b.y) : fmt::format("Q{:.1f} {:.1f} {:.1f} {:.1f}", middle.x, middle.y, b.x, b.y);
    return fmt::format("<path class=\"link\" d=\"M{:.1f} {:.1f}{}\" stroke-width=\"{:.1f}\"><title>{}</title></path>\n", a.x, a.y, way,
                       width, escaped(line.label));
  }

  bool passes_a_node(const Line& line, Position a, Position b, double length) const {
    return std::any_of(marks_.begin(), marks_.end(), [&](const auto& other) {
      if (other.first == line.a || other.first == line.b || length == 0) return false;
      const Position p = other.second.at;
      const double along = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (length * length);
      const double aside = std::abs((p.x - a.x) * (b.y - a.y) - (p.y - a.y) * (b.x - a.x)) / length;
      return along > 0.02 && along < 0.98 && aside < radius_;
    });
  }

  std::string drawn(const Mark& mark) const {
    const std::string_view name = class_of(mark.server, mark.workers > 0, mark.is_switch);
    std::string out = symbol(name, mark.at, radius_);
    const std::string title = escaped(mark.label);
    out.insert(out.rfind("</"), fmt::format("<title>{}</title>", title));
    out += '\n';
    if (mark.hidden_hosts > 0 && !named())
      out +=
          fmt::format("<text class=\"count\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", mark.at.x, mark.at.y + radius_ + 8, mark.hidden_hosts);
    if (named()) out += label(mark);
    return out;
  }

  /// Outwards from the middle of the picture, so that the links inside stay clear.
  std::string label(const Mark& mark) const {
    const double dx = mark.at.x - centre_.x;
    const double dy = mark.at.y - centre_.y;
    double x = mark.at.x + (dx >= 0 ? radius_ + 4 : -radius_ - 4);
    double y = mark.at.y + 4;
    std::string_view anchor = dx >= 0 ? "start" : "end";
    std::string turn;
    if (crowded_rows_.contains(std::lround(mark.at.y))) {
      x = mark.at.x;
      y = mark.at.y + (dy < 0 ? -radius_ - 4 : radius_ + 10);
      anchor = "start";
      turn = fmt::format(" transform=\"rotate({} {:.1f} {:.1f})\"", dy < 0 ? -40 : 40, x, y);
    } else if (layered() || std::abs(dx) < 0.15 * std::abs(dy) || std::hypot(dx, dy) < 1) {
      x = mark.at.x;
      y = mark.at.y + (dy < 0 ? -radius_ - 5 : radius_ + 14);
      anchor = "middle";
    }
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, turn, escaped(mark.label));
  }

  [[nodiscard]] bool named() const { return marks_.size() <= kMostNamed; }

  [[nodiscard]] std::size_t longest_label() const {
    std::size_t longest = 0;
    for (const auto& [node, mark] : marks_) longest = std::max(longest, mark.label.size());
    return longest;
  }

  /// The rows of a layered picture in which neighbours' names would overlap.
  void find_crowded_rows() {
    crowded_rows_.clear();
    if (!layered()) return;
    std::map<long, std::map<double, std::size_t>> rows;  // by height: length of the name by place
    for (const auto& [node, mark] : marks_) rows[std::lround(mark.at.y)][mark.at.x] = mark.label.size();
    for (const auto& [height, row] : rows)
      for (auto here = row.begin(); here != row.end() && std::next(here) != row.end(); ++here) {
        const auto after = std::next(here);
        if (after->first - here->first < kLetter / 2 * static_cast<double>(here->second + after->second) + 4) crowded_rows_.insert(height);
      }
  }

  /// Rows of nodes at the same height have room for names above and below only.
  bool layered() const {
    std::set<long> heights;
    for (const auto& [node, mark] : marks_) heights.insert(std::lround(mark.at.y));
    return 2 * heights.size() <= marks_.size() && !topology_.is_map();
  }

  const Topology& topology_;
  std::vector<bool> physical_;
  std::map<NodeId, Mark> marks_;
  std::vector<Line> lines_;
  double scale_ = 1;
  double width_ = 0;
  double height_ = 0;
  double radius_ = 6;
  double title_width_ = 0;
  std::set<long> crowded_rows_;  // heights
  Position centre_;
};

}  // namespace

TopologyDrawing draw_topology(const Topology& topology, const std::string& title) { return Drawer(topology).draw(title); }

}  // namespace peloton
