/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Three clocks, in nanoseconds. Schedules and ages use the boot clock, which goes on through
 * suspend and never jumps; the wall clock is for what people read. Source: clock_gettime(2). */

#include <stdint.h>

#define NSEC_PER_SEC  1000000000ULL
#define NSEC_PER_MSEC 1000000ULL
#define NSEC_PER_USEC 1000ULL

uint64_t clock_boottime_ns(void);
uint64_t clock_realtime_ns(void);
uint64_t clock_process_cpu_ns(void); /* user and system time of this process */

/* For tests: both clocks stand still at these values until clock_release(). */
void clock_freeze(uint64_t boottime_ns, uint64_t realtime_ns);
void clock_release(void);
