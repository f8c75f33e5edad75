#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "sim/base/option_declarations.hpp"

/// How the types of single options are read, written and described: numbers, texts, quantities, names, lists.
namespace peloton {

template <>
struct OptionType<double> {
  static double parse(const Json& json, const Place& place);
  static Json write(double v) { return v; }
  static Json schema() { return {{"type", "number"}}; }
  static std::string type() { return "number"; }
  static double number(double v) { return v; }
};

template <>
struct OptionType<Count> {
  static Count parse(const Json& json, const Place& place);
  static Json write(Count v) { return v; }
  static Json schema() { return {{"type", "integer"}}; }
  static std::string type() { return "count"; }
  static double number(Count v) { return static_cast<double>(v); }
};

template <>
struct OptionType<bool> {
  static bool parse(const Json& json, const Place& place);
  static Json write(bool v) { return v; }
  static Json schema() { return {{"type", "boolean"}}; }
  static std::string type() { return "true | false"; }
};

template <>
struct OptionType<std::string> {
  static std::string parse(const Json& json, const Place& place);
  static Json write(const std::string& v) { return v; }
  static Json schema() { return {{"type", "string"}}; }
  static std::string type() { return "text"; }
};

/// JSON kept as it is, for parts whose owner parses them.
template <>
struct OptionType<Json> {
  static Json parse(const Json& json, const Place&) { return json; }
  static Json write(const Json& v) { return v; }
  static Json schema() { return Json::object(); }
  static std::string type() { return "any"; }
};

/// Quantities: a string with a unit or a number in SI units; written as numbers, which reproduce the value exactly.
#define PELOTON_QUANTITY_OPTION(Type, Name)                                        \
  template <>                                                                      \
  struct OptionType<Type> {                                                        \
    static Type parse(const Json& json, const Place& place);                       \
    static Json write(Type v) {                                                    \
      if (std::isinf(v.value)) return Json("inf");                                 \
      return Json(v.value);                                                        \
    }                                                                              \
    static Json schema() { return {{"type", Json::array({"number", "string"})}}; } \
    static std::string type() { return Name; }                                     \
    static double number(Type v) { return v.value; }                               \
  };
PELOTON_QUANTITY_OPTION(Seconds, "time")
PELOTON_QUANTITY_OPTION(BitsPerSecond, "bandwidth")
PELOTON_QUANTITY_OPTION(Bytes, "amount of data")
PELOTON_QUANTITY_OPTION(Fraction, "share")
#undef PELOTON_QUANTITY_OPTION

template <class E>
struct OptionType<E, std::enable_if_t<std::is_enum_v<E>>> {
  static std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const auto& [name, value] : EnumNames<E>::names) out.emplace_back(name);
    return out;
  }
  static E parse(const Json& json, const Place& place) {
    if (!json.is_string()) wrong_type(place, type(), json);
    const std::string text = json.get<std::string>();
    for (const auto& [name, value] : EnumNames<E>::names)
      if (normalised(name) == normalised(text)) return value;
    unknown_name(place, "", text, names());
  }
  static Json write(E v) {
    for (const auto& [name, value] : EnumNames<E>::names)
      if (value == v) return std::string(name);
    return nullptr;
  }
  static Json schema() { return {{"enum", names()}}; }
  static std::string type() {
    std::string out;
    for (const std::string& name : names()) out += (out.empty() ? "" : " | ") + name;
    return out;
  }
};

template <class T>
struct OptionType<std::vector<T>> {
  static std::vector<T> parse(const Json& json, const Place& place) {
    if (!json.is_array()) wrong_type(place, "a list", json);
    std::vector<T> out;
    for (std::size_t i = 0; i < json.size(); ++i) out.push_back(OptionType<T>::parse(json[i], place / i));
    return out;
  }
  static Json write(const std::vector<T>& v) {
    Json out = Json::array();
    for (const T& element : v) out.push_back(OptionType<T>::write(element));
    return out;
  }
  static Json schema() { return {{"type", "array"}, {"items", OptionType<T>::schema()}}; }
  static std::string type() { return "list of " + OptionType<T>::type(); }
};

template <class T>
struct OptionType<std::optional<T>> {
  static std::optional<T> parse(const Json& json, const Place& place) {
    if (json.is_null()) return std::nullopt;
    return OptionType<T>::parse(json, place);
  }
  static Json write(const std::optional<T>& v) { return v ? OptionType<T>::write(*v) : Json(nullptr); }
  static Json schema() { return OptionType<T>::schema(); }
  static std::string type() { return OptionType<T>::type(); }
  static double number(const std::optional<T>& v) requires requires(const T& t) { OptionType<T>::number(t); }
  { return v ? OptionType<T>::number(*v) : std::numeric_limits<double>::quiet_NaN(); }
};

}  // namespace peloton
