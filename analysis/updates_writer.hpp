#pragma once

#include <filesystem>
#include <fstream>

#include "sim/records.hpp"

namespace peloton {

/// Streams updates.csv: one row per contribution applied or discarded, in event order.
class UpdatesWriter final : public Observer {
 public:
  explicit UpdatesWriter(const std::filesystem::path& path);
  void on_update(const UpdateRecord& r) override;
  /// Closes the file; a failed write (disk full) is a Failure.
  void finish();

 private:
  std::filesystem::path path_;
  std::ofstream out_;
};

}  // namespace peloton
