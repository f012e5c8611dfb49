/* SPDX-License-Identifier: Apache-2.0 */

/* gzip: zlib with the gzip wrapper (RFC 1952). Source: zlib.h. */

#include "web/gzip.h"

#include <errno.h>
#include <limits.h>

#include "base/text.h"

#define WINDOW_BITS  15
#define GZIP_WRAPPER 16 /* added to the window bits: gzip instead of zlib */
#define MEMORY_LEVEL 8
#define CHUNK_BYTES  ((size_t) 32 * 1024)

/* How hard to look for repetitions. Measured with the metrics of 1,000 containers, 8.9 MB: level 1
 * takes 55 ms for 2.54 MB, level 6 138 ms for 2.25 MB, and level 1 with only the newest candidate
 * tried, but to its full length, 45 ms for 2.60 MB. Nothing of zlib's is faster: most of a line is
 * the container's id, which seldom comes again within the window. */
#define LEVEL       1
#define GOOD_LENGTH 4
#define MAX_LAZY    4
#define NICE_LENGTH 258
#define MAX_CHAIN   1

int gzip_init(struct gzip *gzip)
{
	*gzip = (struct gzip){ 0 };
	if (deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, WINDOW_BITS + GZIP_WRAPPER, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;

	return 0;
}

void gzip_fini(struct gzip *gzip)
{
	(void) deflateEnd(&gzip->stream); /* fails on a stream that was never begun: fine */
}

/* Feeds zlib, whose counters have 32 bits, with a part of what is left. Returns what to do. */
static int feed(z_stream *stream, const struct text *text, size_t *fed)
{
	size_t left = text->length - *fed;

	if (stream->avail_in == 0 && left > 0) {
		stream->avail_in = left < INT_MAX ? (uInt) left : INT_MAX;
		stream->next_in = (const Bytef *) text->bytes + *fed;
		*fed += stream->avail_in;
	}

	return *fed == text->length ? Z_FINISH : Z_NO_FLUSH;
}

void gzip_write(struct gzip *gzip, const struct text *text, struct text *ret_zipped)
{
	z_stream *stream = &gzip->stream;
	size_t fed = 0;
	int r = deflateReset(stream); /* and the tuning of the level, so tune again */

	(void) deflateTune(stream, GOOD_LENGTH, MAX_LAZY, NICE_LENGTH, MAX_CHAIN); /* a hint */
	stream->avail_in = 0;
	while (r == Z_OK && text_reserve(ret_zipped, CHUNK_BYTES)) {
		stream->next_out = (Bytef *) ret_zipped->bytes + ret_zipped->length;
		stream->avail_out = CHUNK_BYTES;
		r = deflate(stream, feed(stream, text, &fed));
		ret_zipped->length += CHUNK_BYTES - stream->avail_out;
	}
}
