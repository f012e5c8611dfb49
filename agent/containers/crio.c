/* SPDX-License-Identifier: Apache-2.0 */

/* crio: containers of CRI-O, a Kubernetes engine.
 *
 * Source: the storage (crio_table.h), which it shares with Podman; EXITS/ID, where conmon writes
 * the exit code before CRI-O has taken note of it (conmon(8), --exit-dir); the names of the
 * kubelet's logs (kubernetes.h).
 * Cgroups: crio-ID.scope by systemd, crio-ID by cgroupfs. A sandbox's has the same names, and may
 * be there without a process; only the files tell it from a container's. conmon's are helpers. */

#include "crio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/parse.h"
#include "containers/cgroup_name.h"
#include "containers/crio_table.h"
#include "containers/dossier.h"
#include "containers/kubernetes.h"
#include "containers/metadata.h"
#include "containers/oci_dossier.h"
#include "containers/runtime.h"
#include "containers/watch.h"

#define EXIT_BYTES 32
#define WATCH_NAME "crio:" /* and the id: the directory of one container's state, in events */

struct runtime_state {
	struct crio_table table;
	struct places exits;
	struct kubernetes_logs logs;
};

static const char *const default_exits[] = { "run/crio/exits", NULL };

static void crio_close(struct runtime_state *state)
{
	if (!state)
		return;
	crio_table_fini(&state->table);
	places_fini(&state->exits);
	kubernetes_logs_fini(&state->logs);
	free(state);
}

static int crio_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	const struct runtime_place usual = { .root_fd = place->root_fd, .watches = place->watches };
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	r = crio_table_init(&state->table, place);
	if (r >= 0)
		r = places_init(&state->exits, &usual, default_exits, "");
	if (r >= 0)
		r = kubernetes_logs_init(&state->logs, place);
	if (r < 0) {
		crio_close(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

static int crio_refresh(struct runtime_state *state)
{
	(void) places_refresh(&state->exits); /* not there: state.json tells in the end */
	kubernetes_logs_refresh(&state->logs);
	return crio_table_refresh(&state->table);
}

static void crio_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path);
	const struct crio_entry *entry;
	char name[RUNTIME_ID_BYTES];

	if (cgroup_take_id(leaf, "crio-conmon-", "", name)) {
		ret_match->kind = MATCH_HELPER; /* by cgroupfs; the scope is everybody's helper */
		return;
	}
	if (!cgroup_take_id(leaf, "crio-", ".scope", name) &&
	    !cgroup_take_id(leaf, "crio-", "", name))
		return;

	/* Of a user, who can make cgroups of any name: no file here tells of these. */
	cgroup_make_id(cgroup_user(path), name, ret_match->id);
	entry = crio_table_load(&state->table, ret_match->id);
	ret_match->kind = entry && entry->kind == CRIO_SANDBOX ? MATCH_HELPER : MATCH_CONTAINER;
}

/* Watched before it is read, so that no change falls in between. */
static void watch_state(struct runtime_state *state, int fd, const char *id, const char *file)
{
	char directory[CRIO_PATH_BYTES], name[sizeof(WATCH_NAME) + RUNTIME_ID_BYTES];
	const char *slash = strrchr(file, '/');
	CLEANUP(close_p) int directory_fd = -1;

	(void) snprintf(directory, sizeof(directory), "%.*s", (int) (slash - file), file);
	directory_fd = openat(fd, directory, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	(void) snprintf(name, sizeof(name), WATCH_NAME "%s", id);
	if (directory_fd >= 0)
		watches_add_engine(state->table.places.watches, directory_fd, name);
}

static void describe_state(struct runtime_state *state, const char *id, struct identity *identity)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity unused = { 0 };
	char path[CRIO_PATH_BYTES];
	int fd = crio_table_locate(&state->table, id, "state.json", &path);

	if (fd < 0)
		return;
	watch_state(state, fd, id, path);
	/* Without it the container is known all the same, and so is why it has no state. */
	if (metadata_read(fd, path, METADATA_BYTES, &unused, &json) == 0)
		crio_state_parse(json, id, identity);
	else if (unused.detail)
		identity_explain(identity, "%s", unused.detail);
	identity_fini(&unused);
}

/* The exit code that conmon wrote; CRI-O's own state may be older. */
static void describe_exit(const struct runtime_state *state, const char *id,
			  struct condition *condition)
{
	int fd = state->exits.list[0].fd;
	CLEANUP(free_p) char *text = NULL;
	struct stat status;
	size_t length;
	uint64_t code;

	if (fd < 0 || condition->state == STATE_EXITED ||
	    fd_read_distrusted(fd, id, EXIT_BYTES, &text, &length) < 0 ||
	    parse_value(text, &code) < 0 || code > INT32_MAX)
		return;

	condition->state = STATE_EXITED;
	condition->has_exit_code = true;
	condition->exit_code = (int32_t) code;
	if (fstatat(fd, id, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mtim.tv_sec > 0)
		condition->finished_ns = (uint64_t) status.st_mtim.tv_sec * NSEC_PER_SEC +
					 (uint64_t) status.st_mtim.tv_nsec;
}

/* What the path of the cgroup says about the pod, then the log's name. */
static int describe_pod(const struct runtime_state *state, const char *id, const char *path,
			struct identity *identity)
{
	char uid[POD_UID_BYTES];
	int r = 0;

	identity->owner_uid = path ? cgroup_user(path) : 0;
	identity->has_owner = identity->owner_uid != 0;
	if (path && kubernetes_pod_uid(path, uid))
		r = identity_label(identity, "io.kubernetes.pod.uid", uid);

	return r < 0 ? r : kubernetes_logs_describe(&state->logs, id, identity);
}

/* Reads config.json. Returns 0 or a negative errno. */
static int read_spec(const struct runtime_state *state, const char *id, struct identity *identity,
		     json_t **ret_spec)
{
	char path[CRIO_PATH_BYTES];
	int fd = crio_table_locate(&state->table, id, "config.json", &path);

	if (fd < 0) {
		metadata_explain(identity, "config.json", -ENOENT);
		return -ENOENT;
	}

	return metadata_read(fd, path, METADATA_BYTES, identity, ret_spec);
}

static int crio_describe(struct runtime_state *state, const char *id, const char *path,
			 struct identity *ret_identity)
{
	CLEANUP(json_decref_p) json_t *spec = NULL;
	int r = read_spec(state, id, ret_identity, &spec);
	int pod;

	if (r >= 0)
		r = crio_spec_parse(spec, id, ret_identity);
	if (r >= 0) {
		describe_state(state, id, ret_identity);
		describe_exit(state, id, &ret_identity->condition);
	}

	pod = describe_pod(state, id, path, ret_identity);
	return pod < 0 ? pod : r;
}

static uint64_t crio_stamp(struct runtime_state *state, const char *id, const char *path)
{
	static const char *const files[] = { "config.json", "state.json" };
	uint64_t stamp = kubernetes_logs_stamp(&state->logs, id);
	char file[CRIO_PATH_BYTES];

	(void) path;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int fd = crio_table_locate(&state->table, id, files[i], &file);

		if (fd < 0 && i == 0)
			return 0;
		stamp = stamp * 31 + (fd < 0 ? 0 : metadata_stamp(fd, file));
	}
	if (state->exits.list[0].fd >= 0)
		stamp = stamp * 31 + metadata_stamp(state->exits.list[0].fd, id);
	return stamp;
}

static int crio_list(struct runtime_state *state, size_t max,
		     void (*found)(const char *id, void *userdata), void *userdata)
{
	for (const struct crio_entry *entry = state->table.by_id; entry && max > 0;
	     entry = entry->hh.next) {
		if (entry->kind != CRIO_CONTAINER)
			continue;
		found(entry->id, userdata);
		max--;
	}

	return 0;
}

static pid_t read_pid(const struct runtime_state *state, const char *id)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };
	char path[CRIO_PATH_BYTES];
	int fd = crio_table_locate(&state->table, id, "state.json", &path);
	pid_t pid = 0;

	if (fd >= 0 && metadata_read(fd, path, METADATA_BYTES, &identity, &json) == 0) {
		crio_state_parse(json, id, &identity);
		if (identity.condition.state == STATE_RUNNING ||
		    identity.condition.state == STATE_PAUSED)
			pid = oci_dossier_pid(json_object_get(json, "pid"));
	}
	identity_fini(&identity);
	return pid;
}

static int crio_inspect(struct runtime_state *state, const char *id, const char *path,
			struct dossier *ret_dossier)
{
	CLEANUP(json_decref_p) json_t *spec = NULL;
	struct identity identity = { 0 };
	const char *log_path;
	int r;

	(void) path;
	r = read_spec(state, id, &identity, &spec);
	if (r >= 0)
		r = crio_spec_parse(spec, id, &identity); /* whether it is this container's */
	identity_fini(&identity);
	if (r < 0)
		return r;

	ret_dossier->pid = read_pid(state, id);
	log_path = metadata_string(json_object_get(spec, "annotations"),
				   "io.kubernetes.cri-o.LogPath");
	if (log_path)
		ret_dossier->log_path = strdup(log_path); /* no memory: unknown */
	return oci_dossier_parse(spec, ret_dossier);
}

static void container_changed(const char *id, struct change *ret_change)
{
	ret_change->kind = CHANGE_CONTAINER;
	(void) snprintf(ret_change->text, sizeof(ret_change->text), "%s", id); /* 64 digits */
}

static void crio_changed(struct runtime_state *state, const char *directory, const char *name,
			 struct change *ret_change)
{
	if (strncmp(directory, WATCH_NAME, strlen(WATCH_NAME)) == 0) {
		if (strcmp(name, "state.json") == 0)
			container_changed(directory + strlen(WATCH_NAME), ret_change);
		return;
	}
	if (places_awaited(&state->table.places, directory, name) ||
	    places_awaited(&state->exits, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
		return;
	}

	if (crio_table_names(&state->table, directory, name)) {
		(void) crio_table_load(&state->table, name); /* its file may not be there yet */
		container_changed(name, ret_change);
	} else if (places_named(&state->exits, directory) && cgroup_is_id(name)) {
		container_changed(name, ret_change);
	} else {
		kubernetes_logs_changed(&state->logs, directory, name, ret_change);
	}
}

const struct runtime runtime_crio = {
	.name = "crio",
	.where = "/var/lib/containers/storage",
	.open = crio_open,
	.close = crio_close,
	.refresh = crio_refresh,
	.match = crio_match,
	.describe = crio_describe,
	.stamp = crio_stamp,
	.list = crio_list,
	.inspect = crio_inspect,
	.changed = crio_changed,
};
