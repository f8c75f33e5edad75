#pragma once

#include <filesystem>

namespace peloton {

/// Keeps a file for one writing process. The system gives the lock back when the process ends in whichever way, `kill -9` included.
/// Readers are not kept out. On network file systems it works as far as their byte-range locks do.
class StoreLock {
 public:
  /// Makes the file when it is missing. A file that another process holds, or that cannot be written, is an InputError.
  explicit StoreLock(const std::filesystem::path& path);
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace peloton
