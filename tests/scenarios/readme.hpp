#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/scenarios/process.hpp"

namespace peloton::test {

/// The lines of the README's code blocks in a language, a list per block.
inline std::vector<std::vector<std::string>> readme_blocks(const std::string& language) {
  std::istringstream in(read_file(std::string(PELOTON_SOURCE_DIR) + "/README.md"));
  std::vector<std::vector<std::string>> out;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line == "```" + language;
      if (inside) out.emplace_back();
    } else if (inside) {
      out.back().push_back(line);
    }
  }
  return out;
}

/// The files that the README shows, by their path in the repository: the code block that follows a folded heading with the path.
inline std::map<std::string, std::string> readme_files() {
  std::istringstream in(read_file(std::string(PELOTON_SOURCE_DIR) + "/README.md"));
  const std::string heading = "<details><summary><code>";
  std::map<std::string, std::string> out;
  std::string* file = nullptr;  // the one whose heading was last
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(heading))
      file = &out[line.substr(heading.size(), line.find("</code>") - heading.size())];
    else if (line.starts_with("```"))
      inside = !inside;
    else if (line == "</details>")
      file = nullptr;
    else if (inside && file != nullptr)
      *file += line + "\n";
  }
  return out;
}

/// The README's command lines, without the comments behind them.
inline std::vector<std::string> readme_commands() {
  std::vector<std::string> out;
  for (const auto& block : readme_blocks("sh"))
    for (const std::string& line : block)
      if (!line.empty()) out.push_back(line.substr(0, line.find("  #")));
  return out;
}

}  // namespace peloton::test
