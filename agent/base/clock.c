/* SPDX-License-Identifier: Apache-2.0 */

/* clock: time in nanoseconds, and a way for tests to hold it. */

#include "base/clock.h"

#include <stdbool.h>
#include <time.h>

static bool frozen;
static uint64_t frozen_boottime_ns, frozen_realtime_ns;

static uint64_t read_ns(clockid_t clock)
{
	struct timespec now;

	(void) clock_gettime(clock, &now); /* cannot fail for the three clocks used here */
	return (uint64_t) now.tv_sec * NSEC_PER_SEC + (uint64_t) now.tv_nsec;
}

uint64_t clock_boottime_ns(void)
{
	return frozen ? frozen_boottime_ns : read_ns(CLOCK_BOOTTIME);
}

uint64_t clock_realtime_ns(void)
{
	return frozen ? frozen_realtime_ns : read_ns(CLOCK_REALTIME);
}

uint64_t clock_process_cpu_ns(void)
{
	return read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

void clock_freeze(uint64_t boottime_ns, uint64_t realtime_ns)
{
	frozen = true;
	frozen_boottime_ns = boottime_ns;
	frozen_realtime_ns = realtime_ns;
}

void clock_release(void)
{
	frozen = false;
}
