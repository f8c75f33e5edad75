#include "models/data/file.hpp"

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string content(const DataFile& file, std::uint64_t most_bytes = kMaxDataFileBytes) {
  const std::vector<std::uint8_t> bytes = read_data_file(file, most_bytes);
  return {bytes.begin(), bytes.end()};
}

/// A text that takes several pieces of the reader's buffer (64 KiB) and does not compress to nothing.
std::string long_text() {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i * 7919 % 100003) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a file is decompressed by what it holds, not by its name", "[models][data][file]") {
  // Oracle: identity. Writing with zlib or libbz2 and reading back gives the text; the names promise something else on purpose.
  const TemporaryDirectory folder;
  const std::string text = long_text();
  CHECK(content(write_file(folder / "plain.gz", text)) == text);
  CHECK(content(write_file(folder / "gzip.bz2", gzip(text))) == text);
  CHECK(content(write_file(folder / "bzip2", bzip2(text))) == text);
  CHECK(content(write_file(folder / "empty", "")).empty());
  CHECK(content(write_file(folder / "empty.gz", gzip(""))).empty());
  CHECK(content(write_file(folder / "empty.bz2", bzip2(""))).empty());
}

TEST_CASE("compressed members in a row are one content, zero padding is ignored", "[models][data][file]") {
  // Oracle: the concatenation of the texts (RFC 1952, section 2.2; the bzip2 manual says the same of its streams).
  const TemporaryDirectory folder;
  const std::string text = long_text();
  CHECK(content(write_file(folder / "a", gzip("one\n") + gzip(text) + gzip("") + gzip("two\n"))) == "one\n" + text + "two\n");
  CHECK(content(write_file(folder / "b", bzip2("one\n") + bzip2(text) + bzip2("two\n"))) == "one\n" + text + "two\n");
  CHECK(content(write_file(folder / "c", gzip("one\n") + std::string(512, '\0'))) == "one\n");
}

TEST_CASE("a compressed stream that is cut off anywhere is refused", "[models][data][file]") {
  // A short text, so that every proper prefix can be tried; a prefix too short to be recognised is a plain file.
  const TemporaryDirectory folder;
  const std::string zipped = gzip("1 1:2 2:3\n");
  for (std::size_t size = 2; size < zipped.size(); ++size) {
    const DataFile file = write_file(folder / "a.gz", zipped.substr(0, size));
    CHECK(input_error([&] { (void)read_data_file(file); }) == "a.gz: the gzip stream is cut off");
  }
  const std::string squeezed = bzip2("1 1:2 2:3\n");
  for (std::size_t size = 3; size < squeezed.size(); ++size) {
    const DataFile file = write_file(folder / "a.bz2", squeezed.substr(0, size));
    CHECK(input_error([&] { (void)read_data_file(file); }) == "a.bz2: the bzip2 stream is cut off");
  }
  const DataFile second = write_file(folder / "b.gz", zipped + zipped.substr(0, 12));
  CHECK(input_error([&] { (void)read_data_file(second); }) == "b.gz: the gzip stream is cut off");
}

TEST_CASE("a corrupt stream and trailing bytes are refused", "[models][data][file]") {
  const TemporaryDirectory folder;
  std::string checksum = gzip(long_text());
  checksum[checksum.size() - 6] ^= 1;  // the CRC is in bytes −8 … −5
  CHECK(input_error([&] { (void)read_data_file(write_file(folder / "a.gz", checksum)); }) == "a.gz: the gzip stream is corrupt");
  std::string middle = bzip2(long_text());
  middle[middle.size() / 2] ^= 1;
  CHECK(input_error([&] { (void)read_data_file(write_file(folder / "a.bz2", middle)); }) == "a.bz2: the bzip2 stream is corrupt");
  CHECK(input_error([&] { (void)read_data_file(write_file(folder / "b.gz", gzip("text") + "more")); }) ==
        "b.gz: 4 bytes of something else follow the gzip stream");
}

TEST_CASE("content beyond the limit is refused, compressed or not", "[models][data][file]") {
  // 1 MiB of zeros is about 1 KiB of gzip. The limit is tried one byte below, and at, the true size.
  const TemporaryDirectory folder;
  const std::string zeros(1U << 20U, '\0');
  for (const std::string& stored : {zeros, gzip(zeros), bzip2(zeros)}) {
    const DataFile file = write_file(folder / "zeros", stored);
    CHECK(content(file, zeros.size()) == zeros);
    CHECK_THAT(input_error([&] { (void)read_data_file(file, zeros.size() - 1); }), ContainsSubstring("zeros: holds more than"));
  }
}

TEST_CASE("what is no regular file is refused", "[models][data][file]") {
  const TemporaryDirectory folder;
  const DataFile itself{"somewhere", folder.path().string()};
  CHECK_THAT(input_error([&] { (void)read_data_file(itself); }),
             ContainsSubstring("somewhere: \"") && ContainsSubstring("is not a regular file"));
  CHECK_THAT(input_error([&] { (void)read_data_file({"zero", "/dev/zero"}); }), ContainsSubstring("not a regular file"));
}
