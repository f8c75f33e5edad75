#include "scenarios/sweep/labels.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<std::string> labels(const std::string& json) {
  const Json list = Json::parse(json);
  return axis_labels({list.begin(), list.end()});
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("labels are short, and distinct", "[scenarios][sweep][labels]") {
  CHECK(labels(R"([4, 0.5, "10 ms", true, null])") == Labels{"4", "0.5", "10 ms", "true", "null"});
  CHECK(labels(R"([{"name": "a", "x": 1}, {"name": "b"}])") == Labels{"a", "b"});
  CHECK(labels(R"([{"kind": "ring"}, {"distribution": "pareto", "shape": 2}, {"model": "fluid"}])") == Labels{"ring", "pareto", "fluid"});
  CHECK(labels(R"([{"name": "a", "x": 1, "y": 2}, {"name": "a", "x": 3, "y": 2}, {"name": "a", "x": 1, "y": 2, "z": "topk:1%"}])") ==
        Labels{"a x=1", "a x=3", "a x=1 z=topk:1%"});
  CHECK(labels(R"([[], [{"share": "20%", "slowdown": 5}], [{"share": "20%", "slowdown": 5}, {"share": "10%", "slowdown": 2}]])") ==
        Labels{"none", "share=20% slowdown=5", "share=20% slowdown=5+share=10% slowdown=2"});
  CHECK(labels(R"([{"name": "a", "x": "b"}, {"name": "a", "x": {"kind": "b", "y": {"kind": "c", "z": 1}}}, {"name": "a", "x": "d"}])") ==
        Labels{"a x=b", "a x=b(y=c(z=1))", "a x=d"});
  CHECK(labels(R"([1, "1", {}])") == Labels{"1", "\"1\"", "{}"});  // the text that reads like a number keeps its quotes
}
