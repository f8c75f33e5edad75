#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "algorithms/compression/codec.hpp"
#include "models/gradient_executor.hpp"
#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

struct Recipe;

/// A version of the parameters. Copies share the numbers; in runs without learning there are none, only the version.
struct Model {
  Vector values;
  std::int64_t version = 0;
  Time created;
  /// Of the message that brings it to a node that has the version before; 0: it travels as it is, dense.
  std::uint64_t bits : 63 = 0;
  bool on_wire : 1 = false;  ///< it has travelled, dense, over a wire of float32 numbers

  static constexpr std::uint64_t kMostBits = (1ULL << 63U) - 1;
};

/// A message's content as bytes, shared by all who hold it.
struct Payload {
  EncodedVector message;
  const Codec* codec = nullptr;    ///< null: numbers of a control message
  std::shared_ptr<Recipe> recipe;  ///< of a contribution, where a zero-delay twin makes it again
};

/// What a worker computed at a known version of the model: a stochastic gradient, or what the method's Computation makes of several
/// (a pseudo-gradient, the end of a local chain). Its numbers are evaluated when somebody reads them.
struct Gradient {
  LazyGradient value;
  std::shared_ptr<const Payload> encoded;  ///< when set, this is what there is, and `value` is empty
  NodeId node = kNoNode;                   ///< the worker that computed it
  std::int64_t base = 0;                   ///< the version it was computed at
  Time base_created;                       ///< when that version was made
};

struct ModelMessage {
  NodeId from;
  NodeId to;
  Model model;
};

struct GradientMessage {
  NodeId from;
  NodeId to;
  Gradient gradient;
};

/// A few numbers and what they mean, by a kind of the method's own.
struct ControlMessage {
  NodeId from;
  NodeId to;
  std::uint32_t kind;
  std::span<const double> numbers;
};

/// Bytes without a meaning to the learning, known by a tag of the sender's choice.
struct RawMessage {
  NodeId from;
  NodeId to;
  std::uint64_t tag;
  Time sent;
};

/// One member of a collective has its result.
struct CollectiveDone {
  std::uint64_t tag;
  NodeId node;
  bool first;  ///< of all members
  bool last;
};

}  // namespace peloton
