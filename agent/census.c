/* SPDX-License-Identifier: Apache-2.0 */

/* census: who is there, joined with what they use. */

#include "census.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"

#define BUDGET_SHARE(limit) ((limit) / 4 * 3) /* the rest is for sockets, metadata, directories */

/* Copies a name so that it ends between two characters of UTF-8. */
static void copy_name(char *ret_copy, size_t size, const char *name)
{
	size_t length = strlen(name);

	if (length >= size) {
		length = size - 1;
		while (length > 0 && ((unsigned char) name[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(ret_copy, name, length);
	ret_copy[length] = '\0';
}

static void add_event(struct census *census, enum event_type type,
		      const struct container *container, const struct member *member)
{
	struct event event = {
		.realtime_ns = clock_realtime_ns(),
		.type = type,
		.instance = container->cgroup_id,
	};

	copy_name(event.id, sizeof(event.id), container->id);
	copy_name(event.name, sizeof(event.name), container->identity.name);
	copy_name(event.runtime, sizeof(event.runtime), container->runtime->name);
	if (member)
		(void) row_get(member->row, METRIC_CPU_USAGE_NS, &event.cpu_usage_ns); /* or 0 */
	event_add(census->events, &event);
	log_debug(0, "%s: %s container '%s' at %s", event_type_name(type), container->runtime->name,
		  container->identity.name, container->path);
}

static void on_came(struct container *container, void *userdata)
{
	struct census *census = userdata;

	(void) roster_add(&census->roster, container); /* NULL: gone already, or counted */
	add_event(census, EVENT_STARTED, container, NULL);
}

static void on_changed(struct container *container, void *userdata)
{
	struct census *census = userdata;

	census->roster.strings_dirty = true;
	add_event(census, EVENT_RENAMED, container, NULL);
}

static void on_emptied(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *member = roster_find(&census->roster, container);

	if (member && member->state == MEMBER_LIVE)
		sampler_last_look(&census->sampler, member);
	add_event(census, EVENT_EMPTIED, container, member);
}

static void on_went(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *member = roster_find(&census->roster, container);

	add_event(census, EVENT_DIED, container, member);
	if (member && member->state == MEMBER_LIVE)
		roster_end(&census->roster, member);
}

static void on_forgotten(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *member = roster_find(&census->roster, container);

	if (member)
		roster_remove(&census->roster, member);
}

static const char *const *places(const char *runtime, void *userdata)
{
	return config_places(userdata, runtime);
}

static bool wanted(const char *runtime, void *userdata)
{
	const struct config *config = userdata;

	return !strings_contain(&config->runtimes.disable, runtime);
}

static int open_registry(int root_fd, const struct config *config, struct census *census)
{
	const struct registry_events events = {
		.came = on_came,
		.changed = on_changed,
		.emptied = on_emptied,
		.went = on_went,
		.forgotten = on_forgotten,
		.userdata = census,
	};
	const struct registry_config registry = {
		.root_fd = root_fd,
		.cgroup_fd = census->host.trees[HIERARCHY_UNIFIED],
		.max_containers = (uint32_t) config->limits.containers,
		.remember_ns = config->metrics.remember_ns,
		.places = places,
		.wanted = wanted,
		.userdata = (void *) config,
	};

	return registry_new(&registry, &events, &census->registry);
}

static int open_parts(int root_fd, const struct config *config, struct census *census)
{
	uint32_t max_containers = (uint32_t) config->limits.containers;
	struct draft_limits limits = draft_limits_for(max_containers);
	int r;

	census->events = calloc(1, sizeof(*census->events));
	if (!census->events)
		return -ENOMEM;
	r = draft_new(&limits, &census->draft);
	if (r < 0)
		return r;
	r = roster_init(&census->roster, &census->host, census->draft, max_containers);
	if (r < 0)
		return r;
	census->roster.options = (struct roster_options){
		.series_labels = (const char *const *) config->metrics.labels.items,
		.label_info = config->metrics.label_info,
	};
	machine_identity_read(root_fd, &census->roster.machine);

	r = sampler_init(&census->sampler, &census->roster, census->draft, config->interval_ns,
			 (const char *const *) config->sensors.disable.items);
	if (r < 0)
		return r;

	return open_registry(root_fd, config, census);
}

int census_open(int root_fd, const struct config *config, struct census *ret_census)
{
	struct census *census = ret_census;
	int r;

	*census = (struct census){ 0 };
	r = site_host_open(root_fd, census_descriptor_budget(config), &census->host);
	if (r < 0)
		return r;

	r = open_parts(root_fd, config, census);
	if (r < 0)
		census_close(census);
	return r;
}

void census_close(struct census *census)
{
	registry_free(census->registry);
	roster_fini(&census->roster);
	draft_free(census->draft);
	free(census->events);
	site_host_close(&census->host);
	*census = (struct census){ 0 };
}

void census_rescan(struct census *census)
{
	census->scan_error = registry_rescan(census->registry);
	if (census->scan_error < 0)
		log_warning(census->scan_error, "cannot list the cgroup tree, "
						"what was known stays");
}

/* Rows about the census itself. */
static void count_work(struct census *census)
{
	const struct sampler *sampler = &census->sampler;
	struct row *row = draft_single(census->draft, ENTITY_AGENT);
	struct row *host = draft_single(census->draft, ENTITY_HOST);
	struct registry_stats registry;
	struct draft_stats draft;
	uint64_t memory;

	registry_stats_get(census->registry, &registry);
	draft_stats_get(census->draft, &draft);
	row_set(row, METRIC_ROUNDS, sampler->rounds);
	row_set(row, METRIC_ROUNDS_SKIPPED, sampler->skipped);
	row_set(row, METRIC_INTERVAL_NS, sampler->interval_ns);
	row_set(row, METRIC_AGENT_DESCRIPTORS, census->host.fd_used);
	row_set(row, METRIC_AGENT_DESCRIPTOR_BUDGET, census->host.fd_budget);
	row_set(row, METRIC_AGENT_OPENS, census->host.opens);
	row_set(row, METRIC_AGENT_OVER_BUDGET, census->host.over_budget);
	row_set(row, METRIC_LEFT_OUT, sampler->left_out);
	row_set(row, METRIC_AGENT_READS, census->host.reads);
	row_set(row, METRIC_CONTAINERS, registry.live);
	row_set(row, METRIC_CONTAINERS_CAME, registry.came);
	row_set(row, METRIC_CONTAINERS_WENT, registry.went);
	row_set(row, METRIC_CONTAINERS_REFUSED, registry.refused);
	row_set(row, METRIC_CHILDREN_REFUSED,
		draft.refused[ENTITY_DEVICE] + draft.refused[ENTITY_INTERFACE] +
			draft.refused[ENTITY_HUGEPAGE]);
	row_set(row, METRIC_STRINGS_REFUSED, draft.strings_refused);
	row_set(row, METRIC_METADATA_ERRORS, registry.metadata_errors);
	row_set(row, METRIC_TREE_RESCANS, registry.rescans);
	row_set(row, METRIC_WATCHES_REFUSED, registry.watches_refused);
	row_set(row, METRIC_BUILD_INFO, 1);
	row_set(host, METRIC_CONTAINER_SCRAPE_ERROR, census->scan_error < 0);
	row_set(host, METRIC_MACHINE_SCRAPE_ERROR,
		!row_get(draft_single(census->draft, ENTITY_MACHINE), METRIC_MACHINE_MEMORY_BYTES,
			 &memory));
}

void census_round(struct census *census, uint64_t boottime_ns, uint64_t realtime_ns)
{
	registry_expire(census->registry, boottime_ns);
	sampler_round(&census->sampler, boottime_ns, realtime_ns);
	count_work(census);
}

unsigned census_descriptor_budget(const struct config *config)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 256; /* cannot happen for this resource; enough for a small host */
	limit.rlim_cur = limit.rlim_max;
	(void) setrlimit(RLIMIT_NOFILE, &limit); /* raising to the hard limit is allowed */
	if (config->limits.descriptors > 0 && config->limits.descriptors < limit.rlim_max)
		return (unsigned) config->limits.descriptors;
	if (limit.rlim_max > 1024 * 1024)
		limit.rlim_max = 1024 * 1024;
	return (unsigned) BUDGET_SHARE(limit.rlim_max);
}
