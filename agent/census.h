/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Everything between a directory that looks like "/" and a draft full of numbers: the host's
 * files, the registry of containers, the roster, the sampler. plimsolld runs one on the real
 * host and tests run them on recorded ones; nothing here knows of the loop or of the network. */

#include "chronicle.h"
#include "config.h"
#include "containers/registry.h"
#include "model/draft.h"
#include "model/event.h"
#include "roster.h"
#include "round.h"
#include "sensors/site.h"

struct census {
	struct site_host host;
	struct draft *draft;
	struct roster roster;
	struct sampler sampler;
	struct registry *registry;
	struct event_ring *events, *own_events; /* the second is NULL when others see the first */
	struct chronicle chronicle;
	const struct config *config;
	int scan_error; /* of the last rescan: 0, or a negative errno */

	/* Set by whoever wants each event as it is added to the ring, after census_open; NULL:
	 * nobody. Labels are pairs as of ATTRIBUTE_LABELS, NULL: none. */
	void (*on_event)(const struct event *event, const char *labels, size_t labels_length,
			 void *userdata);
	void *on_event_userdata;
};

/* Config and root_fd are borrowed. Containers are not looked for yet. Returns 0, -ENOENT when no
 * cgroup v2 tree is mounted, or another negative errno; nothing is left open then. */
int census_open(int root_fd, const struct config *config, struct census *ret_census);
void census_close(struct census *census);

/* From now on events go into this ring, which is borrowed and empty; before the first rescan. */
void census_share_events(struct census *census, struct event_ring *ring);

/* Walks the tree; what came and went is in the roster and in the events afterwards. */
void census_rescan(struct census *census);

/* One round of samples, with the rows about the agent's own work, but not its use of resources
 * (self.h). Publishing is the caller's. */
void census_round(struct census *census, uint64_t boottime_ns, uint64_t realtime_ns);

/* Descriptors that may be kept open for kernel files: as configured, or three quarters of the hard
 * limit. Raises the soft limit of this process to the hard one. */
unsigned census_descriptor_budget(const struct config *config);
