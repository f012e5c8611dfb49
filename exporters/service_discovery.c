/* SPDX-License-Identifier: Apache-2.0 */

/* service_discovery: from labels of containers to targets. */

#include "exporters/service_discovery.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json_out.h"
#include "base/parse.h"
#include "exporters/json_cells.h"
#include "exporters/labels.h"
#include "exporters/selection.h"
#include "model/snapshot.h"

#define SHARED   "shared:" /* ATTRIBUTE_NETWORK: then the owner's name */
#define PORT_MAX 65535

/* Where one container wants to be scraped. NULL: it does not say. */
struct wish {
	bool scrape;
	const char *port, *path, *scheme;
};

static struct wish wish_of(const struct snapshot *snapshot, const struct row *row)
{
	const char *pairs = snapshot_string(snapshot, row, ATTRIBUTE_HINTS), *key, *value;
	struct wish wish = { 0 };

	while (snapshot_label_next(&pairs, &key, &value)) {
		if (strcmp(key, "prometheus.io/scrape") == 0 ||
		    strcmp(key, "io.plimsoll.scrape") == 0)
			wish.scrape |= strcmp(value, "true") == 0;
		else if (strcmp(key, "prometheus.io/port") == 0)
			wish.port = value;
		else if (strcmp(key, "prometheus.io/path") == 0)
			wish.path = value;
		else if (strcmp(key, "prometheus.io/scheme") == 0)
			wish.scheme = value;
	}

	return wish;
}

/* Labels come from whoever made the image: a wish that makes no sense is no target. */
static bool wish_is_sound(const struct wish *wish)
{
	uint64_t port;

	if (wish->scheme && strcmp(wish->scheme, "http") != 0 && strcmp(wish->scheme, "https") != 0)
		return false;

	return !wish->port ||
	       (parse_u64((struct slice){ wish->port, strlen(wish->port) }, &port) == 0 &&
		port > 0 && port <= PORT_MAX);
}

static const char *machine_name(const struct snapshot *snapshot)
{
	const struct row *row = snapshot_rows(snapshot, ENTITY_MACHINE) > 0
					? snapshot_row(snapshot, ENTITY_MACHINE, 0)
					: NULL;

	return row ? snapshot_string(snapshot, row, ATTRIBUTE_NETWORK) : "";
}

/* Address of the container of this name, which others share the network of. */
static const char *address_of_owner(const struct snapshot *snapshot, const char *name)
{
	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i++) {
		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);

		if (row && !row_has_ended(row) &&
		    strcmp(snapshot_string(snapshot, row, ATTRIBUTE_NAME), name) == 0)
			return snapshot_string(snapshot, row, ATTRIBUTE_ADDRESS);
	}

	return "";
}

/* Where it can be reached; "" when that is unknown, or nowhere. */
static const char *address_of(const struct snapshot *snapshot, const struct row *row,
			      const char *host)
{
	const char *network = snapshot_string(snapshot, row, ATTRIBUTE_NETWORK);
	const char *address = snapshot_string(snapshot, row, ATTRIBUTE_ADDRESS);

	if (strcmp(network, "host") == 0)
		return host ? host : machine_name(snapshot);
	if (address[0] == '\0' && strncmp(network, SHARED, strlen(SHARED)) == 0)
		return address_of_owner(snapshot, network + strlen(SHARED));

	return address;
}

static void add_target(struct json_out *json, const char *address, const char *port)
{
	char target[512]; /* a DNS name has at most 253 characters */
	bool bare_ipv6 = address[0] != '[' && strchr(address, ':');

	(void) snprintf(target, sizeof(target), "%s%s%s%s%s", bare_ipv6 ? "[" : "", address,
			bare_ipv6 ? "]" : "", port ? ":" : "", port ? port : "");
	json_open(json, "targets", '[');
	json_text(json, NULL, target);
	json_close(json, ']');
}

static void add_path(struct json_out *json, const char *path)
{
	char with_slash[4096]; /* longer ones are cut; labels are shorter in any case */

	(void) snprintf(with_slash, sizeof(with_slash), "%s%s", path[0] == '/' ? "" : "/", path);
	json_text(json, "__metrics_path__", with_slash);
}

static void add_labels(struct json_out *json, const struct snapshot *snapshot,
		       const struct row *row, const struct wish *wish)
{
	static const struct attribute_name names[] = {
		{ "__meta_plimsoll_container_name", ATTRIBUTE_NAME },
		{ "__meta_plimsoll_container_id", ATTRIBUTE_ID },
		{ "__meta_plimsoll_image", ATTRIBUTE_IMAGE },
		{ "__meta_plimsoll_engine", ATTRIBUTE_RUNTIME },
		{ "__meta_plimsoll_pod", ATTRIBUTE_POD },
	};
	const char *all = snapshot_string(snapshot, row, ATTRIBUTE_LABELS);
	const char *hints = snapshot_string(snapshot, row, ATTRIBUTE_HINTS);

	json_open(json, "labels", '{');
	if (wish->path && wish->path[0] != '\0')
		add_path(json, wish->path);
	if (wish->scheme)
		json_text(json, "__scheme__", wish->scheme);
	json_strings(json, snapshot, row, names, ARRAY_SIZE(names));
	label_json_pairs(json, "__meta_plimsoll_label_", all[0] != '\0' ? all : hints);
	json_close(json, '}');
}

static void add_container(struct json_out *json, const struct snapshot *snapshot,
			  const struct row *row, const char *host)
{
	struct wish wish = wish_of(snapshot, row);
	const char *address;

	if (!wish.scrape || !wish_is_sound(&wish))
		return;
	address = address_of(snapshot, row, host);
	if (address[0] == '\0')
		return;

	json_open(json, NULL, '{');
	add_target(json, address, wish.port);
	add_labels(json, snapshot, row, &wish);
	json_close(json, '}');
}

/* A container that runs has a path; one whose strings did not fit into the snapshot lacks it. */
static bool is_complete(const struct snapshot *snapshot)
{
	uint64_t error = 0;
	const struct row *host = snapshot_rows(snapshot, ENTITY_HOST) > 0
					 ? snapshot_row(snapshot, ENTITY_HOST, 0)
					 : NULL;

	if (host && row_get(host, METRIC_CONTAINER_SCRAPE_ERROR, &error) && error > 0)
		return false;
	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i++) {
		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);

		if (row && !row_has_ended(row) &&
		    snapshot_string(snapshot, row, ATTRIBUTE_PATH)[0] == '\0')
			return false;
	}

	return true;
}

int service_discovery_write(const struct snapshot *snapshot, const char *host,
			    struct text *ret_text)
{
	struct json_out json = { .text = ret_text };

	if (!is_complete(snapshot))
		return -EIO;

	json_open(&json, NULL, '[');
	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i++) {
		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);

		if (row && !row_has_ended(row))
			add_container(&json, snapshot, row, host);
	}
	json_close(&json, ']');
	return 0;
}
