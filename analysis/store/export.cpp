#include "analysis/store/export.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "analysis/store/stored_sweep.hpp"
#include "analysis/text.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// A result file that is written piece by piece.
class StreamedFile {
 public:
  explicit StreamedFile(const std::filesystem::path& path) : path_(path.string()), file_(std::fopen(path.c_str(), "wb"), std::fclose) {
    if (file_ == nullptr) throw Failure(fmt::format("{}: cannot be written: {}", path_, std::strerror(errno)));
  }
  void add(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) fail();
  }
  void finish() {
    if (std::fclose(file_.release()) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const { throw Failure(fmt::format("{}: writing failed: {}", path_, std::strerror(errno))); }

  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// A number of the summary that is a column of points.csv.
struct SummaryColumn {
  std::string_view name;
  std::string_view pointer;
};

constexpr std::array kSummaryColumns = {
    SummaryColumn{"virtual_seconds", "/virtual_seconds"},
    SummaryColumn{"updates", "/updates"},
    SummaryColumn{"gradients", "/gradients"},
    SummaryColumn{"evaluations", "/evaluations"},
    SummaryColumn{"samples", "/samples"},
    SummaryColumn{"epochs", "/epochs"},
    SummaryColumn{"bits_uplink", "/bits/uplink"},
    SummaryColumn{"bits_downlink", "/bits/downlink"},
    SummaryColumn{"bits_peer", "/bits/peer"},
    SummaryColumn{"bits_control", "/bits/control"},
    SummaryColumn{"bits_total", "/bits/total"},
    SummaryColumn{"wire_bytes", "/wire_bytes/total"},
    SummaryColumn{"loss", "/loss"},
    SummaryColumn{"test_loss", "/test_loss"},
    SummaryColumn{"accuracy", "/accuracy"},
    SummaryColumn{"suboptimality", "/suboptimality"},
    SummaryColumn{"staleness_mean", "/staleness/mean"},
    SummaryColumn{"staleness_p50", "/staleness/p50"},
    SummaryColumn{"staleness_p95", "/staleness/p95"},
    SummaryColumn{"staleness_max", "/staleness/max"},
    SummaryColumn{"fingerprint_timing", "/fingerprint/timing"},
    SummaryColumn{"fingerprint_learning", "/fingerprint/learning"},
};

std::string cell(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return real_text(value.get<double>());
  return value.is_null() ? std::string() : value.dump();
}

/// The cells that say which point a row is about.
std::vector<std::string> key_cells(const SweepIdentity& sweep, const SweepPoint& point) {
  std::vector<std::string> out = {fmt::format("{}", point.index)};
  for (std::size_t a = 0; a < sweep.axes.size(); ++a) out.push_back(sweep.axes[a].labels[point.levels[a]]);
  out.push_back(fmt::format("{}", point.repeat));
  out.push_back(fmt::format("{}", point.seed));
  return out;
}

std::vector<std::string> key_columns(const SweepIdentity& sweep) {
  std::vector<std::string> out = {"point"};
  for (const SweepAxis& axis : sweep.axes) out.push_back(axis.path);
  out.insert(out.end(), {"repeat", "seed"});
  return out;
}

class Tables {
 public:
  Tables(const SweepIdentity& sweep, bool whole, OutputDirectory& out)
      : sweep_(sweep),
        points_(out.begin(whole ? "points.csv" : "points.partial.csv")),
        measurements_(out.begin(whole ? "measurements.csv" : "measurements.partial.csv")),
        lines_(out.begin(whole ? "points.jsonl" : "points.partial.jsonl")) {
    std::vector<std::string> head = key_columns(sweep);
    head.emplace_back("status");
    for (const SummaryColumn& column : kSummaryColumns) head.emplace_back(column.name);
    points_.add(csv_line(head));
    head = key_columns(sweep);
    for (const std::string& column : metrics_columns()) head.push_back(column);
    measurements_.add(csv_line(head));
  }

  void add(const SweepPoint& point) {
    const std::vector<std::string> key = key_cells(sweep_, point);
    std::vector<std::string> cells = key;
    cells.push_back(cell(point.summary.at("status")));
    for (const SummaryColumn& column : kSummaryColumns)
      cells.push_back(cell(point.summary.value(Json::json_pointer(std::string(column.pointer)), Json())));
    points_.add(csv_line(cells));
    for (const MetricsRow& row : point.rows) {
      cells = key;
      for (std::string& value : metrics_cells(row)) cells.push_back(std::move(value));
      measurements_.add(csv_line(cells));
    }
    add_line(point);
  }

  void finish() {
    points_.finish();
    measurements_.finish();
    lines_.finish();
  }

 private:
  void add_line(const SweepPoint& point) {
    Json axes = Json::object();
    for (std::size_t a = 0; a < sweep_.axes.size(); ++a) axes[sweep_.axes[a].path] = sweep_.axes[a].values[point.levels[a]];
    const Json line = {
        {"point", point.index}, {"axes", std::move(axes)}, {"repeat", point.repeat}, {"seed", point.seed}, {"summary", point.summary}};
    lines_.add(line.dump() + "\n");
  }

  const SweepIdentity& sweep_;
  StreamedFile points_;
  StreamedFile measurements_;
  StreamedFile lines_;
};

}  // namespace

void export_sweep(const std::filesystem::path& store, OutputDirectory& out) {
  Database database(store.string(), Database::Mode::read);
  check_layout(database);
  database.run("BEGIN");  // one state of the store for all tables
  const SweepIdentity sweep = stored_identity(database);
  const auto count = static_cast<std::size_t>(database.integer("SELECT count(*) FROM points"));
  Tables tables(sweep, count == sweep.planned, out);
  visit_points(database, [&](const StoredPoint& stored) { tables.add(stored.point); });
  tables.finish();
}

}  // namespace peloton
