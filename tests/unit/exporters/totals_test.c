/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include "exporters/totals.h"

static void children_are_summed_up_for_their_container(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 1, &(struct who){ .path = "/web" });
	struct row *db = add_container(draft, 2, &(struct who){ .path = "/db" });
	struct snapshot *snapshot;
	struct totals totals;

	(void) state;
	row_set(draft_child(draft, web, ENTITY_INTERFACE, "eth0"), METRIC_RX_BYTES, 1);
	row_set(draft_child(draft, web, ENTITY_INTERFACE, "eth1"), METRIC_RX_BYTES, 20);
	row_set(draft_child(draft, db, ENTITY_INTERFACE, "eth0"), METRIC_RX_BYTES, 300);
	row_set(draft_child(draft, db, ENTITY_DEVICE, "/dev/sda"), METRIC_WRITE_BYTES, 0);
	snapshot = seal_and_free(draft);

	assert_int_equal(totals_init(&totals, &(struct export){ .now = snapshot }), 0);
	assert_int_equal(totals.sums[0][TOTAL_RECEIVE_BYTES].value, 21);
	assert_false(totals.sums[0][TOTAL_RECEIVE_BYTES].has_rate);
	assert_int_equal(totals.sums[1][TOTAL_RECEIVE_BYTES].value, 300);
	assert_false(totals.sums[0][TOTAL_TRANSMIT_BYTES].has_value);
	assert_false(totals.sums[0][TOTAL_WRITE_BYTES].has_value);
	assert_true(totals.sums[1][TOTAL_WRITE_BYTES].has_value); /* known to be 0 */
	assert_false(totals.sums[1][TOTAL_READ_BYTES].has_value);
	totals_fini(&totals);
	free(snapshot);
}

/* eth0 has a rate; eth1 was not there before, and eth2 was reset. */
static void the_rate_is_that_of_the_children_that_have_one(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 1, &(struct who){ .path = "/web" });
	struct row *eth0 = draft_child(draft, web, ENTITY_INTERFACE, "eth0");
	struct row *eth2 = draft_child(draft, web, ENTITY_INTERFACE, "eth2");
	struct snapshot *before, *now;
	struct totals totals;

	(void) state;
	row_set(eth0, METRIC_TX_BYTES, 1000);
	row_set(eth2, METRIC_TX_BYTES, 1000);
	before = seal(draft);
	draft_begin(draft, 102 * NSEC_PER_SEC, NOW + 2 * NSEC_PER_SEC, NSEC_PER_SEC);
	row_set(eth0, METRIC_TX_BYTES, 3000);
	row_set(eth2, METRIC_TX_BYTES, 10);
	row_set(draft_child(draft, web, ENTITY_INTERFACE, "eth1"), METRIC_TX_BYTES, 500);
	now = seal_and_free(draft);

	assert_int_equal(totals_init(&totals, &(struct export){ .now = now, .before = before }), 0);
	assert_int_equal(totals.sums[0][TOTAL_TRANSMIT_BYTES].value, 3510);
	assert_true(totals.sums[0][TOTAL_TRANSMIT_BYTES].has_rate);
	assert_true(totals.sums[0][TOTAL_TRANSMIT_BYTES].per_second == 1000);
	totals_fini(&totals);
	free(before);
	free(now);
}

static void a_host_without_containers_has_no_sums(void **state)
{
	struct snapshot *snapshot = seal_and_free(draft_for_test());
	struct totals totals;

	(void) state;
	assert_int_equal(totals_init(&totals, &(struct export){ .now = snapshot }), 0);
	totals_fini(&totals);
	totals_fini(&totals);
	free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_are_summed_up_for_their_container),
		cmocka_unit_test(the_rate_is_that_of_the_children_that_have_one),
		cmocka_unit_test(a_host_without_containers_has_no_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
