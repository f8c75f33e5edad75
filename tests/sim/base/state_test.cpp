#include "sim/base/state.hpp"

#include <cmath>
#include <limits>

#include "sim/base/error.hpp"
#include "tests/test.hpp"

using namespace peloton;
using Catch::Matchers::ContainsSubstring;

namespace {

enum class Phase : std::uint8_t { idle, busy };

struct Inner {
  std::int32_t count = 0;
  double weight = 0;
  void visit_state(StateVisitor& v) {
    v("count", count);
    v("weight", weight);
  }
  bool operator==(const Inner&) const = default;
};

struct Pair {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  bool operator==(const Pair&) const = default;
};

/// One field of every kind.
struct Everything {
  bool flag = false;
  std::int8_t small = 0;
  std::int64_t negative = 0;
  std::uint64_t large = 0;
  float single = 0;
  double real = 0;
  Phase phase = Phase::idle;
  Pair plain;
  Inner inner;
  std::string text;
  std::vector<double> numbers;
  std::vector<bool> bits;
  std::vector<Inner> inners;
  std::vector<std::vector<std::int32_t>> nested;
  std::vector<std::string> texts;
  std::array<std::int16_t, 3> array{};
  std::optional<std::int32_t> present;
  std::optional<Inner> absent;
  std::map<std::int32_t, std::string> map;

  void visit_state(StateVisitor& v) {
    v("flag", flag);
    v("small", small);
    v("negative", negative);
    v("large", large);
    v("single", single);
    v("real", real);
    v("phase", phase);
    v("plain", plain);
    v("inner", inner);
    v("text", text);
    v("numbers", numbers);
    v("bits", bits);
    v("inners", inners);
    v("nested", nested);
    v("texts", texts);
    v("array", array);
    v("present", present);
    v("absent", absent);
    v("map", map);
  }
  bool operator==(const Everything&) const = default;
};

Everything sample() {
  Everything e;
  e.flag = true;
  e.small = -7;
  e.negative = std::numeric_limits<std::int64_t>::min();
  e.large = std::numeric_limits<std::uint64_t>::max();
  e.single = 0.1F;
  e.real = -std::numeric_limits<double>::denorm_min();
  e.phase = Phase::busy;
  e.plain = {1, 2};
  e.inner = {-3, 2.5};
  e.text = std::string("zero\0inside", 11);
  e.numbers = {1.5, -0.0, std::numeric_limits<double>::infinity()};
  e.bits = {true, false, true};
  e.inners = {{1, 1}, {2, 4}};
  e.nested = {{}, {1, 2, 3}, {4}};
  e.texts = {"", "one"};
  e.array = {-1, 0, 1};
  e.present = 9;
  e.map = {{-1, "minus"}, {5, ""}};
  return e;
}

/// Something else in every field, so that a field that is not restored shows.
Everything other() {
  Everything e;
  e.text = "other";
  e.numbers = {9, 9, 9, 9, 9};
  e.bits = {false};
  e.inners = {{7, 7}};
  e.nested = {{9}};
  e.texts = {"x", "y", "z"};
  e.absent = Inner{1, 1};
  e.map = {{3, "three"}};
  return e;
}

/// An object held by several handles, in the protocol of identify, remember and object.
struct Sharing {
  std::vector<std::shared_ptr<int>> handles;

  void visit_state(StateVisitor& v) {
    std::uint64_t size = handles.size();
    v("size", size);
    if (v.reading()) handles.assign(size, nullptr);
    for (auto& handle : handles) visit(v, handle);
  }
  static void visit(StateVisitor& v, std::shared_ptr<int>& handle) {
    std::uint64_t number = 0;
    bool first = false;
    if (!v.reading()) std::tie(number, first) = v.identify(handle.get());
    v("number", number);
    if (v.reading()) {
      handle = std::static_pointer_cast<int>(v.object(number));
      first = handle == nullptr;
      if (first) v.remember(number, handle = std::make_shared<int>());
    }
    if (first) v("value", *handle);
  }
};

}  // namespace

TEST_CASE("a state of every kind of field is restored", "[sim][base][state]") {
  Everything original = sample();
  Everything restored = other();
  restore_state(restored, save_state(original));
  CHECK(restored == original);
  CHECK(std::signbit(restored.numbers[1]));

  Everything again = sample();
  CHECK(original == again);  // saving changed nothing
  CHECK(save_state(restored) == save_state(original));
}

TEST_CASE("NaN is restored", "[sim][base][state]") {
  Inner original{0, std::numeric_limits<double>::quiet_NaN()};
  Inner restored;
  restore_state(restored, save_state(original));
  CHECK(std::isnan(restored.weight));
}

TEST_CASE("a saved state that ends early or late breaks an invariant", "[sim][base][state]") {
  Everything original = sample();
  const std::string bytes = save_state(original);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    Everything restored;
    CHECK_THROWS_WITH(restore_state(restored, std::string_view(bytes).substr(0, size)), ContainsSubstring("a saved state ends too early"));
  }
  Everything restored;
  CHECK_THROWS_WITH(restore_state(restored, bytes + "x"), ContainsSubstring("a saved state has bytes left over"));
}

TEST_CASE("objects that were shared are shared again", "[sim][base][state]") {
  const auto a = std::make_shared<int>(1);
  const auto b = std::make_shared<int>(1);  // equal to a, but another object
  Sharing original{{a, b, a, a}};
  Sharing restored;
  restore_state(restored, save_state(original));
  REQUIRE(restored.handles.size() == 4);
  CHECK(restored.handles[0] == restored.handles[2]);
  CHECK(restored.handles[0] == restored.handles[3]);
  CHECK(restored.handles[0] != restored.handles[1]);
  *restored.handles[3] = 5;
  CHECK(*restored.handles[0] == 5);
  CHECK(*restored.handles[1] == 1);
}

TEST_CASE("a state is printed one field a line, nested by indentation", "[sim][base][state]") {
  Everything original = sample();
  const std::string text = print_state(original);
  CHECK_THAT(text, ContainsSubstring("flag: 1\nsmall: -7\nnegative: -9223372036854775808\nlarge: 18446744073709551615\n"));
  CHECK_THAT(text, ContainsSubstring("\ninner: \n  count: -3\n  weight: 2.5\n"));
  CHECK_THAT(text, ContainsSubstring("\ninners: \n  size: 2\n  \n    count: 1\n    weight: 1\n"));
  CHECK_THAT(text, ContainsSubstring("\nnumbers: \n  size: 3\n  values: 24 bytes, hash "));
  CHECK_THAT(text, ContainsSubstring("present: 1\npresent: 9\npresent: 0\n"));

  Everything changed = sample();
  changed.numbers[0] = 1.25;
  CHECK(print_state(changed) != text);
  CHECK(print_state(original) == text);
}
