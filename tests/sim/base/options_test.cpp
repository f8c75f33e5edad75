#include "sim/base/options.hpp"

#include "tests/test.hpp"

namespace peloton {
namespace {

enum class Colour { red, dark_blue };

}  // namespace

template <>
struct EnumNames<Colour> {
  static constexpr std::array<std::pair<std::string_view, Colour>, 2> names{{{"red", Colour::red}, {"dark_blue", Colour::dark_blue}}};
};

namespace {

/// Bare numbers mean a circle.
struct Circle {
  static constexpr std::string_view kind = "circle";
  static constexpr std::string_view help = "all points at one distance";
  static constexpr bool bare = true;
  double radius = 1;
  Colour colour = Colour::red;
  static auto fields() {
    return options(field("radius", &Circle::radius, kPositive, "distance to the centre"), field("colour", &Circle::colour, "of the line"));
  }
};

struct Polygon {
  static constexpr std::string_view kind = "regular_polygon";
  static constexpr std::string_view help = "equal sides";
  Count sides = 3;
  static auto fields() { return options(required("sides", &Polygon::sides, at_least(3, "two sides enclose nothing"), "number of sides")); }
};

struct Point {
  static constexpr std::string_view kind = "point";
  static constexpr std::string_view help = "nothing to set";
  static auto fields() { return options(); }
};

using Shape = OneOf<"kind", Circle, Polygon, Point>;

/// One field of every type.
struct Everything {
  double number = 0.5;
  Count count = 7;
  bool flag = true;
  std::string text = "none";
  Seconds time{1};
  BitsPerSecond bandwidth;
  Bytes size{64};
  Fraction share{0.25};
  Colour colour = Colour::dark_blue;
  std::vector<Count> list{1, 2};
  std::optional<Seconds> limit;
  Shape shape = Circle{};
  std::vector<Shape> shapes;
  Json raw = Json::object();

  static auto fields() {
    return options(field("number", &Everything::number, between(0, 1), "n"), field("count", &Everything::count, at_least(1), "c"),
                   field("flag", &Everything::flag, "f"), field("text", &Everything::text, "t"),
                   field("time", &Everything::time, kPositive, "d"), field("bandwidth", &Everything::bandwidth, kPositive, "b"),
                   field("size", &Everything::size, kNonNegative, "s"), field("share", &Everything::share, below(0, 1), "p"),
                   field("colour", &Everything::colour, "e"), field("list", &Everything::list, "l"),
                   field("limit", &Everything::limit, kPositive, "o"), field("shape", &Everything::shape, "k"),
                   field("shapes", &Everything::shapes, "m"), field("raw", &Everything::raw, "r"));
  }
};

/// A shape whose keys stand beside a weight, with a rule between fields.
struct Drawn {
  Shape shape;
  double weight = 1;
  double most = 10;
  static auto fields() {
    return options(inlined(&Drawn::shape, "what is drawn"), field("weight", &Drawn::weight, kPositive, "of the line"),
                   field("most", &Drawn::most, "largest weight"));
  }
  void validate(const Place& place) const {
    if (weight > most) throw InputError(place / "weight", "must be ≤ most");
  }
};

const Place kPlace{"x.json", "/a"};

template <class T>
T parse(const char* json) {
  return OptionType<T>::parse(Json::parse(json), kPlace);
}

template <class T>
std::string error(const char* json) {
  try {
    static_cast<void>(parse<T>(json));
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("absent keys take their defaults", "[sim][base][options]") {
  const auto e = parse<Everything>("{}");
  CHECK(e.number == 0.5);
  CHECK(e.count == 7);
  CHECK(e.flag);
  CHECK(e.text == "none");
  CHECK(e.bandwidth.value == std::numeric_limits<double>::infinity());
  CHECK(e.colour == Colour::dark_blue);
  CHECK(e.list == std::vector<Count>{1, 2});
  CHECK_FALSE(e.limit.has_value());
  CHECK(e.shape.kind() == "circle");
}

TEST_CASE("every type of field is read", "[sim][base][options]") {
  const auto e = parse<Everything>(R"({"number": 1, "count": 3e2, "flag": false, "text": "ü", "time": "10 ms", "bandwidth": 1e9,
    "size": "1 KiB", "share": "20%", "colour": "Dark-Blue", "list": [], "limit": 2, "shape": {"kind": "point"},
    "shapes": [2.5, "regular_polygon:4", {"kind": "circle", "colour": "red"}], "raw": {"any": [1, null]}})");
  CHECK(e.number == 1);
  CHECK(e.count == 300);
  CHECK_FALSE(e.flag);
  CHECK(e.text == "ü");
  CHECK(e.time.value == 0.01);
  CHECK(e.bandwidth.value == 1e9);
  CHECK(e.size.value == 1024);
  CHECK(e.share.value == 0.2);
  CHECK(e.colour == Colour::dark_blue);
  CHECK(e.list.empty());
  CHECK(e.limit.value().value == 2);
  CHECK(e.shape.is<Point>());
  REQUIRE(e.shapes.size() == 3);
  CHECK(e.shapes[0].get<Circle>().radius == 2.5);
  CHECK(e.shapes[1].get<Polygon>().sides == 4);
  CHECK(e.shapes[2].get<Circle>().colour == Colour::red);
  CHECK(e.raw.dump() == R"({"any":[1,null]})");
  CHECK_FALSE(parse<Everything>(R"({"limit": null})").limit.has_value());
}

TEST_CASE("a value of another type is refused with its place", "[sim][base][options]") {
  CHECK(error<Everything>("[]") == "x.json: /a: must be an object, got []");
  CHECK(error<Everything>(R"({"number": "1"})") == "x.json: /a/number: must be a number, got \"1\"");
  CHECK(error<Everything>(R"({"number": null})") == "x.json: /a/number: must be a number, got null");
  CHECK(error<Everything>(R"({"count": 2.5})") == "x.json: /a/count: must be a whole number (at most 2^53), got 2.5");
  CHECK(error<Everything>(R"({"count": 1e17})") == "x.json: /a/count: must be a whole number (at most 2^53), got 1e+17");
  CHECK(error<Everything>(R"({"flag": 1})") == "x.json: /a/flag: must be true or false, got 1");
  CHECK(error<Everything>(R"({"text": 1})") == "x.json: /a/text: must be a text, got 1");
  CHECK(error<Everything>(R"({"time": true})") == "x.json: /a/time: must be a time such as \"10 ms\" or a number of seconds, got true");
  CHECK(error<Everything>(R"({"bandwidth": "10"})") ==
        "x.json: /a/bandwidth: must be a bandwidth such as \"1 Gbps\" (bps kbps Mbps Gbps) or \"inf\", got \"10\" without a unit");
  CHECK(error<Everything>(R"({"list": 1})") == "x.json: /a/list: must be a list, got 1");
  CHECK(error<Everything>(R"({"list": [1, "2"]})") == "x.json: /a/list/1: must be a whole number, got \"2\"");
  CHECK(error<Everything>(R"({"colour": "dark_blu"})") ==
        "x.json: /a/colour: must be one of red, dark_blue, got \"dark_blu\" (did you mean \"dark_blue\"?)");
  CHECK(error<Everything>(R"({"colour": 3})") == "x.json: /a/colour: must be red | dark_blue, got 3");
}

TEST_CASE("a number out of its range is refused with the range and its reason", "[sim][base][options]") {
  CHECK(error<Everything>(R"({"number": 1.5})") == "x.json: /a/number: must be ≥ 0 and ≤ 1, got 1.5");
  CHECK(error<Everything>(R"({"count": 0})") == "x.json: /a/count: must be ≥ 1, got 0");
  CHECK(error<Everything>(R"({"time": "0 s"})") == "x.json: /a/time: must be > 0, got \"0 s\"");
  CHECK(error<Everything>(R"({"share": 1})") == "x.json: /a/share: must be ≥ 0 and < 1, got 1");
  CHECK(error<Everything>(R"({"limit": -1})") == "x.json: /a/limit: must be > 0, got -1");
  CHECK(error<Everything>(R"({"shape": {"kind": "regular_polygon", "sides": 2}})") ==
        "x.json: /a/shape/sides: must be ≥ 3 (two sides enclose nothing), got 2");
  CHECK(error<Everything>(R"({"number": 0, "share": 0, "size": 0})") == "no error");
  CHECK(more_than(1, "why").text() == "> 1 (why)");
  CHECK(between(2, 2).text() == "2");
  CHECK(kAny.text().empty());
}

TEST_CASE("unknown keys and kinds are refused with the nearest name", "[sim][base][options]") {
  CHECK(error<Everything>(R"({"nubmer": 1})") == "x.json: /a/nubmer: unknown key (did you mean \"number\"?)");
  CHECK(error<Everything>(R"({"q/r": 1})") == "x.json: /a/q~1r: unknown key");
  CHECK(error<Everything>(R"({"shape": {"kind": "circle", "sides": 3}})") == "x.json: /a/shape/sides: unknown key");
  CHECK(error<Everything>(R"({"shape": {"kind": "cirle"}})") ==
        "x.json: /a/shape/kind: must be one of circle, regular_polygon, point, got \"cirle\" (did you mean \"circle\"?)");
  CHECK(error<Everything>(R"({"shape": {}})") == "x.json: /a/shape: needs the key \"kind\": one of circle | regular_polygon | point");
  CHECK(error<Everything>(R"({"shape": {"kind": 1}})") == "x.json: /a/shape/kind: must be a name: circle | regular_polygon | point, got 1");
  CHECK(error<Everything>(R"({"shape": []})") ==
        "x.json: /a/shape: must be an object with \"kind\" (circle | regular_polygon | point), got []");
  CHECK(error<Everything>(R"({"shape": {"kind": "regular_polygon"}})") == "x.json: /a/shape: needs the key \"sides\" (number of sides)");
}

TEST_CASE("compact strings", "[sim][base][options]") {
  CHECK(parse<Shape>(R"("point")").is<Point>());
  CHECK(parse<Shape>(R"("Regular-Polygon:5")").get<Polygon>().sides == 5);
  CHECK(parse<Shape>(R"("circle:radius=2,colour=dark_blue")").get<Circle>().colour == Colour::dark_blue);
  CHECK(parse<Shape>(R"("circle:2,colour=dark_blue")").get<Circle>().radius == 2);

  CHECK(error<Shape>(R"("circle:")") == "x.json: /a: must be NAME, NAME:value or NAME:key=value, got \"circle:\"");
  CHECK(error<Shape>(R"("circle:2,")") == "x.json: /a: must be NAME, NAME:value or NAME:key=value, got \"circle:2,\"");
  CHECK(error<Shape>(R"("point:3")") == "x.json: /a: must be NAME, NAME:value or NAME:key=value, got \"point:3\"");
  CHECK(error<Shape>(R"("circle:2,3")") == "x.json: /a: gives \"radius\" twice: \"circle:2,3\"");
  CHECK(error<Shape>(R"("circle:kind=point")") == "x.json: /a: gives \"kind\" twice: \"circle:kind=point\"");
  CHECK(error<Shape>(R"("circle:raduis=2")") == "x.json: /a/raduis: unknown key (did you mean \"radius\"?)");
  CHECK(error<Shape>(R"("circle:-1")") == "x.json: /a/radius: must be > 0, got -1");
}

TEST_CASE("a bare number means the first kind", "[sim][base][options]") {
  CHECK(parse<Shape>("2").get<Circle>().radius == 2);
  CHECK(error<Shape>("-2") == "x.json: /a: must be > 0, got -2");
  using Strict = OneOf<"kind", Polygon, Circle>;
  CHECK(error<Strict>("4") == "x.json: /a: must be an object with \"kind\" (regular_polygon | circle), got 4");
}

TEST_CASE("an inlined part shares the object of its holder", "[sim][base][options]") {
  const auto drawn = parse<Drawn>(R"({"kind": "circle", "radius": 3, "weight": 2})");
  CHECK(drawn.shape.get<Circle>().radius == 3);
  CHECK(drawn.weight == 2);
  CHECK(parse<Drawn>(R"("circle:4")").shape.get<Circle>().radius == 4);  // the short form is that of the part
  CHECK(error<Drawn>(R"("circel")").starts_with("x.json: /a"));
  CHECK(error<Drawn>(R"({"weight": 2})") == "x.json: /a: needs the key \"kind\": one of circle | regular_polygon | point");
  CHECK(error<Drawn>(R"({"kind": "point", "wieght": 2})") == "x.json: /a/wieght: unknown key (did you mean \"weight\"?)");
  CHECK(error<Drawn>(R"({"kind": "point", "radius": 2})") == "x.json: /a/radius: unknown key");
  CHECK(error<Drawn>(R"({"kind": "point", "weight": 20})") == "x.json: /a/weight: must be ≤ most");
  CHECK(write_options(drawn).dump() == R"({"kind":"circle","radius":3.0,"colour":"red","weight":2.0,"most":10.0})");
}

TEST_CASE("what is written is read back the same", "[sim][base][options]") {
  // Invariant: write ∘ parse ∘ write = write, and every default is written out.
  for (const char* json : {"{}", R"({"number": 0.1, "time": "0.3 ms", "bandwidth": "1 Gbps", "share": "33.3%", "limit": "7 us",
                                    "list": [3], "shape": "regular_polygon:6", "shapes": [1, "point"], "raw": [1, {"b": null}]})"}) {
    const Json written = write_options(parse<Everything>(json));
    const Json again = write_options(OptionType<Everything>::parse(Json::parse(written.dump()), kPlace));
    CHECK(again.dump() == written.dump());
  }
  const Json defaults = write_options(Everything{});
  CHECK(defaults["bandwidth"] == "inf");
  CHECK(defaults["shape"].dump() == R"({"kind":"circle","radius":1.0,"colour":"red"})");
  CHECK_FALSE(defaults.contains("limit"));
}

TEST_CASE("fields describe themselves", "[sim][base][options]") {
  const std::vector<FieldInfo> fields = field_infos<Everything>();
  REQUIRE(fields.size() == 14);
  CHECK(fields[0].name == "number");
  CHECK(fields[0].type == "number");
  CHECK(fields[0].range == "≥ 0 and ≤ 1");
  CHECK(fields[0].help == "n");
  CHECK(fields[0].default_value == 0.5);
  CHECK_FALSE(fields[0].required);
  CHECK(fields[8].type == "red | dark_blue");
  CHECK(fields[9].type == "list of count");
  CHECK(fields[11].type == "circle | regular_polygon | point");
  CHECK(field_infos<Polygon>()[0].required);
  CHECK(field_infos<Polygon>()[0].default_value.is_null());
  CHECK(field_infos<Drawn>().size() == 2);  // the inlined part excepted
}

TEST_CASE("the schema states types, ranges, defaults and kinds", "[sim][base][options]") {
  const Json schema = OptionType<Everything>::schema();
  const Json& properties = schema["properties"];
  CHECK(schema["type"] == "object");
  CHECK(schema["additionalProperties"] == false);
  CHECK(properties["number"].dump() == R"({"type":"number","minimum":0.0,"maximum":1.0,"description":"n; ≥ 0 and ≤ 1","default":0.5})");
  CHECK(properties["count"]["minimum"] == 1);
  CHECK(properties["time"]["type"].dump() == R"(["number","string"])");
  CHECK(properties["colour"]["enum"].dump() == R"(["red","dark_blue"])");
  CHECK(properties["list"]["items"]["type"] == "integer");

  const Json shape = OptionType<Shape>::schema()["oneOf"];
  REQUIRE(shape.size() == 5);  // three kinds, the compact string, the bare number
  CHECK(shape[0]["properties"]["kind"].dump() == R"({"const":"circle"})");
  CHECK(shape[0]["properties"]["radius"]["exclusiveMinimum"] == 0);
  CHECK(shape[1]["required"].dump() == R"(["kind","sides"])");
  CHECK(shape[3]["type"] == "string");
  CHECK(shape[4]["type"] == "number");

  const Json drawn = OptionType<Drawn>::schema()["oneOf"];
  REQUIRE(drawn.size() == 4);  // each kind with the keys of the holder, and the compact string
  CHECK(drawn[2]["properties"].contains("weight"));
  CHECK(drawn[2]["required"].dump() == R"(["kind"])");
}

TEST_CASE("long values are cut in messages", "[sim][base][options]") {
  CHECK(show(Json("short")) == "\"short\"");
  CHECK(show(Json(std::string(100, 'a'))) == "\"" + std::string(59, 'a') + "…");
  CHECK(show(Json(std::vector<int>(17))) == "a list with 17 members");
  // 29 two-byte letters after the quote end at byte 59; the next would be split at 60.
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "ü";
  CHECK(show(Json(umlauts)) == "\"" + umlauts.substr(0, 58) + "…");
}

}  // namespace peloton
