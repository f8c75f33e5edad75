/// What holds for every objective with data: right gradients, the same result whatever else is evaluated, the same in every storage.

#include <numeric>
#include <thread>

#include "models/gradient_check.hpp"
#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;
using test::small_data;
using test::Storage;

struct Case {
  std::string name;
  ModelSpec model;
  std::size_t classes;
};

MlpOptions mlp(std::vector<Count> hidden, Activation activation, double l2, double nonconvex = 0) {
  MlpOptions out;
  out.hidden = std::move(hidden);
  out.activation = activation;
  out.l2 = l2;
  out.nonconvex = nonconvex;
  return out;
}

std::vector<Case> cases() {
  return {{"linear", LinearOptions{}, 3},
          {"linear, both regularisers, intercept", LinearOptions{.l2 = 0.1, .intercept = true, .nonconvex = 0.2}, 4},
          {"logistic", LogisticOptions{}, 2},
          {"logistic, l2, intercept", LogisticOptions{.l2 = 0.1, .intercept = true}, 2},
          {"logistic, nonconvex", LogisticOptions{.nonconvex = 0.3}, 2},
          {"softmax", SoftmaxOptions{}, 4},
          {"softmax, l2, no intercept", SoftmaxOptions{.l2 = 0.1, .intercept = false}, 4},
          {"softmax, both regularisers", SoftmaxOptions{.l2 = 0.1, .nonconvex = 0.3}, 4},
          {"mlp relu", mlp({9}, Activation::relu, 0), 4},
          {"mlp leaky_relu, l2", mlp({8}, Activation::leaky_relu, 0.1), 4},
          {"mlp tanh, nonconvex", mlp({8}, Activation::tanh, 0, 0.3), 4},
          {"mlp tanh, two layers", mlp({7, 5}, Activation::tanh, 0.01), 3},
          {"mlp sigmoid, three layers", mlp({6, 7, 5}, Activation::sigmoid, 0.01), 3}};
}

std::vector<std::uint32_t> random_rows(std::size_t count, std::size_t below) {
  RandomStream random(3, Purpose::test, 0, 0);
  std::vector<std::uint32_t> rows(count);
  for (std::uint32_t& row : rows) row = random.below(static_cast<std::uint32_t>(below));
  return rows;
}

}  // namespace

TEST_CASE("gradients agree with finite differences", "[models][objectives]") {
  // Oracle: central differences of the loss, for every model, precision, storage and set of kernels.
  for (const Case& c : cases()) {
    for (const Storage storage : test::kStorages) {
      for (const std::string& kernels : kernel_names()) {
        for (const Precision precision : {Precision::float32, Precision::float64}) {
          const auto objective = make_objective(c.model, small_data(storage, 50, 11, c.classes), precision, find_kernels(kernels), {});
          const GradientCheck check = check_gradient(*objective, {});
          INFO(c.name << ", " << kernels << ", storage " << static_cast<int>(storage) << ", float" << 8 * bytes_of(precision) << ": "
                      << check.worst_error << " at " << check.where);
          CHECK(check.passed());
        }
      }
    }
  }
}

TEST_CASE("every set of kernels computes the reference's gradients", "[models][objectives]") {
  // Reference implementation: float64 with the `reference` kernels, on 40 rows with repetitions.
  const std::vector<std::uint32_t> rows = random_rows(40, 50);
  for (const Case& c : cases()) {
    for (const Storage storage : test::kStorages) {
      const auto data = small_data(storage, 50, 11, c.classes);
      const auto reference = make_objective(c.model, data, Precision::float64, find_kernels("reference"), {});
      const std::vector<double> x = test::scattered_point(reference->dimension(), 0.5);
      const std::vector<double> expected = Probe(*reference).gradient(x, rows);
      for (const std::string& kernels : kernel_names()) {
        for (const Precision precision : {Precision::float32, Precision::float64}) {
          INFO(c.name << ", " << kernels << ", storage " << static_cast<int>(storage) << ", float" << 8 * bytes_of(precision));
          const auto objective = make_objective(c.model, data, precision, find_kernels(kernels), {});
          CHECK(test::largest_difference(Probe(*objective).gradient(x, rows), expected) < (precision == Precision::float32 ? 1e-5 : 1e-14));
        }
      }
    }
  }
}

TEST_CASE("a gradient has the same bits alone, after other work and on another thread", "[models][objectives]") {
  // Invariant (batch invariance). 700 rows are three chunks, the last one ragged.
  for (const Case& c : cases()) {
    for (const std::string& kernels : kernel_names()) {
      INFO(c.name << ", " << kernels);
      const auto data = small_data(Storage::reals, 90, 13, c.classes);
      const auto objective = make_objective(c.model, data, Precision::float32, find_kernels(kernels), {});
      const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
      for (const std::size_t size : {1U, 32U, 700U}) {
        const std::vector<std::uint32_t> rows = random_rows(size, 90);
        const std::vector<double> alone = Probe(*objective).gradient(x, rows);
        Probe used(*objective);
        used.gradient(test::scattered_point(objective->dimension(), 9), random_rows(300, 90));
        used.score(x, Split::test, 0, 20);
        CHECK(used.gradient(x, rows) == alone);
        std::vector<double> elsewhere;
        std::thread([&] { elsewhere = used.gradient(x, rows); }).join();
        CHECK(elsewhere == alone);
      }
    }
  }
}

TEST_CASE("a gradient is the mean over its rows, for any batch size", "[models][objectives]") {
  // Invariant: the gradient over 700 rows (three chunks) is the mean of the 700 single ones; the whole set in order gives `score`'s sum.
  const std::vector<std::uint32_t> rows = random_rows(700, 90);
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto objective =
        make_objective(c.model, small_data(Storage::bytes, 90, 13, c.classes), Precision::float64, find_kernels("auto"), {});
    Probe probe(*objective);
    const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
    std::vector<double> mean(x.size(), 0.0);
    for (const std::uint32_t row : rows) {
      const std::vector<double> one = probe.gradient(x, {row});
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += one[i] / static_cast<double>(rows.size());
    }
    CHECK(test::largest_difference(probe.gradient(x, rows), mean) < 3e-14);
  }
}

TEST_CASE("the loss of a batch comes with its gradient and does not change it", "[models][objectives]") {
  // Invariant: the gradient's bits; the loss is the mean of the rows' single scores plus the regulariser. 700 rows are three chunks.
  for (const Case& c : cases()) {
    for (const std::string& kernels : kernel_names()) {
      for (const Precision precision : {Precision::float32, Precision::float64}) {
        INFO(c.name << ", " << kernels << ", float" << 8 * bytes_of(precision));
        const auto objective = make_objective(c.model, small_data(Storage::bytes, 90, 13, c.classes), precision, find_kernels(kernels), {});
        Probe probe(*objective);
        const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
        const std::vector<std::uint32_t> rows = random_rows(700, 90);
        double sum = 0;
        for (const std::uint32_t row : rows) sum += probe.score(x, Split::train, row, row + 1).loss;
        double loss = 0;
        CHECK(probe.gradient(x, rows, &loss) == probe.gradient(x, rows));
        CHECK(loss == Approx(sum / 700 + probe.regulariser(x)).epsilon(precision == Precision::float32 ? 1e-6 : 1e-13));
        CHECK((c.name.find(", ") == std::string::npos) == (probe.regulariser(x) == 0));
      }
    }
  }
}

TEST_CASE("tensors follow one another in x", "[models][objectives]") {
  // Hand computation: weights, biases, weights, biases … of 13 features; they add up to the dimension.
  const auto tensors = [](const ModelSpec& model, std::size_t classes) {
    const auto objective = make_objective(model, small_data(Storage::bytes, 20, 13, classes), Precision::float32, find_kernels("auto"), {});
    const std::vector<std::size_t> out = objective->tensors();
    CHECK(std::accumulate(out.begin(), out.end(), std::size_t{0}) == objective->dimension());
    return out;
  };
  using Sizes = std::vector<std::size_t>;
  CHECK(tensors(mlp({7, 5}, Activation::relu, 0), 3) == Sizes{13 * 7, 7, 7 * 5, 5, 5 * 3, 3});
  CHECK(tensors(SoftmaxOptions{}, 4) == Sizes{13 * 4, 4});
  CHECK(tensors(SoftmaxOptions{.intercept = false}, 4) == Sizes{13 * 4});
  CHECK(tensors(LogisticOptions{}, 2) == Sizes{13});
  CHECK(tensors(LinearOptions{.intercept = true}, 2) == Sizes{13, 1});
}

TEST_CASE("a forward pass has 2 operations for each weight, by tensor", "[models][objectives]") {
  // Oracle: hand computation. 6 features, 4 classes; the network 6-9-4 has 54 and 36 weights.
  const auto dense = small_data(Storage::reals, 20, 6, 4);
  const Kernels& kernels = find_kernels("auto");
  const auto forward = [&](const ModelSpec& model, const std::shared_ptr<const DataPair>& data) {
    return make_objective(model, data, Precision::float32, kernels, {})->forward_flops();
  };
  CHECK(forward(mlp({9}, Activation::relu, 0), dense) == std::vector<double>{108, 0, 72, 0});
  CHECK(forward(SoftmaxOptions{.intercept = false}, dense) == std::vector<double>{48});
  CHECK(forward(LogisticOptions{.intercept = true}, small_data(Storage::reals, 20, 6, 2)) == std::vector<double>{12, 0});
  QuadraticOptions quadratic;
  quadratic.dimension = 3;
  CHECK(forward(quadratic, nullptr) == std::vector<double>{6});
}

TEST_CASE("scores of parts add up to the score of the whole", "[models][objectives]") {
  // Invariant, on both splits, with and without gradients.
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto objective =
        make_objective(c.model, small_data(Storage::sparse, 600, 13, c.classes), Precision::float64, find_kernels("auto"), {});
    Probe probe(*objective);
    const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
    for (const Split split : {Split::train, Split::test}) {
      const std::size_t rows = objective->rows(split);
      const Score whole = probe.score(x, split, 0, rows);
      const Score head = probe.score(x, split, 0, 100);
      const Score tail = probe.score(x, split, 100, rows);
      CHECK(whole.loss == Approx(head.loss + tail.loss).epsilon(1e-13));
      CHECK(whole.correct == head.correct + tail.correct);
      CHECK((whole.correct > 0) == objective->classifies());
      CHECK(whole.correct < rows);
      std::vector<double> sum = probe.score_gradient(x, split, 0, 100);
      const std::vector<double> rest = probe.score_gradient(x, split, 100, rows);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += rest[i];
      CHECK(test::largest_difference(probe.score_gradient(x, split, 0, rows), sum) < 1e-11);
    }
  }
}

TEST_CASE("the three storages hold the same function", "[models][objectives]") {
  // Invariant: bytes, reals and sparse rows of the same numbers give the same gradients up to the order of summation.
  const std::vector<std::uint32_t> rows = random_rows(64, 50);
  for (const Case& c : cases()) {
    INFO(c.name);
    std::vector<std::vector<double>> gradients;
    for (const Storage storage : test::kStorages) {
      const auto objective = make_objective(c.model, small_data(storage, 50, 11, c.classes), Precision::float64, find_kernels("auto"), {});
      gradients.push_back(Probe(*objective).gradient(test::scattered_point(objective->dimension(), 0.5), rows));
    }
    CHECK(test::largest_difference(gradients[0], gradients[1]) < 1e-14);
    CHECK(test::largest_difference(gradients[0], gradients[2]) < 1e-14);
  }
}

TEST_CASE("models and data that do not belong together are refused", "[models][objectives]") {
  // Invariant: the error stands at the model's place and says what does not fit.
  using Catch::Matchers::ContainsSubstring;
  const Place place{"a.json", "/task/model"};
  const auto make = [&](const ModelSpec& spec, std::shared_ptr<const DataPair> data) {
    return make_objective(spec, std::move(data), Precision::float32, find_kernels("auto"), place);
  };
  QuadraticOptions quadratic;
  quadratic.dimension = 3;
  CHECK_THROWS_WITH(make(SoftmaxOptions{}, nullptr), "a.json: /task/model: the model \"softmax\" needs training data, there are none");
  CHECK_THROWS_WITH(make(quadratic, small_data(Storage::reals, 8, 2, 2)), ContainsSubstring("the model \"quadratic\" uses no data"));
  CHECK_THROWS_WITH(make(LinearOptions{}, nullptr), ContainsSubstring("the model \"linear\" needs training data"));
  CHECK_THROWS_WITH(make(KinkedQuadraticOptions{}, small_data(Storage::reals, 8, 2, 2)),
                    ContainsSubstring("the model \"kinked_quadratic\" uses no data"));
  CHECK_THROWS_WITH(make(LogisticOptions{}, small_data(Storage::reals, 9, 2, 3)),
                    "a.json: /task/model: the labels do not fit the model: logistic needs two distinct labels, the training set has 3");
  CHECK_THROWS_WITH(make(MlpOptions{}, test::hand_data(1, {1, 2}, {5, 5})),
                    ContainsSubstring("needs 2 to 65536 classes, the training set has 1"));

  DataPair foreign = *small_data(Storage::reals, 9, 2, 3);
  foreign.test.labels.back() = 1.5;
  CHECK_THROWS_WITH(make(SoftmaxOptions{}, std::make_shared<const DataPair>(foreign)),
                    ContainsSubstring("the test set has the label 1.5, which the training set does not have"));
}

TEST_CASE("model specifications are parsed, and wrong ones refused with their place", "[models][objectives]") {
  // Hand computation.
  using Catch::Matchers::ContainsSubstring;
  const Place place{"a.json", "/task/model"};
  const auto parse = [&](const char* text) { return OptionType<ModelSpec>::parse(Json::parse(text), place); };
  CHECK(parse(R"({"kind": "MLP", "hidden": [4, 5], "activation": "leaky-relu"})").get<MlpOptions>().activation == Activation::leaky_relu);
  CHECK(parse(R"("softmax:0.01")").get<SoftmaxOptions>().l2 == 0.01);
  CHECK(parse(R"({"kind": "logistic"})").get<LogisticOptions>().intercept == false);
  CHECK(parse(R"({"kind": "linear", "nonconvex": 0.5})").get<LinearOptions>().nonconvex == 0.5);
  CHECK(parse(R"({"kind": "kinked-quadratic", "left": 3})").get<KinkedQuadraticOptions>().left == 3);
  CHECK_THROWS_WITH(parse(R"({"kind": "logistic", "l2": -1})"), "a.json: /task/model/l2: must be ≥ 0, got -1");
  CHECK_THROWS_WITH(parse(R"({"kind": "mlp", "hidden": [4, 0]})"), ContainsSubstring("/task/model/hidden/1: must be ≥ 1"));
  CHECK_THROWS_WITH(parse(R"({"kind": "mlp", "hidden": []})"), ContainsSubstring("/task/model/hidden: must have a layer"));
  CHECK_THROWS_WITH(parse(R"({"kind": "mlp", "activation": "rely"})"), ContainsSubstring("did you mean \"relu\"?"));
}

}  // namespace peloton
