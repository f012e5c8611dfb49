/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Bodies of answers, most of them made once per snapshot, format and encoding, and shared by every
 * request that asks for the same: 10 or 200 scrapers within one second cost one rendering. One
 * thread renders at a time; sending needs no lock. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answers;
struct exporter;
struct share;

#define ANSWERS_BYTES_MAX ((size_t) 128 << 20)

/* Constant once it was handed out. */
struct answer {
	const char *bytes;
	size_t length;
	const char *content_type;
	bool gzip;
	uint64_t boottime_ns; /* of the snapshot behind it */
};

/* `share` is borrowed. Slow readers keep old bodies alive: while all bodies together have more than
 * bytes_max bytes, no new one is made. Returns 0 or -ENOMEM. */
int answers_new(const struct share *share, size_t bytes_max, bool full,
		struct answers **ret_answers);

/* Every answer must have been given back. */
void answers_free(struct answers *answers);

/* The body in this format of the newest snapshot, to be given back. `container` as in
 * exporter.h; NULL: all. Returns 0, what the exporter returns (-ENOENT, -EEXIST), what share_copy
 * returns (-ENODATA: nothing was published yet), -EBUSY (bytes_max), or -ENOMEM. */
int answers_get(struct answers *answers, const struct exporter *exporter, const char *container,
		bool gzip, const struct answer **ret_answer);

/* Events after that number, made anew for each request (exporters/json_events.h). Returns 0, -EBUSY
 * or -ENOMEM. */
int answers_get_events(struct answers *answers, uint64_t after, uint64_t limit, bool gzip,
		       const struct answer **ret_answer);

/* Targets for a scraper, made anew for each request (exporters/service_discovery.h, also for
 * `host`). Returns 0, -EIO (the list might lack somebody), what share_copy returns, -EBUSY or
 * -ENOMEM. */
int answers_get_targets(struct answers *answers, const char *host, bool gzip,
			const struct answer **ret_answer);

/* Gives back; NULL is fine. May be called by any thread. */
void answer_unref(const struct answer *answer);

/* When the newest snapshot was taken, and how far apart rounds are. Returns as share_copy. */
int answers_newest(struct answers *answers, uint64_t *ret_boottime_ns, uint64_t *ret_interval_ns);
