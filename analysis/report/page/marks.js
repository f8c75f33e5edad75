// Bars, heat maps and scatter plots, as SVG.
'use strict';

/** The drawing area of a figure in SVG: size, margins, axes. */
class Frame {
  constructor(width, height, margin) {
    Object.assign(this, {width, height, left: margin.left, top: margin.top, right: width - margin.right, bottom: height - margin.bottom});
    this.root = svg('svg', {viewBox: `0 0 ${width} ${height}`, height, role: 'img'});
  }
  add(...marks) { this.root.append(...marks); }

  /** Grid lines and labels of the y axis. */
  yAxis(low, high, log, unit) {
    const y = scaleOf(low, high, this.bottom, this.top, log);
    const ticks = (log ? logTicks : linearTicks)(low, high, Math.max(2, (this.bottom - this.top) / 38), unit.factor);
    for (const tick of ticks) {
      const at = Math.round(y(tick.v)) + 0.5;
      this.add(svg('line', {class: 'gridline', x1: this.left, x2: this.right, y1: at, y2: at}),
               text(this.left - 6, at + 4, tick.label, {'text-anchor': 'end'}));
    }
    return y;
  }
  /** The x axis with its labels; `grid` draws lines too. */
  xAxis(low, high, log, unit, grid) {
    const x = scaleOf(low, high, this.left, this.right, log);
    const ticks = (log ? logTicks : linearTicks)(low, high, Math.max(2, (this.right - this.left) / 70), unit.factor);
    for (const tick of ticks) {
      const at = Math.round(x(tick.v)) + 0.5;
      if (grid) this.add(svg('line', {class: 'gridline', x1: at, x2: at, y1: this.top, y2: this.bottom}));
      this.add(svg('line', {class: 'axis', x1: at, x2: at, y1: this.bottom, y2: this.bottom + 4}),
               text(at, this.bottom + 16, tick.label, {'text-anchor': 'middle'}));
    }
    this.add(svg('line', {class: 'axis', x1: this.left, x2: this.right, y1: this.bottom + 0.5, y2: this.bottom + 0.5}));
    return x;
  }
  /** Labels of categories below the axis, as many as fit. */
  categories(labels, x, width) {
    const widest = Math.max(...labels.map(textWidth)) + 10;
    const every = Math.max(1, Math.ceil(widest / width));
    labels.forEach((label, i) => { if (i % every === 0) this.add(text(x(i), this.bottom + 16, label, {'text-anchor': 'middle'})); });
    this.add(svg('line', {class: 'axis', x1: this.left, x2: this.right, y1: this.bottom + 0.5, y2: this.bottom + 0.5}));
  }
}

function leftMargin(ticks) { return Math.max(30, Math.ceil(Math.max(0, ...ticks.map((t) => textWidth(t.label)))) + 12); }

/** What all SVG figures share: redrawing on a new width, a legend of patches, counting marks. */
class SvgFigure {
  constructor(figure, data, tools) {
    this.figure = figure;
    this.data = data;
    this.tools = tools;
    this.legend = element('div', {class: 'legend'});
    this.ylabel = element('span', {class: 'ylabel'});
    this.legend.append(this.ylabel);
    this.plot = element('div', {class: 'plot'});
    this.xlabel = element('div', {class: 'xlabel'});
    figure.append(this.legend, this.plot, this.xlabel);
    tip.follow(this.plot, (target, event) => this.describe(target, event));
  }
  get width() { return Math.max(240, this.plot.clientWidth); }
  /** Replaces the drawing; what a screen reader hears is the figure's title. */
  put(frame) {
    frame.root.setAttribute('aria-label', this.figure.dataset.title);
    this.plot.replaceChildren(frame.root);
  }
  legendOf(names, fill) {
    if (names.length > 1) this.legend.append(...names.map((name, i) => element('span', {class: 'item'}, [patch(fill(i)), name])));
  }
  describe(target) { return target.dataset ? target.dataset.tip || null : null; }
  drawn() { return this.plot.querySelectorAll('.mark').length; }
}

class BarChart extends SvgFigure {
  constructor(figure, data, tools) {
    super(figure, data, tools);
    this.logY = data.y.log;
    if (!data.stacked) {
      const b = element('button', {type: 'button', title: 'logarithmic y axis', 'aria-pressed': String(this.logY)}, ['log y']);
      b.onclick = () => { this.logY = !this.logY; b.setAttribute('aria-pressed', String(this.logY)); this.draw(); };
      tools.append(b);
    }
    this.legendOf(data.series.map((s) => s.name), (i) => `var(--c${data.series[i].color % COLOURS})`);
    this.draw();
  }

  /** Largest bar or stack, and the smallest above zero. */
  extent() {
    const {series, stacked} = this.data;
    let most = 0, least = Infinity;
    for (let i = 0; i < series[0].values.length; ++i) {
      const values = series.map((s) => s.values[i] || 0);
      most = Math.max(most, stacked ? values.reduce((a, b) => a + b, 0) : Math.max(...values));
      for (const v of values) if (v > 0) least = Math.min(least, v);
    }
    return [least, most || 1];
  }

  draw() {
    const {data} = this;
    const [least, most] = this.extent();
    const unit = unitFor(data.y.unit, most), xunit = unitFor(data.x.unit, data.edges ? data.edges[data.edges.length - 1] : 1);
    const low = this.logY ? Math.min(least, most) / 1.6 : 0, high = this.logY ? most * 1.3 : most * 1.04;
    const ticks = (this.logY ? logTicks : linearTicks)(low, high, 6, unit.factor);
    const frame = new Frame(this.width, 262, {left: leftMargin(ticks), right: 8, top: 8, bottom: 24});
    const y = frame.yAxis(low, high, this.logY, unit);
    const count = data.series[0].values.length;
    let left, right;
    if (data.edges) {
      const x = frame.xAxis(data.edges[0], data.edges[count], false, xunit, false);
      left = (i) => x(data.edges[i]);
      right = (i) => x(data.edges[i + 1]);
    } else {
      const step = (frame.right - frame.left) / count;
      left = (i) => frame.left + i * step;
      right = (i) => frame.left + (i + 1) * step;
      frame.categories(data.labels, (i) => (left(i) + right(i)) / 2, step);
    }
    for (let i = 0; i < count; ++i) this.bar(frame, i, left(i), right(i), y, this.logY ? low : 0);
    this.xlabel.textContent = axisTitle(data.x, xunit);
    this.ylabel.textContent = axisTitle(data.y, unit);
    this.put(frame);
  }

  bar(frame, i, left, right, y, base) {
    const {data} = this;
    const gap = Math.min(right - left > 5 ? 1 : 0, (right - left) * 0.2) + (data.labels && right - left > 12 ? (right - left) * 0.12 : 0);
    const each = data.stacked ? right - left - gap : (right - left - gap) / data.series.length;
    let below = base;
    data.series.forEach((s, k) => {
      const value = s.values[i];
      if (!(value > 0)) return;
      const from = data.stacked ? below : base, to = data.stacked ? below + value : value;
      below += value;
      const x = left + gap / 2 + (data.stacked ? 0 : k * each);
      const bottom = y(from), top = Math.min(y(to), bottom - 0.5);
      frame.add(svg('rect', {class: 'mark', x: x.toFixed(2), width: Math.max(each, 0.6).toFixed(2), y: top.toFixed(2), height: (bottom - top).toFixed(2),
                             fill: `var(--c${s.color % COLOURS})`, 'data-tip': this.barText(i)}));
    });
  }

  barText(i) {
    const {data} = this;
    const where = data.labels ? `${data.x.label} ${data.labels[i]}`
      : data.edges[i + 1] - data.edges[i] === 1 ? `${data.x.label} ${shown(data.edges[i], data.x)}`
      : `${data.x.label} ${plain(data.edges[i])} to ${shown(data.edges[i + 1] - 1, data.x)}`;
    return [where, ...data.series.map((s) => `${s.name}: ${shown(s.values[i], data.y)}`)].join('\n');
  }
}

class HeatMapChart extends SvgFigure {
  constructor(figure, data, tools) {
    super(figure, data, tools);
    this.draw();
  }

  colours() {
    const {data} = this;
    const finite = data.values.filter((v) => v !== null && isFinite(v) && (!data.value.log || v > 0));
    const low = data.low ?? Math.min(...finite), high = data.high ?? Math.max(...finite);
    const usable = finite.length > 0;
    const t = data.value.log && usable && high > low ? scaleOf(low, high, 0, 1, true) : (v) => (high > low ? (v - low) / (high - low) : 0.5);
    const stops = data.numbers ? VIRIDIS : blues();
    return {low, high, usable, stops, of: (v) => between(stops, t(v))};
  }

  draw() {
    const {data} = this;
    const rows = data.row_labels.length, columns = data.column_labels.length;
    const colours = this.colours();
    const unit = unitFor(data.value.unit, colours.usable ? Math.max(Math.abs(colours.low), Math.abs(colours.high)) : 1);
    const labelWidth = Math.min(this.width * 0.3, Math.max(...data.row_labels.map(textWidth)) + 12);
    const cell = data.numbers ? Math.min(120, (this.width - labelWidth - 8) / columns) : (this.width - labelWidth - 8) / columns;
    const height = data.numbers ? 32 : rows > 24 ? 9 : 15;
    const frame = new Frame(this.width, rows * height + 4 + 66, {left: labelWidth, right: Math.max(0, this.width - labelWidth - cell * columns), top: 4, bottom: 66});
    frame.add(hatch());
    const every = Math.ceil(12 / height);
    for (let r = 0; r < rows; ++r) {
      if (r % every === 0) frame.add(text(labelWidth - 6, frame.top + r * height + height / 2 + 4, fitted(data.row_labels[r], labelWidth - 8), {'text-anchor': 'end'}));
      for (let c = 0; c < columns; ++c) this.cell(frame, r, c, labelWidth + c * cell, frame.top + r * height, cell, height, colours, unit);
    }
    if (data.edges) frame.xAxis(data.edges[0], data.edges[columns], false, unitFor(data.columns.unit, data.edges[columns]), false);
    else this.columnLabels(frame, labelWidth, cell, frame.top + rows * height);
    this.scaleBar(frame, colours, unit);
    this.ylabel.textContent = data.numbers ? `${data.rows.label} (down), ${data.columns.label} (across); ${axisTitle(data.value, unit)}` : axisTitle(data.value, unit);
    if (data.edges) frame.add(text(frame.right, frame.height - 14, axisTitle(data.columns, unitFor(data.columns.unit, data.edges[columns])), {'text-anchor': 'end'}));
    this.put(frame);
  }

  cell(frame, r, c, x, y, width, height, colours, unit) {
    const {data} = this;
    const i = r * data.column_labels.length + c;
    const value = data.values[i], note = data.notes ? data.notes[i] : '';
    const has = value !== null && value !== undefined;
    const gap = data.numbers ? 1 : 0;
    const fill = has ? colours.of(value) : null;
    const where = `${data.rows.label} ${data.row_labels[r]}, ${data.columns.label} ${data.column_labels[c]}`.trim();
    frame.add(svg('rect', {class: has ? 'mark' : 'mark empty', x: x.toFixed(2), y: y + gap / 2, width: (width - gap).toFixed(2), height: height - gap, fill: has ? rgb(fill) : null,
                           'shape-rendering': data.numbers ? null : 'crispEdges',
                           'data-tip': `${where}\n${has ? `${data.value.label}: ${shown(value, data.value)}` : ''}${note ? (has ? '\n' : '') + note : has ? '' : 'no result'}`}));
    if (!data.numbers) return;
    const label = has ? plain(value / unit.factor, 3) : note || '–';
    if (width > 24) frame.add(text(x + width / 2, y + height / 2 + 4, fitted(label, width - 4), {'text-anchor': 'middle', 'pointer-events': 'none', style: has ? `fill:${inkOn(fill)}` : ''}));
  }

  columnLabels(frame, left, cell, bottom) {
    const labels = this.data.column_labels;
    const every = cell > 30 ? 1 : Math.ceil((Math.max(...labels.map(textWidth)) + 10) / cell);
    labels.forEach((label, c) => {
      if (c % every === 0) frame.add(text(left + (c + 0.5) * cell, bottom + 16, every === 1 ? fitted(label, cell - 4) : label, {'text-anchor': 'middle'}));
    });
  }

  /** The colour scale with its ends. */
  scaleBar(frame, colours, unit) {
    if (!colours.usable) return;
    const width = Math.min(200, this.width * 0.4), y = frame.height - 26, left = frame.left;
    const stops = colours.stops.map((c, i) => svg('stop', {offset: i / (colours.stops.length - 1), 'stop-color': rgb(c)}));
    const id = `scale-${this.figure.id}`;
    frame.add(svg('defs', {}, [svg('linearGradient', {id}, stops)]), svg('rect', {x: left, y, width, height: 9, fill: `url(#${id})`}));
    const ends = `${plain(colours.low / unit.factor, 3)}`, last = `${plain(colours.high / unit.factor, 3)}${unit.text ? ' ' + unit.text : ''}${this.data.value.log ? ', log scale' : ''}`;
    frame.add(text(left, y + 22, ends), text(left + width, y + 22, last, {'text-anchor': this.data.value.log ? 'start' : 'end'}));
  }
}

/** The pattern of cells without a value. */
function hatch() {
  return svg('defs', {}, [svg('pattern', {id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'},
    [svg('rect', {width: 6, height: 6, fill: 'var(--none)'}), svg('line', {x1: 0, y1: 0, x2: 0, y2: 6, stroke: 'var(--rule)', 'stroke-width': 3})])]);
}

class ScatterChart extends SvgFigure {
  constructor(figure, data, tools) {
    super(figure, data, tools);
    this.log = {x: data.x.log, y: data.y.log};
    for (const axis of ['x', 'y']) {
      const b = element('button', {type: 'button', title: `logarithmic ${axis} axis`, 'aria-pressed': String(this.log[axis])}, [`log ${axis}`]);
      b.onclick = () => { this.log[axis] = !this.log[axis]; b.setAttribute('aria-pressed', String(this.log[axis])); this.draw(); };
      tools.append(b);
    }
    this.legendOf(data.groups, (i) => `var(--c${i % COLOURS})`);
    this.draw();
  }

  /** An axis range with room around the points. */
  range(values, log) {
    const usable = values.filter((v) => !log || v > 0);
    const low = Math.min(...usable), high = Math.max(...usable);
    if (!usable.length) return [log ? 1 : 0, log ? 10 : 1];
    if (log) { const pad = Math.pow(high / low, 0.08) * 1.05; return [low / pad, high * pad]; }
    const pad = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
    return [Math.max(low >= 0 ? 0 : -Infinity, low - pad), high + pad];
  }

  draw() {
    const {data} = this;
    const points = data.points.filter((p) => (!this.log.x || p.x > 0) && (!this.log.y || p.y > 0));
    const [x0, x1] = this.range(points.map((p) => p.x), this.log.x), [y0, y1] = this.range(points.map((p) => p.y), this.log.y);
    const xunit = unitFor(data.x.unit, x1), yunit = unitFor(data.y.unit, y1);
    const ticks = (this.log.y ? logTicks : linearTicks)(y0, y1, 8, yunit.factor);
    const frame = new Frame(this.width, 340, {left: leftMargin(ticks), right: 12, top: 10, bottom: 24});
    const y = frame.yAxis(y0, y1, this.log.y, yunit), x = frame.xAxis(x0, x1, this.log.x, xunit, true);
    this.front(frame, points, x, y);
    const labelled = this.placedLabels(points, x, y, frame);
    points.forEach((p, i) => {
      frame.add(svg('circle', {class: 'mark', cx: x(p.x).toFixed(1), cy: y(p.y).toFixed(1), r: p.on_front ? 5.5 : 4, fill: `var(--c${p.color % COLOURS})`, 'fill-opacity': p.on_front ? 1 : 0.55,
                               stroke: p.on_front ? 'var(--ink)' : 'none', tabindex: '0',
                               'data-tip': `${p.name}\n${data.x.label}: ${shown(p.x, data.x)}\n${data.y.label}: ${shown(p.y, data.y)}${p.on_front ? '\non the Pareto front' : ''}`}));
      if (labelled[i]) frame.add(text(labelled[i].x, labelled[i].y, labelled[i].text, {'text-anchor': labelled[i].anchor, class: p.on_front ? 'strong' : null, 'pointer-events': 'none'}));
    });
    this.xlabel.textContent = axisTitle(data.x, xunit);
    this.ylabel.textContent = axisTitle(data.y, yunit);
    this.put(frame);
  }

  /** The front as a staircase: what is right of and above it is beaten. */
  front(frame, points, x, y) {
    const front = points.filter((p) => p.on_front).sort((a, b) => a.x - b.x || b.y - a.y);
    if (!front.length) return;
    let d = `M${x(front[0].x).toFixed(1)},${frame.top} V${y(front[0].y).toFixed(1)}`;
    for (const p of front.slice(1)) d += ` H${x(p.x).toFixed(1)} V${y(p.y).toFixed(1)}`;
    frame.add(svg('path', {class: 'front', d: `${d} H${frame.right}`}));
  }

  /** Names beside points, those on the front first, where they touch neither a name nor a point. */
  placedLabels(points, x, y, frame) {
    const taken = points.map((p) => [x(p.x) - 5, y(p.y) - 5, x(p.x) + 5, y(p.y) + 5]);
    const out = [];
    const order = points.map((p, i) => i).sort((a, b) => points[b].on_front - points[a].on_front || a - b);
    const most = Math.max(12, points.filter((p) => p.on_front).length);
    for (const i of order.slice(0, Math.min(most, 40))) {
      if (points.length > 20 && !points[i].on_front) continue;
      const p = points[i], label = fitted(p.name, 190), width = textWidth(label);
      const places = [[8, -9, 'start'], [8, 17, 'start'], [-8, -9, 'end'], [-8, 17, 'end'], [8, 4, 'start'], [-8, 4, 'end']];
      for (const [dx, dy, anchor] of places) {
        const at = {x: x(p.x) + dx, y: y(p.y) + dy, anchor, text: label};
        const left = anchor === 'start' ? at.x : at.x - width;
        const box = [left, at.y - 10, left + width, at.y + 3];
        if (box[0] < frame.left || box[2] > frame.right + 8 || box[1] < frame.top) continue;
        if (taken.some((t, k) => k !== i && t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) continue;
        taken.push(box);
        out[i] = at;
        break;
      }
    }
    return out;
  }
}
