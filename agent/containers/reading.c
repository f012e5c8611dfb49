/* SPDX-License-Identifier: Apache-2.0 */

/* reading: what a container's cgroup and its engine's files say now.
 *
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "cgroup.events": `populated` is 1 while the
 * cgroup or one below has a process, `frozen` 1 while it is frozen; a change makes an inotify
 * event. */

#include "lifecycle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/parse.h"
#include "containers/metadata.h"

#define CGROUP_EVENTS_BYTES 512 /* two short lines today */
#define SHORT_ID_DIGITS     12  /* how people shorten ids, and how docker ps prints them */

static bool events_path(const char *path, char *ret_path, size_t size)
{
	return snprintf(ret_path, size, "%s/cgroup.events", path + 1) < (int) size;
}

struct cgroup_events lifecycle_read_events(const struct registry *registry, const char *path)
{
	char file[RUNTIME_PATH_BYTES], text[CGROUP_EVENTS_BYTES];
	struct cgroup_events events = { .populated = -1 };
	const char *cursor = text;
	struct keyed line;

	if (!events_path(path, file, sizeof(file)) ||
	    fd_read_at(registry->config.cgroup_fd, file, text, sizeof(text)) < 0)
		return events;
	while (keyed_next(&cursor, &line)) {
		if (SLICE_IS(line.key, "populated") && line.has_value)
			events.populated = line.value > 0;
		if (SLICE_IS(line.key, "frozen") && line.has_value)
			events.frozen = line.value > 0;
	}

	return events;
}

void lifecycle_watch(struct registry *registry, struct resident *resident)
{
	char file[RUNTIME_PATH_BYTES];

	if (!resident->populated_watch && events_path(resident->container.path, file, sizeof(file)))
		resident->populated_watch =
			watches_add(&registry->watches, registry->config.cgroup_fd, file,
				    WATCH_POPULATED, resident);
}

static void complain(struct registry *registry, struct resident *resident, int r,
		     const struct identity *identity)
{
	registry->stats.metadata_errors++;
	if (!resident->complained)
		log_warning(0, "%s container %.12s: metadata is incomplete: %s",
			    resident->container.runtime->name, resident->container.id,
			    identity->detail ? identity->detail : strerror(-r));
	resident->complained = true;
}

const char *lifecycle_path(const struct resident *resident)
{
	return resident->phase == PHASE_PENDING || resident->phase == PHASE_LIVE
		       ? resident->container.path
		       : NULL;
}

/* What files do not tell and somebody told. */
static void add_told_health(const struct resident *resident, struct condition *condition)
{
	if (condition->health != HEALTH_UNKNOWN || resident->phase != PHASE_LIVE)
		return;
	condition->health = resident->told_health;
	condition->failing_streak = resident->told_streak;
}

/* Reads the metadata. What was known is not given up for a file that cannot be read. *ret_before
 * is empty, or a copy of the container as it was, whose identity the caller frees. */
void lifecycle_describe(struct registry *registry, struct resident *resident,
			struct container *ret_before)
{
	struct container *container = &resident->container;
	const struct runtime *runtime = container->runtime;
	const char *path = lifecycle_path(resident);
	struct identity identity = { 0 };
	uint64_t stamp = runtime->stamp(resident->state, container->id, path);
	int r = runtime->describe(resident->state, container->id, path, &identity);
	bool was_described = resident->described;

	*ret_before = (struct container){ 0 };
	if (r < 0 && r != -ENOENT)
		complain(registry, resident, r, &identity);
	resident->stamp = metadata_is_final(r) ? stamp : 0;
	resident->known = r != -ENOENT;
	resident->described |= r >= 0;
	if (!identity.name)
		(void) identity_set(&identity.name, container->id,
				    strnlen(container->id, SHORT_ID_DIGITS)); /* asked below */
	add_told_health(resident, &identity.condition);
	if (!identity.name || (r < 0 && was_described) ||
	    identity_equal(&identity, &container->identity)) {
		identity_fini(&identity);
		return;
	}

	*ret_before = *container;
	container->identity = identity;
	if (resident->phase == PHASE_LIVE && !was_described)
		lineage_take(&registry->lineage, container); /* its name was not known */
}

/* Whether its engine says that it does not run. */
bool lifecycle_is_over(const struct resident *resident)
{
	switch (resident->container.identity.condition.state) {
	case STATE_CREATED:
	case STATE_RESTARTING:
	case STATE_REMOVING:
	case STATE_EXITED:
	case STATE_DEAD:
		return resident->known;
	default:
		return false;
	}
}
