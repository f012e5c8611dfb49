/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Kubernetes, as the files of its kubelet tell: whose pod a cgroup is, and the names of a pod's
 * log files, which hold the names of its containers and how often each was started again. Nothing
 * is asked of the kubelet, and no log is opened.
 *
 * Source: the kubelet's cgroup manager (pod names below kubepods) and its log paths:
 *	/var/log/pods/NAMESPACE_POD_UID/CONTAINER/ATTEMPT.log
 *	/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log, a symbolic link to the former */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "containers/place.h"
#include "containers/runtime.h"
#include "containers/table.h"

#define POD_UID_BYTES 37 /* a UUID; of static pods 32 digits */

/* The uid of the pod whose cgroup is the last such one in the path. False: there is none. */
bool kubernetes_pod_uid(const char *path, char *ret_uid);

/* Whether the component above the last one is a pod's. */
bool kubernetes_is_in_pod(const char *path);

/* Borrowed; NULL: unknown. */
struct kubernetes_names {
	const char *container, *pod, *namespace, *uid;
};

/* Sets what the identity does not have yet: name, pod, and the labels that the kubelet gives to
 * containers ("io.kubernetes.pod.name" and so on). Returns 0 or -ENOMEM. */
int kubernetes_describe(const struct kubernetes_names *names, struct identity *identity);

/* One container's log, by its symbolic link. */
struct kubernetes_log {
	char id[RUNTIME_ID_BYTES];
	char *pod, *namespace, *container; /* the first owns the memory of all three */
	char *uid, *path;                  /* owned; by where the link points to, or NULL */
	bool has_attempt;
	uint64_t attempt;
	uint32_t seen;
	UT_hash_handle hh;
};

struct kubernetes_logs {
	struct places places; /* /var/log/containers, /var/log/pods */
	struct kubernetes_log *by_id;
	uint32_t scan;
};

/* Returns 0 or -ENOMEM. */
int kubernetes_logs_init(struct kubernetes_logs *logs, const struct runtime_place *place);
void kubernetes_logs_fini(struct kubernetes_logs *logs);

/* As struct runtime's functions; what cannot be listed is not known. */
void kubernetes_logs_refresh(struct kubernetes_logs *logs);
void kubernetes_logs_changed(struct kubernetes_logs *logs, const char *directory, const char *name,
			     struct change *ret_change);

/* NULL: no such link. */
const struct kubernetes_log *kubernetes_logs_find(const struct kubernetes_logs *logs,
						  const char *id);

/* Sets names and restarts by the container's log; without one, restarts by the newest log of a
 * container with the labels that the identity has. Returns 0 or -ENOMEM. */
int kubernetes_logs_describe(const struct kubernetes_logs *logs, const char *id,
			     struct identity *identity);

/* A number that is another one when kubernetes_logs_describe may say something else. */
uint64_t kubernetes_logs_stamp(const struct kubernetes_logs *logs, const char *id);
