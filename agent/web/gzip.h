/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whole bodies to gzip, with a state that is kept between bodies. */

struct libdeflate_compressor;
struct text;

struct gzip {
	struct libdeflate_compressor *compressor;
};

/* Returns 0 or -ENOMEM. */
int gzip_init(struct gzip *gzip);
void gzip_fini(struct gzip *gzip);

/* Appends `text`, compressed, to another one; a text that could not grow says so itself. */
void gzip_write(struct gzip *gzip, const struct text *text, struct text *ret_zipped);
