// Who did what when: lanes of bars over virtual time, as SVG. Drag or use the buttons to zoom, arrow keys to move.
'use strict';

const KIND_FILL = ['var(--c0)', 'var(--c4)', 'var(--c5)', 'var(--c2)', 'var(--c1)'];

class GanttChart extends SvgFigure {
  constructor(figure, data, tools) {
    super(figure, data, tools);
    const {lane, kind, start, finish, text: texts} = data.bars;
    this.bars = start.map((s, i) => ({lane: lane[i], kind: kind[i], start: s, finish: finish[i], text: texts[i]}));
    this.first = Math.min(...start);
    this.last = Math.max(...finish);
    if (!(this.last > this.first)) this.last = this.first + 1e-9;
    this.home = [this.first, data.window === null || data.window === undefined ? this.last : Math.min(this.last, this.first + data.window)];
    this.window = this.home.slice();
    this.buttons();
    const used = data.kinds.map((name, k) => this.bars.some((b) => b.kind === k));
    this.legend.append(...data.kinds.map((name, k) => element('span', {class: 'item'}, [patch(KIND_FILL[k]), name])).filter((e, k) => used[k]));
    this.plot.tabIndex = 0;
    this.plot.addEventListener('keydown', (e) => this.pressed(e));
    this.plot.addEventListener('pointerdown', (e) => this.grabbed(e));
    this.plot.addEventListener('dblclick', () => this.show(this.first, this.last));
    this.draw();
  }

  buttons() {
    const actions = [['◀', 'earlier', () => this.move(-0.5)], ['▶', 'later', () => this.move(0.5)], ['+', 'zoom in', () => this.zoom(0.5)], ['−', 'zoom out', () => this.zoom(2)],
                     ['start', 'the first window', () => this.show(...this.home)], ['all', 'everything (double click)', () => this.show(this.first, this.last)]];
    for (const [label, title, onclick] of actions) this.tools.append(element('button', {type: 'button', title, 'aria-label': title, onclick}, [label]));
  }

  show(from, to) {
    const length = Math.min(this.last - this.first, Math.max(to - from, (this.last - this.first) * 1e-7));
    const start = Math.min(Math.max(this.first, from), this.last - length);
    this.window = [start, start + length];
    this.draw();
  }
  move(share) { const [a, b] = this.window; this.show(a + (b - a) * share, b + (b - a) * share); }
  zoom(factor) { const [a, b] = this.window, half = (b - a) * factor / 2; this.show((a + b) / 2 - half, (a + b) / 2 + half); }

  pressed(event) {
    const actions = {ArrowLeft: () => this.move(-0.25), ArrowRight: () => this.move(0.25), '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2), '0': () => this.show(this.first, this.last)};
    if (!actions[event.key]) return;
    actions[event.key]();
    event.preventDefault();
  }

  /** Zooms to the stretch that is dragged over. */
  grabbed(event) {
    const left = this.plot.getBoundingClientRect().left, frame = this.frame, from = event.clientX - left;
    if (event.button !== 0 || from < frame.left || from > frame.right) return;
    const box = svg('rect', {class: 'selection', y: frame.top, height: frame.bottom - frame.top});
    frame.add(box);
    const clamp = (v) => Math.min(frame.right, Math.max(frame.left, v));
    const dragged = (e) => {
      const to = clamp(e.clientX - left);
      box.setAttribute('x', Math.min(from, to));
      box.setAttribute('width', Math.abs(to - from));
    };
    const released = (e) => {
      removeEventListener('pointermove', dragged);
      removeEventListener('pointerup', released);
      box.remove();
      const to = clamp(e.clientX - left), [a, b] = this.window;
      const time = (pixel) => a + (pixel - frame.left) / (frame.right - frame.left) * (b - a);
      if (Math.abs(to - from) > 4) this.show(time(Math.min(from, to)), time(Math.max(from, to)));
    };
    addEventListener('pointermove', dragged);
    addEventListener('pointerup', released);
  }

  draw() {
    const {data} = this;
    const lanes = data.lanes.length, height = lanes > 20 ? 16 : 22;
    const unit = unitFor(data.x.unit, this.window[1]);
    const left = Math.min(this.width * 0.3, Math.max(...data.lanes.map(textWidth)) + 12);
    const frame = this.frame = new Frame(this.width, lanes * height + 30, {left, right: 10, top: 4, bottom: 26});
    const x = frame.xAxis(...this.window, false, unit, true);
    data.lanes.forEach((lane, i) => {
      frame.add(text(left - 6, frame.top + i * height + height / 2 + 4, fitted(lane, left - 8), {'text-anchor': 'end'}),
                svg('line', {class: 'gridline', x1: frame.left, x2: frame.right, y1: frame.top + (i + 1) * height, y2: frame.top + (i + 1) * height}));
    });
    const ends = new Map(); // per lane and kind: how far right something is drawn already
    for (const bar of this.bars) {
      if (bar.finish < this.window[0] || bar.start > this.window[1]) continue;
      const a = Math.max(frame.left, x(bar.start)), b = Math.min(frame.right, x(bar.finish));
      const place = bar.lane * 8 + bar.kind;
      if (b - a < 0.4 && b < (ends.get(place) ?? -1) + 0.4) continue;
      ends.set(place, b);
      frame.add(this.mark(bar, a, b, frame.top + bar.lane * height, height));
    }
    this.xlabel.textContent = axisTitle(data.x, unit);
    this.put(frame);
  }

  /** Computing fills the middle of the lane, messages run along its edges, updates are marks. */
  mark(bar, a, b, top, height) {
    const what = `${this.data.lanes[bar.lane]}: ${this.data.kinds[bar.kind]}\n${bar.text ? bar.text + '\n' : ''}` +
      (bar.finish > bar.start ? `${shown(bar.start, this.data.x, 6)} to ${shown(bar.finish, this.data.x, 6)} (${shown(bar.finish - bar.start, this.data.x)})` : `at ${shown(bar.start, this.data.x, 6)}`);
    const common = {class: 'mark', fill: KIND_FILL[bar.kind], 'data-tip': what};
    if (bar.kind >= 3) {
      const y = top + height - 1;
      return svg('path', {...common, d: `M${a.toFixed(1)},${(y - height * 0.4).toFixed(1)}l3.5,${(height * 0.36).toFixed(1)}h-7z`, stroke: 'var(--page)', 'stroke-width': 0.5});
    }
    const share = bar.kind === 0 ? [0.2, 0.6] : bar.kind === 1 ? [0.82, 0.13] : [0.04, 0.13];
    return svg('rect', {...common, x: a.toFixed(2), width: Math.max(0.5, b - a).toFixed(2), y: (top + height * share[0]).toFixed(1), height: (height * share[1]).toFixed(1),
                        stroke: bar.kind === 0 && b - a > 3 ? 'var(--page)' : 'none', 'stroke-width': 0.8});
  }
}
