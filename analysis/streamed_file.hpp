#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace peloton {

/// A file that is written while a run goes on: appended to in memory, written in large blocks.
class StreamedFile {
 public:
  /// A file that cannot be made is a Failure.
  explicit StreamedFile(std::filesystem::path path);
  ~StreamedFile();
  StreamedFile(const StreamedFile&) = delete;
  StreamedFile& operator=(const StreamedFile&) = delete;

  /// Where to append; call `poll` afterwards.
  [[nodiscard]] fmt::memory_buffer& buffer() { return buffer_; }
  /// Writes when a block is full. A failed write (disk full) is a Failure that names the file.
  void poll() {
    if (buffer_.size() >= kBlock) write();
  }
  /// Writes the rest and closes; Failure as in `poll`.
  void close();

 private:
  static constexpr std::size_t kBlock = 1U << 20U;

  void write();
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  std::FILE* file_ = nullptr;
  fmt::memory_buffer buffer_;
};

}  // namespace peloton
