/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The runtimes of runtimes[] on this host, each with what it remembers. */

#include <stdbool.h>

#include "containers/runtime.h"

struct registry_config;

struct engine {
	const struct runtime *runtime; /* NULL: end of the list */
	struct runtime_state *state;
	bool wanted; /* else its cgroups are nobody's, not those of the next runtime */
	bool found;  /* it has files here */

	/* The registry's: */
	uint32_t asks;   /* how often it was asked for its list */
	bool complete;   /* it told all of it the last time */
	bool list_again; /* its files changed: there may be others now */
};

/* Returns 0 or -ENOMEM. */
int engines_open(const struct registry_config *config, struct watches *watches,
		 struct engine **ret_engines);

/* Accepts NULL. */
void engines_close(struct engine *engines);

/* Has each one look for its files again. */
void engines_refresh(struct engine *engines);

/* Asks each runtime in turn. Returns whose container the cgroup is, or NULL. */
const struct engine *engines_match(const struct engine *engines, const char *path,
				   struct match *ret_match);

/* Tells each one of a change in a watched directory, and passes its answer on. */
typedef void (*change_handler)(struct engine *engine, const struct change *change, void *userdata);
void engines_changed(struct engine *engines, const char *directory, const char *name,
		     change_handler handler, void *userdata);
