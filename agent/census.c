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

static void on_event(const struct event *event, const struct container *container, void *userdata)
{
	struct census *census = userdata;
	const struct identity *identity = &container->identity;
	struct event numbered = *event;

	event_add(census->events, event);
	numbered.number = census->events->newest;
	if (census->on_event)
		census->on_event(&numbered, identity->labels, identity->labels_length,
				 census->on_event_userdata);
	log_debug(0, "%s: %s container '%s' at %s", event_type_name(event->type),
		  container->runtime->name, identity->name,
		  container->path ? container->path : "no cgroup");
}

static void write_condition(struct census *census, const struct container *container)
{
	struct member *member = roster_find(&census->roster, container);

	if (member && (member->state != MEMBER_ENDED || container->stopped))
		chronicle_write(&census->chronicle, container, member->row);
}

static struct row *live_row(struct census *census, const struct container *container)
{
	struct member *member = roster_find(&census->roster, container);

	return member && member->state == MEMBER_LIVE ? member->row : NULL;
}

static void on_listed(struct container *container, void *userdata)
{
	struct census *census = userdata;

	chronicle_listed(&census->chronicle, container);
	if (!roster_find(&census->roster, container))
		(void) roster_add_stopped(&census->roster, container); /* NULL: counted */
	write_condition(census, container);
}

static void on_came(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *before = roster_find(&census->roster, container);

	if (before)
		roster_remove(&census->roster, before);
	(void) roster_add(&census->roster, container); /* NULL: gone already, or counted */
	chronicle_came(&census->chronicle, container);
	write_condition(census, container);
}

/* Whether any string of its row is another one. */
static bool is_described_anew(const struct identity *now, const struct identity *before)
{
	struct identity same = *before; /* its strings are borrowed */

	same.condition = now->condition;
	same.started_ns = now->started_ns;
	same.created_ns = now->created_ns;
	return !identity_equal(&same, now);
}

static void on_changed(struct container *container, const struct container *before, void *userdata)
{
	struct census *census = userdata;

	census->roster.strings_dirty |= is_described_anew(&container->identity, &before->identity);
	chronicle_changed(&census->chronicle, container, before);
	write_condition(census, container);
}

static void on_emptied(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *member = roster_find(&census->roster, container);

	if (member && member->state == MEMBER_LIVE)
		sampler_last_look(&census->sampler, member);
	chronicle_emptied(&census->chronicle, container, live_row(census, container));
}

static void on_went(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *member = roster_find(&census->roster, container);

	chronicle_went(&census->chronicle, container, live_row(census, container));
	if (member && member->state == MEMBER_LIVE)
		roster_end(&census->roster, member);
	write_condition(census, container);
}

static void on_removed(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *member = roster_find(&census->roster, container);

	chronicle_removed(&census->chronicle, container);
	if (member && member->state == MEMBER_ENDED)
		roster_strip(member);
	else
		write_condition(census, container);
}

static void on_forgotten(struct container *container, void *userdata)
{
	struct census *census = userdata;
	struct member *member = roster_find(&census->roster, container);

	chronicle_forgotten(&census->chronicle, container);
	if (member)
		roster_remove(&census->roster, member);
}

static const char *const *places(const char *runtime, void *userdata)
{
	return config_places(userdata, runtime);
}

static bool is_optional(const char *runtime)
{
	for (size_t i = 0; runtimes[i]; i++)
		if (strcmp(runtimes[i]->name, runtime) == 0)
			return runtimes[i]->optional;

	return false;
}

static bool wanted(const char *runtime, void *userdata)
{
	const struct config *config = userdata;

	return !strings_contain(&config->runtimes.disable, runtime) &&
	       (!is_optional(runtime) || strings_contain(&config->runtimes.enable, runtime));
}

static int open_registry(int root_fd, const struct config *config, struct census *census)
{
	const struct registry_events events = {
		.came = on_came,
		.changed = on_changed,
		.emptied = on_emptied,
		.went = on_went,
		.forgotten = on_forgotten,
		.listed = on_listed,
		.removed = on_removed,
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

	census->config = config;
	census->events = census->own_events = calloc(1, sizeof(*census->own_events));
	if (!census->own_events)
		return -ENOMEM;
	r = chronicle_init(&census->chronicle, max_containers);
	if (r < 0)
		return r;
	census->chronicle.tell = on_event;
	census->chronicle.userdata = census;
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
	chronicle_fini(&census->chronicle);
	roster_fini(&census->roster);
	draft_free(census->draft);
	free(census->own_events);
	site_host_close(&census->host);
	*census = (struct census){ 0 };
}

void census_share_events(struct census *census, struct event_ring *ring)
{
	free(census->own_events);
	census->own_events = NULL;
	census->events = ring;
}

void census_rescan(struct census *census)
{
	census->scan_error = registry_rescan(census->registry);
	if (census->scan_error < 0)
		log_warning(census->scan_error, "cannot list the cgroup tree, "
						"what was known stays");
	census->chronicle.is_settled = true;
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

/* A pause by the freezer of cgroup v1 makes no event in the unified tree. */
static void look_at_freezer(struct census *census, struct container *container,
			    const struct row *row)
{
	uint64_t frozen;

	if (census->host.trees[HIERARCHY_V1_FREEZER] >= 0 && row_get(row, METRIC_FROZEN, &frozen))
		registry_set_frozen(census->registry, container, frozen > 0);
}

/* What sensors cannot know: what happened to the container before this cgroup, and how long ago it
 * was seen. */
static void complete_rows(struct census *census, uint64_t boottime_ns)
{
	struct container *container = NULL;

	while ((container = registry_next(census->registry, container)) != NULL) {
		struct member *member = roster_find(&census->roster, container);

		if (member && member->state == MEMBER_LIVE) {
			chronicle_look(&census->chronicle, container, member->row);
			look_at_freezer(census, container, member->row);
		} else if (member && container->stopped &&
			   boottime_ns - container->ended_ns > census->config->metrics.remember_ns)
			row_clear(member->row, METRIC_LAST_SEEN);
	}
}

void census_round(struct census *census, uint64_t boottime_ns, uint64_t realtime_ns)
{
	registry_expire(census->registry, boottime_ns);
	chronicle_settle(&census->chronicle, (uint32_t) census->config->limits.containers,
			 boottime_ns);
	sampler_round(&census->sampler, boottime_ns, realtime_ns);
	complete_rows(census, boottime_ns);
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
