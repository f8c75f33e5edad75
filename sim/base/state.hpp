#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace peloton {

/// Walks the state of an object, field by field. An object that takes part has `void visit_state(StateVisitor& v)` and names its
/// fields once: `v("model", model_); v("arrived", arrived_);`. Printing, hashing, copying, saving and restoring follow from it.
class StateVisitor {
 public:
  StateVisitor() = default;
  StateVisitor(const StateVisitor&) = delete;
  StateVisitor& operator=(const StateVisitor&) = delete;
  virtual ~StateVisitor() = default;

  /// True when the visited fields are being overwritten.
  [[nodiscard]] virtual bool reading() const = 0;
  virtual void integer(std::string_view name, std::uint64_t& value, bool is_signed) = 0;
  virtual void real(std::string_view name, double& value) = 0;
  virtual void bytes(std::string_view name, void* data, std::size_t size) = 0;
  virtual void begin(std::string_view /*name*/) {}
  virtual void end() {}

  template <class T>
  void operator()(std::string_view name, T& value);

  /// Sharing is kept: an object reached through several handles is stored once. While writing, gives the identity's number and
  /// whether this is its first visit; while reading, `object(number)` gives what `remember` stored under it.
  std::pair<std::uint64_t, bool> identify(const void* identity);
  void remember(std::uint64_t number, std::shared_ptr<void> object) { objects_[number] = std::move(object); }
  [[nodiscard]] std::shared_ptr<void> object(std::uint64_t number) const;

 private:
  template <class T, class Allocator>
  void sequence(std::string_view name, std::vector<T, Allocator>& values);

  std::unordered_map<const void*, std::uint64_t> numbers_;
  std::unordered_map<std::uint64_t, std::shared_ptr<void>> objects_;
};

/// Saves a state as bytes.
class StateWriter final : public StateVisitor {
 public:
  [[nodiscard]] bool reading() const override { return false; }
  void integer(std::string_view name, std::uint64_t& value, bool is_signed) override;
  void real(std::string_view name, double& value) override;
  void bytes(std::string_view name, void* data, std::size_t size) override;
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Restores a state from the bytes of a StateWriter. Bytes that end too early, or are left over, break an invariant.
class StateReader final : public StateVisitor {
 public:
  explicit StateReader(std::string_view in) : in_(in) {}
  [[nodiscard]] bool reading() const override { return true; }
  void integer(std::string_view name, std::uint64_t& value, bool is_signed) override;
  void real(std::string_view name, double& value) override;
  void bytes(std::string_view name, void* data, std::size_t size) override;
  void finish() const;

 private:
  std::string_view in_;
};

/// Prints a state for people, one field a line, nested by indentation; long runs of bytes as a count and a hash.
class StatePrinter final : public StateVisitor {
 public:
  [[nodiscard]] bool reading() const override { return false; }
  void integer(std::string_view name, std::uint64_t& value, bool is_signed) override;
  void real(std::string_view name, double& value) override;
  void bytes(std::string_view name, void* data, std::size_t size) override;
  void begin(std::string_view name) override;
  void end() override { --depth_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void line(std::string_view name, std::string_view value);
  std::string out_;
  std::size_t depth_ = 0;
};

template <class T>
[[nodiscard]] std::string save_state(T& object) {
  StateWriter writer;
  object.visit_state(writer);
  return writer.take();
}

template <class T>
void restore_state(T& object, std::string_view bytes) {
  StateReader reader(bytes);
  object.visit_state(reader);
  reader.finish();
}

template <class T>
[[nodiscard]] std::string print_state(T& object) {
  StatePrinter printer;
  object.visit_state(printer);
  return printer.take();
}

namespace detail {
template <class T>
concept VisitsState = requires(T& t, StateVisitor& v) {
  t.visit_state(v);
};
/// Types whose bytes are their value: no padding, no pointers inside by convention of the caller.
template <class T>
inline constexpr bool kPlain = std::is_arithmetic_v<T> ||
                               (std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T> && !std::is_pointer_v<T>);
template <class T>
struct IsVector : std::false_type {};
template <class T, class Allocator>
struct IsVector<std::vector<T, Allocator>> : std::true_type {};
template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t N>
struct IsArray<std::array<T, N>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class K, class V>
struct IsMap<std::map<K, V>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
}  // namespace detail

template <class T, class Allocator>
void StateVisitor::sequence(std::string_view name, std::vector<T, Allocator>& values) {
  std::uint64_t size = values.size();
  begin(name);
  integer("size", size, false);
  if (reading()) {
    values.clear();
    values.resize(size);
  }
  if constexpr (std::is_same_v<T, bool>) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::uint64_t bit = values[i] ? 1 : 0;
      integer("", bit, false);
      values[i] = bit != 0;
    }
  } else if constexpr (detail::kPlain<T> && !detail::VisitsState<T>) {
    bytes("values", values.data(), values.size() * sizeof(T));
  } else {
    for (T& value : values) (*this)("", value);
  }
  end();
}

template <class T>
void StateVisitor::operator()(std::string_view name, T& value) {
  if constexpr (detail::VisitsState<T>) {
    begin(name);
    value.visit_state(*this);
    end();
  } else if constexpr (std::is_floating_point_v<T>) {
    double as_double = static_cast<double>(value);
    real(name, as_double);
    value = static_cast<T>(as_double);
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    auto as_word = static_cast<std::uint64_t>(value);
    if constexpr (std::is_enum_v<T>)
      integer(name, as_word, false);
    else
      integer(name, as_word, std::is_signed_v<T>);
    value = static_cast<T>(as_word);
  } else if constexpr (detail::IsVector<T>::value) {
    sequence(name, value);
  } else if constexpr (detail::IsArray<T>::value) {
    begin(name);
    for (auto& element : value) (*this)("", element);
    end();
  } else if constexpr (std::is_same_v<T, std::string>) {
    std::uint64_t size = value.size();
    integer("size", size, false);
    if (reading()) value.resize(size);
    bytes(name, value.data(), value.size());
  } else if constexpr (detail::IsOptional<T>::value) {
    std::uint64_t present = value.has_value() ? 1 : 0;
    integer("present", present, false);
    if (reading()) present != 0 ? void(value.emplace()) : value.reset();
    if (present != 0) (*this)(name, *value);
  } else if constexpr (detail::IsMap<T>::value) {
    std::uint64_t size = value.size();
    begin(name);
    integer("size", size, false);
    if (reading()) {
      value.clear();
      for (std::uint64_t i = 0; i < size; ++i) {
        std::pair<typename T::key_type, typename T::mapped_type> entry;
        (*this)("key", entry.first);
        (*this)("value", entry.second);
        value.insert(std::move(entry));
      }
    } else {
      for (auto& [key, mapped] : value) {
        auto copy = key;
        (*this)("key", copy);
        (*this)("value", mapped);
      }
    }
    end();
  } else {
    static_assert(detail::kPlain<T>, "give the type a visit_state(StateVisitor&)");
    bytes(name, &value, sizeof(T));
  }
}

}  // namespace peloton
