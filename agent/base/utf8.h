/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Text from outside made safe to pass on: valid UTF-8, no NUL, at most so many bytes. */

#include <stddef.h>

/* Copies `length` bytes into memory that the caller frees: each byte that is not part of valid
 * UTF-8 becomes U+FFFD, and the copy stops, between two characters, before it would exceed
 * max_bytes. NULL when out of memory. Source: Unicode, 3.9 "Best Practices for Using U+FFFD". */
char *utf8_copy(const char *bytes, size_t length, size_t max_bytes);
