/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#include "sensors/values.h"

static int sample(struct fake *fake, enum unlimited unlimited, bool zero_absent)
{
	const struct value value = { FILE_MEMORY_MAX, METRIC_SPEC_MEMORY_LIMIT_BYTES, unlimited,
				     zero_absent };

	return values_sample(&value, 1, &fake->site, fake->row);
}

static void number_becomes_a_cell(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.max", "1048576\n");
	fake_open(fake);
	assert_int_equal(sample(fake, UNLIMITED_ABSENT, false), 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 1048576);
	fake_free(fake);
}

/* "max", -1, and what v1 writes on machines with pages of 4 KB and 64 KB. */
static void every_spelling_of_no_limit_is_understood(void **state)
{
	static const char *const spellings[] = { "max\n", "-1\n", "9223372036854771712\n",
						 "9223372036854710272\n",
						 "18446744073709551615\n" };
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		fake_write(fake, CGROUP "memory.max", spellings[i]);
		assert_int_equal(sample(fake, UNLIMITED_ZERO, false), 0);
		assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 0);
		assert_int_equal(sample(fake, UNLIMITED_ABSENT, false), 0);
		assert_absent(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES);
	}
	fake_free(fake);
}

static void zero_may_mean_none(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.max", "0\n");
	fake_open(fake);
	assert_int_equal(sample(fake, UNLIMITED_ABSENT, false), 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 0);
	assert_int_equal(sample(fake, UNLIMITED_ABSENT, true), 0);
	assert_absent(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES);
	fake_free(fake);
}

static void missing_file_is_absent_and_no_error(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	row_set(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 1);
	assert_int_equal(sample(fake, UNLIMITED_ZERO, false), 0);
	assert_absent(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES);
	fake_free(fake);
}

static void absurd_content_is_absent_and_an_error(void **state)
{
	static const char *const contents[] = {
		"\n",     "x\n", "-2\n", "1 2\n", "maximum\n", "99999999999999999999\n",
		"1\n2\n", "12",  "-\n",  "0x1\n",
	};
	struct fake *fake = fake_new();
	char *huge = malloc(100 * 1024ULL);

	(void) state;
	assert_non_null(huge);
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(contents); i++) {
		fake_write(fake, CGROUP "memory.max", contents[i]);
		row_set(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 1);
		assert_int_equal(sample(fake, UNLIMITED_ZERO, false), -EBADMSG);
		assert_absent(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES);
	}
	memset(huge, '7', 100 * 1024ULL);
	fake_write_bytes(fake, CGROUP "memory.max", huge, 100 * 1024ULL);
	assert_int_equal(sample(fake, UNLIMITED_ZERO, false), -EFBIG);
	assert_absent(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES);
	free(huge);
	fake_free(fake);
}

static void all_rows_are_tried_and_the_first_failure_told(void **state)
{
	static const struct value values[] = {
		{ FILE_MEMORY_MAX, METRIC_SPEC_MEMORY_LIMIT_BYTES },
		{ FILE_MEMORY_HIGH, METRIC_MEMORY_HIGH_BYTES },
	};
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.max", "x\n");
	fake_write(fake, CGROUP "memory.high", "5\n");
	fake_open(fake);
	assert_int_equal(values_sample(values, ARRAY_SIZE(values), &fake->site, fake->row),
			 -EBADMSG);
	assert_cell(fake->row, METRIC_MEMORY_HIGH_BYTES, 5);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_becomes_a_cell),
		cmocka_unit_test(every_spelling_of_no_limit_is_understood),
		cmocka_unit_test(zero_may_mean_none),
		cmocka_unit_test(missing_file_is_absent_and_no_error),
		cmocka_unit_test(absurd_content_is_absent_and_an_error),
		cmocka_unit_test(all_rows_are_tried_and_the_first_failure_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
