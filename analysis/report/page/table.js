// A table that sorts by a click on its heads and filters by what is typed.
'use strict';

const MOST_ROWS = 400;

class SortableTable {
  constructor(figure, data, tools) {
    this.data = data;
    figure.classList.add('table');
    this.order = null; // {column, up}
    this.units = data.columns.map((c, i) => unitFor(c.unit, this.typical(i)));
    this.filter = element('input', {type: 'search', class: 'filter', placeholder: 'filter: words that a row must hold', 'aria-label': 'filter rows', oninput: () => this.draw()});
    this.count = element('p', {class: 'note', role: 'status'});
    this.heads = data.columns.map((c, i) => this.head(c, i));
    this.body = element('tbody');
    const table = element('table', {}, [element('thead', {}, [element('tr', {}, this.heads)]), this.body]);
    figure.append(element('div', {class: 'choices'}, [this.filter]), element('div', {class: 'scroll'}, [table]), this.count);
    this.draw();
  }

  isNumber(i) { return this.data.rows.some((r) => typeof r[i] === 'number'); }
  /** The median size of a column, zeros apart, which decides its unit: the same for a value and the ends of its interval. */
  typical(i) {
    const stem = (c) => c.name.replace(/_(low|high)$/, '');
    const columns = this.data.columns.flatMap((c, k) => (stem(c) === stem(this.data.columns[i]) ? [k] : []));
    const sizes = this.data.rows.flatMap((r) => columns.map((k) => r[k])).filter((v) => typeof v === 'number' && isFinite(v) && v !== 0).map(Math.abs).sort((a, b) => a - b);
    return sizes.length ? sizes[sizes.length >> 1] : 0;
  }

  head(column, i) {
    const b = element('button', {type: 'button', title: 'sort'}, [axisTitle(column, this.units[i])]);
    b.onclick = () => { this.order = {column: i, up: this.order && this.order.column === i ? !this.order.up : true}; this.draw(); };
    return element('th', {scope: 'col', class: this.isNumber(i) ? 'number' : null}, [b]);
  }

  cellText(value, i) { return value === null ? '–' : typeof value === 'number' ? plain(value / this.units[i].factor, 4) : value; }

  /** Numbers before texts, nothing last whichever the direction. */
  compare(a, b) {
    const {column, up} = this.order;
    const x = a[column], y = b[column];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : typeof x !== typeof y ? (typeof x === 'number' ? -1 : 1) : String(x).localeCompare(String(y), 'en', {numeric: true});
    return up ? order : -order;
  }

  draw() {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let rows = this.data.rows;
    if (words.length) rows = rows.filter((r) => { const all = r.map((v, i) => this.cellText(v, i)).join(' ').toLowerCase(); return words.every((w) => all.includes(w)); });
    if (this.order) rows = rows.slice().sort((a, b) => this.compare(a, b));
    this.body.replaceChildren(...rows.slice(0, MOST_ROWS).map((r) => element('tr', {}, r.map((v, i) =>
      element('td', {class: v === null ? (this.isNumber(i) ? 'number none' : 'none') : this.isNumber(i) ? 'number' : String(v).length > 40 ? 'long' : 'text'}, [this.cellText(v, i)])))));
    this.heads.forEach((h, i) => {
      const active = this.order && this.order.column === i;
      h.setAttribute('aria-sort', !active ? 'none' : this.order.up ? 'ascending' : 'descending');
      h.firstChild.textContent = axisTitle(this.data.columns[i], this.units[i]) + (active ? (this.order.up ? ' ↑' : ' ↓') : '');
    });
    this.count.textContent = rows.length > MOST_ROWS ? `${MOST_ROWS} of ${rows.length} rows are shown; filter to see others.` : words.length ? `${rows.length} of ${this.data.rows.length} rows` : '';
  }

  drawn() { return this.body.rows.length; }
}
