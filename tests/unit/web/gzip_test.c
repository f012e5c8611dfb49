/* SPDX-License-Identifier: Apache-2.0 */

#include "web/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#include "base/text.h"

static void assert_unzips_to(const struct text *zipped, const struct text *expected)
{
	z_stream stream = { 0 };
	char *plain = malloc(expected->length + 1);

	assert_non_null(plain);
	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK); /* gzip wrapper only */
	stream.next_in = (const Bytef *) zipped->bytes;
	stream.avail_in = (uInt) zipped->length;
	stream.next_out = (Bytef *) plain;
	stream.avail_out = (uInt) expected->length + 1;
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.avail_in, 0);
	assert_int_equal(stream.total_out, expected->length);
	if (expected->length > 0)
		assert_memory_equal(plain, expected->bytes, expected->length);
	assert_int_equal(inflateEnd(&stream), Z_OK);
	free(plain);
}

static void assert_round_trip(struct gzip *gzip, const struct text *plain)
{
	struct text zipped = { 0 };

	gzip_write(gzip, plain, &zipped);
	assert_false(zipped.overflowed);
	assert_unzips_to(&zipped, plain);
	text_fini(&zipped);
}

/* Noise does not compress: output grows through many chunks. */
static void add_noise(struct text *text, size_t length)
{
	uint32_t state = 2463534242;

	for (size_t i = 0; i < length; i++) {
		char byte;

		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		byte = (char) state;
		text_add(text, &byte, 1);
	}
}

static void bodies_come_out_as_they_went_in(void **state)
{
	struct text plain = { 0 };
	struct gzip gzip;

	(void) state;
	assert_int_equal(gzip_init(&gzip), 0);
	assert_round_trip(&gzip, &plain); /* empty */
	for (unsigned i = 0; i < 20000; i++)
		text_add_format(&plain, "container_threads{name=\"c%u\"} %u\n", i, i % 7);
	assert_round_trip(&gzip, &plain);
	add_noise(&plain, 300000);
	assert_round_trip(&gzip, &plain);
	gzip_fini(&gzip);
	text_fini(&plain);
}

static void text_becomes_much_smaller(void **state)
{
	struct text plain = { 0 }, zipped = { 0 };
	struct gzip gzip;

	(void) state;
	assert_int_equal(gzip_init(&gzip), 0);
	for (unsigned i = 0; i < 5000; i++)
		text_add_format(&plain, "container_threads{name=\"c%u\"} %u\n", i, i % 7);
	gzip_write(&gzip, &plain, &zipped);
	assert_true(zipped.length < plain.length / 5);
	gzip_fini(&gzip);
	text_fini(&plain);
	text_fini(&zipped);
}

static void output_above_its_limit_is_remembered(void **state)
{
	struct text plain = { 0 }, zipped = { .limit = 65536 };
	struct gzip gzip;

	(void) state;
	assert_int_equal(gzip_init(&gzip), 0);
	add_noise(&plain, 200000);
	gzip_write(&gzip, &plain, &zipped);
	assert_true(zipped.overflowed);
	text_fini(&zipped);
	assert_round_trip(&gzip, &plain); /* and does not spoil the next one */
	gzip_fini(&gzip);
	text_fini(&plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_come_out_as_they_went_in),
		cmocka_unit_test(text_becomes_much_smaller),
		cmocka_unit_test(output_above_its_limit_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
