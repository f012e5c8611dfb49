/* SPDX-License-Identifier: Apache-2.0 */

/* kubernetes: what the name of a pod's cgroup says, and what a container of a pod is called.
 *
 * The kubelet names a pod's cgroup podUID (cgroupfs driver), or, by systemd's rules,
 * kubepods-QOS-podUID.slice with "_" for "-"; Guaranteed pods have no QOS. In a node that is itself
 * a container the whole tree may lie in another one, and the slice begins with its name. */

#include "kubernetes.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define UUID_LENGTH         36
#define STATIC_LENGTH       32  /* static pods: a hash of their configuration */
#define MISPLACED_SEPARATOR ':' /* "SLICE:PREFIX:ID" taken for a name by the wrong driver */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* 8-4-4-4-12 digits, or 32 of them, with "-" or "_" between. */
static bool take_uid(const char *text, size_t length, char *ret_uid)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (length != UUID_LENGTH && length != STATIC_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++)
		if (length == UUID_LENGTH && shape[i] == '-' ? text[i] != '-' && text[i] != '_'
							     : !is_hex(text[i]))
			return false;

	memcpy(ret_uid, text, length);
	ret_uid[length] = '\0';
	for (char *dash = ret_uid; (dash = strchr(dash, '_')) != NULL;)
		*dash = '-';
	return true;
}

/* One component of a path: "podUID", "...-podUID.slice", "...-podUID.slice:PREFIX:ID". */
static bool uid_of_component(const char *name, size_t length, char *ret_uid)
{
	static const char slice[] = ".slice", mark[] = "-pod";
	const char *colon = memchr(name, MISPLACED_SEPARATOR, length);
	size_t end = colon ? (size_t) (colon - name) : length;
	size_t suffix = strlen(slice);

	if (length > 3 && memcmp(name, "pod", 3) == 0)
		return take_uid(name + 3, length - 3, ret_uid);
	if (end <= suffix || memcmp(name + end - suffix, slice, suffix) != 0)
		return false;

	end -= suffix;
	for (size_t at = 0; at + strlen(mark) < end; at++)
		if (memcmp(name + at, mark, strlen(mark)) == 0 &&
		    take_uid(name + at + strlen(mark), end - at - strlen(mark), ret_uid))
			return true;

	return false;
}

bool kubernetes_pod_uid(const char *path, char *ret_uid)
{
	size_t end = strlen(path);

	while (end > 0) {
		size_t start = end;

		while (start > 0 && path[start - 1] != '/')
			start--;
		if (uid_of_component(path + start, end - start, ret_uid))
			return true;
		end = start > 0 ? start - 1 : 0;
	}

	return false;
}

bool kubernetes_is_in_pod(const char *path)
{
	const char *leaf = strrchr(path, '/'), *start = leaf;
	char uid[POD_UID_BYTES];

	while (start && start > path && start[-1] != '/')
		start--;

	return start && uid_of_component(start, (size_t) (leaf - start), uid);
}

int kubernetes_describe(const struct kubernetes_names *names, struct identity *identity)
{
	const struct {
		const char *key, *value;
	} labels[] = {
		{ "io.kubernetes.pod.name", names->pod },
		{ "io.kubernetes.pod.namespace", names->namespace },
		{ "io.kubernetes.container.name", names->container },
		{ "io.kubernetes.pod.uid", names->uid },
	};
	int r = 0;

	if (names->container && !identity->name)
		r = identity_set(&identity->name, names->container, strlen(names->container));
	if (r >= 0 && names->pod && !identity->pod)
		r = identity_set(&identity->pod, names->pod, strlen(names->pod));
	for (size_t i = 0; i < ARRAY_SIZE(labels) && r >= 0; i++)
		if (labels[i].value)
			r = identity_label(identity, labels[i].key, labels[i].value);

	return r;
}
