// SPDX-License-Identifier: Apache-2.0
//
// The columns of the table: value() is what is sorted by, show() what is seen: {text, title, bar,
// level}. Both give undefined for what the agent does not know.

import { bytes, duration, level, percent, rate } from './units.js';

export const key = (c) => c.cgroup ?? c.id ?? c.name;
export const memoryUsed = (c) => c.memory.working_set_bytes ?? c.memory.usage_bytes;

const known = (value, format) => value === undefined ? undefined : { text: format(value) };
const knownRate = (value) => value === 0 ? { text: '0', title: '0 B/s', faint: true } : known(value, rate);

export function showCpu(c) {
	const { cores, limit_cores: limit, throttled_seconds: throttled } = c.cpu;
	if (cores === undefined)
		return undefined;
	return {
		text: percent(cores),
		title: `${cores.toFixed(3)} cores, ${limit ? `limit ${limit} cores` : 'no limit'}` +
			(throttled ? `; throttled for ${duration(throttled)} in all` : ''),
		bar: limit ? cores / limit : undefined,
	};
}

export function showMemory(c) {
	const used = memoryUsed(c), { limit_bytes: limit, oom_kills: kills } = c.memory;
	if (used === undefined)
		return undefined;
	return {
		text: limit ? `${bytes(used)} / ${bytes(limit)}` : bytes(used),
		title: (limit ? `${percent(used / limit)} of its limit` : 'no limit') +
			(kills ? `; killed for lack of memory: ${kills}` : ''),
		bar: limit ? used / limit : undefined,
		level: limit ? level(used / limit) : '',
	};
}

// Kinds of pressure with a known share, the worst first.
const pressures = (c) => Object.entries(c.pressure)
	.filter(([, { some_share: share }]) => share !== undefined)
	.sort((a, b) => b[1].some_share - a[1].some_share);

function showPressure(c) {
	const all = pressures(c);
	if (all.length === 0)
		return undefined;
	const [resource, { some_share: share }] = all[0];
	return {
		text: share < 0.0005 ? '0 %' : `${resource} ${percent(share)}`,
		title: 'time in which a task had to wait: ' +
			all.map(([name, p]) => `${name} ${percent(p.some_share)}`).join(', '),
		level: share >= 0.4 ? 'bad' : share >= 0.1 ? 'warn' : '',
	};
}

function showTraffic(c, member) {
	const mode = c.network.mode ?? 'own';
	if (c.network[member] === undefined && mode !== 'own')
		return { text: mode.split(':')[0], title: `network: ${mode}; counted there`, faint: true };
	return knownRate(c.network[member]);
}

const text = (id, label, get) => ({
	id, label, value: get, show: (c) => known(get(c), (value) => value),
});
const number = (id, label, value, show) => ({
	id, label, number: true, value, show: show ?? ((c) => known(value(c), String)),
});
const traffic = (id, label, member) =>
	number(id, label, (c) => c.network[member], (c) => showTraffic(c, member));
const io = (id, label, member) => number(id, label, (c) => c.io[member], (c) => knownRate(c.io[member]));

export const columns = [
	text('name', 'Name', (c) => c.name),
	text('state', 'State', (c) => c.state),
	number('cpu', 'CPU', (c) => c.cpu.cores, showCpu),
	number('memory', 'Memory', memoryUsed, showMemory),
	number('pressure', 'Pressure', (c) => pressures(c)[0]?.[1].some_share, showPressure),
	traffic('rx', 'Net in', 'receive_bytes_per_second'),
	traffic('tx', 'Net out', 'transmit_bytes_per_second'),
	io('read', 'Disk read', 'read_bytes_per_second'),
	io('write', 'Disk write', 'write_bytes_per_second'),
	number('pids', 'PIDs', (c) => c.pids),
	number('uptime', 'Up', (c) => c.uptime, (c) => known(c.uptime, duration)),
	text('runtime', 'Runtime', (c) => c.runtime),
	text('image', 'Image', (c) => c.image),
];
