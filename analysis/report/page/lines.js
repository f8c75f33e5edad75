// Curves, drawn by dygraphs: zoom by dragging, values under the pointer, series and log axes to switch.
'use strict';

/** Index of the first value ≥ x in an ascending column. */
function lowerBound(column, x) {
  let a = 0, b = column.length;
  while (a < b) {
    const m = (a + b) >> 1;
    if (column[m] < x) a = m + 1; else b = m;
  }
  return a;
}

/** Indices of a series to draw between two x values: all, or of each stretch the first, lowest, highest and last. */
function drawnIndices(x, low, high, from, to, pixels) {
  const begin = Math.max(0, lowerBound(x, from) - 1), end = Math.min(x.length, lowerBound(x, to) + 2);
  const out = [];
  if (end - begin <= 4 * pixels) {
    for (let i = begin; i < end; ++i) out.push(i);
    return out;
  }
  const stretches = Math.round(pixels);
  for (let s = 0; s < stretches; ++s) {
    const a = begin + Math.floor((end - begin) * s / stretches), b = begin + Math.floor((end - begin) * (s + 1) / stretches);
    let lowest = a, highest = a;
    for (let i = a; i < b; ++i) {
      if (low[i] < low[lowest] || Number.isNaN(low[lowest])) lowest = i;
      if (high[i] > high[highest] || Number.isNaN(high[highest])) highest = i;
    }
    for (const i of [a, Math.min(lowest, highest), Math.max(lowest, highest), b - 1]) if (i !== out[out.length - 1]) out.push(i);
  }
  return out;
}

/** Rows over the union of the series' x values, as dygraphs wants them; a series without a point there has null. */
function mergedRows(parts, empty) {
  const heads = parts.map(() => 0);
  const rows = [];
  for (;;) {
    let x = Infinity;
    parts.forEach((p, s) => { if (heads[s] < p.x.length && p.x[heads[s]] < x) x = p.x[heads[s]]; });
    if (x === Infinity) return rows;
    const row = [x];
    parts.forEach((p, s) => row.push(heads[s] < p.x.length && p.x[heads[s]] === x ? p.y[heads[s]++] : empty));
    rows.push(row);
  }
}

/** Whether the page is laid out for printing. */
function onPaper() { return document.body.classList.contains('paper'); }

/** All line charts, so that a cursor in one shows in the others. */
const lineCharts = [];

class LineChart {
  constructor(figure, pool, data, tools) {
    this.figure = figure;
    this.data = data;
    this.pool = pool;
    this.hidden = new Set();
    this.x = 0;
    this.logX = data.x[0].log;
    this.logY = data.y.log;
    this.window = null;
    this.series = data.series.map((s) => ({...s, columns: s.x.map((i) => pool[i]), values: pool[s.y], lows: s.low === undefined ? null : pool[s.low], highs: s.high === undefined ? null : pool[s.high]}));
    this.build(tools);
    lineCharts.push(this);
    this.draw();
  }

  build(tools) {
    const toggle = (name, label, title, get, set) => {
      const b = element('button', {type: 'button', title, 'aria-pressed': String(get())}, [label]);
      b.onclick = () => { set(!get()); b.setAttribute('aria-pressed', String(get())); this.draw(); };
      tools.append(b);
    };
    toggle('x', 'log x', 'logarithmic x axis', () => this.logX, (v) => { this.logX = v; this.window = null; });
    toggle('y', 'log y', 'logarithmic y axis', () => this.logY, (v) => { this.logY = v; });
    tools.append(element('button', {type: 'button', title: 'show everything (double click)', onclick: () => { this.window = null; this.draw(); }}, ['all']));
    this.legend = element('div', {class: 'legend'});
    this.items = this.series.map((s, i) => this.legendItem(s, i));
    this.at = element('span', {class: 'at'});
    this.ylabel = element('span', {class: 'ylabel'});
    this.legend.append(this.ylabel, ...this.items.map((item) => item.button), this.at);
    this.plot = element('div', {class: 'plot lines', tabindex: '0', role: 'img', 'aria-label': `${this.figure.dataset.title}: arrow keys move the cursor, plus and minus zoom, 0 shows everything`});
    this.xlabel = element('div', {class: 'xlabel'});
    this.figure.append(this.legend, this.plot, this.xlabel);
    this.plot.addEventListener('pointermove', (e) => this.pointAt(e));
    this.plot.addEventListener('pointerleave', () => this.broadcast(null));
    this.plot.addEventListener('keydown', (e) => this.pressed(e));
  }

  legendItem(s, i) {
    const value = element('span', {class: 'value'});
    if (this.series.length === 1) return {button: value, value};
    const button = element('button', {type: 'button', 'aria-pressed': 'true', title: 'show or hide'}, [key(s.color, s.stroke), s.name, value]);
    button.onclick = () => {
      if (this.hidden.has(i)) this.hidden.delete(i); else this.hidden.add(i);
      button.setAttribute('aria-pressed', String(!this.hidden.has(i)));
      this.draw();
    };
    return {button, value};
  }

  get axis() { return this.data.x[this.x]; }
  get shownSeries() { return this.series.filter((s, i) => !this.hidden.has(i)); }

  /** Takes the abscissa of this name, when the figure has it. */
  setAbscissa(name) {
    const found = this.data.x.findIndex((a) => a.name === name);
    if (found < 0 || found === this.x) return;
    this.x = found;
    this.window = null;
    this.draw();
  }

  /** All of the x axis: the shown series' first to last value. */
  extent() {
    let low = Infinity, high = -Infinity;
    for (const s of this.shownSeries) {
      const column = s.columns[this.x];
      for (let i = 0; i < column.length; ++i) {
        if (this.logX && !(column[i] > 0)) continue;
        low = Math.min(low, column[i]);
        break;
      }
      if (column.length) high = Math.max(high, column[column.length - 1]);
    }
    if (!(high > low)) { const pad = Math.abs(low) * 0.05 || 1; return isFinite(low) ? [this.logX ? low / 1.1 : low - pad, this.logX ? low * 1.1 : low + pad] : [this.logX ? 1 : 0, 10]; }
    return [low, high];
  }

  /** What dygraphs draws between two x values. */
  rows(from, to) {
    const bands = this.shownSeries.some((s) => s.lows);
    const y = (v) => this.logY && !(v > 0) ? NaN : v;
    const pixels = Math.max(200, this.plot.clientWidth);
    const parts = this.shownSeries.map((s) => {
      const column = s.columns[this.x];
      let indices = drawnIndices(column, s.lows || s.values, s.highs || s.values, from, to, pixels);
      if (this.logX) indices = indices.filter((i) => column[i] > 0);
      // Undefined ends are no gaps: the curve starts and stops where it is defined.
      while (indices.length && Number.isNaN(y(s.values[indices[0]]))) indices.shift();
      while (indices.length && Number.isNaN(y(s.values[indices[indices.length - 1]]))) indices.pop();
      return {x: indices.map((i) => column[i]),
              y: indices.map((i) => bands ? [y(s.lows ? s.lows[i] : s.values[i]), y(s.values[i]), y(s.highs ? s.highs[i] : s.values[i])] : y(s.values[i]))};
    });
    const merged = mergedRows(parts, null);
    if (bands) for (const row of merged) for (let c = 1; c < row.length; ++c) {
      if (row[c] === null) row[c] = [null, null, null];
      else if (Number.isNaN(row[c][0])) row[c][0] = row[c][1]; // a band that leaves a log axis ends at its curve
    }
    return merged;
  }

  range() { return this.window || this.extent(); }

  draw() {
    if (this.chart) this.chart.destroy();
    this.chart = null;
    const series = this.shownSeries;
    const [from, to] = this.range();
    const all = this.extent();
    this.xunit = unitFor(this.axis.unit, Math.max(Math.abs(all[0]), Math.abs(all[1])));
    this.yunit = unitFor(this.data.y.unit, this.largestY());
    this.xlabel.textContent = axisTitle(this.axis, this.xunit);
    this.ylabel.textContent = axisTitle(this.data.y, this.yunit);
    const rows = this.rows(from, to);
    if (!series.length || !rows.length) { this.plot.replaceChildren(); return; }
    this.chart = new Dygraph(this.plot, rows, this.options(series, [from, to]));
    this.cursor = element('div', {class: 'cursor', hidden: true});
    this.plot.append(this.cursor);
    if (onPaper()) this.flatten();
  }

  /** Puts pictures in the place of canvases: what dygraphs clips would not be printed. */
  flatten() {
    for (const canvas of this.plot.querySelectorAll('canvas')) {
      if (!canvas.width || !canvas.height) continue;
      const picture = canvas.cloneNode();
      picture.getContext('2d').drawImage(canvas, 0, 0);
      canvas.replaceWith(picture);
    }
  }

  largestY() {
    let most = 0;
    for (const s of this.shownSeries) for (const v of s.highs || s.values) if (Math.abs(v) > most && isFinite(v)) most = Math.abs(v);
    return most;
  }

  /** Ticks at the points themselves where these are few and chosen by hand: a sweep's levels. */
  levelTicks(series) {
    const marked = series.filter((s) => s.marks);
    const levels = [...new Set(marked.flatMap((s) => [...s.columns[this.x]]))].sort((a, b) => a - b);
    return levels.length && levels.length <= 12 ? levels.map((v) => ({v, label: plain(v / this.xunit.factor, 4)})) : null;
  }

  options(series, window) {
    const grid = styleColour('--grid'), axis = styleColour('--faint');
    const ticker = (log, unit, perTick) => (low, high, pixels) => (log ? logTicks : linearTicks)(low, high, Math.max(2, Math.floor(pixels / perTick)), unit.factor);
    const levels = this.levelTicks(series);
    const spread = (low, high) => { // no two labels over one another
      const place = scaleOf(low, high, 0, this.plot.clientWidth - 56, this.logX);
      let last = -Infinity;
      return levels.map((t) => { const room = place(t.v) - last > textWidth(t.label) + 8; if (room) last = place(t.v); return room ? t : {v: t.v, label: ''}; });
    };
    const per = {};
    const labels = series.map((s, i) => `${i}`);
    series.forEach((s, i) => {
      const few = s.values.length <= 40;
      per[labels[i]] = {color: colour(s.color), strokePattern: dashes(s.stroke, s.color), drawPoints: s.marks || few, pointSize: s.marks ? 3 : 1.8, strokeWidth: 1.7};
    });
    return {
      labels: ['x', ...labels], series: per, legend: 'never', connectSeparatedPoints: true, customBars: series.some((s) => s.lows), fillAlpha: 0.18,
      logscale: this.logY, dateWindow: window, yRangePad: 10, xRangePad: 0, gridLineWidth: onPaper() ? 0.5 : 1, highlightCircleSize: 3, showLabelsOnHighlight: false,
      pixelRatio: onPaper() ? 3 : null, axisLineColor: axis, axisTickSize: 4, animatedZooms: false, labelsKMB: false, digitsAfterDecimal: 6,
      axes: {
        x: {ticker: levels ? spread : ticker(this.logX, this.xunit, 64), gridLineColor: grid, logscale: this.logX, axisLabelHeight: 18, axisLabelWidth: 60},
        y: {ticker: ticker(this.logY, this.yunit, 38), gridLineColor: grid, axisLabelWidth: 46},
      },
      zoomCallback: (a, b) => this.zoomed(a, b),
    };
  }

  /** After a drag: draw the window in full detail; after a double click: everything. */
  zoomed(from, to) {
    const [a, b] = this.extent();
    this.window = from <= a && to >= b ? null : [Math.max(a, from), Math.min(b, to)];
    const [low, high] = this.range();
    this.chart.updateOptions({file: this.rows(low, high), dateWindow: [low, high]});
  }

  zoomBy(factor) {
    const [a, b] = this.range();
    const [first, last] = this.extent();
    const t = this.logX ? [Math.log(a), Math.log(b), Math.log(first), Math.log(last)] : [a, b, first, last];
    const at = this.cursorX === undefined || this.cursorX === null ? (t[0] + t[1]) / 2 : this.logX ? Math.log(this.cursorX) : this.cursorX;
    const back = this.logX ? Math.exp : (v) => v;
    this.window = [back(Math.max(t[2], at - (at - t[0]) * factor)), back(Math.min(t[3], at + (t[1] - at) * factor))];
    this.draw();
  }

  pressed(event) {
    const columns = this.shownSeries.length ? this.shownSeries[0].columns[this.x] : null;
    if (!columns) return;
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const [low, high] = this.range();
      const at = this.cursorX === undefined || this.cursorX === null ? low : this.cursorX;
      const stride = Math.max(1, Math.round((lowerBound(columns, high) - lowerBound(columns, low)) / 200));
      const i = lowerBound(columns, at) + (event.key === 'ArrowRight' ? stride : -stride);
      this.broadcast(columns[Math.max(0, Math.min(columns.length - 1, i))]);
    } else if (event.key === '+' || event.key === '=') this.zoomBy(0.5);
    else if (event.key === '-') this.zoomBy(2);
    else if (event.key === '0' || event.key === 'Escape') { this.window = null; this.draw(); }
    else return;
    event.preventDefault();
  }

  pointAt(event) {
    if (!this.chart) return;
    const x = this.chart.toDataXCoord(event.clientX - this.plot.getBoundingClientRect().left);
    const [low, high] = this.range();
    this.broadcast(x >= low && x <= high ? x : null);
  }

  /** Shows a cursor at x in every chart over the same abscissa. */
  broadcast(x) {
    for (const chart of lineCharts) if (chart.axis.name === this.axis.name) chart.showCursor(x);
  }

  showCursor(x) {
    this.cursorX = x;
    if (!this.chart) return;
    const [low, high] = this.range();
    const inside = x !== null && x >= low && x <= high;
    this.cursor.hidden = !inside;
    this.at.textContent = inside ? shown(x, this.axis, 5) : '';
    if (inside) {
      const area = this.chart.getArea();
      this.cursor.style.left = scaleOf(low, high, area.x, area.x + area.w, this.logX)(x) + 'px'; // dygraphs' own knows no log axis
      this.cursor.style.top = area.y + 'px';
      this.cursor.style.height = area.h + 'px';
    }
    this.series.forEach((s, i) => { this.items[i].value.textContent = inside && !this.hidden.has(i) ? this.valueAt(s, x) : ''; });
  }

  /** The value at the point nearest to x, with its band. */
  valueAt(s, x) {
    const column = s.columns[this.x];
    let i = lowerBound(column, x);
    if (i > 0 && (i === column.length || x - column[i - 1] < column[i] - x)) --i;
    if (i >= column.length) return '–';
    const value = shown(s.values[i], this.data.y, 5);
    return s.lows ? `${value} [${shown(s.lows[i], this.data.y, 3)}, ${shown(s.highs[i], this.data.y, 3)}]` : value;
  }

  /** Pixels painted in a series' colour. */
  drawn() {
    const wanted = this.shownSeries.map((s) => /^#(..)(..)(..)$/.exec(colour(s.color))).map((m) => m.slice(1).map((h) => parseInt(h, 16)));
    let most = 0;
    for (const canvas of this.plot.querySelectorAll('canvas')) {
      if (!canvas.width || !canvas.height) continue;
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let p = 0; p < data.length; p += 4) {
        if (data[p + 3] > 120 && wanted.some((c) => Math.abs(c[0] - data[p]) + Math.abs(c[1] - data[p + 1]) + Math.abs(c[2] - data[p + 2]) < 40)) ++count;
      }
      most = Math.max(most, count);
    }
    return most;
  }
}
