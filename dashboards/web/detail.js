// SPDX-License-Identifier: Apache-2.0
//
// Everything about the selected container, with what its CPU and memory did since the page was
// opened.

import { key, memoryUsed, showCpu, showMemory } from './columns.js';
import { bytes, duration } from './units.js';

const SAMPLES = 90;

const $ = (id) => document.getElementById(id);
const past = new Map(); // key of a container: {cpu, memory} of the last samples

export function remember(containers) {
	const here = new Set(containers.map(key));
	for (const id of past.keys())
		if (!here.has(id))
			past.delete(id);
	for (const c of containers) {
		const samples = past.get(key(c)) ?? { cpu: [], memory: [] };
		past.set(key(c), samples);
		for (const [list, value] of [[samples.cpu, c.cpu.cores], [samples.memory, memoryUsed(c)]])
			if (value !== undefined && list.push(value) > SAMPLES)
				list.shift();
	}
}

// The newest sample is at the right edge; the limit, where there is one, at the top.
function paintChart(line, values, limit) {
	const top = Math.max(limit ?? 0, ...values) || 1;
	line.setAttribute('points', values.map((value, i) =>
		`${SAMPLES - values.length + i + 1},${(28 - 26 * value / top).toFixed(2)}`).join(' '));
}

function facts(c) {
	const when = (seconds) => seconds && new Date(1000 * seconds).toLocaleString();
	const { receive_bytes: received, transmit_bytes: sent, mode } = c.network;
	return [
		['Image', c.image], ['Id', c.id], ['Pod', c.pod], ['Cgroup', c.cgroup],
		['Incomplete', c.detail], ['Started', when(c.started)], ['Created', when(c.created)],
		['CPU time', c.cpu.usage_seconds && duration(c.cpu.usage_seconds)],
		['Throttled', c.cpu.throttled_seconds && duration(c.cpu.throttled_seconds)],
		['Killed for lack of memory', c.memory.oom_kills], ['Network', mode],
		['Received', received && bytes(received)], ['Sent', sent && bytes(sent)],
		['Read', c.io.read_bytes && bytes(c.io.read_bytes)],
		['Written', c.io.write_bytes && bytes(c.io.write_bytes)],
		...Object.entries(c.labels),
	].filter(([, value]) => value);
}

export function paintDetail(c) {
	$('detail').hidden = !c;
	if (!c)
		return;
	const samples = past.get(key(c));
	$('detail-name').textContent = c.name ?? c.id;
	$('detail-cpu').textContent = showCpu(c)?.text ?? '–';
	$('detail-memory').textContent = showMemory(c)?.text ?? '–';
	paintChart($('chart-cpu'), samples.cpu, c.cpu.limit_cores);
	paintChart($('chart-memory'), samples.memory, c.memory.limit_bytes);
	$('facts').replaceChildren(...facts(c).flatMap((fact) => fact.map((value, i) => {
		const element = document.createElement(i === 0 ? 'dt' : 'dd');
		element.textContent = value;
		return element;
	})));
}
