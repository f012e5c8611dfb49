// SPDX-License-Identifier: Apache-2.0
//
// Numbers as people read them.

function scaled(value, base, units) {
	let unit = 0;
	while (value >= base * 0.9995 && unit < units.length - 1) {
		value /= base;
		unit++;
	}
	const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
	return `${value.toFixed(digits)} ${units[unit]}`;
}

export const bytes = (value) => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
export const rate = (value) => scaled(value, 1000, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s']);
export const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;

const steps = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];

// The two largest units: "3d 4h", "12m 5s"; "80ms".
export function duration(seconds) {
	const first = steps.findIndex(([size]) => seconds >= size);
	if (first < 0)
		return `${Math.round(1000 * seconds)}ms`;
	const [size, unit] = steps[first], next = steps[first + 1];
	const rest = next ? Math.floor(seconds % size / next[0]) : 0;
	return `${Math.floor(seconds / size)}${unit}` + (rest > 0 ? ` ${rest}${next[1]}` : '');
}

// How alarming a used share of something limited is.
export const level = (share) => share >= 0.95 ? 'bad' : share >= 0.8 ? 'warn' : '';
