#include "sim/faults/fault_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace peloton {
namespace {

std::string one_name(const Json& json, const Place& place) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number_integer() && json.get<std::int64_t>() >= 0) return fmt::format("w{}", json.get<std::int64_t>());
  wrong_type(place, "the name of a node or the number of a worker", json);
}

/// The kinds of an entry, and which of them it has.
std::vector<std::string_view> kinds_of(const FaultSpec& f) {
  std::vector<std::string_view> out;
  if (f.crash) out.emplace_back("crash");
  if (f.pause) out.emplace_back("pause");
  if (f.leave) out.emplace_back("leave");
  if (f.join) out.emplace_back("join");
  if (f.cut) out.emplace_back("cut");
  if (f.available) out.emplace_back("available");
  return out;
}

void refuse(bool given, const Place& place, std::string_view key, std::string_view why) {
  if (given) throw InputError(place / key, fmt::format("{}", why));
}

void check_windows(const FaultSpec& f, const Place& place) {
  const std::vector<AvailableWindow>& windows = *f.windows;
  if (windows.empty()) throw InputError(place / "windows", "must have at least one window, got none");
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Place here = place / "windows" / i;
    const AvailableWindow& w = windows[i];
    if (w.until && w.until->value <= w.from.value)
      throw InputError(here / "until",
                       fmt::format("must be after \"from\" ({}), got {}", show_seconds(w.from.value), show_seconds(w.until->value)));
    if (i == 0) continue;
    const std::optional<Seconds>& end = windows[i - 1].until;
    if (!end || w.from.value <= end->value)
      throw InputError(here / "from", fmt::format("must be after the end of the window before it ({}), got {}",
                                                  end ? show_seconds(end->value) : "never", show_seconds(w.from.value)));
  }
}

void check_available(const FaultSpec& f, const Place& place) {
  if (f.windows.has_value() == f.period.has_value())
    throw InputError(
        place, fmt::format("\"available\" needs either \"windows\" or \"period\" and \"duty\", got {}", f.windows ? "both" : "neither"));
  if (f.windows) return check_windows(f, place);
  if (!f.duty || f.duty->value <= 0 || f.duty->value >= 1)
    throw InputError(place / "duty", fmt::format("must be > 0 and < 1, got {}", f.duty ? fmt::format("{}", f.duty->value) : "none"));
  if (f.phase && f.phase->value >= f.period->value)
    throw InputError(place / "phase",
                     fmt::format("must be below the period ({}), got {}", show_seconds(f.period->value), show_seconds(f.phase->value)));
}

}  // namespace

NodeNames OptionType<NodeNames>::parse(const Json& json, const Place& place) {
  if (!json.is_array()) return {{one_name(json, place)}};
  if (json.empty()) throw InputError(place, "must name at least one node, got none");
  NodeNames out;
  for (std::size_t i = 0; i < json.size(); ++i) out.names.push_back(one_name(json[i], place / i));
  return out;
}

Json OptionType<NodeNames>::write(const NodeNames& v) {
  Json out = Json::array();
  for (const std::string& name : v.names) out.push_back(name);
  return out;
}

Json OptionType<NodeNames>::schema() {
  const Json one = {{"type", Json::array({"string", "integer"})}};
  Json out;
  out["oneOf"] = Json::array({one, Json{{"type", "array"}, {"items", one}}});
  return out;
}

RandomSpan OptionType<RandomSpan>::parse(const Json& json, const Place& place) {
  const bool is_quantity = json.is_number() || (json.is_string() && !json.get<std::string>().empty() &&
                                                std::isalpha(static_cast<unsigned char>(json.get<std::string>().front())) == 0);
  if (!is_quantity) return {OptionType<RandomSpan::Law>::parse(json, place)};
  const Seconds mean = OptionType<Seconds>::parse(json, place);
  if (!(mean.value > 0)) throw InputError(place, fmt::format("must be > 0, got {}", show(json)));
  return {ExponentialLaw{mean}};
}

Json OptionType<RandomSpan>::schema() {
  Json out = OptionType<RandomSpan::Law>::schema();
  out["oneOf"].push_back(OptionType<Seconds>::schema());
  return out;
}

std::string_view FaultSpec::kind() const { return kinds_of(*this).front(); }

void FaultSpec::validate(const Place& place) const {
  const std::vector<std::string_view> given = kinds_of(*this);
  if (given.size() != 1) {
    std::string list;
    for (const std::string_view one : given) list += fmt::format("{}\"{}\"", list.empty() ? "" : " and ", one);
    throw InputError(place, fmt::format("needs exactly one of \"crash\", \"pause\", \"leave\", \"join\", \"cut\" and \"available\", got {}",
                                        given.empty() ? "none" : list));
  }
  const bool random = time_to_failure.has_value();
  refuse(random && !crash, place, "mean_time_to_failure", "belongs to \"crash\"");
  refuse(time_to_repair && !random, place, "mean_time_to_repair", "needs \"mean_time_to_failure\"");
  refuse(windows && !available, place, "windows", "belong to \"available\"");
  refuse(period && !available, place, "period", "belongs to \"available\"");
  refuse(duty && !period, place, "duty", "needs \"period\"");
  refuse(phase && !period, place, "phase", "needs \"period\"");
  if (!at && !random && !available) throw InputError(place, fmt::format("needs the key \"at\": when the {} happens", kind()));
  refuse(at && available, place, "at", "has no meaning for \"available\": give \"windows\" or \"period\"");
  if (pause && !lasts) throw InputError(place, "needs the key \"for\": how long the pause is");
  refuse(lasts && (join || available || random), place, "for",
         random ? "has no meaning for random crashes: give \"mean_time_to_repair\"" : "has no meaning here: the nodes stay");
  refuse(state && !(crash || leave || available), place, "state",
         "has a meaning for nodes that come back: \"crash\", \"leave\", \"available\"");
  const bool for_ever = crash && (random ? !time_to_repair : !lasts);
  refuse(state && for_ever, place, "state", "has no meaning for nodes that do not come back");
  if (cut && (cut->empty() || cut->size() > 2))
    throw InputError(place / "cut", fmt::format("must be two sets of nodes, or one to be cut off from all others, got {}", cut->size()));
  if (available) check_available(*this, place);
}

}  // namespace peloton
