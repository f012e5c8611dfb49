/* SPDX-License-Identifier: Apache-2.0 */

/* self: own CPU time and memory. Source: proc_pid_statm(5), second field, in pages. */

#include "self.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/parse.h"
#include "model/row.h"

#define STATM_BYTES 160 /* seven numbers of at most 20 digits */

void self_open(struct self *ret_self)
{
	*ret_self = (struct self){
		.statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC),
		.page_bytes = (uint64_t) sysconf(_SC_PAGESIZE),
		.start_ns = clock_realtime_ns(),
	};
}

void self_close(struct self *self)
{
	close_p(&self->statm_fd);
	self->statm_fd = -1;
}

static int read_resident(const struct self *self, uint64_t *ret_bytes)
{
	char text[STATM_BYTES];
	struct slice line, word;
	uint64_t pages;
	int r;

	r = (int) fd_pread(self->statm_fd, text, sizeof(text));
	if (r < 0)
		return r;
	line = (struct slice){ text, strlen(text) };
	for (unsigned field = 0; field < 2; field++)
		if (!word_next(&line, &word))
			return -EBADMSG;
	r = parse_u64(word, &pages);
	if (r < 0)
		return r;

	*ret_bytes = pages * self->page_bytes;
	return 0;
}

void self_sample(const struct self *self, struct row *row)
{
	uint64_t resident_bytes;

	row_set(row, METRIC_AGENT_START_TIME, self->start_ns);
	row_set(row, METRIC_AGENT_CPU_NS, clock_process_cpu_ns());
	if (read_resident(self, &resident_bytes) < 0)
		row_clear(row, METRIC_AGENT_RSS_BYTES);
	else
		row_set(row, METRIC_AGENT_RSS_BYTES, resident_bytes);
}
