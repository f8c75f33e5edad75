#include "analysis/text_table.hpp"

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("a table is aligned by characters, names to the left, numbers to the right", "[analysis][text]") {
  TextTable table({"name", "μ"}, 1);
  table.add({"a", "1"});
  table.add({"ζ²", "– 22"});
  CHECK(table.str(10, "f.csv") ==
        "  name     μ\n"
        "  a        1\n"
        "  ζ²    – 22\n");
}

TEST_CASE("notes stand to the left at the end of a row", "[analysis][text]") {
  TextTable table({"n", "note"}, 0, 1);
  table.add({"100", "a"});
  table.add({"2", "long note"});
  CHECK(table.str(10, "f.csv") ==
        "    n  note\n"
        "  100  a\n"
        "    2  long note\n");
}

TEST_CASE("a long table ends with where the rest is", "[analysis][text]") {
  TextTable table({"n"}, 0);
  for (int i = 0; i < 5; ++i) table.add({std::to_string(i)});
  CHECK(table.rows() == 5);
  CHECK(table.str(2, "all.csv") == "  n\n  0\n  1\n  … 3 more in all.csv\n");
}
