/* SPDX-License-Identifier: Apache-2.0 */

/* runtimes: every engine that is known, and what belongs to none.
 *
 * The order decides who is asked first. Engines that put their mark into the cgroup's name come
 * before those that are recognised by their files: podman starts its containers by runc or crun,
 * whose state directories then know them, too. */

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/buildkit.h"
#include "containers/cgroup_name.h"
#include "containers/runtime.h"

extern const struct runtime runtime_docker;
extern const struct runtime runtime_podman;
extern const struct runtime runtime_crio;
extern const struct runtime runtime_containerd;
extern const struct runtime runtime_runc;
extern const struct runtime runtime_crun;
extern const struct runtime runtime_lxc;
extern const struct runtime runtime_nspawn;
extern const struct runtime runtime_nomad;
extern const struct runtime runtime_systemd;

const struct runtime *const runtimes[] = {
	&runtime_docker,
	&runtime_podman,
	&runtime_crio,
	&runtime_containerd,
	&runtime_runc,
	&runtime_crun,
	&runtime_lxc,
	&runtime_nspawn,
	&runtime_nomad,
	&runtime_systemd, /* the last one: its services may be another's containers */
	NULL,
};

/* Mounts and swaps of a container become units, whose names hold its id (systemd.unit(5));
 * init.scope is systemd itself. */
static const char *const unit_suffixes[] = { ".mount", ".swap" };

/* conmon holds a container's terminal and exit status from outside (conmon(8)). */
static const char *const conmon_prefixes[] = { "libpod-conmon-", "crio-conmon-", "conmon-" };

enum match_kind runtimes_helper(const char *path)
{
	const char *leaf = cgroup_leaf(path);
	char id[RUNTIME_ID_BYTES];

	if (strcmp(leaf, "init.scope") == 0 || buildkit_is_step(path))
		return MATCH_HELPER;
	for (size_t i = 0; i < ARRAY_SIZE(unit_suffixes); i++)
		if (cgroup_ends_with(leaf, unit_suffixes[i]))
			return MATCH_HELPER;
	for (size_t i = 0; i < ARRAY_SIZE(conmon_prefixes); i++)
		if (cgroup_take_id(leaf, conmon_prefixes[i], ".scope", id))
			return MATCH_HELPER;

	return MATCH_NONE;
}
