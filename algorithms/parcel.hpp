#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/compression/codec.hpp"
#include "sim/base/state.hpp"
#include "sim/compute/layer_schedule.hpp"
#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

/// How the vectors that cross the network are cut: into buckets that travel at times of their own, and into the shards of several servers.
/// Shards are runs of coordinates that differ by one in length at most, the larger ones first.
class Cuts {
 public:
  /// Coordinates begin … end − 1: what a bucket and a shard have in common.
  struct Cut {
    std::uint32_t bucket = 0;
    std::uint32_t shard = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// `layers`: null where all of a vector travels at once.
  Cuts(const LayerSchedule* layers, std::size_t dimension, std::size_t servers);

  /// By bucket, then by shard, none empty.
  [[nodiscard]] const std::vector<Cut>& cuts() const { return cuts_; }
  [[nodiscard]] std::uint32_t buckets() const { return cuts_.back().bucket + 1; }
  /// Whether each part can be encoded on its own.
  [[nodiscard]] bool suit(const Codec& codec) const;

 private:
  std::vector<Cut> cuts_;
};

/// A message in parts. Those between a node and a shard go in line, each when it is ready and the one before it has gone; the message has
/// arrived with the last of them.
struct Parcel {
  struct Piece {
    std::uint32_t bucket = 0;
    std::uint64_t bits = 0;
    void visit_state(StateVisitor& v) {
      v("bucket", bucket);
      v("bits", bits);
    }
  };
  struct Lane {
    NodeId from = kNoNode;
    NodeId to = kNoNode;
    std::vector<Piece> pieces;
    std::uint64_t next = 0;  ///< piece to leave
    void visit_state(StateVisitor& v) {
      v("from", from);
      v("to", to);
      v("pieces", pieces);
      v("next", next);
    }
  };

  std::uint32_t message = 0;           ///< the flight of the whole
  std::vector<Lane> lanes;             ///< by shard
  std::vector<Time> ready;             ///< by bucket: when it may leave
  std::vector<std::uint32_t> missing;  ///< by bucket: pieces that have not arrived, and been processed
  std::uint64_t incomplete = 0;        ///< buckets that miss a piece
  std::uint64_t under_way = 0;         ///< pieces that have not reached their node
  bool announced = false;              ///< the receiver has been told of a model whose first layers are there

  void visit_state(StateVisitor& v) {
    v("message", message);
    v("lanes", lanes);
    v("ready", ready);
    v("missing", missing);
    v("incomplete", incomplete);
    v("under_way", under_way);
    v("announced", announced);
  }
};

/// A worker's computation whose forward pass may wait for parts of its model and whose gradient leaves in parts.
struct LayeredPass {
  static constexpr std::uint32_t kNoParcel = 0xffffffff;

  std::uint32_t flight = 0;          ///< the computation's
  std::uint32_t parcel = kNoParcel;  ///< brings the model that the worker was told of or computes at; kNoParcel: it is all there
  std::uint32_t waits_for = 0;       ///< buckets from this one down to 0 have layers that have not been computed
  bool running = false;
  bool announced = false;  ///< the method knows that the computation ends
  Duration forward;        ///< of the first mini-batch
  Duration backward;       ///< of the last
  Duration whole;          ///< of all of it, without waits
  Duration waited;         ///< so far
  Time reached;            ///< when the layers whose buckets are there have been computed
  Time finish;             ///< known when the model is all there

  [[nodiscard]] Time backward_start() const { return {finish.ns - backward.ns}; }

  void visit_state(StateVisitor& v) {
    v("flight", flight);
    v("parcel", parcel);
    v("waits_for", waits_for);
    v("running", running);
    v("announced", announced);
    v("forward", forward);
    v("backward", backward);
    v("whole", whole);
    v("waited", waited);
    v("reached", reached);
    v("finish", finish);
  }
};

}  // namespace peloton
