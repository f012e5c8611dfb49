/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A writer and a reader of one shared memory, for tests of what plimsoll-web does with it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/share.h"

#define ID_WEB   "4f2a800000000000000000000000000000000000000000000000000000000001"
#define ID_DB    "4f2a900000000000000000000000000000000000000000000000000000000002"
#define REALTIME 1700000000 /* seconds since 1970 of round 1 */

struct published {
	struct draft *draft;
	struct share *writer, *reader;
	struct row *web, *db;
	uint64_t rounds;
	uint64_t interval_ns;
};

static inline struct row *add_row(struct draft *draft, uint64_t instance, const char *id,
				  const char *name)
{
	struct row *row = draft_take(draft, ENTITY_CONTAINER);
	char path[80];

	assert_non_null(row);
	row->instance = instance;
	(void) snprintf(path, sizeof(path), "/docker/%s", id);
	draft_string(draft, row, ATTRIBUTE_PATH, path);
	draft_string(draft, row, ATTRIBUTE_ID, id);
	draft_string(draft, row, ATTRIBUTE_NAME, name);
	draft_string(draft, row, ATTRIBUTE_RUNTIME, "docker");
	return row;
}

/* Two containers, nothing published. */
static inline struct published published_begin(void)
{
	struct published published = { .interval_ns = NSEC_PER_SEC };
	struct draft_limits limits = draft_limits_for(8);
	int fd;

	assert_int_equal(draft_new(&limits, &published.draft), 0);
	published.web = add_row(published.draft, 11, ID_WEB, "web");
	published.db = add_row(published.draft, 12, ID_DB, "db");
	assert_int_equal(share_new(draft_bytes_max(published.draft), &published.writer), 0);

	fd = fcntl(share_fd(published.writer), F_DUPFD_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(share_open(fd, &published.reader), 0);
	return published;
}

/* Publishes a round: `web` has used half a core since the one before. */
static inline void publish(struct published *published)
{
	uint64_t since_first_ns = published->rounds++ * published->interval_ns;

	draft_begin(published->draft, 100 * NSEC_PER_SEC + since_first_ns,
		    REALTIME * NSEC_PER_SEC + since_first_ns, published->interval_ns);
	row_set(published->web, METRIC_CPU_USAGE_NS, since_first_ns / 2);
	row_set(published->db, METRIC_CPU_USAGE_NS, 0);
	share_publish(published->writer, published->draft);
}

static inline void published_end(struct published *published)
{
	share_free(published->reader);
	share_free(published->writer);
	draft_free(published->draft);
}
