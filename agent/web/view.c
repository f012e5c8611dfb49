/* SPDX-License-Identifier: Apache-2.0 */

/* view: copies of the newest and of an older snapshot. */

#include "web/view.h"

#include <stdlib.h>

#include "base/clock.h"
#include "model/share.h"

/* Rates of one second jump about; over a few seconds they can be read and compared. */
#define RATE_WINDOW_NS (3 * NSEC_PER_SEC)

void view_init(struct view *view, const struct share *share)
{
	*view = (struct view){ .share = share };
}

void view_fini(struct view *view)
{
	free(view->now);
	free(view->before);
}

int view_refresh(struct view *view)
{
	int r;

	if (view->now_valid && view->now->sequence == share_sequence(view->share))
		return 0;

	r = share_copy(view->share, 0, &view->now, &view->now_capacity);
	view->now_valid = r == 0;
	return r;
}

/* The age, in rounds, that comes closest to the window. */
static unsigned wanted_age(uint64_t interval_ns)
{
	for (unsigned age = 1; age < SHARE_SLOTS - 1; age++)
		if (age * interval_ns >= RATE_WINDOW_NS)
			return age;

	return SHARE_SLOTS - 1;
}

const struct snapshot *view_before(struct view *view)
{
	if (view->before_for != view->now->sequence) {
		unsigned age = wanted_age(view->now->interval_ns);

		/* The oldest slot is the next to be written over: then a younger one. */
		do
			view->before_valid = share_copy(view->share, age, &view->before,
							&view->before_capacity) == 0;
		while (!view->before_valid && --age > 0);
		view->before_for = view->now->sequence;
	}

	return view->before_valid && view->before->sequence < view->now->sequence ? view->before
										  : NULL;
}
