/* SPDX-License-Identifier: Apache-2.0 */

/* podman_storage: what the storage library below podman says about a container.
 *
 * Source: DRIVER-containers/containers.json, and volatile-containers.json for containers started
 * with --rm, in the graph root; the latter in the run root when the storage is transient. Both are
 * replaced by rename. One file speaks of all containers, so it is parsed when it has changed, and
 * what is needed of it is kept. */

#include "podman.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/runtime.h"
#include "containers/table.h"

#define STORAGE_BYTES 8388608 /* 700 bytes for each container: 10,000 of them */

struct podman_stored {
	char id[CGROUP_ID_DIGITS + 1];
	bool foreign; /* of another program: CRI-O's, buildah's */
	struct identity identity;
	UT_hash_handle hh;
};

#define FILE_NAMES(driver) \
	driver "-containers/containers.json", driver "-containers/volatile-containers.json",
static const char *const files[] = { PODMAN_DRIVERS(FILE_NAMES) };
_Static_assert(ARRAY_SIZE(files) == PODMAN_STORED_FILES, "struct podman_storage has as many");

void podman_stored_free(struct podman_stored *by_id)
{
	struct podman_stored *stored = by_id, *next;

	HASH_CLEAR(hh, by_id); /* the table; its elements stay linked */
	for (; stored; stored = next) {
		next = stored->hh.next;
		identity_fini(&stored->identity);
		free(stored);
	}
}

void podman_storage_close(struct podman_storage *storage)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		podman_stored_free(storage->files[i].by_id);
	*storage = (struct podman_storage){ 0 };
}

/* Podman writes name and image; CRI-O the pod as well; buildah nothing. */
static bool is_foreign(const json_t *metadata)
{
	return !metadata_string(metadata, "name") || json_object_get(metadata, "pod-name") ||
	       json_object_get(metadata, "pod-id");
}

/* `metadata` is JSON in a string; podman writes names there, too. */
static int parse_container(const json_t *container, struct podman_stored *stored)
{
	struct identity *identity = &stored->identity;
	CLEANUP(json_decref_p) json_t *metadata = NULL;
	const char *name = metadata_text(json_array_get(json_object_get(container, "names"), 0));
	const char *text = metadata_string(container, "metadata");
	int r;

	r = metadata_take(container, "image", &identity->image_id);
	if (r >= 0 && name)
		r = identity_set(&identity->name, name, strlen(name));
	identity->created_ns = metadata_time(metadata_string(container, "created"));
	stored->foreign = true;
	if (r < 0 || !text)
		return r;

	r = metadata_parse(text, strlen(text), "containers.json", identity, &metadata);
	if (r == -EBADMSG)
		return 0; /* the reason is noted */
	if (r < 0)
		return r;

	stored->foreign = is_foreign(metadata);
	r = metadata_take(metadata, "image-name", &identity->image);
	identity->infra = podman_is_pause_image(identity->image);
	if (r >= 0 && !identity->name)
		r = metadata_take(metadata, "name", &identity->name);
	return r;
}

static int add(const json_t *container, struct podman_stored **by_id)
{
	const char *id = metadata_string(container, "id");
	struct podman_stored *stored, *twin;
	int r;

	if (!id || !cgroup_is_id(id))
		return 0;
	HASH_FIND_STR(*by_id, id, twin);
	if (twin)
		return 0;

	stored = calloc(1, sizeof(*stored));
	if (!stored)
		return -ENOMEM;
	memcpy(stored->id, id, sizeof(stored->id));
	r = parse_container(container, stored);
	if (r >= 0) {
		HASH_ADD_STR(*by_id, id, stored);
		r = TABLE_HAS(stored, hh) ? 0 : -ENOMEM;
	}
	if (r < 0) {
		identity_fini(&stored->identity);
		free(stored);
	}
	return r;
}

int podman_stored_parse(const json_t *containers, struct podman_stored **ret_by_id)
{
	struct podman_stored *by_id = NULL;

	if (!json_is_array(containers))
		return -EBADMSG;
	for (size_t i = 0; i < json_array_size(containers); i++) {
		int r = add(json_array_get(containers, i), &by_id);

		if (r < 0) {
			podman_stored_free(by_id);
			return r;
		}
	}

	*ret_by_id = by_id;
	return 0;
}

/* Reads files[i] again when it is another one than before; what was known is dropped first. */
static int load(struct podman_storage *storage, size_t i, int dir_fd, struct identity *identity)
{
	CLEANUP(json_decref_p) json_t *containers = NULL;
	uint64_t stamp = metadata_stamp(dir_fd, files[i]);
	int r;

	if (stamp == storage->files[i].stamp)
		return 0;
	podman_stored_free(storage->files[i].by_id);
	storage->files[i].by_id = NULL;
	storage->files[i].stamp = 0;
	if (stamp == 0)
		return 0;

	r = metadata_read(dir_fd, files[i], STORAGE_BYTES, identity, &containers);
	if (r < 0)
		return r;
	r = podman_stored_parse(containers, &storage->files[i].by_id);
	if (r == -EBADMSG)
		identity_explain(identity, "%s: not what podman writes", files[i]);
	if (r >= 0)
		storage->files[i].stamp = stamp;
	return r;
}

/* Only what the identity does not have yet. */
static int copy(const struct identity *from, struct identity *to)
{
	const struct {
		const char *from;
		char **to;
	} fields[] = {
		{ from->name, &to->name },
		{ from->image, &to->image },
		{ from->image_id, &to->image_id },
		{ from->detail, &to->detail },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		int r = 0;

		if (fields[i].from && !*fields[i].to)
			r = identity_set(fields[i].to, fields[i].from, strlen(fields[i].from));
		if (r < 0)
			return r;
	}
	if (to->created_ns == 0)
		to->created_ns = from->created_ns;
	to->infra |= from->infra;
	return 0;
}

int podman_storage_describe(struct podman_storage *storage, int dir_fd, const char *id,
			    struct identity *identity)
{
	int worst = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct podman_stored *stored = NULL;
		int r = load(storage, i, dir_fd, identity);

		if (r < 0) {
			worst = r;
			continue;
		}
		HASH_FIND_STR(storage->files[i].by_id, id, stored);
		if (stored)
			return copy(&stored->identity, identity);
	}

	return worst;
}

int podman_storage_list(struct podman_storage *storage, int dir_fd, size_t max,
			struct podman_ids *ids)
{
	struct identity unused = { 0 };
	int worst = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int r = load(storage, i, dir_fd, &unused);

		worst = r < 0 ? r : worst;
		for (struct podman_stored *stored = storage->files[i].by_id; stored && max > 0;
		     stored = stored->hh.next) {
			if (stored->foreign)
				continue;
			if (podman_ids_add(ids, stored->id) < 0)
				worst = -ENOMEM;
			max--;
		}
	}
	identity_fini(&unused);
	return worst;
}

uint64_t podman_storage_stamp(int dir_fd)
{
	uint64_t stamp = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		stamp = stamp * 31 + metadata_stamp(dir_fd, files[i]);

	return stamp;
}
