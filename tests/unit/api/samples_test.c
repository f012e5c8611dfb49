/* SPDX-License-Identifier: Apache-2.0 */

/* samples: which two rounds are looked at. */

#include "unit/api/stage.h"

#include "api/samples.h"

static void nothing_is_there_before_the_first_round(void **state)
{
	struct stage stage;
	struct samples samples;

	(void) state;
	stage_open(&stage);
	samples_init(&samples, stage.share);
	assert_int_equal(samples_refresh(&samples), -ENODATA);
	assert_null(samples_before(&samples));
	stage_round(&stage, NSEC_PER_SEC);
	assert_int_equal(samples_refresh(&samples), 0);
	assert_int_equal(samples.now->sequence, 1);
	assert_null(samples_before(&samples));
	samples_fini(&samples);
	stage_close(&stage);
}

static void the_older_one_is_a_second_older_if_it_can_be(void **state)
{
	static const struct {
		uint64_t interval_ms;
		unsigned age;
	} cases[] = { { 100, 3 }, { 250, 3 }, { 500, 2 }, { 1000, 1 }, { 5000, 1 } };

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage stage;
		struct samples samples;

		stage_open(&stage);
		samples_init(&samples, stage.share);
		for (int round = 0; round < 10; round++) {
			stage_round(&stage, cases[i].interval_ms * NSEC_PER_MSEC);
			if (round % 3 == 0) /* some rounds nobody looks at */
				continue;
			assert_int_equal(samples_refresh(&samples), 0);
			assert_int_equal(samples.now->sequence, round + 1);
			if (round < (int) cases[i].age)
				continue;
			assert_non_null(samples_before(&samples));
			assert_int_equal(samples_before(&samples)->sequence,
					 samples.now->sequence - cases[i].age);
		}
		samples_fini(&samples);
		stage_close(&stage);
	}
}

static void a_round_is_copied_once(void **state)
{
	struct stage stage;
	struct samples samples;
	const struct snapshot *now;

	(void) state;
	stage_open(&stage);
	samples_init(&samples, stage.share);
	stage_round(&stage, NSEC_PER_SEC);
	assert_int_equal(samples_refresh(&samples), 0);
	now = samples.now;
	stage_round(&stage, NSEC_PER_SEC);
	assert_int_equal(samples_refresh(&samples), 0);
	assert_ptr_equal(samples_before(&samples), now); /* what was new is old, as it is */
	samples.now->interval_ns = 42;
	assert_int_equal(samples_refresh(&samples), 0);
	assert_int_equal(samples.now->interval_ns, 42); /* not copied again */
	samples_fini(&samples);
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_there_before_the_first_round),
		cmocka_unit_test(the_older_one_is_a_second_older_if_it_can_be),
		cmocka_unit_test(a_round_is_copied_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
