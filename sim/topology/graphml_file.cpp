#include "sim/topology/graphml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>
#include <string_view>
#include <vector>

namespace peloton {

namespace {

namespace pt = boost::property_tree;

constexpr std::size_t kDeepest = 1000;
constexpr std::size_t kMostBytes = 256U << 20U;

std::string read_text(const DataFile& file) {
  std::ifstream in(file.path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw InputError({file.name, ""}, "cannot be read");
  std::string out = std::move(text).str();
  if (out.size() > kMostBytes) throw InputError({file.name, ""}, fmt::format("must be at most {} bytes, got {}", kMostBytes, out.size()));
  return out;
}

/// The end of the tag that starts at `at`: its '>', outside of quotes; the end of the text when there is none.
std::size_t end_of_tag(std::string_view xml, std::size_t at) {
  char quote = 0;
  for (; at < xml.size(); ++at) {
    const char c = xml[at];
    if (quote == 0 && c == '>') return at;
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (c == quote)
      quote = 0;
  }
  return at;
}

/// The parser descends by recursion and takes any closing tag for the one it waits for: refuses nesting that would exhaust the stack
/// and tags that close another element.
void check_nesting(std::string_view xml, const std::string& name) {
  std::vector<std::string_view> open;
  const auto word = [&](std::size_t at) { return xml.substr(at, xml.find_first_of(" \t\r\n/>", at) - at); };
  for (std::size_t at = xml.find('<'); at != std::string_view::npos && at + 1 < xml.size(); at = xml.find('<', at)) {
    std::size_t end = 0;
    if (xml.substr(at).starts_with("<!--")) {
      end = xml.find("-->", at);
    } else if (xml.substr(at).starts_with("<![CDATA[")) {
      end = xml.find("]]>", at);
    } else {
      end = end_of_tag(xml, at);
      if (xml[at + 1] == '/') {
        const std::string_view closed = word(at + 2);
        if (open.empty() || open.back() != closed)
          throw InputError({name, fmt::format("line {}", 1 + std::count(xml.begin(), xml.begin() + static_cast<std::ptrdiff_t>(at), '\n'))},
                           fmt::format("is not XML: </{}> closes {}", closed, open.empty() ? "nothing" : fmt::format("<{}>", open.back())));
        open.pop_back();
      }
      const bool opens = xml[at + 1] != '/' && xml[at + 1] != '?' && xml[at + 1] != '!';
      if (opens && xml[end - 1] != '/') open.push_back(word(at + 1));
    }
    if (open.size() > kDeepest) throw InputError({name, ""}, fmt::format("is nested deeper than {} elements", kDeepest));
    if (end >= xml.size()) return;  // cut off, which the parser says better
    at = end;
  }
}

pt::ptree parse(const DataFile& file) {
  std::istringstream in(read_text(file));
  const std::string text = in.str();
  check_nesting(text, file.name);
  pt::ptree out;
  try {
    pt::read_xml(in, out, pt::xml_parser::trim_whitespace | pt::xml_parser::no_comments);
  } catch (const pt::xml_parser_error& e) {
    throw InputError({file.name, fmt::format("line {}", e.line())}, fmt::format("is not XML: {}", e.message()));
  }
  return out;
}

std::optional<std::string> attribute(const pt::ptree& element, const std::string& name) {
  const auto found = element.get_child_optional("<xmlattr>");
  if (!found) return std::nullopt;
  const auto value = found->get_optional<std::string>(pt::ptree::path_type(name, '\0'));
  return value ? std::optional(*value) : std::nullopt;
}

std::string needed_attribute(const pt::ptree& element, const std::string& name, const Place& place) {
  if (auto value = attribute(element, name); value && !value->empty()) return *value;
  throw InputError(place, fmt::format("needs the attribute \"{}\"", name));
}

std::optional<double> number(const std::string& text) {
  double out = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc{} || rest != end || !std::isfinite(out)) return std::nullopt;
  return out;
}

class Reader {
 public:
  explicit Reader(const DataFile& file) : file_(file) {}

  GraphmlFile read() {
    const pt::ptree document = parse(file_);
    const auto root = document.get_child_optional("graphml");
    if (!root)
      throw InputError({file_.name, ""},
                       fmt::format("must be a GraphML document, got <{}>", document.empty() ? "" : document.front().first));
    const Place place{file_.name, "/graphml"};
    if (root->count("graph") != 1) throw InputError(place, fmt::format("must hold one graph, got {}", root->count("graph")));
    for (const auto& [name, element] : *root)
      if (name == "key") read_key(element, place / "key");
    read_graph(root->get_child("graph"), place / "graph");
    return std::move(out_);
  }

 private:
  /// Attributes by what they belong to and their name, as the data elements refer to them.
  void read_key(const pt::ptree& key, const Place& place) {
    const std::string id = needed_attribute(key, "id", place);
    const std::string name = attribute(key, "attr.name").value_or(id);
    const std::string owner = attribute(key, "for").value_or("all");
    for (const char* const one : {"node", "edge"})
      if (owner == one || owner == "all") name_of_key_[one][id] = name;
  }

  void read_graph(const pt::ptree& graph, const Place& place) {
    const std::string direction = attribute(graph, "edgedefault").value_or("undirected");
    if (direction != "undirected")
      throw InputError(place, fmt::format("must be undirected, since links carry both ways; got edgedefault \"{}\"", direction));
    std::size_t count = 0;
    for (const auto& [name, element] : graph) {
      if (name == "node") read_node(element, numbered(place, "node", ++count));
      if (name == "hyperedge" || name == "port" || name == "graph")
        throw InputError(place / name, "is not supported: a link joins two nodes");
    }
    if (out_.nodes.empty()) throw InputError(place, "must hold nodes, got none");
    name_nodes();
    count = 0;
    for (const auto& [name, element] : graph)
      if (name == "edge") read_edge(element, numbered(place, "edge", ++count));
  }

  static Place numbered(const Place& place, std::string_view element, std::size_t number) {
    return place / fmt::format("{}[{}]", element, number);
  }

  void read_node(const pt::ptree& node, const Place& place) {
    const std::string id = needed_attribute(node, "id", place);
    if (!node_of_id_.emplace(id, out_.nodes.size()).second) throw InputError(place, fmt::format("a second node with the id \"{}\"", id));
    if (node.count("graph") != 0) throw InputError(place, "holds a graph of its own, which is not supported");
    const std::map<std::string, std::string> data = data_of(node, "node", place);
    const auto coordinate = [&](const char* name, double most) -> std::optional<double> {
      const auto text = data.find(name);
      if (text == data.end() || text->second.empty()) return std::nullopt;
      const std::optional<double> value = number(text->second);
      if (!value || std::abs(*value) > most)
        throw InputError(place, fmt::format("{} must be a number from {} to {}, got \"{}\"", name, -most, most, text->second));
      return value;
    };
    const std::optional<double> latitude = coordinate("Latitude", 90);
    const std::optional<double> longitude = coordinate("Longitude", 180);
    const auto label = data.find("label");
    GraphmlFile::Node out{label == data.end() ? "" : label->second, std::nullopt};
    if (latitude && longitude) out.place = {*latitude, *longitude};
    out_.nodes.push_back(std::move(out));
    ids_.push_back(id);
  }

  void name_nodes() {
    std::map<std::string, int> times;
    for (const GraphmlFile::Node& node : out_.nodes) ++times[node.name];
    std::map<std::string, std::size_t> taken;
    for (std::size_t i = 0; i < out_.nodes.size(); ++i) {
      std::string& name = out_.nodes[i].name;
      if (name.empty())
        name = ids_[i];
      else if (times[name] > 1)
        name = fmt::format("{} ({})", name, ids_[i]);
      while (!taken.emplace(name, i).second) name += fmt::format(" ({})", ids_[i]);
    }
  }

  void read_edge(const pt::ptree& edge, const Place& place) {
    if (attribute(edge, "directed").value_or("false") == "true") throw InputError(place, "must be undirected, since links carry both ways");
    GraphmlFile::Edge out;
    out.source = node_at(edge, "source", place);
    out.target = node_at(edge, "target", place);
    if (out.source == out.target) return;
    out.speed = speed_of(data_of(edge, "edge", place), place);
    out_.edges.push_back(out);
  }

  std::size_t node_at(const pt::ptree& edge, const std::string& end, const Place& place) const {
    const std::string id = needed_attribute(edge, end, place);
    const auto found = node_of_id_.find(id);
    if (found == node_of_id_.end())
      throw InputError(place, fmt::format("the {} \"{}\" is not a declared node{}", end, id, did_you_mean(id, ids_)));
    return found->second;
  }

  static std::optional<double> speed_of(const std::map<std::string, std::string>& data, const Place& place) {
    const auto text_of = [&](const char* name) {
      const auto found = data.find(name);
      return found == data.end() ? std::string() : found->second;
    };
    const auto positive = [&](double speed, const std::string& text) {
      if (speed <= 0) throw InputError(place, fmt::format("the speed of a link must be > 0, got \"{}\"", text));
      return speed;
    };
    if (const std::string raw = text_of("LinkSpeedRaw"); !raw.empty()) {
      const std::optional<double> speed = number(raw);
      if (!speed) throw InputError(place, fmt::format("LinkSpeedRaw must be a number of bit/s, got \"{}\"", raw));
      return positive(*speed, raw);
    }
    const std::optional<double> speed = number(text_of("LinkSpeed"));
    const std::string unit = text_of("LinkSpeedUnits");
    constexpr std::string_view kUnits = "KMGT";
    const std::size_t power = unit.size() == 1 ? kUnits.find(unit[0]) : std::string_view::npos;
    if (!speed || power == std::string_view::npos) return std::nullopt;
    return positive(*speed * std::pow(1000.0, static_cast<double>(power + 1)), text_of("LinkSpeed"));
  }

  /// The data elements by the names of their keys.
  std::map<std::string, std::string> data_of(const pt::ptree& element, const std::string& owner, const Place& place) {
    std::map<std::string, std::string> out;
    for (const auto& [name, data] : element) {
      if (name != "data") continue;
      const std::string key = needed_attribute(data, "key", place / "data");
      const auto known = name_of_key_[owner].find(key);
      if (known == name_of_key_[owner].end())
        throw InputError(place / "data", fmt::format("the key \"{}\" is not declared for a {}", key, owner));
      out[known->second] = data.data();
    }
    return out;
  }

  const DataFile& file_;
  GraphmlFile out_;
  std::vector<std::string> ids_;
  std::map<std::string, std::size_t> node_of_id_;
  std::map<std::string, std::map<std::string, std::string>> name_of_key_;
};

}  // namespace

GraphmlFile read_graphml(const DataFile& file) { return Reader(file).read(); }

double great_circle(const GraphmlFile::Point& a, const GraphmlFile::Point& b) {
  constexpr double kEarthRadius = 6'371'008.8;
  constexpr double kRadians = std::numbers::pi / 180;
  const auto half_sine_squared = [](double degrees) {
    const double s = std::sin(degrees * kRadians / 2);
    return s * s;
  };
  // The haversine formula keeps its digits for near points.
  const double h = half_sine_squared(b.latitude - a.latitude) +
                   std::cos(a.latitude * kRadians) * std::cos(b.latitude * kRadians) * half_sine_squared(b.longitude - a.longitude);
  return 2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

}  // namespace peloton
