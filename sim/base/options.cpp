#include "sim/base/options.hpp"

#include <fmt/format.h>

namespace peloton {
namespace {

/// Runs a parser that knows no place and adds the place to its error.
template <class F>
auto located(const Place& place, F parse) {
  try {
    return parse();
  } catch (const InputError& e) {
    throw InputError(place, e.what());
  }
}

double finite_number(const Json& json, const Place& place, std::string_view expected) {
  if (!json.is_number()) wrong_type(place, expected, json);
  const double value = json.get<double>();
  if (!std::isfinite(value)) throw InputError(place, fmt::format("must be {}, got {}", expected, show(json)));
  return value;
}

}  // namespace

std::string Check::text() const {
  std::string out;
  if (low == high) {
    out = fmt::format("{}", low);
  } else {
    if (std::isfinite(low)) out = fmt::format("{} {}", low_open ? ">" : "≥", low);
    if (std::isfinite(high)) out += fmt::format("{}{} {}", out.empty() ? "" : " and ", high_open ? "<" : "≤", high);
  }
  if (!reason.empty()) out += fmt::format(" ({})", reason);
  return out;
}

std::string show(const Json& value) {
  // A deep or long value is cut: the reader needs to recognise it, not to read it.
  std::string text = value.is_structured() && value.size() > 16
                         ? fmt::format("{} with {} members", value.is_array() ? "a list" : "an object", value.size())
                         : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  constexpr std::size_t kMost = 60;
  if (text.size() > kMost) {
    std::size_t cut = kMost;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    text = text.substr(0, cut) + "…";
  }
  return text;
}

void wrong_type(const Place& place, std::string_view expected, const Json& got) {
  throw InputError(place, fmt::format("must be {}, got {}", expected, show(got)));
}

void unknown_name(const Place& place, std::string_view what, std::string_view got, std::span<const std::string> names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  throw InputError(place,
                   fmt::format("must be {}{}one of {}, got \"{}\"{}", what, what.empty() ? "" : ", ", list, got, did_you_mean(got, names)));
}

ObjectReader::ObjectReader(const Json& json, Place place) : json_(json), place_(std::move(place)) {
  if (!json.is_object()) wrong_type(place_, "an object", json);
}

const Json* ObjectReader::find(std::string_view key) {
  known_.emplace_back(key);
  const auto member = json_.find(std::string(key));
  return member == json_.end() ? nullptr : &*member;
}

void ObjectReader::finish() const {
  for (const auto& [key, value] : json_.items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      throw InputError(place_ / key, "unknown key" + did_you_mean(key, known_));
  }
}

Json expand_compact(const Json& text, std::string_view tag, const Place& place,
                    const std::function<std::string(std::string_view)>& first_field) {
  const std::string s = text.get<std::string>();
  const std::size_t colon = s.find(':');
  const std::string kind = s.substr(0, colon);
  Json out;
  out[std::string(tag)] = kind;
  if (colon == std::string::npos) return out;
  const auto value_of = [](const std::string& t) {
    Json parsed = Json::parse(t, nullptr, false);
    return parsed.is_discarded() || parsed.is_structured() ? Json(t) : parsed;
  };
  std::size_t start = colon + 1;
  while (start <= s.size()) {
    const std::size_t comma = std::min(s.find(',', start), s.size());
    const std::string item = s.substr(start, comma - start);
    const std::size_t equals = item.find('=');
    std::string key = equals == std::string::npos ? first_field(kind) : item.substr(0, equals);
    if (item.empty() || key.empty()) throw InputError(place, fmt::format("must be NAME, NAME:value or NAME:key=value, got {}", show(text)));
    if (out.contains(key)) throw InputError(place, fmt::format("gives \"{}\" twice: {}", key, show(text)));
    out[key] = value_of(equals == std::string::npos ? item : item.substr(equals + 1));
    start = comma + 1;
  }
  return out;
}

double OptionType<double>::parse(const Json& json, const Place& place) { return finite_number(json, place, "a number"); }

Count OptionType<Count>::parse(const Json& json, const Place& place) {
  const double value = finite_number(json, place, "a whole number");
  constexpr double kLimit = 9007199254740992.0;  // 2^53: every whole number below is exact in JSON readers everywhere
  if (value != std::floor(value) || std::abs(value) > kLimit) wrong_type(place, "a whole number (at most 2^53)", json);
  return static_cast<Count>(value);
}

bool OptionType<bool>::parse(const Json& json, const Place& place) {
  if (!json.is_boolean()) wrong_type(place, "true or false", json);
  return json.get<bool>();
}

std::string OptionType<std::string>::parse(const Json& json, const Place& place) {
  if (!json.is_string()) wrong_type(place, "a text", json);
  return json.get<std::string>();
}

namespace {

template <class Quantity, class Parse>
Quantity parse_quantity(const Json& json, const Place& place, Parse parse, std::string_view expected) {
  if (json.is_string()) return located(place, [&] { return parse(json.get<std::string>()); });
  return {finite_number(json, place, expected)};
}

}  // namespace

Seconds OptionType<Seconds>::parse(const Json& json, const Place& place) {
  return parse_quantity<Seconds>(json, place, parse_seconds, "a time such as \"10 ms\" or a number of seconds");
}

BitsPerSecond OptionType<BitsPerSecond>::parse(const Json& json, const Place& place) {
  return parse_quantity<BitsPerSecond>(json, place, parse_bits_per_second, "a bandwidth such as \"1 Gbps\" or a number of bits per second");
}

Bytes OptionType<Bytes>::parse(const Json& json, const Place& place) {
  return parse_quantity<Bytes>(json, place, parse_bytes, "an amount of data such as \"64 KiB\" or a number of bytes");
}

Fraction OptionType<Fraction>::parse(const Json& json, const Place& place) {
  return parse_quantity<Fraction>(json, place, parse_fraction, "a share such as 0.2 or \"20%\"");
}

namespace detail {

void add_range(Json& schema, const Check& check) {
  if (!schema.contains("type") || !(schema["type"] == "number" || schema["type"] == "integer")) return;
  if (std::isfinite(check.low)) schema[check.low_open ? "exclusiveMinimum" : "minimum"] = check.low;
  if (std::isfinite(check.high)) schema[check.high_open ? "exclusiveMaximum" : "maximum"] = check.high;
}

Json object_schema(const std::vector<FieldInfo>& fields, std::string_view tag, std::string_view kind, std::string_view help) {
  Json out;
  out["type"] = "object";
  if (!help.empty()) out["description"] = std::string(help);
  Json properties = Json::object();
  Json required = Json::array();
  if (!tag.empty()) {
    properties[std::string(tag)] = Json{{"const", std::string(kind)}};
    required.push_back(std::string(tag));
  }
  for (const FieldInfo& f : fields) {
    Json property = f.schema;
    std::string description = f.help;
    if (!f.range.empty()) description += (description.empty() ? "" : "; ") + f.range;
    property["description"] = description;
    if (!f.default_value.is_null()) property["default"] = f.default_value;
    properties[f.name] = std::move(property);
    if (f.required) required.push_back(f.name);
  }
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  out["additionalProperties"] = false;
  return out;
}

}  // namespace detail
}  // namespace peloton
