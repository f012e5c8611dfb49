/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Podman keeps what it knows about a container in several places; each has its reader. They fill
 * only what is still unknown in the identity, so the best source is asked first.
 *
 *	podman_db.c	  db.sql in the graph root: everything (podman 4.8 and later)
 *	podman_bolt.c	  libpod/bolt_state.db: the same (before 4.8)
 *	podman_storage.c  containers.json of the storage library: name, image, time of creation
 *	podman_conmon.c   what conmon leaves: exit code, whether memory was lacking
 *	podman_health.c   healthcheck.log
 *	podman_config.c	  what the JSON in the databases says, and config.json, the specification
 *	podman_inspect.c  the same for the dossier, with podman_network.c
 *
 * podman_store.h is one podman with all of these, podman_stores.h all podmans of the host. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct condition;
struct dossier;
struct identity;

/* Storage drivers, whose names begin the directories of containers: "overlay-containers". */
#define PODMAN_DRIVERS(X)   X("overlay") X("vfs") X("btrfs") X("zfs")
#define PODMAN_STORED_FILES 8 /* two for each driver */

/* Files that one user's podman may make as large as it likes, and we read. */
#define PODMAN_HEALTH_BYTES 262144 /* five results of 500 bytes, unless configured otherwise */

/* A container's row as a database has it: texts as stored, owned, NULL: there is none. Any bytes
 * but what METADATA_BYTES bounds. */
struct podman_text {
	char *start;
	size_t length;
};
struct podman_row {
	struct podman_text name, pod, config, state;
};
void podman_row_fini(struct podman_row *row);

/* Copies `length` bytes. Returns 0 or -ENOMEM. */
int podman_text_set(struct podman_text *text, const void *start, size_t length);

/* A row, understood. */
struct podman_record {
	json_t *config, *state; /* objects of libpod's ContainerConfig and ContainerState; owned */
	char *name, *pod;       /* NULL: not told */
};
void podman_record_fini(struct podman_record *record);

/* Returns 0, -EBADMSG (with the reason in identity->detail; what could be read is set) or
 * -ENOMEM. */
int podman_record_parse(const struct podman_row *row, const char *file, struct identity *identity,
			struct podman_record *ret_record);

/* What changes when podman does something to the container. Never 0. */
uint64_t podman_row_hash(const struct podman_row *row);

/* Ids of containers. All zero: none. */
#define PODMAN_ID_DIGITS 64
struct podman_ids {
	char (*list)[PODMAN_ID_DIGITS + 1];
	size_t count, capacity;
};
void podman_ids_fini(struct podman_ids *ids);

/* `id` has 64 digits. Returns 0 or -ENOMEM. */
int podman_ids_add(struct podman_ids *ids, const char *id);

/* SQLite reading from a descriptor (podman_vfs.c), which stays the caller's and must be open as
 * long as the connection. Returns 0 or a negative errno; *ret_sqlite has to be closed in any case.
 */
struct sqlite3;
int podman_vfs_open(int fd, struct sqlite3 **ret_sqlite);

/* One open db.sql, read without a lock. All zero: not open. */
struct sqlite3_stmt;
struct podman_db {
	struct sqlite3 *sqlite;
	struct sqlite3_stmt *full, *brief, *list;
	int fd;       /* while `sqlite` is there */
	dev_t device; /* which file is open: podman may replace it */
	ino_t inode;
	int budget; /* bounds a query; SQLite keeps a pointer to it, so this may not move */
};

void podman_db_close(struct podman_db *db);

/* dir_fd is the graph root. `brief`: without the configuration, which rarely changes. Returns 0;
 * -ENOENT: no db.sql here, or one without this container (detail untouched); -EAGAIN: podman is
 * writing it now; another negative errno: it cannot be read. Then `detail` says why. */
int podman_db_read(struct podman_db *db, int dir_fd, const char *id, bool brief,
		   struct identity *identity, struct podman_row *ret_row);

/* Adds every id, at most `max` of them. Returns 0, or -ENOENT (no db.sql) or another negative
 * errno, and then adds none. */
int podman_db_list(struct podman_db *db, int dir_fd, size_t max, struct podman_ids *ids);

/* The same two for bolt_state.db. */
int podman_bolt_read(int dir_fd, const char *id, bool brief, struct identity *identity,
		     struct podman_row *ret_row);
int podman_bolt_list(int dir_fd, size_t max, struct podman_ids *ids);

/* The JSON columns of ContainerConfig and ContainerState. Return 0 or -ENOMEM. */
int podman_config_parse(const json_t *config, struct identity *identity);
void podman_state_parse(const json_t *state, struct identity *identity);

/* Whether the configuration asks for a healthcheck. */
bool podman_config_has_healthcheck(const json_t *config);

/* What the containers.json files of one graph root or run root say, kept until a file changes. All
 * zero: nothing yet. */
struct podman_stored;
struct podman_storage {
	struct {
		uint64_t stamp;
		struct podman_stored *by_id;
	} files[PODMAN_STORED_FILES];
};

void podman_storage_close(struct podman_storage *storage);

/* Returns 0, -ENOENT (no such container), or another negative errno with `detail`. */
int podman_storage_describe(struct podman_storage *storage, int dir_fd, const char *id,
			    struct identity *identity);
uint64_t podman_storage_stamp(int dir_fd);

/* Adds every id that looks like podman's: other programs keep theirs in the same file. */
int podman_storage_list(struct podman_storage *storage, int dir_fd, size_t max,
			struct podman_ids *ids);

/* A containers.json; the table is the caller's to free. Returns 0, -EBADMSG or -ENOMEM. */
int podman_stored_parse(const json_t *containers, struct podman_stored **ret_by_id);
void podman_stored_free(struct podman_stored *by_id);

/* Name of the image of an infra container that podman builds itself. */
bool podman_is_pause_image(const char *image);

/* The OCI specification: network, and the time of creation. */
void podman_spec_parse(const json_t *spec, struct identity *identity);

/* What conmon wrote when the container ended, below tmp_fd (libpod's temporary directory). Fills
 * state, exit code, end and oom_killed; returns 0, or -ENOENT: it wrote nothing. */
int podman_conmon_read(int tmp_fd, const char *id, struct condition *condition);
uint64_t podman_conmon_stamp(int tmp_fd, const char *id);

/* healthcheck.log to the condition, and to the dossier's `health` (NULL: no memory). */
void podman_health_parse(const json_t *log, struct condition *condition);
json_t *podman_health_dossier(const json_t *log);

/* Fills what a record tells. Returns 0 or -ENOMEM. */
int podman_inspect(const struct podman_record *record, struct dossier *dossier);
