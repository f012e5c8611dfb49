/* SPDX-License-Identifier: Apache-2.0 */

/* podman_bolt: what podman before 4.8 keeps in libpod/bolt_state.db below its graph root.
 *
 * Buckets of podman (libpod, boltdb_state_internal.go): "id-registry" (id to name, of containers
 * and pods), "all-ctrs" (ids), and "ctr", with a bucket for each container: "config", "state" and
 * "pod-id". */

#include "podman.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/bolt.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

#define FILE_NAME "libpod/bolt_state.db"

static int keep_value(const struct bolt_entry *entry, void *userdata)
{
	int r = entry->value.length <= METADATA_BYTES
			? podman_text_set(userdata, entry->value.start, entry->value.length)
			: -EFBIG;

	return r < 0 ? r : 1;
}

/* The value of a key. Returns 0, -ENOENT or another negative errno. */
static int find(struct bolt *bolt, const struct podman_text *bucket, const char *key,
		struct podman_text *ret_value)
{
	int r = bolt_walk(bolt, bucket->start, bucket->length, key, keep_value, ret_value);

	return r > 0 ? 0 : r == 0 ? -ENOENT : r;
}

/* A bucket right below the root. */
static int find_bucket(struct bolt *bolt, const char *name, struct podman_text *ret_bucket)
{
	const struct podman_text root = { (char *) bolt->root, sizeof(bolt->root) };

	return find(bolt, &root, name, ret_bucket);
}

/* The same, but a key that is missing is no error. */
static int find_if_there(struct bolt *bolt, const struct podman_text *bucket, const char *key,
			 struct podman_text *ret_value)
{
	int r = find(bolt, bucket, key, ret_value);

	return r == -ENOENT ? 0 : r;
}

static void text_fini(struct podman_text *text)
{
	free(text->start);
}

/* Name and pod's name: both stand in the registry of ids. */
static int read_names(struct bolt *bolt, const char *id, const struct podman_text *container,
		      struct podman_row *row)
{
	CLEANUP(text_fini) struct podman_text registry = { 0 }, pod = { 0 };
	int r = find_bucket(bolt, "id-registry", &registry);

	if (r >= 0)
		r = find_if_there(bolt, &registry, id, &row->name);
	if (r >= 0)
		r = find_if_there(bolt, container, "pod-id", &pod);
	if (r >= 0 && pod.length > 0)
		r = find_if_there(bolt, &registry, pod.start, &row->pod);
	return r;
}

static int read_row(struct bolt *bolt, const char *id, bool brief, struct podman_row *row)
{
	CLEANUP(text_fini) struct podman_text containers = { 0 }, container = { 0 };
	int r = find_bucket(bolt, "ctr", &containers);

	if (r >= 0)
		r = find(bolt, &containers, id, &container);
	if (r >= 0)
		r = read_names(bolt, id, &container, row);
	if (r >= 0)
		r = find(bolt, &container, "state", &row->state);
	if (r >= 0 && !brief)
		r = find(bolt, &container, "config", &row->config);
	return r;
}

int podman_bolt_read(int dir_fd, const char *id, bool brief, struct identity *identity,
		     struct podman_row *ret_row)
{
	struct podman_row row = { 0 };
	struct bolt bolt;
	int r = bolt_open(dir_fd, FILE_NAME, &bolt);

	if (r >= 0) {
		r = read_row(&bolt, id, brief, &row);
		if (r != -ENOMEM && !bolt_is_same(&bolt))
			r = -EAGAIN;
		bolt_close(&bolt);
	}
	if (r < 0) {
		podman_row_fini(&row);
		if (r == -EBADMSG)
			identity_explain(identity, "bolt_state.db: not what podman writes");
		else if (r != -ENOENT && r != -ENOMEM)
			metadata_explain(identity, "bolt_state.db", r);
		return r;
	}

	*ret_row = row;
	return 0;
}

struct collection {
	struct podman_ids *ids;
	size_t max;
};

static int keep_id(const struct bolt_entry *entry, void *userdata)
{
	struct collection *collection = userdata;
	char id[CGROUP_ID_DIGITS + 1];

	if (entry->key.length != CGROUP_ID_DIGITS)
		return 0;
	memcpy(id, entry->key.start, CGROUP_ID_DIGITS);
	id[CGROUP_ID_DIGITS] = '\0';
	if (!cgroup_is_id(id))
		return 0;
	if (collection->max == 0)
		return 1;

	collection->max--;
	return podman_ids_add(collection->ids, id);
}

int podman_bolt_list(int dir_fd, size_t max, struct podman_ids *ids)
{
	CLEANUP(text_fini) struct podman_text all = { 0 };
	struct collection collection = { .ids = ids, .max = max };
	size_t before = ids->count;
	struct bolt bolt;
	int r = bolt_open(dir_fd, FILE_NAME, &bolt);

	if (r < 0)
		return r;
	r = find_bucket(&bolt, "all-ctrs", &all);
	if (r >= 0)
		r = bolt_walk(&bolt, all.start, all.length, NULL, keep_id, &collection);
	if (r != -ENOMEM && !bolt_is_same(&bolt))
		r = -EAGAIN;
	bolt_close(&bolt);
	if (r < 0)
		ids->count = before;
	return r < 0 ? r : 0;
}
