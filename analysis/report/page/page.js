// Puts the figures into the page and keeps them in step with the reader's choices, the width and the colour scheme.
'use strict';

let scriptErrors = 0;
addEventListener('error', () => { document.documentElement.dataset.errors = ++scriptErrors; });

const CHARTS = {
  lines: (figure, view, tools, pool) => new LineChart(figure, pool, view, tools),
  bars: (figure, view, tools) => new BarChart(figure, view, tools),
  heat_map: (figure, view, tools) => new HeatMapChart(figure, view, tools),
  gantt: (figure, view, tools) => new GanttChart(figure, view, tools),
  scatter: (figure, view, tools) => new ScatterChart(figure, view, tools),
  table: (figure, view, tools) => new SortableTable(figure, view, tools),
};

/** A figure of the page: its caption, what can be chosen, its chart. */
class FigureBox {
  constructor(data, pool, abscissa) {
    this.data = data;
    this.pool = pool;
    this.abscissa = abscissa;
    this.root = document.getElementById(data.name);
    this.root.dataset.title = data.title;
    this.caption = this.root.querySelector('figcaption');
    this.tools = element('span', {class: 'tools'});
    this.caption.append(this.tools);
    this.note = this.root.querySelector('.note');
    this.choice = data.views[0].choice.slice();
    if (data.selectors.length) this.caption.append(this.selectors = element('div', {class: 'choices'}));
    this.show();
  }

  /** The views that agree with the first `depth` choices. */
  matching(depth) { return this.data.views.filter((v) => this.choice.slice(0, depth).every((c, i) => v.choice[i] === c)); }

  choose(depth, option) {
    this.choice[depth] = option;
    // Choices further in stay when they still exist, else the first that does is taken.
    for (let d = depth + 1; d < this.choice.length; ++d) {
      const options = this.matching(d).map((v) => v.choice[d]);
      if (!options.includes(this.choice[d])) this.choice[d] = options[0];
    }
    this.show();
  }

  drawSelectors() {
    if (!this.selectors) return;
    const focused = [...this.selectors.querySelectorAll('select')].indexOf(document.activeElement);
    this.selectors.replaceChildren(...this.data.selectors.map((label, depth) => {
      const options = [...new Set(this.matching(depth).map((v) => v.choice[depth]))];
      const select = element('select', {onchange: (e) => this.choose(depth, e.target.value)}, options.map((o) => element('option', {value: o, selected: o === this.choice[depth]}, [o])));
      return element('label', {hidden: options.length < 2 && options[0] === ''}, [label, select]);
    }));
    if (focused >= 0) this.selectors.querySelectorAll('select')[focused].focus();
  }

  show() {
    this.drawSelectors();
    const view = this.matching(this.choice.length)[0];
    if (this.chart && lineCharts.includes(this.chart)) lineCharts.splice(lineCharts.indexOf(this.chart), 1);
    for (const old of [...this.root.children]) if (old !== this.caption && old !== this.note) old.remove();
    this.tools.replaceChildren();
    this.chart = CHARTS[view.kind](this.root, view, this.tools, this.pool);
    if (this.note) this.root.append(this.note);
    if (this.abscissa.name && this.chart.setAbscissa) this.chart.setAbscissa(this.abscissa.name);
  }

  redraw() { if (this.chart.draw) this.chart.draw(); }
  /** How many marks stand there, for whoever checks the page: pixels of curves, shapes, rows. */
  count() { this.root.dataset.drawn = this.chart.drawn(); }
}

/** The switch of the x axis for all curves. */
function abscissaSwitch(boxes, abscissa) {
  const axes = new Map();
  for (const {chart} of boxes) if (chart instanceof LineChart && chart.data.x.length > 1) for (const axis of chart.data.x) axes.set(axis.name, axis.label);
  if (axes.size < 2) return;
  const buttons = [...axes].map(([name, label], i) => {
    const b = element('button', {type: 'button', 'aria-pressed': String(i === 0)}, [label]);
    b.onclick = () => {
      abscissa.name = name;
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === b));
      for (const {chart} of boxes) if (chart.setAbscissa) chart.setAbscissa(name);
    };
    return b;
  });
  document.getElementById('controls').append(
    element('span', {class: 'segments', role: 'group', 'aria-label': 'x axis of all curves'}, ['over', element('span', {}, buttons)]),
    element('span', {class: 'hint'}, ['drag to zoom, double click for everything, click a name to hide it']));
}

function start() {
  const data = JSON.parse(document.getElementById('data').textContent);
  const pool = data.numbers.map((column) => Float64Array.from(column, (v) => (v === null ? NaN : v)));
  const abscissa = {name: null};
  const boxes = data.figures.filter((f) => f.views.length).map((f) => new FigureBox(f, pool, abscissa));
  abscissaSwitch(boxes, abscissa);
  const redraw = () => boxes.forEach((b) => b.redraw());
  let width = document.documentElement.clientWidth;
  addEventListener('resize', () => {
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    redraw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => { document.body.classList.add('paper'); redraw(); });
  addEventListener('afterprint', () => { document.body.classList.remove('paper'); redraw(); });
  document.documentElement.dataset.milliseconds = Math.round(performance.now());
  if (location.hash === '#count') boxes.forEach((b) => b.count());
  document.documentElement.dataset.errors = scriptErrors;
}
start();
