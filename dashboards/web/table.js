// SPDX-License-Identifier: Apache-2.0
//
// The table: sorting, filtering, selecting. Text of containers goes through textContent, never
// through markup. Sort order and filter are in the address, so that a view can be passed on.

import { columns, key } from './columns.js';
import { level } from './units.js';

const ROWS_MAX = 250; // nobody reads more, and they cost the browser; the filter finds the others
const collator = new Intl.Collator(undefined, { numeric: true }); // web-2 before web-10
const DASH = { text: '–', title: 'not known', faint: true };

const $ = (id) => document.getElementById(id);
const rows = new Map(); // key of a container: its row and cells
const view = { containers: null, column: columns[2], descending: true, filter: '', selected: null };

function restore() {
	const hash = new URLSearchParams(location.hash.slice(1)), sort = hash.get('sort') ?? '-cpu';
	const column = columns.find(({ id }) => id === sort.replace('-', ''));
	if (column)
		Object.assign(view, { column, descending: sort.startsWith('-') });
	view.filter = $('filter').value = hash.get('filter') ?? '';
}

function save() {
	const hash = new URLSearchParams({ sort: (view.descending ? '-' : '') + view.column.id });
	if (view.filter)
		hash.set('filter', view.filter);
	history.replaceState(null, '', `#${hash}`);
}

// What is unknown comes last, whichever way; equals have a fixed order.
function compare(a, b) {
	const x = view.column.value(a), y = view.column.value(b);
	if (x === y)
		return key(a) < key(b) ? -1 : 1;
	if (x === undefined || y === undefined)
		return x === undefined ? 1 : -1;
	return (view.column.number ? x - y : collator.compare(x, y)) * (view.descending ? -1 : 1);
}

function matches(c, words) {
	const labels = Object.entries(c.labels).map(([name, value]) => `${name}=${value}`);
	const all = [c.name, c.image, c.runtime, c.state, c.pod, c.id, ...labels].join('\n').toLowerCase();
	return words.every((word) => all.includes(word));
}

function sortBy(column) {
	view.descending = column === view.column ? !view.descending : Boolean(column.number);
	view.column = column;
	save();
	paint();
}

function makeHead() {
	$('head').replaceChildren(...columns.map((column) => {
		const th = document.createElement('th'), button = document.createElement('button');
		th.scope = 'col';
		th.className = `${column.id} ${column.number ? 'number' : ''}`;
		button.type = 'button';
		button.textContent = column.label;
		button.addEventListener('click', () => sortBy(column));
		th.append(button);
		return th;
	}));
}

function makeRow(id) {
	const tr = document.createElement('tr');
	tr.dataset.key = id;
	tr.tabIndex = -1;
	const cells = columns.map((column) => {
		const td = document.createElement('td'), span = document.createElement('span');
		td.className = `${column.id} ${column.number ? 'number' : ''}`;
		td.append(span);
		tr.append(td);
		return { td, span, bar: null };
	});
	return { tr, cells };
}

// Writing what is there already would cost the browser a new layout.
function change(object, member, value) {
	if (object[member] !== value)
		object[member] = value;
}

export function paintBar(bar, share) {
	change(bar.parentElement, 'hidden', share === undefined);
	change(bar.style, 'width', `${Math.min(100, Math.round(100 * (share ?? 0)))}%`);
	change(bar, 'className', level(share ?? 0));
}

function paintCell(cell, shown) {
	change(cell.span, 'textContent', shown.text);
	change(cell.span, 'title', shown.title ?? shown.text);
	change(cell.span, 'className', shown.faint ? 'faint' : shown.level ?? '');
	if (shown.bar !== undefined && !cell.bar) {
		cell.bar = document.createElement('i');
		const trough = document.createElement('div');
		trough.className = 'bar';
		trough.append(cell.bar);
		cell.td.append(trough);
	}
	if (cell.bar)
		paintBar(cell.bar, shown.bar);
}

function paintRow(c) {
	const id = key(c), row = rows.get(id) ?? makeRow(id);
	rows.set(id, row);
	columns.forEach((column, i) => paintCell(row.cells[i], column.show(c) ?? DASH));
	change(row.tr, 'className', c.state);
	return row.tr;
}

// Rows move only when their order has changed, and the one with the focus keeps it.
function arrange(wanted) {
	const body = $('rows'), focused = body.contains(document.activeElement) && document.activeElement;
	wanted.forEach((tr, i) => {
		if (body.children[i] !== tr)
			body.insertBefore(tr, body.children[i] ?? null);
	});
	while (body.children.length > wanted.length)
		body.lastElementChild.remove();
	if (focused && focused.isConnected && document.activeElement !== focused)
		focused.focus({ preventScroll: true });
}

function paintEmpty(found) {
	const all = view.containers.length;
	$('none').hidden = all > 0;
	$('nothing').hidden = all === 0 || found > 0;
	$('shown').textContent = found > ROWS_MAX ? `the first ${ROWS_MAX} of ${found}; sort or filter for the others` :
		view.filter ? `${found} of ${all}` : '';
}

function paintSelection() {
	const body = $('rows'), selected = rows.get(view.selected)?.tr;
	const entry = selected?.isConnected ? selected : body.firstElementChild; // for the tab key
	for (const tr of body.children) {
		change(tr, 'ariaSelected', String(tr === selected));
		change(tr, 'tabIndex', tr === entry ? 0 : -1);
	}
}

function paint() {
	if (!view.containers)
		return;
	const words = view.filter.toLowerCase().split(/\s+/).filter(Boolean);
	const found = view.containers.filter((c) => matches(c, words)).sort(compare);
	arrange(found.slice(0, ROWS_MAX).map(paintRow));
	paintSelection();
	paintEmpty(found.length);
	columns.forEach((column, i) => {
		const th = $('head').children[i];
		th.toggleAttribute('aria-sort', column === view.column);
		if (column === view.column)
			th.setAttribute('aria-sort', view.descending ? 'descending' : 'ascending');
	});
}

export function setContainers(containers) {
	const here = new Set(containers.map(key));
	for (const id of rows.keys())
		if (!here.has(id))
			rows.delete(id);
	view.containers = containers;
	paint();
}

// onSelect is called with the key of a container, or null.
export function startTable(onSelect) {
	const select = (tr) => {
		view.selected = tr?.dataset.key ?? null;
		paintSelection();
		onSelect(view.selected);
	};
	const step = (tr, other) => {
		other?.focus();
		if (other && view.selected === tr.dataset.key)
			select(other);
	};

	restore();
	makeHead();
	$('rows').addEventListener('click', ({ target }) => select(target.closest('tr')));
	$('rows').addEventListener('keydown', (event) => {
		const tr = event.target.closest('tr');
		const actions = {
			Enter: () => select(tr),
			ArrowDown: () => step(tr, tr.nextElementSibling),
			ArrowUp: () => step(tr, tr.previousElementSibling),
		};
		if (tr && actions[event.key]) {
			event.preventDefault();
			actions[event.key]();
		}
	});
	$('filter').addEventListener('input', () => {
		view.filter = $('filter').value;
		save();
		paint();
	});
	document.addEventListener('keydown', (event) => {
		const typing = document.activeElement === $('filter');
		if (event.key === '/' && !typing) {
			event.preventDefault();
			$('filter').focus();
		} else if (event.key === 'Escape' && !typing) {
			select(null);
		}
	});
	$('close').addEventListener('click', () => select(null));
}
