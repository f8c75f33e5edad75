#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/units.hpp"

/// Options are data: a struct declares its fields once (name, member, range, help; the default is the member's initialiser).
/// Parsing, validation, defaults, `describe`, the JSON Schema and the resolved scenario follow from the declaration.
namespace peloton {

using Json = nlohmann::ordered_json;
using Count = std::int64_t;

/// The range of a number and, where it is not obvious, the reason for it.
struct Check {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;
  std::string_view reason = {};

  [[nodiscard]] bool accepts(double value) const {
    return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
  }
  /// "> 1 (a Pareto law needs a finite mean)", "≥ 0 and ≤ 1"; empty when everything is allowed.
  [[nodiscard]] std::string text() const;
};

inline constexpr Check kAny{};
inline constexpr Check kPositive{.low = 0, .low_open = true};
inline constexpr Check kNonNegative{.low = 0};
constexpr Check at_least(double low, std::string_view reason = {}) { return {.low = low, .reason = reason}; }
constexpr Check more_than(double low, std::string_view reason = {}) { return {.low = low, .low_open = true, .reason = reason}; }
constexpr Check between(double low, double high, std::string_view reason = {}) { return {.low = low, .high = high, .reason = reason}; }
/// low ≤ value < high
constexpr Check below(double low, double high, std::string_view reason = {}) {
  return {.low = low, .high = high, .high_open = true, .reason = reason};
}

template <class S, class T>
struct Field {
  std::string_view name;
  T S::*member;
  Check check;
  std::string_view help;
  bool required = false;
  bool inlined = false;
};

template <class S, class T>
constexpr Field<S, T> field(std::string_view name, T S::*member, Check check, std::string_view help) {
  return {name, member, check, help};
}
template <class S, class T>
constexpr Field<S, T> field(std::string_view name, T S::*member, std::string_view help) {
  return {name, member, kAny, help};
}
/// A field without a sensible default.
template <class S, class T>
constexpr Field<S, T> required(std::string_view name, T S::*member, Check check, std::string_view help) {
  return {name, member, check, help, true};
}
template <class S, class T>
constexpr Field<S, T> required(std::string_view name, T S::*member, std::string_view help) {
  return {name, member, kAny, help, true};
}
/// A OneOf whose tag and options stand directly in the object of the struct that holds it.
template <class S, class T>
constexpr Field<S, T> inlined(T S::*member, std::string_view help) {
  return {"", member, kAny, help, true, true};
}
template <class... Fields>
constexpr auto options(Fields... fields) {
  return std::tuple<Fields...>(fields...);
}

/// The name of a tag key as a template argument.
template <std::size_t N>
struct FixedString {
  char text[N]{};
  // NOLINTNEXTLINE(google-explicit-constructor): meant to be written as OneOf<"kind", …>
  constexpr FixedString(const char (&s)[N]) { std::copy_n(s, N, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

/// One of several option structs, chosen by the tag key: {"kind": "shards", "classes_per_worker": 2}, or in short "shards:2".
/// Each alternative has `static constexpr std::string_view kind, help` and `fields()`. An alternative that sets
/// `static constexpr bool bare = true` is meant by a plain number, which is its first field.
template <FixedString Tag, class... Ts>
struct OneOf {
  std::variant<Ts...> value;

  OneOf() = default;
  template <class T>
  requires(std::is_same_v<T, Ts> || ...) OneOf(T alternative)
      : value(std::move(alternative)) {}  // NOLINT(google-explicit-constructor): reads as the alternative itself

  static constexpr std::string_view tag() { return Tag.view(); }
  [[nodiscard]] std::string_view kind() const {
    return std::visit([](const auto& a) { return std::decay_t<decltype(a)>::kind; }, value);
  }
  template <class T>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<T>(value);
  }
  template <class T>
  [[nodiscard]] const T& get() const {
    return std::get<T>(value);
  }
};

/// The names of an enumeration: specialise with `static constexpr std::array<std::pair<std::string_view, E>, N> names`.
template <class E>
struct EnumNames;

/// What is known of a field without its type, for help texts and schemas.
struct FieldInfo {
  std::string name;
  std::string type;
  std::string range;
  std::string help;
  Json default_value;
  bool required = false;
  Json schema;
};

/// How a type is read, written and described.
template <class T, class = void>
struct OptionType;

/// Reads the members of one JSON object, remembers which names were asked for, and refuses the others.
class ObjectReader {
 public:
  ObjectReader(const Json& json, Place place);
  [[nodiscard]] const Json* find(std::string_view key);
  /// Throws for the first member nobody asked for, with the nearest known name.
  void finish() const;
  [[nodiscard]] const Place& place() const { return place_; }

 private:
  const Json& json_;
  Place place_;
  std::vector<std::string> known_;
};

/// A value as an error message shows it: compact JSON, cut after 60 characters.
[[nodiscard]] std::string show(const Json& value);
[[noreturn]] void wrong_type(const Place& place, std::string_view expected, const Json& got);
[[noreturn]] void unknown_name(const Place& place, std::string_view what, std::string_view got, std::span<const std::string> names);

/// "topk:1%" → {tag: "topk", first: "1%"}; "trimmed_mean:f=3" → {tag: "trimmed_mean", "f": 3}; "mean" → {tag: "mean"}.
/// `first_field` tells the name of the first option of a kind ("" when it has none).
[[nodiscard]] Json expand_compact(const Json& text, std::string_view tag, const Place& place,
                                  const std::function<std::string(std::string_view)>& first_field);

template <class S>
concept OptionStruct = requires {
  S::fields();
};

namespace detail {

template <class T>
struct IsOneOf : std::false_type {};
template <FixedString Tag, class... Ts>
struct IsOneOf<OneOf<Tag, Ts...>> : std::true_type {};

template <class T>
void check_range(const T& value, const Check& check, const Json& json, const Place& place) {
  if constexpr (requires { OptionType<T>::number(value); }) {
    if (!json.is_null() && !check.accepts(OptionType<T>::number(value)))
      throw InputError(place, "must be " + check.text() + ", got " + show(json));
  }
}

template <class S, class T>
void read_field(const Field<S, T>& f, S& target, ObjectReader& reader) {
  if constexpr (IsOneOf<T>::value) {
    if (f.inlined) {
      target.*(f.member) = OptionType<T>::parse_members(reader);
      return;
    }
  }
  const Json* json = reader.find(f.name);
  if (json == nullptr) {
    if (f.required) throw InputError(reader.place(), "needs the key \"" + std::string(f.name) + "\" (" + std::string(f.help) + ")");
    return;
  }
  const Place place = reader.place() / f.name;
  T value = OptionType<T>::parse(*json, place);
  check_range(value, f.check, *json, place);
  target.*(f.member) = std::move(value);
}

template <class S>
void read_fields(S& target, ObjectReader& reader) {
  std::apply([&](const auto&... f) { (read_field(f, target, reader), ...); }, S::fields());
}

template <class S, class T>
void write_field(const Field<S, T>& f, const S& source, Json& out) {
  Json value = OptionType<T>::write(source.*(f.member));
  if (f.inlined)
    out.update(value);
  else if (!value.is_null())
    out[std::string(f.name)] = std::move(value);
}

template <class S, class T>
void collect_info(const Field<S, T>& f, std::vector<FieldInfo>& out) {
  if (f.inlined) return;
  FieldInfo info;
  info.name = f.name;
  info.type = OptionType<T>::type();
  info.range = f.check.text();
  info.help = f.help;
  info.required = f.required;
  if (!f.required) {
    const S defaults{};
    info.default_value = OptionType<T>::write(defaults.*(f.member));
  }
  info.schema = OptionType<T>::schema();
  out.push_back(std::move(info));
}

/// The object schema of a list of fields, with a constant tag when `tag` is not empty.
[[nodiscard]] Json object_schema(const std::vector<FieldInfo>& fields, std::string_view tag, std::string_view kind, std::string_view help);
/// The range of a numeric field as JSON Schema keywords.
void add_range(Json& schema, const Check& check);

}  // namespace detail

/// Every field of an option struct (an inlined part excepted), in declaration order.
template <OptionStruct S>
[[nodiscard]] std::vector<FieldInfo> field_infos() {
  std::vector<FieldInfo> out;
  std::apply(
      [&](const auto&... f) {
        ((detail::collect_info(f, out),
          f.inlined || out.empty() || out.back().name != f.name ? void() : detail::add_range(out.back().schema, f.check)),
         ...);
      },
      S::fields());
  return out;
}

/// Parses an option struct from a JSON object; unknown keys, wrong types and values out of range are InputErrors with a place.
template <OptionStruct S>
[[nodiscard]] S parse_options(const Json& json, const Place& place) {
  return OptionType<S>::parse(json, place);
}

template <class T>
[[nodiscard]] Json write_options(const T& value) {
  return OptionType<T>::write(value);
}

// ---- option structs -------------------------------------------------------------------------------------------------------------

template <class S>
struct OptionType<S, std::enable_if_t<OptionStruct<S>>> {
  static S parse(const Json& json, const Place& place) {
    if (json.is_string()) {
      Json expanded;
      std::apply([&](const auto&... f) { (expand_inlined(f, json, place, expanded), ...); }, S::fields());
      if (!expanded.is_null()) return parse_object(expanded, place);
    }
    return parse_object(json, place);
  }
  static S parse_members(ObjectReader& reader) {
    S out{};
    detail::read_fields(out, reader);
    if constexpr (requires { out.validate(reader.place()); }) out.validate(reader.place());
    return out;
  }
  static Json write(const S& value) {
    Json out = Json::object();
    std::apply([&](const auto&... f) { (detail::write_field(f, value, out), ...); }, S::fields());
    return out;
  }
  static Json schema() {
    const std::vector<FieldInfo> infos = field_infos<S>();
    Json alternatives;
    std::apply([&](const auto&... f) { (add_inlined(f, infos, alternatives), ...); }, S::fields());
    return alternatives.is_null() ? detail::object_schema(infos, "", "", "") : alternatives;
  }
  /// A struct with an inlined part is known by the part's kinds.
  static std::string type() {
    std::string out = "object";
    std::apply([&](const auto&... f) { (name_inlined(f, out), ...); }, S::fields());
    return out;
  }

 private:
  template <class T>
  static void name_inlined(const Field<S, T>& f, std::string& out) {
    if constexpr (detail::IsOneOf<T>::value) {
      if (f.inlined) out = OptionType<T>::type();
    }
  }
  static S parse_object(const Json& json, const Place& place) {
    ObjectReader reader(json, place);
    S out = parse_members(reader);
    reader.finish();
    return out;
  }
  /// The short form of a struct with an inlined part is that of the part: "adam:0.9".
  template <class T>
  static void expand_inlined(const Field<S, T>& f, const Json& json, const Place& place, Json& expanded) {
    if constexpr (detail::IsOneOf<T>::value) {
      if (f.inlined) expanded = OptionType<T>::expand(json, place);
    }
  }
  template <class T>
  static void add_inlined(const Field<S, T>& f, const std::vector<FieldInfo>& own, Json& alternatives) {
    if constexpr (detail::IsOneOf<T>::value) {
      if (!f.inlined) return;
      alternatives = OptionType<T>::schema_with(own);
      OptionType<T>::add_short_form(alternatives);
    }
  }
};

// ---- one of several -------------------------------------------------------------------------------------------------------------

template <FixedString Tag, class... Ts>
struct OptionType<OneOf<Tag, Ts...>> {
  using Value = OneOf<Tag, Ts...>;
  using First = std::tuple_element_t<0, std::tuple<Ts...>>;

  static std::vector<std::string> kinds() { return {std::string(Ts::kind)...}; }

  static Value parse(const Json& json, const Place& place) {
    if (json.is_string()) return parse_object(expand(json, place), place);
    if constexpr (requires { First::bare; }) {
      if (json.is_number()) {
        Json expanded;
        expanded[std::string(Tag.view())] = std::string(First::kind);
        expanded[first_field(First::kind)] = json;
        ObjectReader reader(expanded, {place.file, place.pointer});
        try {
          return parse_members(reader);
        } catch (const InputError& e) {  // the user wrote no member: point at the number itself
          const std::string text = e.what();
          const std::string inner = (place / first_field(First::kind)).str() + ": ";
          throw InputError(place, text.starts_with(inner) ? text.substr(inner.size()) : text);
        }
      }
    }
    return parse_object(json, place);
  }

  /// The object that a short form stands for.
  static Json expand(const Json& text, const Place& place) { return expand_compact(text, Tag.view(), place, first_field); }

  static Value parse_members(ObjectReader& reader) {
    const Json* tag = reader.find(Tag.view());
    if (tag == nullptr) throw InputError(reader.place(), "needs the key \"" + std::string(Tag.view()) + "\": one of " + type());
    const Place tag_place = reader.place() / Tag.view();
    if (!tag->is_string()) wrong_type(tag_place, "a name: " + type(), *tag);
    const std::string name = tag->template get<std::string>();
    std::optional<Value> out;
    (try_alternative<Ts>(name, reader, out), ...);
    if (!out) unknown_name(tag_place, "", name, kinds());
    return *out;
  }

  static Json write(const Value& value) {
    Json out;
    out[std::string(Tag.view())] = std::string(value.kind());
    std::visit([&](const auto& a) { out.update(OptionType<std::decay_t<decltype(a)>>::write(a)); }, value.value);
    return out;
  }

  static Json schema() {
    Json out = schema_with({});
    add_short_form(out);
    if constexpr (requires { First::bare; }) out["oneOf"].push_back(Json{{"type", "number"}});
    return out;
  }

  static void add_short_form(Json& schema) {
    schema["oneOf"].push_back(Json{{"type", "string"}, {"description", "short form: kind[:value] or kind:key=value,…"}});
  }

  static Json schema_with(const std::vector<FieldInfo>& common) {
    Json out;
    out["oneOf"] = Json::array();
    (add_schema<Ts>(common, out["oneOf"]), ...);
    return out;
  }

  static std::string type() {
    std::string out;
    for (const std::string& kind : kinds()) out += (out.empty() ? "" : " | ") + kind;
    return out;
  }

 private:
  static Value parse_object(const Json& json, const Place& place) {
    if (!json.is_object()) wrong_type(place, "an object with \"" + std::string(Tag.view()) + "\" (" + type() + ")", json);
    ObjectReader reader(json, place);
    Value out = parse_members(reader);
    reader.finish();
    return out;
  }

  template <class T>
  static void try_alternative(const std::string& name, ObjectReader& reader, std::optional<Value>& out) {
    if (!out && normalised(name) == normalised(T::kind)) out.emplace(OptionType<T>::parse_members(reader));
  }

  template <class T>
  static void add_schema(const std::vector<FieldInfo>& common, Json& out) {
    std::vector<FieldInfo> all = field_infos<T>();
    all.insert(all.end(), common.begin(), common.end());
    out.push_back(detail::object_schema(all, Tag.view(), T::kind, T::help));
  }

  static std::string first_field(std::string_view kind) {
    std::string out;
    (first_field_of<Ts>(kind, out), ...);
    return out;
  }
  template <class T>
  static void first_field_of(std::string_view kind, std::string& out) {
    if (normalised(kind) != normalised(T::kind)) return;
    const std::vector<FieldInfo> infos = field_infos<T>();
    if (!infos.empty()) out = infos.front().name;
  }
};

}  // namespace peloton
