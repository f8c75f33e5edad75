#include "analysis/report/page.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "analysis/report/figure_json.hpp"
#include "analysis/report/page_source.hpp"
#include "sim/base/error.hpp"
#include "sim/base/hash.hpp"

namespace peloton {
namespace {

std::string dygraphs_file(const std::filesystem::path& folder, std::string_view name) {
  const std::filesystem::path path = folder / name;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || text.view().empty())
    throw Failure(fmt::format("{}: cannot be read: {}; a report needs dygraphs: install the package libjs-dygraphs", path.string(),
                              std::strerror(errno)));
  return std::move(text).str();
}

/// dygraphs' script, its licence banner first. Without the name of its source map, which a page that loads nothing cannot fetch.
std::string dygraphs_script(const std::filesystem::path& folder) {
  std::string text = dygraphs_file(folder, "dygraph.min.js");
  if (const std::size_t map = text.rfind("//# sourceMappingURL="); map != std::string::npos) text.resize(map);
  if (text.find("</script") != std::string::npos)
    throw Failure(fmt::format("{}: this dygraphs cannot stand inside a page: it holds \"</script\"", folder.string()));
  return text;
}

/// Text in which `code` stands between backticks.
std::string with_code(std::string_view text) {
  std::string out;
  bool code = false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('`', begin), text.size());
    const std::string part = escape_html(text.substr(begin, end - begin));
    out += code ? fmt::format("<code>{}</code>", part) : part;
    code = !code;
    begin = end + 1;
  }
  return out;
}

std::string tiles_html(const std::vector<ReportPage::Tile>& tiles) {
  if (tiles.empty()) return {};
  std::string out = "<dl class=\"tiles\">\n";
  for (const ReportPage::Tile& tile : tiles) {
    const std::string remark = tile.remark.empty() ? "" : fmt::format("<small>{}</small>", escape_html(tile.remark));
    out += fmt::format("<div><dt>{}</dt><dd>{}{}</dd></div>\n", escape_html(tile.label), escape_html(tile.value), remark);
  }
  return out + "</dl>\n";
}

std::string table_html(const ReportPage& page) {
  if (page.table.empty()) return {};
  std::string out = "<div class=\"scroll\"><table class=\"runs\">\n<thead><tr>";
  for (std::size_t i = 0; i < page.table_head.size(); ++i)
    out += fmt::format("<th scope=\"col\"{}>{}</th>", i > 0 ? " class=\"number\"" : "", escape_html(page.table_head[i]));
  out += "</tr></thead>\n<tbody>\n";
  for (const ReportPage::TableRow& row : page.table) {
    constexpr std::size_t kColours = 8;
    out += "<tr>";
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string key =
          i == 0 ? fmt::format("<span class=\"key\" style=\"background:var(--c{})\"></span>", row.color % kColours) : "";
      out += fmt::format("<td class=\"{}\">{}{}</td>", i > 0 ? "number" : "name", key, escape_html(row.cells[i]));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string head_html(const ReportPage& page) {
  const std::string status =
      page.status.empty() ? "" : fmt::format("<span class=\"status{}\">{}</span>", page.status_bad ? " bad" : "", escape_html(page.status));
  std::string out = fmt::format("<div class=\"kind\">peloton · {}</div>\n<div class=\"title\"><h1>{}</h1>{}</div>\n",
                                escape_html(page.kind), escape_html(page.title), status);
  if (!page.about.empty()) out += fmt::format("<p class=\"about\">{}</p>\n", escape_html(page.about));
  for (const std::string& warning : page.warnings) out += fmt::format("<p class=\"warning\" role=\"note\">{}</p>\n", with_code(warning));
  return out + tiles_html(page.tiles) + table_html(page);
}

std::string figure_html(const Figure& figure) {
  std::string out = fmt::format("<figure id=\"{}\"{}>\n<figcaption><h3>{}</h3></figcaption>\n", escape_html(figure.name),
                                figure.wide ? " class=\"wide\"" : "", escape_html(figure.title));
  if (figure.views.empty())
    out += fmt::format("<p class=\"missing\">{}</p>\n", with_code(figure.missing));
  else if (!figure.note.empty())
    out += fmt::format("<p class=\"note\">{}</p>\n", with_code(figure.note));
  return out + "</figure>\n";
}

/// Sections in the order of their first figure.
std::string figures_html(const std::vector<Figure>& figures) {
  std::vector<std::string> sections;
  std::map<std::string, std::string> html;
  std::map<std::string, std::size_t> narrow;
  for (const Figure& figure : figures) {
    if (html.find(figure.section) == html.end()) sections.push_back(figure.section);
    html[figure.section] += figure_html(figure);
    if (!figure.wide) ++narrow[figure.section];
  }
  std::string out;
  for (const std::string& section : sections) {
    const bool three = narrow[section] == 3 || narrow[section] > 4;  // beside one another where there is room
    out += fmt::format("<section>\n<h2>{}</h2>\n<div class=\"grid{}\">\n{}</div>\n</section>\n", escape_html(section),
                       three ? " three" : "", html[section]);
  }
  return out;
}

std::string reproduce_html(const ReportPage& page) {
  std::string out = "<section>\n<h2>To run it again</h2>\n";
  for (const std::string& sentence : page.reproduce) out += fmt::format("<p>{}</p>\n", with_code(sentence));
  for (const std::string& command : page.reproduce_command) out += fmt::format("<pre class=\"command\">{}</pre>\n", escape_html(command));
  for (const ReportPage::Fold& fold : page.folds)
    out += fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", escape_html(fold.title), escape_html(fold.text));
  return out + "</section>\n";
}

/// Replaces each {{name}} of the template once; what is put in is not looked at again.
std::string filled(std::string_view text, const std::map<std::string, std::string, std::less<>>& values) {
  std::string out;
  while (true) {
    const std::size_t open = text.find("{{");
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = text.find("}}", open);
    const auto value = values.find(text.substr(open + 2, close - open - 2));
    PELOTON_INVARIANT(value != values.end(), "every name of the page's template has a value");
    out += value->second;
    text.remove_prefix(close + 2);
  }
}

/// Scripts of the page carry it, so that a script that came in through a user's text would not run.
std::string nonce_of(std::string_view contents) {
  Fingerprint fingerprint;
  fingerprint.add_bytes(contents.data(), contents.size());
  return fmt::format("{:016x}", fingerprint.value());
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::filesystem::path dygraphs_folder() { return PELOTON_DYGRAPHS; }

std::string page_html(const ReportPage& page, const std::filesystem::path& dygraphs) {
  std::string head = head_html(page);
  std::string body = figures_html(page.figures) + reproduce_html(page);
  std::string data = figures_json(page.figures);
  std::string nonce = nonce_of(fmt::format("{}{}{}", head, body, data));
  return filled(kPageTemplate, {{"nonce", std::move(nonce)},
                                {"version", PELOTON_VERSION},
                                {"title", escape_html(page.title)},
                                {"dygraphs_style", dygraphs_file(dygraphs, "dygraph.css")},
                                {"style", std::string(kPageStyle)},
                                {"head", std::move(head)},
                                {"body", std::move(body)},
                                {"data", std::move(data)},
                                {"dygraphs", dygraphs_script(dygraphs)},
                                {"script", std::string(kPageScript)}});
}

}  // namespace peloton
