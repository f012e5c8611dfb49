/* SPDX-License-Identifier: Apache-2.0 */

/* selection: which container rows an answer shows. */

#include "exporters/selection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exporters/exporter.h"

bool row_is_root(const struct snapshot *snapshot, const struct row *row)
{
	return strcmp(snapshot_string(snapshot, row, ATTRIBUTE_PATH), "/") == 0;
}

enum container_state row_state(const struct row *row)
{
	static const enum metric cells[STATE_COUNT] = {
		[STATE_CREATED] = METRIC_STATE_CREATED,
		[STATE_RUNNING] = METRIC_STATE_RUNNING,
		[STATE_PAUSED] = METRIC_STATE_PAUSED,
		[STATE_RESTARTING] = METRIC_STATE_RESTARTING,
		[STATE_REMOVING] = METRIC_STATE_REMOVING,
		[STATE_EXITED] = METRIC_STATE_EXITED,
		[STATE_DEAD] = METRIC_STATE_DEAD,
	};
	uint64_t value;

	for (enum container_state state = STATE_UNKNOWN + 1; state < STATE_COUNT; state++)
		if (row_get(row, cells[state], &value) && value > 0)
			return state;

	return STATE_UNKNOWN;
}

bool row_has_ended(const struct row *row)
{
	enum container_state state = row_state(row);

	if (state != STATE_UNKNOWN)
		return state != STATE_RUNNING && state != STATE_PAUSED;
	for (enum metric i = METRIC_FIRST_CONTAINER; i < METRIC_END_CONTAINER; i++)
		if (row_has(row, i) && i != METRIC_LAST_SEEN && i != METRIC_LAST_EXIT_CODE &&
		    i != METRIC_LAST_EXIT_TIME)
			return false;

	return row_has(row, METRIC_LAST_SEEN);
}

static uint64_t last_seen_ns(const struct row *row)
{
	uint64_t seen_ns = 0;

	(void) row_get(row, METRIC_LAST_SEEN, &seen_ns); /* never seen is the oldest */
	return seen_ns;
}

/* How well the row fits; 0: not at all. */
static unsigned fit(const struct snapshot *snapshot, const struct row *row, const char *which)
{
	const char *id = snapshot_string(snapshot, row, ATTRIBUTE_ID);
	size_t length = strlen(which);

	if (length == 0 || row_is_root(snapshot, row))
		return 0;
	if (strcmp(snapshot_string(snapshot, row, ATTRIBUTE_PATH), which) == 0 ||
	    strcmp(id, which) == 0)
		return 3;
	if (strcmp(snapshot_string(snapshot, row, ATTRIBUTE_NAME), which) == 0)
		return 2;
	return length >= SELECTION_PREFIX_MIN && strncmp(id, which, length) == 0 ? 1 : 0;
}

/* Its cgroup's path; one that never had a cgroup has its id alone. */
static const char *place_of(const struct snapshot *snapshot, const struct row *row)
{
	const char *path = snapshot_string(snapshot, row, ATTRIBUTE_PATH);

	return path[0] != '\0' ? path : snapshot_string(snapshot, row, ATTRIBUTE_ID);
}

/* The same container twice: one that ended, and what was started under its id since. */
static bool is_same_container(const struct snapshot *snapshot, const struct row *one,
			      const struct row *other)
{
	return strcmp(place_of(snapshot, one), place_of(snapshot, other)) == 0;
}

struct best {
	const struct row *row;
	unsigned fit;
	bool several;
};

static void consider(const struct snapshot *snapshot, const struct row *row, unsigned row_fit,
		     struct best *best)
{
	if (!best->row || row_fit > best->fit)
		*best = (struct best){ .row = row, .fit = row_fit };
	else if (row_fit < best->fit)
		return;
	else if (!is_same_container(snapshot, row, best->row))
		best->several = true;
	else if (last_seen_ns(row) > last_seen_ns(best->row))
		best->row = row;
}

int selection_find(const struct snapshot *snapshot, const char *which, const struct row **ret_row)
{
	struct best best = { 0 };

	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i++) {
		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);
		unsigned row_fit = row ? fit(snapshot, row, which) : 0;

		if (row_fit > 0)
			consider(snapshot, row, 2 * row_fit + !row_has_ended(row), &best);
	}

	if (!best.row)
		return -ENOENT;
	if (best.several)
		return -EEXIST;
	*ret_row = best.row;
	return 0;
}

static uint64_t hash_of(const char *path)
{
	uint64_t hash = 0xcbf29ce484222325ULL; /* FNV-1a */

	for (; *path; path++)
		hash = (hash ^ (unsigned char) *path) * 0x100000001b3ULL;

	return hash ^ hash >> 32;
}

/* Shows the row, unless another with its path is there that was seen later. `seats` holds
 * index + 1 of the row shown for a path, 0: free; it is never more than half full. */
static void show(struct selection *selection, const struct snapshot *snapshot,
		 const struct row *row, uint32_t *seats, uint32_t mask)
{
	const char *path = place_of(snapshot, row);
	uint32_t seat = (uint32_t) hash_of(path) & mask;

	if (path[0] == '\0')
		return;

	for (; seats[seat] > 0; seat = (seat + 1) & mask) {
		uint32_t index = seats[seat] - 1;
		const struct row *other = snapshot_row(snapshot, ENTITY_CONTAINER, index);

		if (!is_same_container(snapshot, row, other))
			continue;
		if (last_seen_ns(row) < last_seen_ns(other))
			return;
		selection->shown[index] = false;
		break;
	}

	seats[seat] = row->index + 1;
	selection->shown[row->index] = true;
}

static int show_all(struct selection *selection, const struct snapshot *snapshot)
{
	uint32_t *seats, size = 2;

	while (size < 2 * selection->rows)
		size *= 2;
	seats = calloc(size, sizeof(*seats));
	if (!seats)
		return -ENOMEM;

	for (uint32_t i = 0; i < selection->rows; i++) {
		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);

		if (row)
			show(selection, snapshot, row, seats, size - 1);
	}

	free(seats);
	return 0;
}

static int show_one(struct selection *selection, const struct snapshot *snapshot, const char *which)
{
	const struct row *row;
	int r = selection_find(snapshot, which, &row);

	if (r < 0)
		return r;

	selection->shown[row->index] = true;
	selection->is_one = true;
	return 0;
}

int selection_init(struct selection *selection, const struct export *export)
{
	uint32_t rows = snapshot_rows(export->now, ENTITY_CONTAINER);
	int r;

	*selection = (struct selection){
		.rows = rows,
		.shown = calloc(rows + 1, sizeof(*selection->shown)), /* never of size 0 */
	};
	if (!selection->shown)
		return -ENOMEM;

	r = export->container ? show_one(selection, export->now, export->container)
			      : show_all(selection, export->now);
	if (r < 0)
		selection_fini(selection);
	return r;
}

void selection_fini(struct selection *selection)
{
	free(selection->shown);
	*selection = (struct selection){ 0 };
}
