/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Owners clean up after themselves: tag the variable with CLEANUP(), start it empty (NULL, -1),
 * and let a value escape only through TAKE_PTR or TAKE_FD, which leave the owner empty.
 * Source: GCC manual, "Common Variable Attributes", cleanup. */

#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

#define TAKE(variable, empty) \
	({ \
		__typeof__(variable) taken_ = (variable); \
		(variable) = (empty); \
		taken_; \
	})
#define TAKE_PTR(pointer) TAKE(pointer, NULL)
#define TAKE_FD(fd)       TAKE(fd, -1)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static inline void close_p(int *fd)
{
	if (*fd >= 0)
		(void) close(*fd); /* nothing was written through it that could be lost */
}

static inline void free_p(void *pointer)
{
	free(*(void **) pointer);
}
