/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One sampling round: for each sensor, each container; then the snapshot is published.
 *
 * Sensors are the outer loop, so that the same file of all containers is read within a short
 * time, and the cost of each sensor is measured with two looks at the clock. A round allocates
 * nothing. */

#include <stddef.h>
#include <stdint.h>

#include "roster.h"

struct sensor;
struct share;

#define COLLECTORS_MAX 48 /* sensors; the list has some twenty */

/* What one sensor has done so far. */
struct collector {
	const struct sensor *sensor;
	struct row *row;
	bool up;
	uint64_t errors;
	int last_error; /* of the last run: 0, or a negative errno */
};

struct sampler {
	struct roster *roster;
	struct draft *draft;
	struct collector collectors[COLLECTORS_MAX];
	size_t count;
	uint64_t interval_ns;
	uint64_t rounds, skipped;
	uint64_t left_out;          /* samples of idle containers */
	uint64_t round_ns, late_ns; /* of the last round */
};

/* Asks each sensor once whether this host can serve it; `disabled` are names (NULL at the end, or
 * NULL). Everything is borrowed. Returns 0 or -ENOMEM. */
int sampler_init(struct sampler *sampler, struct roster *roster, struct draft *draft,
		 uint64_t interval_ns, const char *const *disabled);

/* Samples everything into the draft. `now` are the round's time stamps, boottime and realtime. */
void sampler_round(struct sampler *sampler, uint64_t boottime_ns, uint64_t realtime_ns);

/* A last look at one container whose processes have ended, between two rounds. */
void sampler_last_look(struct sampler *sampler, struct member *member);

/* Rounds between two turns of a slow sensor. */
unsigned sampler_slow_rounds(const struct sampler *sampler);
