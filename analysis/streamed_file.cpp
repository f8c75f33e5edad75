#include "analysis/streamed_file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include "sim/base/error.hpp"

namespace peloton {

StreamedFile::StreamedFile(std::filesystem::path path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")) {
  if (file_ == nullptr) throw Failure(fmt::format("{}: cannot be written: {}", path_.string(), std::strerror(errno)));
  std::setvbuf(file_, nullptr, _IONBF, 0);  // the blocks are large already
  buffer_.reserve(kBlock + kBlock / 4);
}

StreamedFile::~StreamedFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void StreamedFile::write() {
  if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) fail();
  buffer_.clear();
}

void StreamedFile::close() {
  write();
  const int result = std::fclose(std::exchange(file_, nullptr));
  if (result != 0) fail();
}

void StreamedFile::fail() const { throw Failure(fmt::format("{}: writing failed: {}", path_.string(), std::strerror(errno))); }

}  // namespace peloton
