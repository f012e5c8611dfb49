/* SPDX-License-Identifier: Apache-2.0 */

/* containerd: containers of containerd, with Kubernetes (CRI) and without (ctr, nerdctl).
 *
 * Source: the directories of its tasks (containerd_spec.c), of every namespace but Docker's, and
 * for pods the names of the kubelet's logs (kubernetes.h). The database with the containers that
 * are not running is locked by containerd: of these only pods' are known, by their logs. Exit codes
 * are in no file.
 * Cgroups: those that the tasks' files name. cri-containerd-ID.scope and nerdctl-ID.scope by
 * systemd, "SLICE:cri-containerd:ID" where containerd and runc disagree about the driver, and ID
 * right below a pod by cgroupfs are containers also without a file. */

#include "containerd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/kubernetes.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

#define CRI_NAMESPACE "k8s.io"

struct runtime_state {
	struct oci_states states;
	struct kubernetes_logs logs;
};

static void containerd_close(struct runtime_state *state)
{
	if (!state)
		return;
	oci_states_fini(&state->states);
	kubernetes_logs_fini(&state->logs);
	free(state);
}

static int containerd_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	r = oci_states_init(&state->states, &oci_format_containerd, place);
	if (r >= 0)
		r = kubernetes_logs_init(&state->logs, place);
	if (r < 0) {
		containerd_close(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

static int containerd_refresh(struct runtime_state *state)
{
	kubernetes_logs_refresh(&state->logs);
	return oci_states_refresh(&state->states);
}

/* The id of a cgroup whose name says whose it is. */
static bool take_id(const char *path, char *ret_id)
{
	static const char *const marks[] = { "cri-containerd", "nerdctl" };
	const char *leaf = cgroup_leaf(path);
	char mark[32];

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		const char *misplaced;

		(void) snprintf(mark, sizeof(mark), "%s-", marks[i]);
		if (cgroup_take_id(leaf, mark, ".scope", ret_id))
			return true;
		(void) snprintf(mark, sizeof(mark), ":%s:", marks[i]);
		misplaced = strstr(leaf, mark);
		if (misplaced && cgroup_take_id(misplaced, mark, "", ret_id))
			return true;
	}

	return cgroup_take_id(leaf, "", "", ret_id) && kubernetes_is_in_pod(path);
}

/* By the path, unless the name says that it is another one's. */
static const struct claim *find(const struct runtime_state *state, const char *id, const char *path)
{
	const struct claim *claim = oci_states_find_path(&state->states, path);

	if (claim && (!cgroup_is_id(id) || strcmp(claim_name(claim), id) == 0))
		return claim;

	return oci_states_find_id(&state->states, id);
}

static void containerd_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	CLEANUP(free_p) char *id = NULL;
	const struct claim *claim;
	char name[RUNTIME_ID_BYTES];

	if (take_id(path, name)) {
		/* Of a user, who can make cgroups of any name: no file here tells of these. */
		cgroup_make_id(cgroup_user(path), name, ret_match->id);
		claim = find(state, ret_match->id, path);
		ret_match->kind = claim && claim->helper ? MATCH_HELPER : MATCH_CONTAINER;
		return;
	}

	claim = oci_states_find_path(&state->states, path);
	if (claim)
		id = utf8_copy(claim_name(claim), strlen(claim_name(claim)),
			       sizeof(ret_match->id) - 1);
	if (!id)
		return;
	ret_match->kind = claim->helper ? MATCH_HELPER : MATCH_CONTAINER;
	(void) snprintf(ret_match->id, sizeof(ret_match->id), "%s", id); /* fits: was cut */
}

/* What the cgroup's path says about the pod, then its log: names and restarts. */
static int describe_pod(struct runtime_state *state, const char *id, const char *path,
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

static int containerd_describe(struct runtime_state *state, const char *id, const char *path,
			       struct identity *ret_identity)
{
	const struct claim *claim = find(state, id, path);
	int r = oci_states_describe(&state->states, claim, ret_identity);
	int names = describe_pod(state, id, path, ret_identity);

	if (claim)
		ret_identity->condition.state = STATE_RUNNING;
	if (names >= 0 && !ret_identity->name && claim && !cgroup_is_id(id))
		names = identity_set(&ret_identity->name, id, strlen(id));
	if (names < 0)
		return names;
	if (claim || path || !kubernetes_logs_find(&state->logs, id))
		return r;

	/* It has a log and no task: it has ended. */
	free(TAKE_PTR(ret_identity->detail));
	identity_explain(ret_identity, "exit code and image: in none of containerd's files");
	ret_identity->condition.state = STATE_EXITED;
	return 0;
}

static uint64_t containerd_stamp(struct runtime_state *state, const char *id, const char *path)
{
	const struct claim *claim = find(state, id, path);

	if (!claim && (path || !kubernetes_logs_find(&state->logs, id)))
		return 0;
	if (claim && claim->stamp == 0)
		return 0;
	return (claim ? claim->stamp : 1) * 31 + kubernetes_logs_stamp(&state->logs, id);
}

/* Containers of pods, by their logs: the kubelet's engine is this one if it has tasks for it. */
static int containerd_list(struct runtime_state *state, size_t max,
			   void (*found)(const char *id, void *userdata), void *userdata)
{
	const struct kubernetes_log *log = state->logs.by_id;

	if (!oci_states_has_namespace(&state->states, CRI_NAMESPACE))
		return 0;
	for (size_t i = 0; log && i < max; i++, log = log->hh.next)
		found(log->id, userdata);

	return 0;
}

static int containerd_inspect(struct runtime_state *state, const char *id, const char *path,
			      struct dossier *ret_dossier)
{
	const struct kubernetes_log *log = kubernetes_logs_find(&state->logs, id);
	const struct claim *claim = find(state, id, path);
	int r = oci_states_inspect(&state->states, claim, ret_dossier);

	if (log && log->path)
		ret_dossier->log_path = strdup(log->path); /* no memory: unknown */
	return r == -ENOENT && log ? 0 : r;
}

static void containerd_changed(struct runtime_state *state, const char *directory, const char *name,
			       struct change *ret_change)
{
	oci_states_changed(&state->states, directory, name, ret_change);
	if (ret_change->kind == CHANGE_NONE)
		kubernetes_logs_changed(&state->logs, directory, name, ret_change);
}

const struct runtime runtime_containerd = {
	.name = "containerd",
	.where = "/run/containerd",
	.open = containerd_open,
	.close = containerd_close,
	.refresh = containerd_refresh,
	.match = containerd_match,
	.describe = containerd_describe,
	.stamp = containerd_stamp,
	.list = containerd_list,
	.inspect = containerd_inspect,
	.changed = containerd_changed,
};
