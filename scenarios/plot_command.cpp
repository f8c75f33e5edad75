#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "analysis/figures/run_figures.hpp"
#include "analysis/plot/gnuplot.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

po::options_description plot_flags() {
  po::options_description flags("options");
  flags.add_options()("out,o", po::value<std::string>(),
                      "FILE.pdf|svg|png: the figure, or all of them: pages of a PDF, else FILE-NAME.svg|png (default DIR/figures.pdf)")(
      "figure", po::value<std::vector<std::string>>()->composing(), "NAME: draw this figure only; may be repeated")(
      "list", "print the figures there are")("x", po::value<std::string>(), "time|bits|updates|…: what curves are drawn over")(
      "y", po::value<std::string>(), "loss|accuracy|…: draw the curves of this quantity only")(
      "choose", po::value<std::vector<std::string>>()->composing(), "SELECTOR=CHOICE: where a figure has several views, e.g. run=fast")(
      "no-title", "leave titles to the paper's captions")("script", "print the gnuplot script instead of running it");
  return flags;
}

bool is_drawable(const Figure& figure) {
  return !figure.views.empty() && !std::holds_alternative<TableFigure>(figure.views.front().content);
}

std::vector<fs::path> folders_of(const Arguments& given) {
  std::vector<fs::path> out;
  for (const std::string& folder : given.positionals()) out.emplace_back(folder);
  return out;
}

/// What the files say may be anything once somebody edited them: a value of the wrong type is their fault, not ours.
std::vector<Figure> figures_of(const std::vector<fs::path>& folders) {
  try {
    return run_figures(read_named_runs(folders));
  } catch (const Json::exception& e) {
    throw InputError(
        fmt::format("{}: summary.json or scenario.resolved.json is not as peloton wrote it: {}", folders.front().string(), e.what()));
  }
}

// ---- which figures, and which of their views --------------------------------------------------------------------------------------

std::vector<std::string> names_of(const std::vector<Figure>& figures) {
  std::vector<std::string> out;
  for (const Figure& f : figures) out.push_back(f.name);
  return out;
}

std::string one_of(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

/// The figures that --figure names, in that order; all that can be drawn without it.
std::vector<const Figure*> chosen_figures(const std::vector<Figure>& figures, const std::vector<std::string>& wanted) {
  std::vector<const Figure*> out;
  for (const std::string& name : wanted) {
    const auto found =
        std::find_if(figures.begin(), figures.end(), [&](const Figure& f) { return normalised(f.name) == normalised(name); });
    if (found == figures.end())
      throw InputError(
          fmt::format("--figure: must be one of {}; got \"{}\"{}", one_of(names_of(figures)), name, did_you_mean(name, names_of(figures))));
    if (!is_drawable(*found))
      throw InputError(fmt::format("--figure {}: {}", name, found->missing.empty() ? "a table is no picture" : found->missing));
    out.push_back(&*found);
  }
  if (wanted.empty())
    for (const Figure& f : figures)
      if (is_drawable(f)) out.push_back(&f);
  return out;
}

struct Choice {
  std::string selector;
  std::string value;
};

/// --choose SELECTOR=CHOICE, each of which some figure must have.
std::vector<Choice> choices_of(const Arguments& given, const std::vector<Figure>& figures) {
  std::vector<Choice> out;
  for (const std::string& text : given.texts("choose")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw InputError(fmt::format("--choose: must be SELECTOR=CHOICE, got \"{}\"", text));
    const Choice choice{text.substr(0, equals), text.substr(equals + 1)};
    std::vector<std::string> selectors;
    std::vector<std::string> values;
    const auto add = [](std::vector<std::string>& all, const std::string& one) {
      if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
    };
    for (const Figure& f : figures)
      for (std::size_t s = 0; s < f.selectors.size(); ++s) {
        add(selectors, f.selectors[s]);
        if (f.selectors[s] != choice.selector) continue;
        for (const Figure::View& view : f.views) add(values, view.choice[s]);
      }
    if (selectors.empty()) throw InputError("--choose: every figure has one view only");
    if (values.empty())
      throw InputError(fmt::format("--choose: the selector must be one of {}; got \"{}\"{}", one_of(selectors), choice.selector,
                                   did_you_mean(choice.selector, selectors)));
    if (std::find(values.begin(), values.end(), choice.value) == values.end())
      throw InputError(fmt::format("--choose {}: must be one of {}; got \"{}\"{}", choice.selector, one_of(values), choice.value,
                                   did_you_mean(choice.value, values)));
    out.push_back(choice);
  }
  return out;
}

bool fits(const Figure& figure, const Figure::View& view, const std::vector<Choice>& choices, const std::optional<std::string>& y) {
  for (const Choice& choice : choices)
    for (std::size_t s = 0; s < figure.selectors.size(); ++s)
      if (figure.selectors[s] == choice.selector && view.choice[s] != choice.value) return false;
  if (!y) return true;
  const auto* lines = std::get_if<LineFigure>(&view.content);
  return lines != nullptr && lines->y.name == *y;
}

PlotItem item_of(const Figure& figure, const Figure::View& view, bool titled) {
  PlotItem out{.name = figure.name, .title = figure.title, .content = view.content, .wide = figure.wide};
  for (std::size_t s = 0; s < figure.selectors.size(); ++s)
    out.title += fmt::format("{} {}: {}", s == 0 ? " –" : ",", figure.selectors[s], view.choice[s]);
  if (!titled) out.title.clear();
  return out;
}

/// Curves' quantities and abscissas, for messages.
std::vector<std::string> curve_names(const std::vector<Figure>& figures, bool abscissas) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  };
  for (const Figure& f : figures)
    for (const Figure::View& view : f.views)
      if (const auto* lines = std::get_if<LineFigure>(&view.content)) {
        if (!abscissas) add(lines->y.name);
        for (const Axis& x : lines->x)
          if (abscissas) add(x.name);
      }
  return out;
}

void check_curve(const Arguments& given, const std::string& flag, const std::vector<std::string>& names) {
  const auto name = given.text(flag);
  if (!name || std::find(names.begin(), names.end(), *name) != names.end()) return;
  if (names.empty()) throw InputError(fmt::format("--{}: there are no curves to draw here", flag));
  throw InputError(fmt::format("--{}: must be one of {}; got \"{}\"{}", flag, one_of(names), *name, did_you_mean(*name, names)));
}

std::vector<PlotItem> items_of(const Arguments& given, const std::vector<Figure>& figures) {
  check_curve(given, "x", curve_names(figures, true));
  check_curve(given, "y", curve_names(figures, false));
  const std::vector<Choice> choices = choices_of(given, figures);
  std::vector<PlotItem> out;
  for (const Figure* figure : chosen_figures(figures, given.texts("figure"))) {
    const auto view = std::find_if(figure->views.begin(), figure->views.end(),
                                   [&](const Figure::View& v) { return fits(*figure, v, choices, given.text("y")); });
    if (view != figure->views.end()) out.push_back(item_of(*figure, *view, !given.has("no-title")));
  }
  if (out.empty()) throw InputError("no figure fits what was asked for (`peloton plot DIR --list` shows all)");
  return out;
}

std::string listing(const std::vector<Figure>& figures) {
  std::string out;
  for (const Figure& f : figures) {
    if (!f.views.empty() && !is_drawable(f)) continue;
    out += fmt::format("{:22} {}\n", f.name, f.views.empty() ? fmt::format("{}: {}", f.title, f.missing) : f.title);
    for (std::size_t s = 0; s < f.selectors.size(); ++s) {
      std::vector<std::string> values;
      for (const Figure::View& view : f.views)
        if (std::find(values.begin(), values.end(), view.choice[s]) == values.end()) values.push_back(view.choice[s]);
      out += fmt::format("{:22}   --choose {}={}\n", "", f.selectors[s], fmt::join(values, "|"));
    }
  }
  return out;
}

PlotFormat format_of(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".pdf") return PlotFormat::pdf;
  if (extension == ".svg") return PlotFormat::svg;
  if (extension == ".png") return PlotFormat::png;
  throw InputError(fmt::format("--out: must end with .pdf, .svg or .png, got \"{}\"", file.string()));
}

}  // namespace

int plot_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton plot DIR… [options]\nDraws figures of a run, or of several over one another, for papers.",
                        plot_flags(), {"DIR…"}, arguments);
  if (given.help()) return kDone;
  const std::vector<fs::path> folders = folders_of(given);
  const fs::path beside = folders.size() == 1 ? folders.front() / "figures.pdf" : fs::path("figures.pdf");
  const fs::path file = given.has("out") ? fs::path(*given.text("out")) : beside;
  const PlotOptions options{.format = format_of(file), .x = given.text("x").value_or("")};
  const std::vector<Figure> figures = figures_of(folders);
  if (given.has("list")) {
    fmt::print("{}", listing(figures));
    return kDone;
  }
  const std::vector<PlotItem> items = items_of(given, figures);
  const std::vector<fs::path> files = plot_files(items, options, file);
  if (given.has("script")) {
    fmt::print("{}", gnuplot_script(items, options, files));
    return kDone;
  }
  draw_plots(items, options, file);
  for (const fs::path& one : files) fmt::print("{}\n", one.string());
  return kDone;
}

}  // namespace peloton
