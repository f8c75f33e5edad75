#pragma once

#include <cstdint>
#include <vector>

#include "models/data/folder.hpp"

namespace peloton {

/// The largest data file, after decompression.
inline constexpr std::uint64_t kMaxDataFileBytes = 8ULL << 30U;

/// The content of a file. Gzip and bzip2, told by the first bytes and not by the name, are decompressed, several members in a row
/// included (as pigz, pbzip2 and `cat` make them); zero bytes after the last member are padding. A stream that is cut off or corrupt,
/// other bytes after it, content beyond `most_bytes`, and what is not a readable regular file are InputErrors at `file.name`.
/// Holds the compressed and the whole decompressed content at once.
[[nodiscard]] std::vector<std::uint8_t> read_data_file(const DataFile& file, std::uint64_t most_bytes = kMaxDataFileBytes);

}  // namespace peloton
