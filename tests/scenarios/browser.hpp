#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <regex>

#include "tests/scenarios/process.hpp"

namespace peloton::test {

/// The command of a browser that prints a page after its scripts have run; nothing when none is installed.
inline std::optional<std::string> find_browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"})
    if (std::system(("command -v " + std::string(name) + " >/dev/null 2>&1").c_str()) == 0) return name;
  return std::nullopt;
}

/// A page as a browser sees it: attributes that the page's script wrote for whoever checks it.
struct Rendered {
  std::map<std::string, long> drawn;  ///< by figure: pixels of curves, shapes, or rows
  long errors = -1;                   ///< scripts that failed; −1: the page's script did not come to its end
  long milliseconds = -1;             ///< from the start of loading until all was drawn
  std::string document;
};

/// Opens a file in the browser without a window; needs neither a display nor a user that is not root.
inline Rendered render(const TemporaryDirectory& folder, const std::string& browser, const std::string& file) {
  const std::string profile = (folder.path() / "profile").string();
  const Outcome outcome = shell(folder, "timeout 120 " + browser + " --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage" +
                                            " --hide-scrollbars --window-size=1400,1000 --virtual-time-budget=20000 --user-data-dir='" +
                                            profile + "' --dump-dom 'file://" + file + "#count'");
  Rendered out;
  out.document = outcome.out;
  const auto attribute = [&](const std::string& text, const std::string& name) {
    std::smatch found;
    return std::regex_search(text, found, std::regex(" " + name + "=\"([0-9]+)\"")) ? std::stol(found[1]) : -1L;
  };
  const std::string html = out.document.substr(0, out.document.find('>', out.document.find("<html")) + 1);
  out.errors = attribute(html, "data-errors");
  out.milliseconds = attribute(html, "data-milliseconds");
  for (std::size_t begin = out.document.find("<figure "); begin != std::string::npos; begin = out.document.find("<figure ", begin + 1)) {
    const std::string tag = out.document.substr(begin, out.document.find('>', begin) - begin);
    std::smatch id;
    if (std::regex_search(tag, id, std::regex(" id=\"([a-z_]+)\"")) && attribute(tag, "data-drawn") >= 0)
      out.drawn[id[1]] = attribute(tag, "data-drawn");
  }
  return out;
}

}  // namespace peloton::test
