/* SPDX-License-Identifier: Apache-2.0 */

/* docker_traffic: operations are in lower case and devices are numbers, as on Docker's cgroup v2
 * hosts. */

#include "exporters/docker_traffic.h"

#include <string.h>

#include "base/cleanup.h"

#define SHARED "shared:" /* before the name of the network's owner, see entity.h */

void docker_add_cells(struct json_out *json, const struct row *row, const struct key_cell *cells,
		      size_t count)
{
	uint64_t value;

	for (size_t i = 0; i < count; i++)
		if (row_get(row, cells[i].metric, &value))
			json_u64(json, cells[i].key, value);
}

static void add_operation(struct json_out *json, const struct docker_stats *stats,
			  const struct row *device, const char *operation, enum metric metric)
{
	uint32_t major, minor;
	uint64_t value;

	if (!row_get(device, metric, &value))
		return;
	json_open(json, NULL, '{');
	if (stats->device_number &&
	    stats->device_number(device->label, &major, &minor, stats->userdata)) {
		json_u64(json, "major", major);
		json_u64(json, "minor", minor);
	}
	json_text(json, "op", operation);
	json_u64(json, "value", value);
	json_close(json, '}');
}

static bool any_has(const struct docker_stats *stats, uint32_t first, enum metric read,
		    enum metric write)
{
	for (uint32_t i = first; i != ROW_NONE; i = stats->devices.next[i]) {
		const struct row *device = snapshot_row(stats->now, ENTITY_DEVICE, i);

		if (row_has(device, read) || row_has(device, write))
			return true;
	}
	return false;
}

static void add_operations(struct json_out *json, const struct docker_stats *stats,
			   const struct row *row, const char *key, enum metric read,
			   enum metric write)
{
	uint32_t i = row ? stats->devices.first[row->index] : ROW_NONE;

	if (i == ROW_NONE || !any_has(stats, i, read, write)) {
		json_nothing(json, key);
		return;
	}
	json_open(json, key, '[');
	for (; i != ROW_NONE; i = stats->devices.next[i]) {
		const struct row *device = snapshot_row(stats->now, ENTITY_DEVICE, i);

		add_operation(json, stats, device, "read", read);
		add_operation(json, stats, device, "write", write);
	}
	json_close(json, ']');
}

void docker_add_io(struct json_out *json, const struct docker_stats *stats, const struct row *row)
{
	static const char *const nulls[] = {
		"io_queue_recursive",  "io_service_time_recursive", "io_wait_time_recursive",
		"io_merged_recursive", "io_time_recursive",         "sectors_recursive",
	};

	json_open(json, "blkio_stats", '{');
	add_operations(json, stats, row, "io_service_bytes_recursive", METRIC_READ_BYTES,
		       METRIC_WRITE_BYTES);
	add_operations(json, stats, row, "io_serviced_recursive", METRIC_READS, METRIC_WRITES);
	for (size_t i = 0; i < ARRAY_SIZE(nulls); i++)
		json_nothing(json, nulls[i]);
	json_close(json, '}');
}

/* The one whose network namespace it shares; of the same name, that of the same runtime. */
static const struct row *find_owner(const struct snapshot *snapshot, const struct row *row)
{
	const char *name = snapshot_string(snapshot, row, ATTRIBUTE_NETWORK) + strlen(SHARED);
	const char *runtime = snapshot_string(snapshot, row, ATTRIBUTE_RUNTIME);
	const struct row *found = NULL;

	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i++) {
		const struct row *other = snapshot_row(snapshot, ENTITY_CONTAINER, i);

		if (!other || other == row ||
		    strcmp(snapshot_string(snapshot, other, ATTRIBUTE_NAME), name) != 0)
			continue;
		if (strcmp(snapshot_string(snapshot, other, ATTRIBUTE_RUNTIME), runtime) == 0)
			return other;
		found = other;
	}
	return found;
}

static void add_interface(struct json_out *json, const struct row *interface)
{
	static const struct key_cell cells[] = {
		{ "rx_bytes", METRIC_RX_BYTES },   { "rx_packets", METRIC_RX_PACKETS },
		{ "rx_errors", METRIC_RX_ERRORS }, { "rx_dropped", METRIC_RX_DROPPED },
		{ "tx_bytes", METRIC_TX_BYTES },   { "tx_packets", METRIC_TX_PACKETS },
		{ "tx_errors", METRIC_TX_ERRORS }, { "tx_dropped", METRIC_TX_DROPPED },
	};

	json_key(json, interface->label);
	json_open(json, NULL, '{');
	docker_add_cells(json, interface, cells, ARRAY_SIZE(cells));
	json_close(json, '}');
}

/* No key when it uses the host's network, or has none but lo. */
void docker_add_networks(struct json_out *json, const struct docker_stats *stats,
			 const struct row *row)
{
	const char *mode = snapshot_string(stats->now, row, ATTRIBUTE_NETWORK);
	const struct row *owner = row;
	uint32_t i;

	if (strncmp(mode, SHARED, strlen(SHARED)) == 0)
		owner = find_owner(stats->now, row);
	i = owner ? stats->interfaces.first[owner->index] : ROW_NONE;
	if (i == ROW_NONE)
		return;

	json_open(json, "networks", '{');
	for (; i != ROW_NONE; i = stats->interfaces.next[i])
		add_interface(json, snapshot_row(stats->now, ENTITY_INTERFACE, i));
	json_close(json, '}');
}
