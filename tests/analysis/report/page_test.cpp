#include "analysis/report/page.hpp"

#include <fstream>

#include "analysis/report/run_page.hpp"
#include "analysis/report/shell_word.hpp"
#include "sim/base/error.hpp"
#include "tests/analysis/figures/runs.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Stands in for the package, so that these tests need none.
void put_dygraphs(const TemporaryDirectory& folder) {
  std::ofstream(folder / "dygraph.min.js") << "/*! licence */ var Dygraph;\n//# sourceMappingURL=dygraph.min.js.map";
  std::ofstream(folder / "dygraph.css") << ".dygraph {}";
}

}  // namespace

TEST_CASE("a page holds its style, data and scripts, and loads nothing", "[analysis][report]") {
  const TemporaryDirectory folder;
  put_dygraphs(folder);
  const std::string html = page_html(run_page({run_named("small", {2, 1})}, {"runs/small"}), folder.path());
  CHECK_THAT(html, ContainsSubstring("default-src 'none'"));
  CHECK_THAT(html, ContainsSubstring("/*! licence */ var Dygraph;"));
  CHECK_THAT(html, ContainsSubstring("class LineChart"));
  CHECK_THAT(html, ContainsSubstring("<title>small</title>"));
  CHECK_THAT(html, ContainsSubstring("<figure id=\"loss\">"));
  CHECK_THAT(html, ContainsSubstring("peloton run runs/small/scenario.resolved.json"));
  CHECK(html.find("{{") == std::string::npos);
  CHECK(html.find("sourceMappingURL") == std::string::npos);
  for (const char* loads : {"src=\"", "href=\"", "@import", "fetch(", "XMLHttpRequest"}) CHECK(html.find(loads) == std::string::npos);
}

TEST_CASE("the same run gives the same page", "[analysis][report]") {
  const TemporaryDirectory folder;
  put_dygraphs(folder);
  const auto page = [&] { return page_html(run_page({run_named("small", {2, 1})}, {"runs/small"}), folder.path()); };
  CHECK(page() == page());
}

TEST_CASE("texts of the user stay texts", "[analysis][report]") {
  const TemporaryDirectory folder;
  put_dygraphs(folder);
  const std::string name = "</script><script>alert('{{data}}')</script> & \"é\"";
  const std::string html = page_html(run_page({run_named(name, {2, 1}), run_named("other", {1})}, {"a b/$(x)", "c"}), folder.path());
  CHECK(html.find("<script>alert") == std::string::npos);
  CHECK_THAT(html, ContainsSubstring("&lt;/script&gt;&lt;script&gt;alert(&#39;{{data}}&#39;)&lt;/script&gt; &amp; &quot;é&quot;"));
  CHECK_THAT(html, ContainsSubstring("peloton run &#39;a b/$(x)/scenario.resolved.json&#39;"));
}

TEST_CASE("a missing dygraphs is a failure that names the package", "[analysis][report]") {
  const TemporaryDirectory folder;
  try {
    static_cast<void>(page_html({}, folder.path()));
    FAIL("made a page without dygraphs");
  } catch (const Failure& e) {
    CHECK_THAT(e.what(), ContainsSubstring("libjs-dygraphs"));
  }
}

TEST_CASE("the head warns of runs that did not end well", "[analysis][report]") {
  NamedRun run = run_named("small", {2, 1});
  run.result.summary["status"] = "diverged";
  const ReportPage page = run_page({run}, {"d"});
  CHECK(page.status == "diverged");
  CHECK(page.status_bad);
  REQUIRE(page.warnings.size() == 1);
  CHECK_THAT(page.warnings[0], ContainsSubstring("small diverged"));
  CHECK(run_page({run_named("small", {2, 1})}, {"d"}).warnings.empty());
}

TEST_CASE("several runs are compared in a table with a column for what any of them has", "[analysis][report]") {
  NamedRun a = run_named("a", {2, 1});
  NamedRun b = run_named("b", {2, 1});
  a.result.summary["loss"] = 0.5;
  b.result.summary["accuracy"] = 0.75;
  const ReportPage page = run_page({a, b}, {"a", "b"});
  CHECK(page.table_head == std::vector<std::string>{"run", "status", "loss", "accuracy", "virtual time", "mean staleness"});
  REQUIRE(page.table.size() == 2);
  CHECK(page.table[0].cells == std::vector<std::string>{"a", "finished", "0.5", "–", "4 s", "1.5"});
  CHECK(page.table[1].cells == std::vector<std::string>{"b", "finished", "–", "75 %", "4 s", "1.5"});
  CHECK(page.tiles.empty());
}

TEST_CASE("words for a shell are quoted where they must be", "[analysis][report]") {
  CHECK(shell_word("runs/a-b_1.json") == "runs/a-b_1.json");
  CHECK(shell_word("it's $HOME") == "'it'\\''s $HOME'");
  CHECK(shell_word("") == "''");
}
