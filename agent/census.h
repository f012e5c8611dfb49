/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Everything between a directory that looks like "/" and a draft full of numbers: the host's
 * files, the registry of containers, the roster, the sampler. plimsolld runs one on the real
 * host and tests run them on recorded ones; nothing here knows of the loop or of the network. */

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
	struct event_ring *events;
	int scan_error; /* of the last rescan: 0, or a negative errno */
};

/* Config and root_fd are borrowed. Containers are not looked for yet. Returns 0, -ENOENT when no
 * cgroup v2 tree is mounted, or another negative errno; nothing is left open then. */
int census_open(int root_fd, const struct config *config, struct census *ret_census);
void census_close(struct census *census);

/* Walks the tree; what came and went is in the roster and in the events afterwards. */
void census_rescan(struct census *census);

/* One round of samples, with the rows about the agent's own work, but not its use of resources
 * (self.h). Publishing is the caller's. */
void census_round(struct census *census, uint64_t boottime_ns, uint64_t realtime_ns);

/* Descriptors that may be kept open for kernel files: as configured, or three quarters of the hard
 * limit. Raises the soft limit of this process to the hard one. */
unsigned census_descriptor_budget(const struct config *config);
