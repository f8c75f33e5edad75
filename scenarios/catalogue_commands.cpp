#include <fmt/format.h>

#include <algorithm>

#include "scenarios/arguments.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/load.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

std::string field_text(const FieldInfo& f) {
  std::string facts = f.type;
  if (!f.range.empty()) facts += ", " + f.range;
  if (f.required)
    facts += ", required";
  else if (!f.default_value.is_null())
    facts += ", default " + f.default_value.dump();
  return fmt::format("  {:<20} {}\n  {:<20} {}\n", f.name, f.help, "", facts);
}

std::string entry_text(const CatalogueEntry& e) {
  std::string out = fmt::format("{} ({}, at {} in a scenario)\n  {}\n", e.name, e.category, e.where, e.help);
  if (!e.source.empty()) out += fmt::format("  source: {}\n", e.source);
  if (!e.tag.empty()) out += fmt::format("  chosen by \"{}\": \"{}\"\n", e.tag, e.name);
  if (!e.note.empty()) out += fmt::format("  {}\n", e.note);
  if (!e.fields.empty()) out += "\noptions\n";
  for (const FieldInfo& f : e.fields) out += field_text(f);
  return out;
}

}  // namespace

int list_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton list", po::options_description("options"), {}, arguments);
  if (given.help()) return kDone;
  std::string category;
  for (const CatalogueEntry& e : catalogue()) {
    if (e.category != category) fmt::print("{}{}\n", category.empty() ? "" : "\n", e.category);
    category = e.category;
    fmt::print("  {:<20} {}\n", e.name, e.help);
  }
  return kDone;
}

int describe_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton describe NAME", po::options_description("options"), {"NAME"}, arguments);
  if (given.help()) return kDone;
  const std::string& name = given.positional(0);
  std::vector<std::string> names;
  bool found = false;
  for (const CatalogueEntry& e : catalogue()) {
    if (normalised(e.name) == normalised(name)) {
      fmt::print("{}{}", found ? "\n" : "", entry_text(e));
      found = true;
    }
    names.push_back(e.name);
  }
  if (!found) throw InputError(fmt::format("nothing is called \"{}\"{}; `peloton list` shows the names", name, did_you_mean(name, names)));
  return kDone;
}

int schema_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton schema > scenario.schema.json", po::options_description("options"), {}, arguments);
  if (given.help()) return kDone;
  fmt::print("{}\n", scenario_schema().dump(2));
  return kDone;
}

}  // namespace peloton
