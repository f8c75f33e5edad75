#include "models/data/file.hpp"

#include <bzlib.h>
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <new>
#include <span>
#include <string_view>
#include <system_error>

#include "sim/base/units.hpp"

namespace peloton {
namespace {

using ByteView = std::span<const std::uint8_t>;

[[noreturn]] void refuse(const DataFile& file, std::string_view message) { throw InputError(Place{file.name, ""}, message); }

[[noreturn]] void refuse_size(const DataFile& file, std::uint64_t most_bytes) {
  refuse(file, fmt::format("holds more than {}, the limit for a data file", show_bytes(static_cast<double>(most_bytes))));
}

/// The bytes decompressed so far and room for more. At most one byte beyond the limit is ever made.
class Output {
 public:
  Output(const DataFile& file, std::uint64_t most_bytes) : file_(file), most_(most_bytes) {}

  [[nodiscard]] std::span<std::uint8_t> room() {
    constexpr std::uint64_t kLeast = 1U << 16U;
    if (used_ == bytes_.size()) bytes_.resize(std::min(std::max(kLeast, used_ + used_ / 2), most_ + 1));
    return std::span(bytes_).subspan(used_);
  }
  void add(std::size_t count) {
    used_ += count;
    if (used_ > most_) refuse_size(file_, most_);
  }
  [[nodiscard]] std::vector<std::uint8_t> take() {
    bytes_.resize(used_);
    bytes_.shrink_to_fit();
    return std::move(bytes_);
  }

 private:
  const DataFile& file_;
  std::uint64_t most_;
  std::uint64_t used_ = 0;
  std::vector<std::uint8_t> bytes_;
};

enum class Progress { more, member_end, corrupt };

/// Both libraries count in 32 bits.
template <class Count32, class Span>
Count32 piece(const Span& bytes) {
  return static_cast<Count32>(std::min<std::size_t>(bytes.size(), 1U << 30U));
}

/// A compression format. `decode` turns some of `in` into some of `out` and shortens both by what it used.
class GzipDecoder {
 public:
  GzipDecoder() {
    constexpr int kWindowBits = 15;
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, kWindowBits + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;
  ~GzipDecoder() { inflateEnd(&stream_); }
  static bool recognises(ByteView bytes) { return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }
  static std::string_view name() { return "gzip"; }
  void start_member() { inflateReset(&stream_); }

  [[nodiscard]] Progress decode(ByteView& in, std::span<std::uint8_t>& out) {
    const auto given = piece<uInt>(in);
    const auto wanted = piece<uInt>(out);
    stream_.next_in = const_cast<Bytef*>(in.data());
    stream_.avail_in = given;
    stream_.next_out = out.data();
    stream_.avail_out = wanted;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    in = in.subspan(given - stream_.avail_in);
    out = out.subspan(wanted - stream_.avail_out);
    if (status == Z_STREAM_END) return Progress::member_end;
    return status == Z_OK || status == Z_BUF_ERROR ? Progress::more : Progress::corrupt;
  }

 private:
  z_stream stream_{};
};

class Bzip2Decoder {
 public:
  Bzip2Decoder() { init(); }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;
  ~Bzip2Decoder() { BZ2_bzDecompressEnd(&stream_); }
  static bool recognises(ByteView bytes) { return bytes.size() >= 3 && bytes[0] == 'B' && bytes[1] == 'Z' && bytes[2] == 'h'; }
  static std::string_view name() { return "bzip2"; }
  void start_member() {
    BZ2_bzDecompressEnd(&stream_);
    init();
  }

  [[nodiscard]] Progress decode(ByteView& in, std::span<std::uint8_t>& out) {
    const auto given = piece<unsigned>(in);
    const auto wanted = piece<unsigned>(out);
    stream_.next_in = reinterpret_cast<char*>(const_cast<std::uint8_t*>(in.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<char*>(out.data());
    stream_.avail_out = wanted;
    const int status = BZ2_bzDecompress(&stream_);
    if (status == BZ_MEM_ERROR) throw std::bad_alloc();
    in = in.subspan(given - stream_.avail_in);
    out = out.subspan(wanted - stream_.avail_out);
    if (status == BZ_STREAM_END) return Progress::member_end;
    return status == BZ_OK ? Progress::more : Progress::corrupt;
  }

 private:
  void init() {
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }

  bz_stream stream_{};
};

template <class Format>
std::vector<std::uint8_t> decompressed(ByteView in, const DataFile& file, std::uint64_t most_bytes) {
  Format decoder;
  Output output(file, most_bytes);
  for (;;) {
    std::span<std::uint8_t> room = output.room();
    const std::size_t in_before = in.size();
    const std::size_t room_before = room.size();
    const Progress progress = decoder.decode(in, room);
    output.add(room_before - room.size());
    if (progress == Progress::corrupt) refuse(file, fmt::format("the {} stream is corrupt", Format::name()));
    if (progress == Progress::member_end) {
      if (std::all_of(in.begin(), in.end(), [](std::uint8_t byte) { return byte == 0; })) return output.take();
      if (!Format::recognises(in)) refuse(file, fmt::format("{} bytes of something else follow the {} stream", in.size(), Format::name()));
      decoder.start_member();
    } else if (in.size() == in_before && room.size() == room_before) {
      refuse(file, fmt::format("the {} stream is cut off", Format::name()));
    }
  }
}

std::vector<std::uint8_t> stored(const DataFile& file, std::uint64_t most_bytes) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file.path, error)) refuse(file, fmt::format("\"{}\" is not a regular file", file.path));
  const std::uint64_t size = std::filesystem::file_size(file.path, error);
  if (error) refuse(file, fmt::format("\"{}\" cannot be read: {}", file.path, error.message()));
  if (size > most_bytes) refuse_size(file, most_bytes);
  std::ifstream in(file.path, std::ios::binary);
  if (!in) refuse(file, fmt::format("\"{}\" cannot be opened: {}", file.path, std::generic_category().message(errno)));
  std::vector<std::uint8_t> bytes(size);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (static_cast<std::uint64_t>(in.gcount()) != size) throw Failure(fmt::format("\"{}\" ended while it was read", file.path));
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> read_data_file(const DataFile& file, std::uint64_t most_bytes) {
  std::vector<std::uint8_t> bytes = stored(file, most_bytes);
  if (GzipDecoder::recognises(bytes)) return decompressed<GzipDecoder>(bytes, file, most_bytes);
  if (Bzip2Decoder::recognises(bytes)) return decompressed<Bzip2Decoder>(bytes, file, most_bytes);
  return bytes;
}

}  // namespace peloton
