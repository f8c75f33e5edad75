#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/data_folder.hpp"

namespace peloton {

/// What a GraphML file of the Internet Topology Zoo (Knight et al., IEEE JSAC 2011) says of a network.
struct GraphmlFile {
  struct Point {
    double latitude = 0;   ///< degrees, −90 … 90
    double longitude = 0;  ///< degrees, −180 … 180
  };
  struct Node {
    std::string name;            ///< the label; with the id behind it where labels repeat, the id alone where there is none
    std::optional<Point> place;  ///< nothing when a coordinate is missing
  };
  struct Edge {
    std::size_t source = 0;
    std::size_t target = 0;
    std::optional<double> speed;  ///< bit/s, > 0
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;  ///< as in the file, parallel ones included; loops are left out, for nothing crosses them
};

/// Reads the attributes label, Latitude and Longitude of nodes, LinkSpeedRaw (bit/s), else LinkSpeed with LinkSpeedUnits (K, M, G, T), of
/// edges; others are skipped. A speed in words ("T1") counts as missing.
/// What is not an undirected GraphML graph, a node twice, an edge to an undeclared node, coordinates out of range and a speed that is not
/// positive are InputErrors with the line or the element, as in "Abilene.graphml: /graphml/graph/edge[3]".
[[nodiscard]] GraphmlFile read_graphml(const DataFile& file);

/// Great-circle distance in metres on a sphere with the earth's mean radius, 6,371,008.8 m (Moritz, J. Geodesy 2000).
[[nodiscard]] double great_circle(const GraphmlFile::Point& a, const GraphmlFile::Point& b);

}  // namespace peloton
