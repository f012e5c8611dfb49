/* SPDX-License-Identifier: Apache-2.0 */

/* samples: two copies, one of which usually was the other a round ago. */

#include "api/samples.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "model/share.h"

#define LATE_NS (100 * NSEC_PER_MSEC) /* rounds do not begin on the dot */

void samples_init(struct samples *samples, const struct share *share)
{
	*samples = (struct samples){ .share = share };
}

void samples_fini(struct samples *samples)
{
	free(samples->now);
	free(samples->before);
	children_fini(&samples->interfaces);
	children_fini(&samples->devices);
	*samples = (struct samples){ 0 };
}

/* The number of rounds in the wanted time; what is older than the slots is gone. */
static unsigned wanted_age(uint64_t interval_ns)
{
	for (unsigned age = 1; age < SHARE_SLOTS - 1; age++)
		if (age * interval_ns + LATE_NS >= SAMPLES_APART_NS)
			return age;

	return SHARE_SLOTS - 1;
}

/* The copy of a round ago is about to be replaced: it may be the one that is wanted. */
static void keep_now(struct samples *samples)
{
	struct snapshot *kept = samples->now;
	size_t capacity = samples->now_capacity;

	samples->now = samples->before;
	samples->now_capacity = samples->before_capacity;
	samples->before = kept;
	samples->before_capacity = capacity;
	samples->before_valid = samples->now_valid;
	samples->now_valid = false;
}

/* A reader is in the writer's own thread: nothing is overwritten meanwhile. */
static void find_before(struct samples *samples)
{
	unsigned age = wanted_age(samples->now->interval_ns);

	if (samples->before_valid && samples->before->sequence + age == samples->now->sequence)
		return;
	do
		samples->before_valid = share_copy(samples->share, age, &samples->before,
						   &samples->before_capacity) == 0;
	while (!samples->before_valid && --age > 0);
}

static int read_now(struct samples *samples)
{
	int r = share_copy(samples->share, 0, &samples->now, &samples->now_capacity);

	if (r == 0)
		r = children_find(&samples->interfaces, samples->now, ENTITY_INTERFACE);
	if (r == 0)
		r = children_find(&samples->devices, samples->now, ENTITY_DEVICE);
	return r;
}

int samples_refresh(struct samples *samples)
{
	int r;

	if (samples->now_valid && samples->now->sequence == share_sequence(samples->share))
		return 0;

	keep_now(samples);
	r = read_now(samples);
	if (r < 0)
		return r;
	samples->now_valid = true;
	find_before(samples);
	return 0;
}

const struct snapshot *samples_before(const struct samples *samples)
{
	return samples->before_valid ? samples->before : NULL;
}
