#include "algorithms/compression/error_feedback.hpp"

#include "tests/algorithms/aggregation/vectors.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

Vector decoded(Space& s, const Codec& codec, const EncodedVector& message) {
  Vector out = s.space.make();
  codec.decode(message, out.write());
  return out;
}

std::unique_ptr<Codec> codec_of(const CodecSpec& spec, Precision precision, std::size_t dimension) {
  return make_codec(spec, {.dimension = dimension, .tensors = {dimension}, .wire = precision, .seed = 1});
}

}  // namespace

TEST_CASE("what a message leaves out is added to the next", "[algorithms][compression]") {
  // Hand computation with the largest of two: (3, 2) sends 3 and keeps (0, 2); (1, 2) + (0, 2) sends 4 and keeps (1, 0).
  Space s(Precision::float64, 2);
  const auto codec = codec_of(TopkOptions{.ratio = Fraction{0.5}}, Precision::float64, 2);
  ErrorFeedback feedback(s.space);
  CHECK(!feedback.memory());
  CHECK(values_of(decoded(s, *codec, feedback.encode(*codec, s.vector({3, 2}), 0, 0))) == std::vector<double>{3, 0});
  CHECK(values_of(feedback.memory()) == std::vector<double>{0, 2});
  CHECK(values_of(decoded(s, *codec, feedback.encode(*codec, s.vector({1, 2}), 0, 1))) == std::vector<double>{0, 4});
  CHECK(values_of(feedback.memory()) == std::vector<double>{1, 0});
}

TEST_CASE("nothing is lost between the messages and the memory", "[algorithms][compression]") {
  // Invariant: Σ decoded + e = Σ v, exactly on a dyadic grid, where every sum is exact; to rounding otherwise.
  const std::size_t d = 100;
  const std::vector<CodecSpec> specs = {TopkOptions{.ratio = Fraction{0.05}}, SignOptions{ZeroSign::keep}, SignOptions{ZeroSign::random},
                                        IdentityOptions{}};
  for (const Precision precision : kPrecisions) {
    for (const CodecSpec& spec : specs) {
      for (const bool grid : {true, false}) {
        Space s(precision, d);
        const auto codec = codec_of(spec, precision, d);
        ErrorFeedback feedback(s.space);
        std::vector<double> balance(d, 0.0);
        for (std::uint64_t t = 0; t < 50; ++t) {
          const Vector v = s.vector(grid ? on_grid(d, static_cast<double>(t)) : scattered(d, static_cast<double>(t)));
          const std::vector<double> given = values_of(v);
          const std::vector<double> sent = values_of(decoded(s, *codec, feedback.encode(*codec, v, 0, t)));
          CHECK(values_of(v) == given);  // a shared vector is not overwritten
          for (std::size_t i = 0; i < d; ++i) balance[i] += sent[i] - given[i];
        }
        const std::vector<double> memory = values_of(feedback.memory());
        const double rounding = grid ? 0.0 : precision == Precision::float32 ? 50 * 50 * 0x1p-24 : 50 * 50 * 0x1p-53;
        for (std::size_t i = 0; i < d; ++i) CHECK(std::abs(balance[i] + memory[i]) <= rounding);
        if (spec.is<IdentityOptions>()) CHECK(memory == std::vector<double>(d, 0.0));
      }
    }
  }
}

TEST_CASE("error feedback works in place and its memory is state", "[algorithms][compression]") {
  // Invariants: one vector lives between messages, two while one is made; a restored memory goes on as the original.
  Space s(Precision::float32, 3);
  const auto codec = codec_of(TopkOptions{.ratio = Fraction{0.4}}, Precision::float32, 3);
  ErrorFeedback feedback(s.space);
  for (std::uint64_t t = 0; t < 3; ++t) static_cast<void>(feedback.encode(*codec, s.vector({1, 2, 3}), 0, t));
  CHECK(s.space.live() == 1);
  CHECK(s.space.peak() == 2);

  ErrorFeedback restored(s.space);
  restore_state(restored, save_state(feedback));
  CHECK(values_of(restored.memory()) == values_of(feedback.memory()));
  CHECK(restored.encode(*codec, s.vector({1, 1, 1}), 0, 3).bytes == feedback.encode(*codec, s.vector({1, 1, 1}), 0, 3).bytes);

  ErrorFeedback fresh(s.space);
  restore_state(restored, save_state(fresh));
  CHECK(!restored.memory());
}
