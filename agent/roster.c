/* SPDX-License-Identifier: Apache-2.0 */

/* roster: sites and rows of the containers that are there. */

#include "roster.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/registry.h"
#include "description.h"

#define FRESH_ROUNDS 3 /* engines set limits shortly after they made the cgroup */
#define FINAL_ROUNDS 2 /* published with the next round, retired in the one after */
#define RETRY_TURNS  6 /* slow turns after which missing files are looked for again */

int roster_init(struct roster *roster, struct site_host *host, struct draft *draft,
		uint32_t max_containers)
{
	uint32_t buckets = 2;
	int r;

	while (buckets < 2 * max_containers)
		buckets *= 2;

	*roster = (struct roster){
		.host = host,
		.draft = draft,
		.members = calloc(max_containers + 1, sizeof(*roster->members)),
		.owners = calloc(buckets, sizeof(*roster->owners)),
		.owners_mask = buckets - 1,
		.capacity = max_containers + 1,
		.high = 1,
		.strings_dirty = true,
	};
	if (!roster->members || !roster->owners) {
		roster_fini(roster);
		return -ENOMEM;
	}

	r = site_open(host, "/", &roster->members[0].site);
	if (r < 0) {
		roster_fini(roster);
		return r;
	}
	roster->members[0].site.netns = host->netns;
	roster->members[0].site.netns_owner = true;
	roster->members[0].row = draft_take(draft, ENTITY_CONTAINER);
	roster->members[0].state = MEMBER_LIVE;
	roster->members[0].fresh = FRESH_ROUNDS;
	return 0;
}

void roster_fini(struct roster *roster)
{
	for (uint32_t i = 0; roster->members && i < roster->high; i++)
		if (roster->members[i].state == MEMBER_LIVE)
			site_close(&roster->members[i].site);
	free(roster->members);
	free(roster->owners);
	*roster = (struct roster){ 0 };
}

static void read_line(int root_fd, const char *path, char *ret_line, size_t size)
{
	if (fd_read_at(root_fd, path, ret_line, size) < 0)
		ret_line[0] = '\0';
	ret_line[strcspn(ret_line, "\n")] = '\0';
}

void machine_identity_read(int root_fd, struct machine_identity *ret_identity)
{
	struct machine_identity *m = ret_identity;

	read_line(root_fd, "etc/machine-id", m->machine_id, sizeof(m->machine_id));
	read_line(root_fd, "sys/class/dmi/id/product_uuid", m->system_uuid, sizeof(m->system_uuid));
	read_line(root_fd, "proc/sys/kernel/random/boot_id", m->boot_id, sizeof(m->boot_id));
	read_line(root_fd, "proc/sys/kernel/hostname", m->name, sizeof(m->name));
	read_line(root_fd, "proc/sys/kernel/osrelease", m->kernel, sizeof(m->kernel));
}

struct member *roster_find(struct roster *roster, const struct container *container)
{
	struct member *member = &roster->members[container->slot + 1];

	return member->state != MEMBER_UNUSED && member->container == container ? member : NULL;
}

static void settle_in(struct roster *roster, const struct container *container)
{
	if (roster->high <= container->slot + 1)
		roster->high = container->slot + 2;
	roster->strings_dirty = true;
}

struct member *roster_add(struct roster *roster, const struct container *container)
{
	struct member *member = &roster->members[container->slot + 1];

	assert(container->slot + 1 < roster->capacity && member->state == MEMBER_UNUSED);
	*member = (struct member){ .container = container, .number = ++roster->arrivals };
	if (site_open(roster->host, container->path, &member->site) < 0)
		return NULL; /* gone again: the registry will say so */

	member->row = draft_take(roster->draft, ENTITY_CONTAINER);
	if (!member->row) {
		site_close(&member->site);
		return NULL;
	}

	member->site.slot = container->slot;
	member->row->instance = container->cgroup_id;
	member->state = MEMBER_LIVE;
	member->fresh = FRESH_ROUNDS;
	settle_in(roster, container);
	return member;
}

struct member *roster_add_stopped(struct roster *roster, const struct container *container)
{
	struct member *member = &roster->members[container->slot + 1];

	assert(container->slot + 1 < roster->capacity && member->state == MEMBER_UNUSED);
	*member = (struct member){
		.container = container,
		.row = draft_take(roster->draft, ENTITY_CONTAINER),
	};
	if (!member->row)
		return NULL;

	member->row->instance = container->cgroup_id;
	member->state = MEMBER_ENDED;
	settle_in(roster, container);
	return member;
}

void roster_end(struct roster *roster, struct member *member)
{
	site_close(&member->site);
	member->state = MEMBER_FINAL;
	member->fresh = FINAL_ROUNDS;
	roster->networks_dirty = true;
}

void roster_remove(struct roster *roster, struct member *member)
{
	if (member->state == MEMBER_LIVE)
		site_close(&member->site);
	draft_give(roster->draft, member->row);
	*member = (struct member){ 0 };
	roster->strings_dirty = true;
	roster->networks_dirty = true;
}

/* What is known of the container itself stands together in metrics.def. */
static bool outlives_cgroup(enum metric metric)
{
	return metric == METRIC_LAST_SEEN || metric == METRIC_OOM_EVENTS ||
	       (metric >= METRIC_CONTAINER_INFO && metric <= METRIC_OOM_KILLS);
}

static bool outlives_container(enum metric metric)
{
	return metric == METRIC_LAST_SEEN || metric == METRIC_LAST_EXIT_CODE ||
	       metric == METRIC_LAST_EXIT_TIME;
}

static void clear_but(struct row *row, bool (*stays)(enum metric))
{
	for (enum metric metric = METRIC_FIRST_CONTAINER; metric < METRIC_END_CONTAINER; metric++)
		if (!stays(metric))
			row_clear(row, metric);
}

void roster_strip(struct member *member)
{
	clear_but(member->row, outlives_container);
}

/* Its series of usage end with this round. */
static void retire(struct roster *roster, struct member *member)
{
	struct row *row = member->row, *kept;

	clear_but(row, member->container->stopped ? outlives_cgroup : outlives_container);
	kept = draft_take(roster->draft, ENTITY_CONTAINER); /* a new row has no children */
	if (kept) {
		kept->instance = row->instance;
		memcpy(kept->words, row->words,
		       entity_infos[ENTITY_CONTAINER].row_bytes - sizeof(*row));
		draft_give(roster->draft, row);
		member->row = kept;
	}
	member->state = MEMBER_ENDED;
	roster->strings_dirty = true;
}

/* An empty cgroup has none; one that was filled since has one at once. */
static void find_process(struct roster *roster, struct member *member, bool slow_turn)
{
	uint64_t netns = member->site.netns, populated;
	bool known = row_get(member->row, METRIC_POPULATED, &populated);

	if (known && populated == 0 && member->site.pid == 0)
		return;
	if (!slow_turn && !(known && member->site.pid == 0))
		return;
	site_find_process(&member->site);
	if (member->site.netns != netns)
		roster->networks_dirty = true;
}

/* Buckets are by the namespace's inode; the table is never more than half full. */
static uint32_t *owner_bucket(struct roster *roster, uint64_t netns)
{
	uint32_t bucket = (uint32_t) (netns * 0x9e3779b97f4a7c15ULL >> 32) & roster->owners_mask;

	while (roster->owners[bucket] > 0 &&
	       roster->members[roster->owners[bucket] - 1].site.netns != netns)
		bucket = (bucket + 1) & roster->owners_mask;

	return &roster->owners[bucket];
}

/* Who made a namespace was there before those who joined it. At start all are found at once, in
 * no order: then the engines' times tell. */
static bool is_senior(const struct member *member, const struct member *than)
{
	uint64_t made_ns = member->container ? member->container->identity.created_ns : 0;
	uint64_t other_ns = than->container ? than->container->identity.created_ns : 0;

	if (made_ns != other_ns && made_ns > 0 && other_ns > 0)
		return made_ns < other_ns;
	return member->number < than->number;
}

/* One member reports each network namespace; the host's own is the root's. */
static void assign_networks(struct roster *roster)
{
	struct member *members = roster->members;

	memset(roster->owners, 0, (roster->owners_mask + 1) * sizeof(*roster->owners));
	for (uint32_t i = 0; i < roster->high; i++) {
		uint32_t *owner;

		if (members[i].state != MEMBER_LIVE || members[i].site.netns == 0)
			continue;
		owner = owner_bucket(roster, members[i].site.netns);
		if (*owner == 0 || is_senior(&members[i], &members[*owner - 1]))
			*owner = i + 1;
	}

	for (uint32_t i = 0; i < roster->high; i++) {
		struct member *member = &members[i], *owner = NULL;

		if (member->state == MEMBER_LIVE && member->site.netns > 0)
			owner = &members[*owner_bucket(roster, member->site.netns) - 1];
		roster->strings_dirty |= owner != member->network;
		member->network = owner;
		member->site.netns_owner = owner == member;
	}
	members[0].site.netns_owner = true;
	roster->networks_dirty = false;
}

void roster_refresh(struct roster *roster, uint64_t round, unsigned slow_rounds)
{
	for (uint32_t i = 1; i < roster->high; i++) {
		struct member *member = &roster->members[i];
		bool slow_turn;

		if (member->state == MEMBER_FINAL && --member->fresh == 0)
			retire(roster, member);
		if (member->state != MEMBER_LIVE)
			continue;
		slow_turn = member_is_slow_turn(member, round, slow_rounds);
		find_process(roster, member, slow_turn);
		if (slow_turn && round / slow_rounds % RETRY_TURNS == 0)
			site_retry(&member->site);
	}
	if (roster->networks_dirty)
		assign_networks(roster);
	if (roster->strings_dirty)
		description_write(roster);
}
