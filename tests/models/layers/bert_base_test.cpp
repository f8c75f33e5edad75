#include <algorithm>

#include "models/layers/layer_table.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

double flops(const LayerTable& table) {
  double out = 0;
  for (const LayerRow& row : table) out += row.flops;
  return out;
}

}  // namespace

TEST_CASE("BERT-base has its published parameters", "[models][layers]") {
  // Oracle: published value, 109,482,240 of bert-base-uncased with pooler, in 199 tensors.
  const LayerTable table = bert_base(128);
  std::uint64_t parameters = 0;
  for (const LayerRow& row : table) parameters += row.parameters;
  CHECK(parameters == 109'482'240);
  CHECK(table.size() == 199);
}

TEST_CASE("BERT-base takes 22.5 billion operations for 128 tokens", "[models][layers]") {
  // Oracle: published value of Jiao et al. (TinyBERT, Findings of EMNLP 2020, table 1), which rounds and counts the head of a task, too.
  CHECK(flops(bert_base(128)) == Approx(22.5e9).epsilon(0.01));
}

TEST_CASE("a layer of BERT-base by hand", "[models][layers]") {
  // Hand computation for 10 tokens: keys are 768² weights for each token, and the scores 768 multiplications for each pair of tokens.
  const LayerTable table = bert_base(10);
  const auto row = [&](std::string_view name) { return *std::ranges::find(table, name, &LayerRow::name); };
  CHECK(row("encoder.layer.3.attention.self.key.weight").flops == 2.0 * (10 * 768 * 768 + 10 * 10 * 768));
  CHECK(row("encoder.layer.11.intermediate.dense.weight").parameters == 768 * 3072);
  CHECK(row("encoder.layer.11.intermediate.dense.bias").flops == 10 * 3072);
  CHECK(row("embeddings.word_embeddings.weight").flops == 0);
  CHECK(row("pooler.dense.weight").flops == 2 * 768 * 768);  // of the first token alone
}
