/* SPDX-License-Identifier: Apache-2.0 */

/* podman_describe: everything that one podman's files say about a container, best source first. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "containers/podman_run.h"
#include "containers/podman_store.h"
#include "containers/runtime.h"

/* Before 5.0 the default is a BoltDB when there is one, then SQLite's: whatever has it. Returns 0,
 * -ENOENT or another negative errno with `detail`. */
static int read_row(struct podman_store *store, const char *id, bool brief,
		    struct identity *identity, struct podman_row *ret_row, const char **ret_file)
{
	struct identity unused = { 0 };
	int sql = podman_db_read(&store->db, store->graph_fd, id, brief, identity, ret_row);
	int bolt;

	*ret_file = "db.sql";
	if (sql >= 0 || sql == -ENOMEM)
		return sql;

	*ret_file = "bolt_state.db";
	bolt = podman_bolt_read(store->graph_fd, id, brief, sql == -ENOENT ? identity : &unused,
				ret_row);
	identity_fini(&unused);
	return bolt == -ENOENT ? sql : bolt;
}

/* As read_row, understood. */
static int read_record(struct podman_store *store, const char *id, struct identity *identity,
		       struct podman_record *ret_record)
{
	struct podman_row row = { 0 };
	const char *file;
	int r = read_row(store, id, false, identity, &row, &file);

	if (r >= 0)
		r = podman_record_parse(&row, file, identity, ret_record);
	podman_row_fini(&row);
	return r;
}

/* Of a container that runs: what has ended is neither healthy nor unhealthy. */
static void take_health(const struct podman_store *store, const char *id, const json_t *config,
			struct identity *identity)
{
	CLEANUP(json_decref_p) json_t *log = NULL;
	struct condition *condition = &identity->condition;
	struct identity unused = { 0 };

	if (condition->health == HEALTH_NONE ||
	    (condition->state != STATE_RUNNING && condition->state != STATE_PAUSED &&
	     condition->state != STATE_UNKNOWN))
		return;
	podman_run_watch(store, id); /* before it is read */
	if (podman_run_health(store, id, config, &unused, &log) >= 0)
		podman_health_parse(log, condition);
	identity_fini(&unused);
}

/* What conmon wrote is newer than a database that says the container runs, unless it is of an
 * earlier run. */
static void take_ending(const struct podman_store *store, const char *id, struct identity *identity)
{
	struct condition *condition = &identity->condition, ended = *condition;

	if (condition->state != STATE_RUNNING && condition->state != STATE_UNKNOWN)
		return;
	if (podman_conmon_read(store->tmp_fd, id, &ended) >= 0 &&
	    ended.finished_ns >= identity->started_ns) {
		*condition = ended;
		identity->started_ns = 0;
	}
}

static int describe_by_record(struct podman_store *store, const char *id, struct identity *identity)
{
	CLEANUP(podman_record_fini) struct podman_record record = { 0 };
	int r = read_record(store, id, identity, &record);

	if (record.name && r != -ENOMEM)
		identity->name = TAKE_PTR(record.name);
	if (record.pod && r != -ENOMEM)
		identity->pod = TAKE_PTR(record.pod);
	if (!record.config)
		return r;

	if (podman_config_parse(record.config, identity) < 0)
		return -ENOMEM;
	podman_state_parse(record.state, identity);
	podman_run_learn(store, record.state);
	take_ending(store, id, identity);
	take_health(store, id, record.config, identity);
	return r;
}

/* Returns 0, -ENOENT when there is none, or another negative errno. */
static int describe_by_spec(int dir_fd, const char *id, struct identity *identity)
{
	for (size_t i = 0; i < PODMAN_DIRECTORIES; i++) {
		CLEANUP(json_decref_p) json_t *spec = NULL;
		char path[PODMAN_PATH_BYTES];
		int r;

		(void) snprintf(path, sizeof(path), "%s/%s/userdata/config.json",
				podman_directories[i], id); /* fits: id is bounded */
		if (!fd_exists_at(dir_fd, path))
			continue;
		r = metadata_read(dir_fd, path, METADATA_BYTES, identity, &spec);
		if (r >= 0)
			podman_spec_parse(spec, identity);
		return r;
	}

	return -ENOENT;
}

/* The name that podman gives an infra container tells it when nothing better does. */
static bool is_infra_name(const struct identity *identity)
{
	return identity->name && cgroup_ends_with(identity->name, "-infra") && !identity->image;
}

/* Without a database: each file adds what it knows. */
static int describe_without_record(struct podman_store *store, const char *id,
				   struct identity *identity)
{
	const struct {
		int fd;
		struct podman_storage *storage;
	} roots[] = {
		{ store->graph_fd, &store->graph_storage },
		{ store->run_fd, &store->run_storage },
	};
	int worst = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		int stored, spec;

		if (roots[i].fd < 0)
			continue;
		stored = podman_storage_describe(roots[i].storage, roots[i].fd, id, identity);
		spec = describe_by_spec(roots[i].fd, id, identity);
		if (worst != 0)
			worst = stored == -ENOENT ? spec : stored;
	}
	if (worst == -ENOENT)
		return worst;

	identity->infra |= is_infra_name(identity);
	take_ending(store, id, identity);
	take_health(store, id, NULL, identity);
	return worst;
}

int podman_store_describe(struct podman_store *store, const char *id, struct identity *identity)
{
	int record = store->graph_fd < 0 ? -ENOENT : describe_by_record(store, id, identity);
	int r;

	if (record == 0 || record == -ENOMEM)
		return record;

	r = describe_without_record(store, id, identity);
	if (r == 0)
		identity_explain(identity, "labels and start time are not in podman's files");
	return record == -ENOENT ? r : record;
}

/* Both have the same weight as what they are about: a change of either is one of the whole. */
static uint64_t run_stamp(const struct podman_store *store, const char *id)
{
	uint64_t stamp = podman_conmon_stamp(store->tmp_fd, id);
	char path[PODMAN_PATH_BYTES];

	if (podman_run_path(store, id, "/" PODMAN_HEALTH_FILE, &path))
		stamp = stamp * 31 + metadata_stamp(store->run_fd, path);
	return stamp;
}

uint64_t podman_store_stamp(struct podman_store *store, const char *id)
{
	struct identity unused = { 0 };
	struct podman_row row = { 0 };
	const char *file;
	uint64_t stamp = 0;

	if (store->graph_fd < 0)
		return 0;
	if (read_row(store, id, true, &unused, &row, &file) >= 0)
		stamp = podman_row_hash(&row);
	else
		stamp = podman_storage_stamp(store->graph_fd);
	podman_row_fini(&row);
	identity_fini(&unused);

	if (stamp == 0 && store->run_fd >= 0)
		stamp = podman_storage_stamp(store->run_fd);
	return stamp == 0 ? 0 : stamp * 31 + run_stamp(store, id);
}

int podman_store_inspect(struct podman_store *store, const char *id, struct dossier *dossier)
{
	CLEANUP(podman_record_fini) struct podman_record record = { 0 };
	CLEANUP(json_decref_p) json_t *log = NULL;
	CLEANUP(identity_fini) struct identity unused = { 0 };
	int r = store->graph_fd < 0 ? -ENOENT : read_record(store, id, &unused, &record);

	if (!record.config)
		return r;
	if (podman_inspect(&record, dossier) < 0)
		return -ENOMEM;

	podman_run_learn(store, record.state);
	if (podman_config_has_healthcheck(record.config) &&
	    podman_run_health(store, id, record.config, &unused, &log) >= 0) {
		dossier->health = podman_health_dossier(log);
		if (!dossier->health)
			return -ENOMEM;
	}
	return r;
}
