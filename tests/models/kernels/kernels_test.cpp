#include "models/kernels/kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

#include "sim/base/error.hpp"
#include "sim/base/random.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

/// Sizes around the registers and blocks of every instruction set.
constexpr std::array<std::size_t, 8> kSizes{1, 2, 7, 16, 31, 64, 129, 1000};

template <class T>
std::vector<T> random_numbers(std::size_t size, std::uint32_t stream) {
  RandomStream random(1, Purpose::test, stream, 0);
  std::vector<T> out(size);
  for (T& value : out) value = static_cast<T>(2 * random.uniform() - 1);
  return out;
}

/// |a − b| in units of the precision's epsilon, relative to the largest number of both.
template <class T>
double distance_in_epsilons(const std::vector<T>& a, const std::vector<T>& b) {
  double largest = 1e-300;
  double difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max({largest, std::abs(static_cast<double>(a[i])), std::abs(static_cast<double>(b[i]))});
    difference = std::max(difference, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return difference / largest / static_cast<double>(std::numeric_limits<T>::epsilon());
}

/// Everything that a set of kernels computes from the same pseudo-random numbers, in `shift`ed memory.
template <class T>
struct Results {
  std::vector<std::pair<std::string, std::vector<T>>> all;

  Results(const KernelSet<T>& k, std::size_t n, std::size_t shift) : kernels(k), size(n), offset(shift) {
    vectors();
    steps();
    products();
    layers();
    losses();
  }

 private:
  /// n numbers that start `offset` numbers after an aligned address.
  struct Shifted {
    std::vector<T> memory;
    T* data;
    Shifted(const std::vector<T>& values, std::size_t offset) : memory(values.size() + offset + 64 / sizeof(T)) {
      const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
      data = memory.data() + (64 - address % 64) % 64 / sizeof(T) + offset;
      std::ranges::copy(values, data);
    }
    Shifted(Shifted&&) = default;
    Shifted& operator=(Shifted&&) = default;
  };
  Shifted numbers(std::size_t count, std::uint32_t stream) const { return {random_numbers<T>(count, stream), offset}; }
  void keep(std::string name, const T* values, std::size_t count) {
    all.emplace_back(std::move(name), std::vector<T>(values, values + count));
  }
  void keep(std::string name, double value) { all.emplace_back(std::move(name), std::vector<T>{static_cast<T>(value)}); }

  void vectors() {
    const Shifted x = numbers(size, 1);
    const Shifted z = numbers(size, 2);
    Shifted y = numbers(size, 3);
    kernels.add_scaled(size, T(0.3), x.data, y.data);
    keep("add_scaled", y.data, size);
    kernels.plus_scaled(size, x.data, T(-0.7), z.data, y.data);
    keep("plus_scaled", y.data, size);
    kernels.plus_scaled(size, y.data, T(-0.7), z.data, y.data);
    keep("plus_scaled in place", y.data, size);
    kernels.scale(size, T(1.1), y.data);
    keep("scale", y.data, size);
    kernels.scale_and_add(size, T(0.9), T(0.2), x.data, y.data);
    keep("scale_and_add", y.data, size);
    keep("dot", kernels.dot(size, x.data, x.data));
    keep("squared_distance", kernels.squared_distance(size, x.data, z.data));
  }

  void steps() {
    const Shifted g = numbers(size, 4);
    Shifted v = numbers(size, 5);
    Shifted x = numbers(size, 6);
    kernels.momentum_step(size, T(0.1), T(0.9), g.data, v.data, x.data, x.data);
    keep("momentum_step x", x.data, size);
    keep("momentum_step v", v.data, size);
    Shifted square = numbers(size, 7);
    for (std::size_t i = 0; i < size; ++i) square.data[i] = std::abs(square.data[i]);
    const AdamStep step{.learning_rate = 0.01, .correction1 = 0.271, .correction2 = 0.003};
    kernels.adam_step(size, step, g.data, v.data, square.data, x.data, x.data);
    keep("adam_step x", x.data, size);
    keep("adam_step m", v.data, size);
    keep("adam_step v", square.data, size);
  }

  void products() {
    // size rows, and shapes on both sides of the register tiles
    for (const auto& [n, k] : {std::pair<std::size_t, std::size_t>{1, 5}, {10, 33}, {17, 1}, {48, 70}}) {
      const std::size_t m = std::min<std::size_t>(size, 70);
      const Shifted a = numbers(m * k, 8);
      const Shifted b = numbers(k * n, 9);
      Shifted c = numbers(m * n, 10);
      const std::string shape = fmt::format(" {}x{}x{}", m, k, n);
      std::fill_n(c.data, m * n, std::numeric_limits<T>::quiet_NaN());  // must not be read
      kernels.gemm_nn(m, n, k, a.data, b.data, c.data, false);
      keep("gemm_nn" + shape, c.data, m * n);
      kernels.gemm_nn(m, n, k, a.data, b.data, c.data, true);
      keep("gemm_nn +" + shape, c.data, m * n);
      kernels.gemm_tn(m, n, k, a.data, b.data, c.data, true);
      keep("gemm_tn +" + shape, c.data, m * n);
      kernels.gemm_tn(m, n, k, a.data, b.data, c.data, false);
      keep("gemm_tn" + shape, c.data, m * n);
      kernels.gemm_nt(m, n, k, a.data, b.data, c.data, true);
      keep("gemm_nt +" + shape, c.data, m * n);
      kernels.gemm_nt(m, n, k, a.data, b.data, c.data, false);
      keep("gemm_nt" + shape, c.data, m * n);
    }
  }

  void layers() {
    constexpr std::size_t kRows = 5;
    const std::array<std::uint32_t, kRows> rows{3, 0, 4, 0, 2};
    std::vector<std::uint8_t> bytes(kRows * size);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 % 256);
    Shifted z = numbers(kRows * size, 11);
    kernels.gather_bytes(kRows, rows.data(), size, bytes.data(), T(1) / 255, z.data);
    keep("gather_bytes", z.data, kRows * size);

    // Every third column of each row is there.
    std::vector<std::uint64_t> starts{0};
    std::vector<std::uint32_t> columns;
    for (std::uint32_t row = 0; row < kRows; ++row) {
      for (std::uint32_t j = row % 3; j < size; j += 3) columns.push_back(j);
      starts.push_back(columns.size());
    }
    const std::vector<T> values = random_numbers<T>(columns.size(), 12);
    const SparseMatrix<T> matrix{starts.data(), columns.data(), values.data()};
    const Shifted x = numbers(size, 13);
    Shifted out = numbers(size, 14);
    std::array<T, kRows> c{};
    kernels.sparse_product(kRows, rows.data(), matrix, x.data, c.data());
    keep("sparse_product", c.data(), kRows);
    kernels.sparse_transposed_product(kRows, rows.data(), matrix, c.data(), out.data);
    keep("sparse_transposed_product", out.data, size);

    kernels.add_bias(kRows, size, x.data, z.data);
    keep("add_bias", z.data, kRows * size);
    kernels.column_sums(kRows, size, z.data, out.data, true);
    keep("column_sums +", out.data, size);
    kernels.column_sums(kRows, size, z.data, out.data, false);
    keep("column_sums", out.data, size);
  }

  void losses() {
    for (const Activation kind : {Activation::relu, Activation::leaky_relu, Activation::tanh, Activation::sigmoid}) {
      Shifted y = numbers(size, 15);
      for (std::size_t i = 0; i < size; ++i) y.data[i] *= 8;
      kernels.activate(size, kind, y.data);
      keep("activate " + std::to_string(static_cast<int>(kind)), y.data, size);
      y = numbers(size, 15);
      Shifted d = numbers(size, 16);
      kernels.activation_gradient(size, kind, y.data, d.data);
      keep("activation_gradient " + std::to_string(static_cast<int>(kind)), d.data, size);
    }
    std::vector<std::uint32_t> labels(3);
    for (std::uint32_t i = 0; i < 3; ++i) labels[i] = static_cast<std::uint32_t>(i * 5 % size);
    Shifted z = numbers(3 * size, 17);
    for (std::size_t i = 0; i < 3 * size; ++i) z.data[i] *= 20;
    std::uint64_t correct = 0;
    keep("softmax_loss", kernels.softmax_loss(3, size, labels.data(), z.data, &correct));
    keep("softmax_loss correct", static_cast<double>(correct));
    kernels.softmax_residual(3, size, labels.data(), T(0.25), z.data);
    keep("softmax_residual", z.data, 3 * size);

    std::vector<T> y(size);
    for (std::size_t i = 0; i < size; ++i) y[i] = i % 3 == 0 ? T{1} : T{-1};
    Shifted margins = numbers(size, 18);
    for (std::size_t i = 0; i < size; ++i) margins.data[i] *= 30;
    correct = 0;
    keep("logistic_loss", kernels.logistic_loss(size, y.data(), margins.data, &correct));
    keep("logistic_loss correct", static_cast<double>(correct));
    kernels.logistic_residual(size, y.data(), T(0.5), margins.data);
    keep("logistic_residual", margins.data, size);
  }

  const KernelSet<T>& kernels;
  std::size_t size;
  std::size_t offset;
};

template <class T>
void compare_with_reference(const std::string& name) {
  for (const std::size_t size : kSizes) {
    const Results<T> expected(find_kernels("reference").get<T>(), size, 0);
    const Results<T> got(find_kernels(name).get<T>(), size, 0);
    REQUIRE(got.all.size() == expected.all.size());
    for (std::size_t i = 0; i < got.all.size(); ++i) {
      INFO(name << ", " << got.all[i].first << ", size " << size << ", float" << 8 * sizeof(T));
      // Sums of up to 1000 terms in another order, fused or not.
      CHECK(distance_in_epsilons(got.all[i].second, expected.all[i].second) < 64);
    }
  }
}

template <class T>
bool same_bits(const Results<T>& a, const Results<T>& b) {
  return std::ranges::equal(a.all, b.all, [](const auto& x, const auto& y) {
    return x.second.size() == y.second.size() && std::memcmp(x.second.data(), y.second.data(), x.second.size() * sizeof(T)) == 0;
  });
}

}  // namespace

TEST_CASE("every set of kernels agrees with the reference", "[models][kernels]") {
  // Reference implementation: the plain loops of `reference`.
  for (const std::string& name : kernel_names()) {
    compare_with_reference<float>(name);
    compare_with_reference<double>(name);
  }
}

TEST_CASE("a kernel's result does not depend on where its arguments lie, nor on the thread", "[models][kernels]") {
  // Invariant: the same bits in memory shifted by 1 and 3 numbers from a multiple of 64 bytes, and on another thread.
  for (const std::string& name : kernel_names()) {
    const auto check = [&]<class T>(T) {
      const KernelSet<T>& kernels = find_kernels(name).get<T>();
      for (const std::size_t size : {7U, 129U}) {
        INFO(name << ", size " << size);
        const Results<T> aligned(kernels, size, 0);
        CHECK(same_bits(aligned, Results<T>(kernels, size, 1)));
        CHECK(same_bits(aligned, Results<T>(kernels, size, 3)));
        bool same = false;
        std::thread([&] { same = same_bits(aligned, Results<T>(kernels, size, 0)); }).join();
        CHECK(same);
      }
    };
    check(float{});
    check(double{});
  }
}

TEST_CASE("losses are stable at huge margins and logits", "[models][kernels]") {
  // Closed form: log(1 + exp(−m)) is −m for m ≪ 0, log 2 at 0 and exp(−m) for m ≫ 0; the softmax loss of two logits a, b for the first
  // is log(1 + exp(b − a)).
  for (const std::string& name : kernel_names()) {
    INFO(name);
    const auto check = [&]<class T>(T) {
      const KernelSet<T>& kernels = find_kernels(name).get<T>();
      std::uint64_t correct = 0;
      const auto logistic = [&](T margin) {
        const T one = 1;
        return kernels.logistic_loss(1, &one, &margin, &correct);
      };
      CHECK(logistic(-1000) == 1000);
      CHECK(logistic(0) == Approx(std::log(2.0)).epsilon(1e-15));
      CHECK(logistic(40) == Approx(std::exp(-40.0)).epsilon(1e-14));
      CHECK(logistic(1000) < 1e-300);
      CHECK(std::isnan(logistic(std::numeric_limits<T>::quiet_NaN())));

      const std::array<T, 4> extremes{T(1e30), T(-1e30), T(500), T(-500)};
      std::array<T, 4> z = extremes;
      const std::array<T, 4> y{1, 1, 1, 1};
      kernels.logistic_residual(4, y.data(), 1, z.data());
      CHECK(std::abs(z[0]) < T(1e-37));
      CHECK(z[1] == -1);
      CHECK(std::abs(z[2]) < T(1e-37));
      CHECK(z[3] == -1);

      const std::array<T, 2> logits{1000, 0};
      const std::uint32_t first = 0;
      const std::uint32_t second = 1;
      CHECK(kernels.softmax_loss(1, 2, &first, logits.data(), &correct) < 1e-300);
      CHECK(kernels.softmax_loss(1, 2, &second, logits.data(), &correct) == Approx(1000));
      std::array<T, 2> residual = logits;
      kernels.softmax_residual(1, 2, &second, 1, residual.data());
      CHECK(residual[0] == 1);
      CHECK(residual[1] == -1);
      std::array<T, 2> broken{0, std::numeric_limits<T>::quiet_NaN()};
      CHECK(std::isnan(kernels.softmax_loss(1, 2, &first, broken.data(), &correct)));
      kernels.softmax_residual(1, 2, &first, 1, broken.data());
      CHECK(std::isnan(broken[0]));
    };
    check(float{});
    check(double{});
  }
}

TEST_CASE("the first of equal logits is the guess, and a zero margin is read as the smaller label", "[models][kernels]") {
  // Hand computation: logits (1, 1, 0): class 0. Margins (0, 0) with labels (−1, +1): one correct.
  for (const std::string& name : kernel_names()) {
    INFO(name);
    const KernelSet<float>& kernels = find_kernels(name).float32;
    const std::array<float, 6> logits{1, 1, 0, 1, 1, 0};
    const std::array<std::uint32_t, 2> labels{0, 1};
    std::uint64_t correct = 0;
    kernels.softmax_loss(2, 3, labels.data(), logits.data(), &correct);
    CHECK(correct == 1);
    const std::array<float, 2> y{-1, 1};
    const std::array<float, 2> z{0, 0};
    correct = 0;
    kernels.logistic_loss(2, y.data(), z.data(), &correct);
    CHECK(correct == 1);
  }
}

TEST_CASE("the exponential is accurate over its range", "[models][kernels]") {
  // Reference implementation: the C library's tanh and logistic function in float64, through the sigmoid kernel: 1 / (1 + e^−x).
  for (const std::string& name : kernel_names()) {
    INFO(name);
    const auto check = [&]<class T>(T) {
      double worst = 0;
      for (double x = -80; x < 80; x += 0.00917) {
        T z = static_cast<T>(x);
        const double expected = 1 / (1 + std::exp(-static_cast<double>(z)));
        find_kernels(name).get<T>().activate(1, Activation::sigmoid, &z);
        worst = std::max(worst,
                         std::abs(static_cast<double>(z) - expected) / expected / static_cast<double>(std::numeric_limits<T>::epsilon()));
      }
      CHECK(worst < 4);
    };
    check(float{});
    check(double{});
  }
}

TEST_CASE("the first step of Adam has the length of the learning rate", "[models][kernels]") {
  // Hand computation: t = 1, m = 0.1 g, v = 0.001 g²; corrected, m̂ = g and v̂ = g², so x moves by η g / (|g| + ε) = ± η for |g| ≫ ε.
  for (const std::string& name : kernel_names()) {
    INFO(name);
    const KernelSet<double>& kernels = find_kernels(name).float64;
    const std::array<double, 3> g{2, -0.5, 0};
    std::array<double, 3> m{};
    std::array<double, 3> v{};
    std::array<double, 3> x{1, 1, 1};
    kernels.adam_step(3, {.learning_rate = 0.01, .correction1 = 0.1, .correction2 = 0.001}, g.data(), m.data(), v.data(), x.data(),
                      x.data());
    CHECK(x[0] == Approx(0.99).epsilon(1e-9));
    CHECK(x[1] == Approx(1.01).epsilon(1e-9));
    CHECK(x[2] == 1);
    CHECK(m[0] == Approx(0.2));
    CHECK(v[1] == Approx(0.00025));
  }
}

TEST_CASE("kernels are found by name", "[models][kernels]") {
  // Invariant: names differ in spelling only; what cannot run here is refused with a reason.
  const std::vector<std::string> names = kernel_names();
  REQUIRE(names.size() >= 2);
  CHECK(names[0] == "reference");
  CHECK(names[1] == "sse2");
  CHECK(std::string(find_kernels("auto").name) == names.back());
  CHECK(&find_kernels("SSE-2") == &find_kernels("sse2"));
  CHECK_THROWS_WITH(find_kernels("refrence"), Catch::Matchers::ContainsSubstring("kernels: must be one of auto, reference, sse2") &&
                                                  Catch::Matchers::ContainsSubstring("did you mean \"reference\"?"));
  CHECK_THROWS_AS(find_kernels(""), InputError);
  for (const std::string name : {"avx2", "avx2+onednn", "avx512", "avx512+onednn"}) {
    if (std::ranges::find(names, name) == names.end())
      CHECK_THROWS_AS(find_kernels(name), InputError);
    else
      CHECK(find_kernels(name).name == name);
  }
}

}  // namespace peloton
