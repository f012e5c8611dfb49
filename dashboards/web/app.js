// SPDX-License-Identifier: Apache-2.0
//
// Asks the agent every other second and paints what it says; says so when it does not answer.

import { key } from './columns.js';
import { paintDetail, remember } from './detail.js';
import { paintBar, setContainers, startTable } from './table.js';
import { bytes, duration, percent } from './units.js';

const REFRESH_MS = 2000;
const TIMEOUT_MS = 8000;

const $ = (id) => document.getElementById(id);
const state = { containers: [], selected: null, interval: 1, sampled: null, agent: null };

function paintSelected() {
	paintDetail(state.containers.find((c) => key(c) === state.selected));
}

// A large text and a small one behind it.
function paintFigure(id, figure, unit, more) {
	const small = document.createElement('span');
	small.textContent = unit;
	$(id).replaceChildren(figure, ' ', small);
	$(`${id}-more`).textContent = more;
}

function paintMachine({ host, machine }) {
	const facts = [machine.kernel && `Linux ${machine.kernel}`,
		host.host_uptime_seconds && `up ${duration(host.host_uptime_seconds)}`];
	$('host').textContent = machine.name ?? 'Plimsoll';
	$('machine').textContent = facts.filter(Boolean).join(' · ');
	document.title = machine.name ? `${machine.name} · Plimsoll` : 'Plimsoll';
}

function waiting(usage, resource) {
	const share = usage.pressure?.[resource]?.some_share;
	return share === undefined ? '' : `tasks wait ${percent(share)} of the time`;
}

function paintHost({ host, machine }) {
	const all = machine.machine_cpu_cores, cores = host.cpu?.cores;
	const { host_memory_total_bytes: total, host_memory_available_bytes: available } = host;
	const used = total === undefined || available === undefined ? undefined : total - available;
	const loads = [host.host_load_1, host.host_load_5, host.host_load_15];

	paintFigure('cpu', cores === undefined ? '–' : cores.toFixed(2), all ? `of ${all} cores` : 'cores',
		waiting(host, 'cpu'));
	paintBar($('cpu-bar'), all && cores !== undefined ? cores / all : undefined);
	paintFigure('memory', used === undefined ? '–' : bytes(used), total ? `of ${bytes(total)}` : '',
		waiting(host, 'memory'));
	paintBar($('memory-bar'), used === undefined ? undefined : used / total);
	paintFigure('load', loads[0] === undefined ? '–' : loads[0].toFixed(2),
		loads.slice(1).filter((load) => load !== undefined).map((load) => load.toFixed(2)).join(' '),
		'1, 5 and 15 minutes');
}

function paintCounts() {
	const counts = new Map();
	for (const c of state.containers)
		counts.set(c.state, (counts.get(c.state) ?? 0) + 1);
	paintFigure('containers', state.containers.length, '',
		[...counts].map(([name, count]) => `${count} ${name}`).join(', '));
}

// Collectors that this host has no source for. "v1_x" and "x" read the same thing from the two
// versions of cgroups: one of them is enough.
function missing(collectors) {
	const plain = ({ collector }) => collector.replace(/^v1_/, '');
	const up = new Set(collectors.filter((c) => c.collector_up !== 0).map(plain));
	return [...new Set(collectors.map(plain))].filter((name) => !up.has(name));
}

// What the agent costs, and what it cannot do here.
function paintAgent({ time, agent, collectors }) {
	const { agent_cpu_seconds: cpu, agent_rss_bytes: rss } = agent, before = state.agent;
	if (before?.time !== time)
		state.agent = { time, cpu, share: (cpu - before?.cpu) / (time - before?.time) };
	const failing = collectors.filter((c) => c.collector_success === 0).map((c) => c.collector);
	const sentences = [
		failing.length > 0 && `failing: ${failing.join(', ')}`,
		missing(collectors).length > 0 && `not offered by this host: ${missing(collectors).join(', ')}`,
	].filter(Boolean);

	paintFigure('agent', state.agent.share >= 0 ? percent(state.agent.share) : '–',
		rss ? `CPU, ${bytes(rss)}` : 'CPU', sentences.join('; ') || 'all collectors work');
	$('agent-more').className = failing.length > 0 ? 'degraded' : '';
}

// The age of what is shown, and a sentence when it is not what it should be.
function paintAge(problem) {
	const age = state.sampled === null ? null : (Date.now() - state.sampled) / 1000;
	const late = age !== null && age > Math.max(5, 3 * state.interval + 1);
	const sentence = problem ?? (late ? 'plimsolld has stopped sampling, or is very late.' : '');

	$('alert').hidden = sentence === '';
	$('alert').textContent = sentence && age !== null ?
		`${sentence} What you see is ${duration(age)} old.` : sentence;
	$('age').className = sentence ? 'late' : 'live';
	$('age').textContent = age === null ? 'no data yet' :
		age < 2 ? 'live' : `${duration(age)} old`;
	document.body.classList.toggle('lost', sentence !== '');
}

async function ask(path) {
	const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
	if (!response.ok)
		throw new Error((await response.text()).trim() || response.statusText);
	return { age: Number(response.headers.get('Age') ?? 0), body: await response.json() };
}

function take(list, host) {
	// The agent's own clock and the Age header: this machine's clock may be wrong.
	state.sampled = Date.now() - 1000 * list.age;
	state.interval = list.body.interval;
	state.containers = list.body.containers;
	for (const c of state.containers)
		c.uptime = c.started === undefined || c.state === 'exited' ? undefined :
			Math.max(0, list.body.time - c.started);
	remember(state.containers);
	setContainers(state.containers);
	paintMachine(host.body);
	paintHost(host.body);
	paintCounts();
	paintAgent(host.body);
	paintSelected();
}

async function refresh() {
	try {
		take(...await Promise.all([ask('/api/v1/containers'), ask('/api/v1/host')]));
		state.problem = undefined;
	} catch (error) {
		// fetch says TypeError when there is no connection, and TimeoutError when no answer.
		state.problem = error.name === 'Error' ? error.message :
			'The agent cannot be reached; trying again every other second.';
	}
	paintAge(state.problem);
}

async function loop() {
	if (!document.hidden)
		await refresh();
	setTimeout(loop, REFRESH_MS);
}

startTable((selected) => {
	state.selected = selected;
	paintSelected();
});
document.addEventListener('visibilitychange', () => document.hidden || refresh());
setInterval(() => paintAge(state.problem), 1000);
loop();
