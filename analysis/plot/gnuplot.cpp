#include "analysis/plot/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "analysis/plot/gnuplot_script.hpp"
#include "sim/base/error.hpp"

extern char** environ;

namespace peloton {
namespace {

namespace fs = std::filesystem;

// ---- the script -------------------------------------------------------------------------------------------------------------------

/// Millimetres: one and two columns of most journals.
constexpr double kColumn = 86;
constexpr double kTwoColumns = 178;
constexpr double kRatio = 0.68;      ///< height of a narrow figure
constexpr double kWideRatio = 0.56;  ///< and of a wide one
constexpr double kInch = 25.4;
constexpr double kFont = 8;                   ///< points
constexpr double kSvgFont = kFont / 72 * 96;  ///< in the units of SVG, 96 an inch

/// How much type fits beside one another.
std::size_t characters(bool wide) { return wide ? 100 : 46; }

/// Names in the key.
std::vector<std::string_view> key_of(const FigureContent& content) {
  std::vector<std::string_view> out;
  if (const auto* lines = std::get_if<LineFigure>(&content))
    for (const LineSeries& s : lines->series) out.emplace_back(s.name);
  if (const auto* bars = std::get_if<BarFigure>(&content))
    for (const BarFigure::Series& s : bars->series) out.emplace_back(s.name);
  if (const auto* points = std::get_if<Scatter>(&content)) out.assign(points->groups.begin(), points->groups.end());
  if (const auto* gantt = std::get_if<Gantt>(&content)) out.assign(gantt->kinds.begin(), gantt->kinds.end());
  return out;
}

/// Millimetres that a figure is higher than others: two lines of key are provided for.
double extra_height(const PlotItem& item, bool wide) {
  constexpr std::size_t kSample = 7;  // of a curve, in characters
  constexpr std::size_t kProvided = 2;
  constexpr double kLine = 3.7;
  std::size_t longest = 0;
  const std::vector<std::string_view> names = key_of(item.content);
  for (const std::string_view name : names) longest = std::max(longest, name.size());
  const std::size_t beside = std::max<std::size_t>(1, characters(wide) / (longest + kSample));
  const std::size_t lines = (names.size() + beside - 1) / beside;
  return lines > kProvided ? kLine * static_cast<double>(lines - kProvided) : 0;
}

std::string terminal(PlotFormat format, bool wide, double extra) {
  const double width = (wide ? kTwoColumns : kColumn) / kInch;
  const double height = width * (wide ? kWideRatio : kRatio) + extra / kInch;
  switch (format) {
    case PlotFormat::pdf:
      return fmt::format("pdfcairo enhanced color size {:.3f}in,{:.3f}in font 'sans,{}' fontscale 1 linewidth 1.4", width, height, kFont);
    case PlotFormat::svg: {
      constexpr double kPixels = 96;  // an inch, in the units of SVG
      return fmt::format("svg enhanced size {:.0f},{:.0f} dynamic background '#ffffff' font 'sans-serif,{:.1f}' linewidth 1",
                         width * kPixels, height * kPixels, kSvgFont);
    }
    case PlotFormat::png: {
      constexpr double kPixels = 300;  // an inch in print
      constexpr double kScreen = 96;   // and what the terminal takes for one when it scales fonts
      return fmt::format("pngcairo enhanced color size {:.0f},{:.0f} font 'sans,{}' fontscale {:.3f} linewidth 3 pointscale 2.4",
                         width * kPixels, height * kPixels, kFont, kPixels / kScreen);
    }
  }
  return {};
}

constexpr std::string_view kStyle =
    "set encoding utf8\n"
    "set border 3 linecolor rgb '#5a6572' linewidth 0.6\n"
    "set tics nomirror out scale 0.5\n"
    "set mxtics default\n"
    "set format '%g'\n"
    "set style line 100 linecolor rgb '#e2e6ea' linewidth 0.5 dashtype 1\n"
    "set grid back linestyle 100\n"
    "set key bmargin center horizontal Left reverse samplen 2.2 spacing 1.05 height 0.7 noenhanced\n"
    "set xlabel offset 0,0.5\n"
    "set minussign\n";

/// A path that gnuplot cannot take for a command ("|…") or a home folder ("~…").
std::string file_name(const fs::path& path) { return (path.is_relative() ? "." / path : path).string(); }

std::string page_text(const PlotItem& item, const PlotOptions& options, bool wide) {
  GnuplotPage page;
  const bool svg = options.format == PlotFormat::svg;
  const PlotStyle style{.x = options.x, .columns = wide ? 2U : 1U, .font = svg ? kSvgFont : kFont, .marks = svg ? 0.7 : 1.0};
  std::visit(
      [&](const auto& content) {
        if constexpr (requires { draw(page, content, style); })
          draw(page, content, style);
        else
          PELOTON_INVARIANT(false, "tables are not drawn");
      },
      item.content);
  const std::string title =
      item.title.empty() ? "unset title" : fmt::format("set title {} noenhanced", gnuplot_lines(item.title, characters(wide)));
  return fmt::format("\nreset\n{}{}\n{}", kStyle, title, page.text());
}

}  // namespace

std::vector<fs::path> plot_files(std::span<const PlotItem> items, const PlotOptions& options, const fs::path& path) {
  if (items.size() == 1 || options.format == PlotFormat::pdf) return {path};
  std::vector<fs::path> out;
  for (const PlotItem& item : items)
    out.push_back(path.parent_path() / fmt::format("{}-{}{}", path.stem().string(), item.name, path.extension().string()));
  return out;
}

std::string gnuplot_script(std::span<const PlotItem> items, const PlotOptions& options, std::span<const fs::path> outputs) {
  const bool document = items.size() > 1 && outputs.size() == 1;
  std::string out = fmt::format("# gnuplot 5.4 or newer; written by peloton {}\n", PELOTON_VERSION);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool wide = document || items[i].wide;
    double extra = extra_height(items[i], wide);
    if (document)
      for (const PlotItem& item : items) extra = std::max(extra, extra_height(item, wide));
    if (i < outputs.size())
      out += fmt::format("set terminal {}\nset output {}\n", terminal(options.format, wide, extra), gnuplot_string(file_name(outputs[i])));
    out += page_text(items[i], options, wide);
  }
  return out + "unset output\n";
}

// ---- running it -------------------------------------------------------------------------------------------------------------------

namespace {

/// A folder of our own below the system's temporary one.
class Workspace {
 public:
  Workspace() {
    std::string name = (fs::temp_directory_path() / "peloton-plot-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Failure(fmt::format("{}: cannot be made: {}", name, std::strerror(errno)));
    path_ = name;
  }
  ~Workspace() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  [[nodiscard]] fs::path operator/(std::string_view name) const { return path_ / name; }

 private:
  fs::path path_;
};

/// Removes the temporary outputs that were not put in place.
class TemporaryFiles {
 public:
  explicit TemporaryFiles(std::span<const fs::path> finals) {
    for (const fs::path& file : finals) paths_.push_back(file.string() + ".peloton-tmp");
  }
  ~TemporaryFiles() {
    std::error_code ignored;
    for (const fs::path& path : paths_) fs::remove(path, ignored);
  }
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;
  [[nodiscard]] const std::vector<fs::path>& paths() const { return paths_; }

 private:
  std::vector<fs::path> paths_;
};

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Failure(fmt::format("{}: writing failed: {}", path.string(), std::strerror(errno)));
}

/// Runs gnuplot on the script without a shell and without the user's start-up files. What it says is an error or a warning to pass on.
void run_gnuplot(const std::string& script) {
  const Workspace workspace;
  const std::string commands = (workspace / "figure.gp").string();
  const std::string messages = (workspace / "messages").string();
  write_text(commands, script);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  constexpr mode_t kOwner = 0600;
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC, kOwner);
  std::array<std::string, 3> words = {"gnuplot", "-d", commands};
  std::array<char*, 4> arguments = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) throw Failure("gnuplot is not installed; it draws these figures (Debian and Ubuntu: the package gnuplot-nox)");
  if (error != 0) throw Failure(fmt::format("gnuplot cannot be started: {}", std::strerror(error)));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw Failure(fmt::format("gnuplot failed:\n{}", read_text(messages)));
}

}  // namespace

void draw_plots(std::span<const PlotItem> items, const PlotOptions& options, const fs::path& path) {
  const std::vector<fs::path> finals = plot_files(items, options, path);
  const fs::path folder = fs::absolute(path).parent_path();
  if (!fs::is_directory(folder)) throw InputError(fmt::format("{}: the folder {} does not exist", path.string(), folder.string()));
  const TemporaryFiles temporary(finals);
  run_gnuplot(gnuplot_script(items, options, temporary.paths()));
  for (std::size_t i = 0; i < finals.size(); ++i) {
    std::error_code error;
    if (fs::file_size(temporary.paths()[i], error) == 0 || error)
      throw Failure(fmt::format("{}: gnuplot wrote nothing (is the disk full?)", finals[i].string()));
    fs::rename(temporary.paths()[i], finals[i], error);
    if (error) throw Failure(fmt::format("{}: cannot be put in place: {}", finals[i].string(), error.message()));
  }
}

}  // namespace peloton
