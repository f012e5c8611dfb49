/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Copies of the newest snapshot and of one that is about a second older, for everybody who asks in
 * the same round. A round costs one copy, however many ask. */

#include <stdbool.h>
#include <stddef.h>

#include "exporters/children.h"
#include "model/snapshot.h"

struct share;

struct samples {
	const struct share *share; /* borrowed */
	struct snapshot *now, *before;
	size_t now_capacity, before_capacity;
	bool now_valid, before_valid;
	struct children interfaces, devices; /* of `now` */
};

void samples_init(struct samples *samples, const struct share *share);
void samples_fini(struct samples *samples);

/* Makes `now` the newest. Returns 0, -ENODATA (no round was published yet), or another negative
 * errno; then there is nothing to look at. */
int samples_refresh(struct samples *samples);

/* A snapshot about SAMPLES_APART_NS older than `now`, or else the oldest at hand; NULL: none. */
#define SAMPLES_APART_NS 1000000000ULL
const struct snapshot *samples_before(const struct samples *samples);
