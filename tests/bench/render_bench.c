/* SPDX-License-Identifier: Apache-2.0 */

/* render_bench COUNT: what rendering a snapshot of COUNT containers costs, by format.
 *
 * Every cell of every container is set, with one block device and one network interface each: the
 * worst case, not the usual one. Prints "key value" lines for tests/bench/run. */

#include <stdio.h>
#include <string.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "exporters/exporter.h"
#include "model/draft.h"
#include "model/snapshot.h"

#define REPEATS 20

static bool begins_family(enum metric metric)
{
	return metric == 0 || strcmp(metric_infos[metric].name, metric_infos[metric - 1].name) != 0;
}

/* Of a family of states one holds. */
static void fill(struct row *row, uint64_t seed)
{
	const struct entity_info *info = &entity_infos[row->entity];

	for (enum metric metric = info->first; metric < info->end; metric++)
		row_set(row, metric,
			metric_infos[metric].kind == KIND_STATE
				? begins_family(metric)
				: seed * 7919 + (uint64_t) metric * 104729);
}

static int add_container(struct draft *draft, unsigned number)
{
	struct row *row = draft_take(draft, ENTITY_CONTAINER), *device, *interface;
	char path[128], name[64];

	if (!row)
		return -1;
	(void) snprintf(path, sizeof(path), "/docker/%064x", number + 1);
	(void) snprintf(name, sizeof(name), "shop-worker-%u", number);
	draft_string(draft, row, ATTRIBUTE_PATH, path);
	draft_string(draft, row, ATTRIBUTE_NAME, name);
	draft_string(draft, row, ATTRIBUTE_IMAGE, "shop/worker:1.2");
	draft_string(draft, row, ATTRIBUTE_RUNTIME, "docker");
	draft_string(draft, row, ATTRIBUTE_ID, path + sizeof("/docker/") - 1);
	fill(row, number);
	device = draft_child(draft, row, ENTITY_DEVICE, "/dev/vda");
	interface = draft_child(draft, row, ENTITY_INTERFACE, "eth0");
	if (!device || !interface)
		return -1;
	fill(device, number);
	fill(interface, number);
	return 0;
}

static void measure(const struct exporter *exporter, const struct snapshot *snapshot,
		    unsigned count, bool full)
{
	CLEANUP(text_fini) struct text text = { 0 };
	const struct export export = { .now = snapshot, .full = full };
	uint64_t start_ns;

	(void) exporter->write(&export, &text); /* makes the text as large as it gets */
	start_ns = clock_process_cpu_ns();
	for (unsigned i = 0; i < REPEATS; i++) {
		text.length = 0;
		(void) exporter->write(&export, &text); /* measured, not looked at */
	}
	printf("%s%s_cpu_ms %.2f\n", exporter->name, full ? "_full" : "",
	       (double) (clock_process_cpu_ns() - start_ns) / REPEATS / 1e6);
	printf("%s%s_bytes_per_container %zu\n", exporter->name, full ? "_full" : "",
	       text.length / count);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned) strtoul(argv[1], NULL, 10) : 0;
	struct draft_limits limits = draft_limits_for(count);
	CLEANUP(free_p) struct snapshot *snapshot = NULL;
	struct draft *draft;
	int r = 0;

	if (count == 0 || draft_new(&limits, &draft) < 0) {
		fprintf(stderr, "render_bench COUNT\n");
		return 2;
	}
	draft_begin(draft, NSEC_PER_SEC, NSEC_PER_SEC, NSEC_PER_SEC);
	for (unsigned i = 0; i < count && r == 0; i++)
		r = add_container(draft, i);
	snapshot = calloc(1, draft_bytes(draft));
	if (r == 0 && snapshot) {
		(void) draft_write(draft, snapshot);
		measure(&exporter_prometheus, snapshot, count, false);
		measure(&exporter_prometheus, snapshot, count, true);
		measure(&exporter_openmetrics, snapshot, count, false);
		measure(&exporter_json_containers, snapshot, count, false);
	}
	draft_free(draft);
	return r == 0 && snapshot ? 0 : 1;
}
