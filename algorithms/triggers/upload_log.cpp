#include "algorithms/triggers/upload_log.hpp"

#include <fmt/format.h>

#include "algorithms/compression/conventions.hpp"
#include "algorithms/compression/topk.hpp"

namespace peloton {
namespace {

Table conventions_table(const TopkCodec& codec, std::uint64_t uploads) {
  Table out{"conventions", {"convention", "bits_per_upload", "bits_up"}, {}};
  const auto add = [&](const char* name, std::uint64_t bits) {
    out.rows.push_back({name, fmt::format("{}", bits), fmt::format("{}", uploads * bits)});
  };
  const CodecContext& context = codec.context();
  const Conventions counted = count_by_conventions(codec.values(), context.dimension, 8 * bytes_of(context.wire));
  add("honest", *codec.fixed_bits());
  add("values_only", counted.values_only);
  add("int32_index", counted.int32_index);
  add("log2_index", counted.log2_index);
  add("bitmap", counted.bitmap);
  return out;
}

}  // namespace

void UploadLog::Worker::visit_state(StateVisitor& v) {
  v("age", age);
  v("uploads", uploads);
  v("skips", skips);
}

std::vector<Table> UploadLog::tables(const Codec& codec) const {
  std::vector<Table> out{{"uploads", {"worker", "uploads", "skips"}, {}}};
  std::uint64_t uploads = 0;
  for (std::size_t w = 0; w < workers_.size(); ++w) {
    out[0].rows.push_back({fmt::format("{}", w), fmt::format("{}", workers_[w].uploads), fmt::format("{}", workers_[w].skips)});
    uploads += workers_[w].uploads;
  }
  if (const auto* topk = dynamic_cast<const TopkCodec*>(&codec)) out.push_back(conventions_table(*topk, uploads));
  return out;
}

}  // namespace peloton
