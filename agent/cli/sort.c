/* SPDX-License-Identifier: Apache-2.0 */

/* sort: orders as a table. */

#include "cli/sort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

const struct order orders[] = {
	{ "name", "name", STRING_NAME, -1, -1, 'N' },
	{ "cpu", "CPU", -1, NUMBER_CPU_CORES, -1, 'c' },
	{ "mem", "memory", -1, NUMBER_MEMORY_WORKING_SET, -1, 'm' },
	{ "net", "network", -1, NUMBER_RECEIVE_RATE, NUMBER_SEND_RATE, 'n' },
	{ "io", "block I/O", -1, NUMBER_READ_RATE, NUMBER_WRITE_RATE, 'i' },
	{ "pids", "processes", -1, NUMBER_PIDS, -1, 'p' },
	{ "pressure", "waiting", -1, NUMBER_PRESSURE_CPU, NUMBER_PRESSURE_IO, 0 },
	{ "throttled", "throttled time", -1, NUMBER_CPU_THROTTLED_SECONDS, -1, 0 },
	{ "oom", "OOM kills", -1, NUMBER_OOM_KILLS, -1, 0 },
	{ "started", "start", -1, NUMBER_STARTED, -1, 0 },
	{ "engine", "engine", STRING_ENGINE, -1, -1, 0 },
	{ "image", "image", STRING_IMAGE, -1, -1, 0 },
	{ "state", "state", STRING_STATE, -1, -1, 0 },
	{ 0 },
};

const struct order *order_find(const char *name, struct problem *ret_problem)
{
	const char *names[ARRAY_SIZE(orders)] = { 0 };

	for (size_t i = 0; orders[i].name; i++) {
		if (strcmp(orders[i].name, name) == 0)
			return &orders[i];
		names[i] = orders[i].name;
	}
	(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
			"nothing to sort by '%.60s'%s", name, suggestion(name, names, ""));
	return NULL;
}

struct sorting {
	const struct order *order;
	bool reverse;
};

static double value_of(const struct container *container, const struct order *order)
{
	double first = container->numbers[order->first], second;

	if (order->second < 0)
		return first;
	second = container->numbers[order->second];
	if (isnan(first))
		return second;
	return isnan(second) ? first : first + second;
}

static int compare_numbers(double a, double b, bool reverse)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return reverse ? (a > b) - (a < b) : (a < b) - (a > b);
}

static int compare(const void *one, const void *other, void *userdata)
{
	const struct sorting *sorting = userdata;
	const struct container *a = one, *b = other;
	int string = sorting->order->string, order;

	if (string < 0) {
		order = compare_numbers(value_of(a, sorting->order), value_of(b, sorting->order),
					sorting->reverse);
	} else {
		order = strcmp(a->strings[string], b->strings[string]);
		order = sorting->reverse ? -order : order;
	}
	if (order == 0)
		order = strcmp(a->strings[STRING_NAME], b->strings[STRING_NAME]);
	return order != 0 ? order : strcmp(a->strings[STRING_ID], b->strings[STRING_ID]);
}

void listing_sort(struct listing *listing, const struct order *order, bool reverse)
{
	struct sorting sorting = { .order = order, .reverse = reverse };

	qsort_r(listing->items, listing->count, sizeof(*listing->items), compare, &sorting);
}
