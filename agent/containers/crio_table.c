/* SPDX-License-Identifier: Apache-2.0 */

/* crio_table: directories of containers below storage drivers.
 *
 * Source: the storage library that CRI-O shares with Podman (storage.conf(5)): a directory for each
 * container of either, whose config.json tells whose it is. */

#include "crio_table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/watch.h"

#define ENTRIES_MAX 65536 /* in one directory; more are not looked at */

static const char *const default_roots[] = { "run/containers/storage", "var/lib/containers/storage",
					     NULL };
static const char *const directories[] = { "overlay-containers", "vfs-containers",
					   "btrfs-containers", "zfs-containers" };

int crio_table_init(struct crio_table *table, const struct runtime_place *place)
{
	*table = (struct crio_table){ 0 };
	return places_init(&table->places, place, default_roots, "");
}

void crio_table_fini(struct crio_table *table)
{
	struct crio_entry *entry = table->by_id, *next;

	HASH_CLEAR(hh, table->by_id); /* the table; its elements stay linked */
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry);
	}
	places_fini(&table->places);
}

int crio_table_locate(const struct crio_table *table, const char *id, const char *file,
		      char (*ret_path)[CRIO_PATH_BYTES])
{
	for (size_t i = 0; i < table->places.count; i++) {
		int fd = table->places.list[i].fd;

		for (size_t j = 0; fd >= 0 && j < ARRAY_SIZE(directories); j++) {
			if (snprintf(*ret_path, sizeof(*ret_path), "%s/%s/userdata/%s",
				     directories[j], id, file) >= (int) sizeof(*ret_path))
				continue;
			if (fd_exists_at(fd, *ret_path))
				return fd;
		}
	}

	return -1;
}

static struct crio_entry *find(const struct crio_table *table, const char *id)
{
	struct crio_entry *entry;

	HASH_FIND_STR(table->by_id, id, entry);
	return entry;
}

static void drop(struct crio_table *table, struct crio_entry *entry)
{
	/* clang's analyzer supposes that the list is empty although an element of it is at hand. */
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference,clang-analyzer-unix.Malloc) */
	HASH_DEL(table->by_id, entry);
	free(entry);
}

static struct crio_entry *get(struct crio_table *table, const char *id)
{
	struct crio_entry *entry = find(table, id);

	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;

	(void) snprintf(entry->id, sizeof(entry->id), "%s", id); /* 64 digits */
	HASH_ADD_STR(table->by_id, id, entry);
	if (!TABLE_HAS(entry, hh)) {
		free(entry);
		return NULL;
	}
	return entry;
}

/* Whose container it is. `path` is its config.json. */
static void read_kind(struct crio_entry *entry, int fd, const char *path)
{
	CLEANUP(json_decref_p) json_t *spec = NULL;
	uint64_t stamp = metadata_stamp(fd, path);
	struct identity unused = { 0 };
	int r;

	if (stamp != 0 && stamp == entry->stamp)
		return;
	r = metadata_read(fd, path, METADATA_BYTES, &unused, &spec);
	identity_fini(&unused);
	entry->kind = r < 0 ? CRIO_NONE : crio_spec_kind(spec);
	entry->stamp = metadata_is_final(r) ? stamp : 0;
}

const struct crio_entry *crio_table_load(struct crio_table *table, const char *id)
{
	char path[CRIO_PATH_BYTES];
	int fd = crio_table_locate(table, id, "config.json", &path);
	struct crio_entry *entry = fd < 0 ? find(table, id) : get(table, id);

	if (fd < 0 && entry) {
		drop(table, entry);
		return NULL;
	}
	if (entry) {
		entry->seen = table->scan;
		read_kind(entry, fd, path);
	}
	return entry;
}

static void list(struct crio_table *table, const struct place *place, const char *name)
{
	int fd = openat(place->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char watched[RUNTIME_PATH_BYTES];
	const struct dirent *entry;
	DIR *directory;

	/* Called as Podman calls it, which waits for the same directory. */
	(void) snprintf(watched, sizeof(watched), "%s/%s", place->path, name);
	if (fd >= 0)
		watches_add_engine(table->places.watches, fd, watched);
	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory) {
		close_p(&fd);
		return;
	}

	for (unsigned i = 0; i < ENTRIES_MAX && (entry = readdir(directory)) != NULL; i++)
		if (cgroup_is_id(entry->d_name))
			(void) crio_table_load(table, entry->d_name); /* NULL: gone again */
	(void) closedir(directory);
}

int crio_table_refresh(struct crio_table *table)
{
	struct crio_entry *entry, *next;
	bool found = false;

	(void) places_refresh(&table->places);
	table->scan++;
	for (size_t i = 0; i < table->places.count; i++)
		for (size_t j = 0; table->places.list[i].fd >= 0 && j < ARRAY_SIZE(directories);
		     j++)
			list(table, &table->places.list[i], directories[j]);

	HASH_ITER (hh, table->by_id, entry, next) {
		if (entry->seen != table->scan)
			drop(table, entry);
		else
			found |= entry->kind != CRIO_NONE;
	}
	return found ? 0 : -ENOENT;
}

bool crio_table_names(const struct crio_table *table, const char *directory, const char *name)
{
	char watched[RUNTIME_PATH_BYTES];

	if (!cgroup_is_id(name))
		return false;
	for (size_t i = 0; i < table->places.count; i++)
		for (size_t j = 0; j < ARRAY_SIZE(directories); j++)
			if (snprintf(watched, sizeof(watched), "%s/%s", table->places.list[i].path,
				     directories[j]) < (int) sizeof(watched) &&
			    strcmp(directory, watched) == 0)
				return true;

	return false;
}
