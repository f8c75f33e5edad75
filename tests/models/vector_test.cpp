#include "models/vector.hpp"

#include <cmath>
#include <limits>

#include "models/kernels/kernels.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

constexpr std::array kPrecisions{Precision::float32, Precision::float64};

Vector vector_of(VectorSpace& space, const std::vector<double>& values) {
  Vector out = space.make();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (space.precision() == Precision::float32)
      out.write().as<float>()[i] = static_cast<float>(values[i]);
    else
      out.write().as<double>()[i] = values[i];
  }
  return out;
}

std::vector<double> values_of(const Vector& x) {
  const ConstView view = x.view();
  if (view.precision == Precision::float64) return {view.as<double>().begin(), view.as<double>().end()};
  return {view.as<float>().begin(), view.as<float>().end()};
}

/// Numbers without a pattern, between −1 and 1.
std::vector<double> scattered(std::size_t size, double seed) {
  std::vector<double> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = std::sin(seed + 12.9898 * static_cast<double>(i));
  return out;
}

}  // namespace

TEST_CASE("vectors are shared, copied when a shared one is written, and their memory is used again", "[models][vector]") {
  // Invariant: handles behave like values; the counts tell the vectors that exist.
  ThreadPool pool(1);
  VectorSpace space(Precision::float64, 3, find_kernels("auto"), pool);
  Vector x = vector_of(space, {1, 2, 3});
  CHECK(x.unique());
  CHECK(space.live() == 1);

  Vector y = x;
  CHECK(!x.unique());
  CHECK(y.identity() == x.identity());
  CHECK(space.live() == 1);

  space.add_scaled(y, 1.0, x);  // y = 2 x in memory of its own
  CHECK(values_of(y) == std::vector<double>{2, 4, 6});
  CHECK(values_of(x) == std::vector<double>{1, 2, 3});
  CHECK(space.live() == 2);

  const void* first = y.identity();
  y = Vector();
  CHECK(space.live() == 1);
  const Vector z = space.make();
  CHECK(z.identity() == first);
  CHECK(space.live() == 2);
  CHECK(space.peak() == 2);
  CHECK(!y);
  CHECK(reinterpret_cast<std::uintptr_t>(z.view().data) % 64 == 0);
}

TEST_CASE("x + a y reuses the memory of an only handle and leaves a shared one alone", "[models][vector]") {
  // Hand computation: (1, 2) + 2 (10, 20) = (21, 42).
  ThreadPool pool(1);
  for (const Precision precision : kPrecisions) {
    VectorSpace space(precision, 2, find_kernels("auto"), pool);
    const Vector y = vector_of(space, {10, 20});
    Vector x = vector_of(space, {1, 2});
    const void* memory = x.identity();
    const Vector kept = space.plus_scaled(x, 2.0, y);
    CHECK(values_of(x) == std::vector<double>{1, 2});
    CHECK(values_of(kept) == std::vector<double>{21, 42});
    const Vector moved = space.plus_scaled(std::move(x), 2.0, y);
    CHECK(moved.identity() == memory);
    CHECK(moved.unique());
    CHECK(values_of(moved) == std::vector<double>{21, 42});
  }
}

TEST_CASE("element by element operations", "[models][vector]") {
  // Hand computation with numbers that both precisions hold exactly.
  ThreadPool pool(1);
  for (const std::string& name : kernel_names()) {
    for (const Precision precision : kPrecisions) {
      INFO(name);
      VectorSpace space(precision, 3, find_kernels(name), pool);
      const Vector x = vector_of(space, {1, -2, 4});
      Vector y = vector_of(space, {0.5, 8, -1});
      space.add_scaled(y, 2, x);
      CHECK(values_of(y) == std::vector<double>{2.5, 4, 7});
      space.scale(y, 0.5);
      CHECK(values_of(y) == std::vector<double>{1.25, 2, 3.5});
      space.scale_and_add(y, 4, -1, x);
      CHECK(values_of(y) == std::vector<double>{4, 10, 10});
      space.add_scaled(y, 1, y);  // the same vector on both sides
      CHECK(values_of(y) == std::vector<double>{8, 20, 20});
      CHECK(values_of(space.zeros()) == std::vector<double>{0, 0, 0});

      const std::vector<Vector> terms{x, y, x};
      const Vector sum = space.weighted_sum(std::vector<double>{0.5, 0.5, 0.5}, terms);
      CHECK(values_of(sum) == std::vector<double>{5, 8, 14});
    }
  }
}

TEST_CASE("a factor is rounded to the precision once", "[models][vector]") {
  // Hand computation: in float32, 0.1 is 0.100000001490116, nine times that rounds to 0.90000004; 0.1 · 9 rounded at the end is 0.89999998.
  ThreadPool pool(1);
  VectorSpace space(Precision::float32, 1, find_kernels("auto"), pool);
  Vector x = vector_of(space, {9});
  space.scale(x, 0.1);
  CHECK(x.view().as<float>()[0] == 0.90000004F);
}

TEST_CASE("reductions accumulate in float64", "[models][vector]") {
  // Hand computation: 1e8 + 1 − 1e8 = 1; in float32, 1e8 + 1 = 1e8. The distance of (1e8, 1, −1e8) to (1e8, 0, −1e8) is 1.
  ThreadPool pool(1);
  for (const std::string& name : kernel_names()) {
    for (const Precision precision : kPrecisions) {
      INFO(name);
      VectorSpace space(precision, 3, find_kernels(name), pool);
      const Vector x = vector_of(space, {1e8, 1, -1e8});
      CHECK(space.dot(x, vector_of(space, {1, 1, 1})) == 1);
      CHECK(space.distance(x, vector_of(space, {1e8, 0, -1e8})) == 1);
      CHECK(space.norm(vector_of(space, {3, 0, 4})) == 5);
    }
  }
}

TEST_CASE("a number that is not finite is found wherever it stands", "[models][vector]") {
  // Invariant; 70 numbers cover full registers and the rest of every instruction set.
  ThreadPool pool(1);
  for (const std::string& name : kernel_names()) {
    for (const Precision precision : kPrecisions) {
      INFO(name);
      VectorSpace space(precision, 70, find_kernels(name), pool);
      std::vector<double> values(70, -1e30);
      CHECK(space.all_finite(vector_of(space, values)));
      for (const double wrong : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), std::nan("")}) {
        for (const std::size_t at : {0, 31, 64, 69}) {
          std::vector<double> bad = values;
          bad[at] = wrong;
          CHECK(!space.all_finite(vector_of(space, bad)));
        }
      }
    }
  }
}

TEST_CASE("results on long vectors do not depend on the number of threads", "[models][vector]") {
  // Invariant: the same bits with 1, 2 and 5 threads; 300,001 numbers are ten chunks, the last one ragged.
  constexpr std::size_t kSize = 300'001;
  for (const Precision precision : kPrecisions) {
    std::vector<std::vector<double>> results;
    for (const std::size_t threads : {1U, 2U, 5U}) {
      ThreadPool pool(threads);
      VectorSpace space(precision, kSize, find_kernels("auto"), pool);
      Vector x = vector_of(space, scattered(kSize, 0.1));
      const Vector y = vector_of(space, scattered(kSize, 0.7));
      space.add_scaled(x, 0.3, y);
      space.scale_and_add(x, 0.9, -0.2, y);
      const std::vector<Vector> terms{x, y, y};
      const Vector sum = space.weighted_sum(std::vector<double>{0.3, 0.4, 0.5}, terms);
      std::vector<double> all = values_of(space.plus_scaled(sum, -0.01, x));
      all.push_back(space.dot(x, y));
      all.push_back(space.norm(x));
      all.push_back(space.distance(x, y));
      results.push_back(all);
    }
    CHECK(results[1] == results[0]);
    CHECK(results[2] == results[0]);
    // Reference implementation: the dot product of the first two, summed plainly.
    std::vector<double> a = scattered(kSize, 0.1);
    const std::vector<double> b = scattered(kSize, 0.7);
    double dot = 0;
    for (std::size_t i = 0; i < kSize; ++i) dot += (0.9 * (a[i] + 0.3 * b[i]) - 0.2 * b[i]) * b[i];
    CHECK(results[0][kSize] == Approx(dot).epsilon(precision == Precision::float32 ? 1e-5 : 1e-11));
  }
}

TEST_CASE("rounding to float32 and back", "[models][vector]") {
  // Hand computation: 1 + 2^-30 rounds to 1; in a float32 space nothing is left to do, and the handle stays the same.
  ThreadPool pool(1);
  VectorSpace wide(Precision::float64, 2, find_kernels("auto"), pool);
  const Vector x = vector_of(wide, {1 + 0x1p-30, 0.5});
  CHECK(values_of(wide.rounded_to_float32(x)) == std::vector<double>{1, 0.5});
  CHECK(values_of(x) == std::vector<double>{1 + 0x1p-30, 0.5});
  VectorSpace narrow(Precision::float32, 2, find_kernels("auto"), pool);
  const Vector y = vector_of(narrow, {1, 2});
  CHECK(narrow.rounded_to_float32(y).identity() == y.identity());
}

namespace {

/// State with shared, separate and empty handles.
struct Handles {
  VectorSpace& space;
  Vector a, b, c, empty;
  void visit_state(StateVisitor& v) {
    space.visit(v, "a", a);
    space.visit(v, "b", b);
    space.visit(v, "c", c);
    space.visit(v, "empty", empty);
  }
};

}  // namespace

TEST_CASE("saving and restoring keeps numbers and sharing", "[models][vector]") {
  // Invariant: what is restored equals what was saved; numbers shared by two handles are stored once.
  ThreadPool pool(1);
  for (const Precision precision : kPrecisions) {
    VectorSpace space(precision, 1000, find_kernels("auto"), pool);
    Handles before{space, vector_of(space, scattered(1000, 1)), {}, vector_of(space, scattered(1000, 2)), {}};
    before.b = before.a;
    const std::string bytes = save_state(before);
    CHECK(bytes.size() < 2 * 1000 * bytes_of(precision) + 100);

    Handles after{space, {}, {}, {}, space.zeros()};
    restore_state(after, bytes);
    CHECK(values_of(after.a) == values_of(before.a));
    CHECK(values_of(after.c) == values_of(before.c));
    CHECK(after.a.identity() == after.b.identity());
    CHECK(after.a.identity() != before.a.identity());
    CHECK(after.c.unique());
    CHECK(!after.empty);
    CHECK(save_state(after) == bytes);
  }
}

TEST_CASE("a shared vector cannot be written, an empty one not be read", "[models][vector]") {
  // Invariant: both are defects of the caller.
  ThreadPool pool(1);
  VectorSpace space(Precision::float32, 2, find_kernels("auto"), pool);
  Vector x = space.zeros();
  const Vector y = x;
  CHECK_THROWS_AS(x.write(), BrokenInvariant);
  CHECK_THROWS_AS(Vector().view(), BrokenInvariant);
  CHECK_THROWS_AS(x.view().as<double>(), BrokenInvariant);
}

TEST_CASE("adding many vectors at once is adding them one after the other, bit for bit", "[models][vector]") {
  // Oracle: reduction to add_scaled. Sizes on both sides of the strips and chunks in which the work is cut.
  for (const Precision precision : kPrecisions) {
    for (const std::string& name : kernel_names()) {
      for (const std::size_t size : {1U, 17U, 2047U, 2049U, 140'003U}) {
        INFO(name << ", " << size);
        ThreadPool pool(2);
        VectorSpace space(precision, size, find_kernels(name), pool);
        const std::vector<Vector> terms{vector_of(space, scattered(size, 0.2)), vector_of(space, scattered(size, 0.4)),
                                        vector_of(space, scattered(size, 0.6))};
        const std::vector<double> factors{1.0, 0.3, 32.0};
        const Vector start = vector_of(space, scattered(size, 0.8));
        Vector together = start;
        space.add_all(together, factors, terms);
        Vector apart = start;
        for (std::size_t i = 0; i < terms.size(); ++i) space.add_scaled(apart, factors[i], terms[i]);
        CHECK(values_of(together) == values_of(apart));
        CHECK(values_of(together) != values_of(start));
        CHECK(values_of(start) == values_of(vector_of(space, scattered(size, 0.8))));
      }
    }
  }
}

}  // namespace peloton
