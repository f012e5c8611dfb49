/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Podman keeps what it knows about a container in several places; each has its reader. They fill
 * only what is still unknown in the identity, so the best source is asked first.
 *
 *	podman_db.c	  db.sql in the graph root: everything (podman 4.8 and later)
 *	podman_storage.c  containers.json of the storage library: name, image, time of creation
 *	podman_config.c	  what the JSON in these says, and config.json, the OCI specification */

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct identity;

/* Storage drivers, whose names begin the directories of containers: "overlay-containers". */
#define PODMAN_DRIVERS(X)   X("overlay") X("vfs") X("btrfs") X("zfs")
#define PODMAN_STORED_FILES 8 /* two for each driver */

/* One open db.sql, read without a lock. All zero: not open. */
struct sqlite3;
struct sqlite3_stmt;
struct podman_db {
	struct sqlite3 *sqlite;
	struct sqlite3_stmt *describe, *stamp;
	dev_t device; /* which file is open: podman may replace it */
	ino_t inode;
	int budget; /* bounds a query; SQLite keeps a pointer to it, so this may not move */
};

void podman_db_close(struct podman_db *db);

/* dir_fd is the graph root. Returns 0; -ENOENT: no db.sql here, or one without this container
 * (detail untouched); -EAGAIN: podman is writing it now; another negative errno: it cannot be read.
 * Then `detail` says why. */
int podman_db_describe(struct podman_db *db, int dir_fd, const char *id, struct identity *identity);

/* As struct runtime's stamp. 0 also when db.sql cannot be read. */
uint64_t podman_db_stamp(struct podman_db *db, int dir_fd, const char *id);

/* The JSON columns of ContainerConfig and ContainerState. Return 0 or -ENOMEM. */
int podman_config_parse(const json_t *config, struct identity *identity);
void podman_state_parse(const json_t *state, struct identity *identity);

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

/* A containers.json; the table is the caller's to free. Returns 0, -EBADMSG or -ENOMEM. */
int podman_stored_parse(const json_t *containers, struct podman_stored **ret_by_id);
void podman_stored_free(struct podman_stored *by_id);

/* The OCI specification: network, and the time of creation. */
void podman_spec_parse(const json_t *spec, struct identity *identity);
