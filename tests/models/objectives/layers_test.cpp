#include "models/objectives/layers.hpp"

#include <numeric>

#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const Place kPlace{"s.json", "/task/model"};

ModelSpec model(const char* json) { return OptionType<ModelSpec>::parse(Json::parse(json), kPlace); }

std::unique_ptr<Objective> made(const char* json, const std::string& folder = {}) {
  return make_objective(model(json), nullptr, Precision::float32, find_kernels("auto"), kPlace, folder);
}

}  // namespace

TEST_CASE("a table of layers is an objective without values", "[models][layers]") {
  const auto resnet = made(R"({"kind":"layers","table":"ResNet50"})");
  CHECK(resnet->dimension() == 25'557'032);
  const std::vector<std::size_t> tensors = resnet->tensors();
  CHECK(std::accumulate(tensors.begin(), tensors.end(), std::size_t{0}) == resnet->dimension());
  CHECK(resnet->forward_flops().size() == tensors.size());
  CHECK(resnet->rows(Split::train) == 0);
  // Hand computation: the products of twice as many tokens take twice, their pairs four times the operations.
  const double longer = made(R"({"kind":"layers","table":"bert_base","tokens":256})")->flops_per_sample();
  const double standard = made(R"("layers:bert_base")")->flops_per_sample();
  CHECK(longer > 2 * standard * 0.99);
  CHECK(longer < 2.1 * standard);
}

TEST_CASE("a table of layers is read from the data folder", "[models][layers]") {
  const TemporaryDirectory folder;
  write_file(folder / "net.csv", "name,parameters,flops\na,30,100\nb,12,50\n");
  const auto net = made(R"({"kind":"layers","table":"net.csv"})", folder.path().string());
  CHECK(net->dimension() == 42);
  CHECK(net->tensors() == std::vector<std::size_t>{30, 12});
  CHECK(net->flops_per_sample() == 3 * 150);
}

TEST_CASE("tables that are not known are refused", "[models][layers]") {
  CHECK_THROWS_WITH(model(R"({"kind":"layers","table":"resnet5"})"),
                    "s.json: /task/model/table: must be a .csv file or a network, one of resnet50, bert_base, got \"resnet5\" (did "
                    "you mean \"resnet50\"?)");
  CHECK_THROWS_WITH(model(R"({"kind":"layers","table":"resnet50","tokens":128})"),
                    "s.json: /task/model/tokens: only \"bert_base\" reads sequences, got table \"resnet50\"");
}
