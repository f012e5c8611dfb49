/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whole bodies to gzip, with a state that is kept between bodies. */

#include <stddef.h>

#define ZLIB_CONST /* input is only read: then next_in points to const */
#include <zlib.h>

struct text;

struct gzip {
	z_stream stream;
};

/* Returns 0 or -ENOMEM. */
int gzip_init(struct gzip *gzip);
void gzip_fini(struct gzip *gzip);

/* Appends `text`, compressed, to another one; a text that could not grow says so itself. */
void gzip_write(struct gzip *gzip, const struct text *text, struct text *ret_zipped);
