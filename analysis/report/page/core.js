// What every figure uses: numbers for people, scales and ticks, SVG elements, the tooltip.
'use strict';

const UNITS = {
  's': [[1e-9, 'ns'], [1e-6, 'µs'], [1e-3, 'ms'], [1, 's'], [60, 'min'], [3600, 'h'], [86400, 'd']],
  'bit': [[1, 'bit'], [1e3, 'kbit'], [1e6, 'Mbit'], [1e9, 'Gbit'], [1e12, 'Tbit'], [1e15, 'Pbit']],
  'B': [[1, 'B'], [1e3, 'kB'], [1e6, 'MB'], [1e9, 'GB'], [1e12, 'TB']],
  '%': [[0.01, '%']],
};
// A larger unit is taken when the value holds this many of it: 300 s rather than 5 min, but 10 min rather than 600 s.
const ENOUGH = {'min': 10, 'h': 3, 'd': 3};

/** The prefixed unit in which `size` reads best: {factor, text}. */
function unitFor(unit, size) {
  const table = UNITS[unit];
  if (!table) return {factor: 1, text: unit};
  let best = size > 0 ? table[0] : table.find((row) => row[0] === 1) || table[0];
  for (const row of table) if (size >= row[0] * (ENOUGH[row[1]] || 1) * 0.9999999) best = row;
  return {factor: best[0], text: best[1]};
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
function power(exponent) {
  return '10' + (exponent < 0 ? '⁻' : '') + String(Math.abs(exponent)).replace(/\d/g, (d) => SUPERSCRIPTS[d]);
}

/** A number with `digits` significant digits, without trailing zeros: 1234567 → "1.235 M", 0.00001 → "1e-5". */
function plain(value, digits = 4) {
  if (value === 0) return '0';
  if (!isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : '–';
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(Math.max(0, digits - 1)).replace(/\.?0+e/, 'e').replace('e+', 'e').replace('-', '−');
  for (const [factor, letter] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M']]) if (size >= factor) return plain(value / factor, digits) + ' ' + letter;
  if (Number.isInteger(value)) return groups(String(size), value < 0);
  const text = size.toPrecision(digits);
  return groups(text.includes('e') ? String(Number(text)) : text.includes('.') ? text.replace(/\.?0+$/, '') : text, value < 0);
}
/** Thin spaces between thousands, from five digits on. */
function groups(text, negative) {
  const [whole, fraction] = text.split('.');
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ' ') : whole;
  return (negative ? '−' : '') + grouped + (fraction ? '.' + fraction : '');
}

/** A value of an axis with its unit: "12.5 ms", "83.2 %", "8.6 versions". */
function shown(value, axis, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const unit = unitFor(axis.unit, Math.abs(value));
  return plain(value / unit.factor, digits) + (unit.text ? ' ' + unit.text : '');
}

/** "virtual time (ms)" */
function axisTitle(axis, unit) {
  return axis.label + (unit.text ? ` (${unit.text})` : '');
}

/** Ticks of a linear axis: [{v, label}], in the unit of `factor`. */
function linearTicks(low, high, most, factor = 1) {
  const a = low / factor, b = high / factor;
  if (!(b > a)) return [{v: low, label: plain(a, 6)}];
  const raw = (b - a) / Math.max(1, most);
  const base = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = base * [1, 2, 5, 10].find((m) => m * base >= raw * 0.999999);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let i = Math.ceil(a / step - 1e-9); i * step <= b * (1 + 1e-12) + step * 1e-9; ++i) {
    const value = i * step;
    const size = Math.max(Math.abs(a), Math.abs(b));
    const small = size < 1e-3 || decimals > 6;
    const label = i === 0 ? '0' : size >= 1e5 || small ? plain(Number(value.toPrecision(10)), 6) : groups(Math.abs(value).toFixed(decimals), value < -step / 2);
    ticks.push({v: value * factor, label});
  }
  return ticks;
}

/** Ticks of a logarithmic axis: decades, and 2 and 5 between them where there is room. */
function logTicks(low, high, most, factor = 1) {
  const a = Math.log10(low / factor), b = Math.log10(high / factor);
  const decades = b - a;
  if (decades < 0.7) return linearTicks(low, high, most, factor);
  const every = Math.max(1, Math.ceil(decades / Math.max(1, most)));
  const between = decades * 3 <= most ? [1, 2, 5] : [1];
  const ticks = [];
  for (let e = Math.floor(a); e <= Math.ceil(b); ++e) {
    if (every > 1 && e % every !== 0) continue;
    for (const m of between) {
      const l = e + Math.log10(m);
      if (l < a - 1e-9 || l > b + 1e-9) continue;
      const inside = e >= -3 && e <= 4;
      ticks.push({v: m * Math.pow(10, e) * factor, label: inside ? groups(String(Number((m * Math.pow(10, e)).toPrecision(3)))) : m === 1 ? power(e) : `${m}·${power(e)}`});
    }
  }
  return ticks;
}

/** Maps [low, high] to [from, to]. */
function scaleOf(low, high, from, to, log) {
  const t = log ? Math.log10 : (v) => v;
  const a = t(low), span = t(high) - a || 1;
  return (v) => from + (t(v) - a) / span * (to - from);
}

// --- Colours ----------------------------------------------------------------------------------------------------------

const COLOURS = 8;
const DASHES = {solid: null, dashed: [6, 4], dotted: [2, 3]};

/** A colour of the style sheet, as it is now (light or dark). */
function styleColour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
function colour(i) { return styleColour('--c' + i % COLOURS); }
/** Beyond the palette's end, dashes tell series apart. */
function dashes(stroke, color) {
  if (DASHES[stroke]) return DASHES[stroke];
  return [null, [8, 3], [3, 3], [9, 3, 2, 3]][Math.floor(color / COLOURS) % 4];
}

// Viridis (van der Walt and Smith): ordered in lightness, the same for every kind of colour vision.
const VIRIDIS = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37]];
/** The style sheet's colours from nothing to full, for shares. */
function blues() { return ['--s0', '--s1', '--s2', '--s3'].map((name) => styleColour(name).match(/[0-9a-f]{2}/g).map((h) => parseInt(h, 16))); }
/** The colour at t (0 to 1) between stops at equal distances. */
function between(stops, t) {
  const x = Math.min(1, Math.max(0, t)) * (stops.length - 1), i = Math.min(stops.length - 2, Math.floor(x));
  return stops[i].map((c, k) => Math.round(c + (stops[i + 1][k] - c) * (x - i)));
}
function rgb(c) { return `rgb(${c[0]},${c[1]},${c[2]})`; }
/** Black or white, whichever is legible on the colour. */
function inkOn(c) { return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] > 140 ? '#111' : '#fff'; }

// --- Elements ---------------------------------------------------------------------------------------------------------

function element(tag, attributes = {}, children = []) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick' || name === 'oninput' || name === 'onchange') e[name] = value;
    else if (value !== null && value !== undefined && value !== false) e.setAttribute(name, value === true ? '' : value);
  }
  e.append(...[].concat(children));
  return e;
}
function svg(tag, attributes = {}, children = []) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) e.setAttribute(name, value);
  e.append(...[].concat(children));
  return e;
}
function text(x, y, content, attributes = {}) { return svg('text', {x, y, ...attributes}, [String(content)]); }

const measuring = document.createElement('canvas').getContext('2d');
/** The width of a label in the figures' type, in pixels. */
function textWidth(label) {
  measuring.font = '11.5px system-ui, "DejaVu Sans", sans-serif';
  return measuring.measureText(label).width;
}
/** Cuts a label to a width. */
function fitted(label, width) {
  if (textWidth(label) <= width) return label;
  let n = label.length;
  while (n > 1 && textWidth(label.slice(0, n) + '…') > width) --n;
  return label.slice(0, n) + '…';
}

/** A short line that shows how a series is drawn. */
function key(color, stroke) {
  const line = svg('line', {x1: 0, x2: 18, y1: 5, y2: 5, 'stroke-width': 2.5, stroke: `var(--c${color % COLOURS})`});
  const dash = dashes(stroke, color);
  if (dash) line.setAttribute('stroke-dasharray', dash.map((d) => d * 0.7).join(' '));
  return svg('svg', {class: 'key', viewBox: '0 0 18 10', 'aria-hidden': 'true'}, [line]);
}
/** A filled square that shows a kind of bar. */
function patch(fill) {
  return svg('svg', {class: 'key', viewBox: '0 0 18 10', 'aria-hidden': 'true'}, [svg('rect', {x: 2, y: 0, width: 14, height: 10, rx: 1.5, fill})]);
}

const tip = {
  box: null,
  show(event, content) {
    if (!this.box) document.body.append(this.box = element('div', {class: 'tip'}));
    this.box.textContent = content;
    this.box.hidden = false;
    const {width, height} = this.box.getBoundingClientRect();
    const x = event.clientX + 14 + width > innerWidth ? event.clientX - 14 - width : event.clientX + 14;
    this.box.style.left = Math.max(4, x) + 'px';
    this.box.style.top = Math.max(4, Math.min(innerHeight - height - 4, event.clientY + 14)) + 'px';
  },
  hide() { if (this.box) this.box.hidden = true; },
  /** Shows what `describe` says of the marked element under the pointer. */
  follow(root, describe) {
    root.addEventListener('pointermove', (event) => {
      const content = event.target.closest ? describe(event.target, event) : null;
      if (content) this.show(event, content); else this.hide();
    });
    root.addEventListener('pointerleave', () => this.hide());
  },
};
