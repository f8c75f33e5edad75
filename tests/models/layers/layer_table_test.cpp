#include "models/layers/layer_table.hpp"

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

LayerTable read(const std::string& text) {
  const TemporaryDirectory folder;
  return read_layer_table(write_file(folder / "net.csv", text));
}

}  // namespace

TEST_CASE("a table of layers is read", "[models][layers]") {
  const LayerTable table = read("name,parameters,flops\r\na.weight,1000,2e6\r\n\r\npool,0,12.5\r\nb,7,0");
  REQUIRE(table.size() == 3);
  CHECK(table[0].name == "a.weight");
  CHECK(table[0].parameters == 1000);
  CHECK(table[0].flops == 2e6);
  CHECK(table[1].parameters == 0);
  CHECK(table[1].flops == 12.5);
  CHECK(table[2].name == "b");
}

TEST_CASE("a table that is none is refused with its line", "[models][layers]") {
  CHECK_THROWS_WITH(read("name,size,flops\na,1,1\n"),
                    "net.csv: line 1: must be the header \"name,parameters,flops\", got \"name,size,flops\"");
  CHECK_THROWS_WITH(read("name,parameters,flops\na,1,1\nb,1\n"),
                    "net.csv: line 3: must have three cells (name,parameters,flops), got \"b,1\"");
  CHECK_THROWS_WITH(read("name,parameters,flops\na,1,1,1\n"),
                    "net.csv: line 2: must have three cells (name,parameters,flops), got \"a,1,1,1\"");
  CHECK_THROWS_WITH(read("name,parameters,flops\na,-1,1\n"), "net.csv: line 2: parameters must be a count ≥ 0, got \"-1\"");
  CHECK_THROWS_WITH(read("name,parameters,flops\na,1.5,1\n"), "net.csv: line 2: parameters must be a count ≥ 0, got \"1.5\"");
  for (const char* flops : {"-1", "inf", "nan", "many", ""})
    CHECK_THROWS_WITH(read(std::string("name,parameters,flops\na,1,") + flops + "\n"),
                      std::string("net.csv: line 2: flops must be a number ≥ 0, got \"") + flops + "\"");
  CHECK_THROWS_WITH(read("name,parameters,flops\npool,0,1\n"), "net.csv: must have a tensor with a parameter, got none");
  CHECK_THROWS_WITH(read("name,parameters,flops\na,200000000000000,1\nb,200000000000000,1\n"),
                    "net.csv: line 3: must leave the table at ≤ 281474976710656 parameters");
  CHECK_THROWS_WITH(read("name,parameters,flops\na,18446744073709551615,1\n"),
                    "net.csv: line 2: parameters must be ≤ 281474976710656, got 18446744073709551615");
}
