#include "analysis/updates_writer.hpp"

#include <fmt/format.h>

#include "analysis/text.hpp"
#include "sim/base/error.hpp"

namespace peloton {

UpdatesWriter::UpdatesWriter(const std::filesystem::path& path) : path_(path), out_(path, std::ios::binary) {
  out_ << "time,worker,version,base,staleness,staleness_seconds,weight,applied,twin_distance,twin_floor,gradient_discrepancy\n";
}

void UpdatesWriter::on_update(const UpdateRecord& r) {
  out_ << fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", decimal_seconds(r.time), r.worker, r.version, r.base, r.staleness,
                      decimal_seconds(Time{} + r.staleness_time), real_text(r.weight), r.applied ? 1 : 0, real_text(r.twin_distance),
                      real_text(r.twin_floor), real_text(r.gradient_discrepancy));
}

void UpdatesWriter::finish() {
  out_.close();
  if (!out_) throw Failure(fmt::format("{}: writing failed", path_.string()));
}

}  // namespace peloton
