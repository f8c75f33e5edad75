#include "models/objectives/layers.hpp"

#include <array>

#include "models/layers/layer_table.hpp"

namespace peloton {
namespace {

constexpr std::string_view kResnet50 = "resnet50";
constexpr std::string_view kBertBase = "bert_base";
constexpr Count kTokens = 128;

bool is_file(const std::string& table) { return table.ends_with(".csv") || table.ends_with(".csv.gz"); }

LayerTable table_of(const LayersOptions& options, const std::string& data_folder, const Place& place) {
  if (is_file(options.table)) return read_layer_table(find_data_file(data_folder, options.table, place / "table"));
  if (normalised(options.table) == normalised(kResnet50)) return resnet50();
  return bert_base(static_cast<std::uint64_t>(options.tokens.value_or(kTokens)));
}

class Layers final : public Objective {
 public:
  Layers(const LayerTable& table, Precision precision) : precision_(precision) {
    for (const LayerRow& row : table) {
      sizes_.push_back(row.parameters);
      flops_.push_back(row.flops);
      dimension_ += row.parameters;
    }
  }

  [[nodiscard]] std::string name() const override { return "layers"; }
  [[nodiscard]] std::size_t dimension() const override { return dimension_; }
  [[nodiscard]] Precision precision() const override { return precision_; }
  [[nodiscard]] std::vector<std::size_t> tensors() const override { return sizes_; }
  [[nodiscard]] std::vector<double> forward_flops() const override { return flops_; }
  [[nodiscard]] std::size_t rows(Split) const override { return 0; }
  [[nodiscard]] bool classifies() const override { return false; }

  [[nodiscard]] std::unique_ptr<Workspace> workspace() const override { no_values(); }
  void gradient(ConstView, const Sample&, MutableView, Workspace&, double*) const override { no_values(); }
  Score score(ConstView, Split, std::size_t, std::size_t, const MutableView*, Workspace&) const override { no_values(); }
  Score sample_score(ConstView, const Sample&, Workspace&) const override { no_values(); }
  double regulariser(ConstView, const MutableView*) const override { no_values(); }
  void initial_point(std::uint64_t, MutableView) const override { no_values(); }

 private:
  [[noreturn]] static void no_values() { broken_invariant("values", "nothing is evaluated of a table of layers", __FILE__, __LINE__); }

  Precision precision_;
  std::size_t dimension_ = 0;
  std::vector<std::size_t> sizes_;
  std::vector<double> flops_;
};

}  // namespace

void LayersOptions::validate(const Place& place) const {
  const std::array<std::string, 2> known{std::string(kResnet50), std::string(kBertBase)};
  const bool bert = normalised(table) == normalised(kBertBase);
  if (!is_file(table) && !bert && normalised(table) != normalised(kResnet50))
    unknown_name(place / "table", "a .csv file or a network", table, known);
  if (tokens && !bert) throw InputError(place / "tokens", "only \"bert_base\" reads sequences, got table \"" + table + "\"");
}

std::unique_ptr<Objective> make_layers(const LayersOptions& options, Precision precision, const std::string& data_folder,
                                       const Place& place) {
  return std::make_unique<Layers>(table_of(options, data_folder, place), precision);
}

}  // namespace peloton
