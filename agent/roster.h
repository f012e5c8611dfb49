/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers as the sampler sees them: each has a place to read from (site) and a row to write to.
 *
 * The registry knows who is there, sensors know how to read, the draft holds rows; this is where
 * the three meet. Member 0 is the root cgroup; the others are at slot + 1 of their container.
 *
 *	live     sampled in each round
 *	final    its cgroup is gone; the last sample is published once more
 *	ended    only container_last_seen is left, until the registry forgets it */

#include <stdbool.h>
#include <stdint.h>

#include "model/draft.h"
#include "sensors/site.h"

struct container;

enum member_state { MEMBER_UNUSED, MEMBER_LIVE, MEMBER_FINAL, MEMBER_ENDED };

struct member {
	enum member_state state;
	unsigned fresh;        /* live: rounds in which slow sensors run, too; final:
				* rounds until it is retired */
	uint64_t cpu_usage_ns; /* as of the round before */
	bool idle;             /* nothing ran since then */
	uint64_t number;       /* grows with each arrival: who came first */
	struct site site;
	struct row *row;
	const struct container *container; /* borrowed; NULL: the root cgroup */
	const struct member *network;      /* who reports its interfaces; NULL: nobody */
};

/* What the host is called; strings of the machine row. */
struct machine_identity {
	char machine_id[64], system_uuid[64], boot_id[64], name[128], kernel[128];
};

struct roster_options {
	const char *const *series_labels; /* allow-listed keys, NULL at the end; borrowed */
	bool label_info;                  /* publish all labels once per container */
};

struct roster {
	struct site_host *host;
	struct draft *draft;
	struct roster_options options;
	struct machine_identity machine;
	struct member *members;
	uint32_t capacity, high; /* members; all in use are below high */
	uint32_t *owners;        /* hash table by network namespace: index of the owner + 1 */
	uint32_t owners_mask;
	uint64_t arrivals;
	bool strings_dirty;  /* somebody came, went or was renamed */
	bool networks_dirty; /* a process was found, or somebody left */
};

/* Host and draft are borrowed. Opens the root's site. Returns 0 or a negative errno. */
int roster_init(struct roster *roster, struct site_host *host, struct draft *draft,
		uint32_t max_containers);
void roster_fini(struct roster *roster);

/* Reads what the host is called, below a directory that looks like "/". What cannot be read stays
 * empty. */
void machine_identity_read(int root_fd, struct machine_identity *ret_identity);

/* Returns the new member, or NULL when no row was left or the cgroup is gone already. */
struct member *roster_add(struct roster *roster, const struct container *container);

/* The same for one that does not run: an ended member. */
struct member *roster_add_stopped(struct roster *roster, const struct container *container);
struct member *roster_find(struct roster *roster, const struct container *container);

/* The cgroup is gone: gives back descriptors, keeps the row's last values for one round. */
void roster_end(struct roster *roster, struct member *member);

/* Its engine does not know it any more: what is left of an ended one is when it was last seen, and
 * how it ended. */
void roster_strip(struct member *member);
void roster_remove(struct roster *roster, struct member *member);

/* Once per round: retires final members, finds processes that are still unknown, decides who owns
 * each network namespace, and writes strings anew if anything changed. */
void roster_refresh(struct roster *roster, uint64_t round, unsigned slow_rounds);

static inline bool member_is_slow_turn(const struct member *member, uint64_t round,
				       unsigned slow_rounds)
{
	return member->fresh > 0 || (round + member->site.slot) % slow_rounds == 0;
}
