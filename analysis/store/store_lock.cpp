#include "analysis/store/store_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// A byte that SQLite never locks (its own are 2^30 … 2^30 + 511). An open-file-description lock is the file handle's, so it survives
/// that SQLite closes other handles of the same file.
constexpr off_t kLockedByte = (off_t{1} << 30) + 4096;

}  // namespace

StoreLock::StoreLock(const std::filesystem::path& path) : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (file_ < 0) throw InputError(fmt::format("{}: cannot be opened for writing: {}", path.string(), std::strerror(errno)));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kLockedByte;
  lock.l_len = 1;
  if (fcntl(file_, F_OFD_SETLK, &lock) == 0) return;
  const int error = errno;
  close(file_);
  if (error == EAGAIN || error == EACCES)
    throw InputError(fmt::format("{}: another process is working on this sweep; wait for it, or give another --out", path.string()));
  throw InputError(fmt::format("{}: cannot be locked: {}", path.string(), std::strerror(error)));
}

StoreLock::~StoreLock() { close(file_); }

}  // namespace peloton
