/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define HEAD \
	"Inter-|   Receive                                                |  Transmit\n" \
	" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs " \
	"drop fifo colls carrier compressed\n"
#define LO \
	"    lo:    3193      29    0    0    0     0          0         0     3193      29    0 " \
	"   0    0     0       0          0\n"
#define ETH \
	"  eth0: 833032131   18218    1    2    0     0          0         0   758962    9689    " \
	"3    4    0     0       0          0\n"

/* A container with process 7 in network namespace 5. */
static struct fake *container_new(const char *net_dev)
{
	struct fake *fake = fake_new();

	fake_write(fake, CGROUP "cgroup.procs", "7\n");
	fake_write(fake, "proc/7/net/dev", net_dev);
	fake_write(fake, "proc/7/ns/mnt", "");
	assert_int_equal(symlinkat("net:[5]", fake->root_fd, "proc/7/ns/net"), 0);
	fake_open(fake);
	site_find_process(&fake->site);
	fake->site.netns_owner = true;
	return fake;
}

static void interface_of_the_container(void **state)
{
	struct fake *fake = container_new(HEAD LO ETH);
	const struct row *row;

	(void) state;
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_int_equal(fake_count(fake, ENTITY_INTERFACE), 1);
	row = fake_find(fake, ENTITY_INTERFACE, "eth0");
	assert_cell(row, METRIC_RX_BYTES, 833032131);
	assert_cell(row, METRIC_RX_PACKETS, 18218);
	assert_cell(row, METRIC_RX_ERRORS, 1);
	assert_cell(row, METRIC_RX_DROPPED, 2);
	assert_cell(row, METRIC_TX_BYTES, 758962);
	assert_cell(row, METRIC_TX_PACKETS, 9689);
	assert_cell(row, METRIC_TX_ERRORS, 3);
	assert_cell(row, METRIC_TX_DROPPED, 4);
	fake_free(fake);
}

static void sharer_of_a_namespace_reports_nothing(void **state)
{
	struct fake *fake = container_new(HEAD LO ETH);

	(void) state;
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_int_equal(fake_count(fake, ENTITY_INTERFACE), 1);
	fake->site.netns_owner = false;
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_int_equal(fake_count(fake, ENTITY_INTERFACE), 0);
	assert_int_equal(fake->site.files[FILE_NET_DEV], SITE_FILE_UNOPENED);
	fake_free(fake);
}

/* A kept descriptor would keep the namespace, and the engine's veth with it. */
static void namespace_is_let_go_when_the_process_is_gone(void **state)
{
	struct fake *fake = container_new(HEAD LO ETH);

	(void) state;
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_true(fake->site.files[FILE_NET_DEV] >= 0);
	fake_unlink(fake, "proc/7/ns/net");
	fake_write(fake, CGROUP "cgroup.procs", "");
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_int_equal(fake->site.files[FILE_NET_DEV], SITE_FILE_UNOPENED);
	assert_int_equal(fake_count(fake, ENTITY_INTERFACE), 0);
	fake_free(fake);
}

static void colon_may_touch_the_number(void **state)
{
	struct fake *fake =
		container_new("  eth0:833032131 1 2 3 0 0 0 0 4 5 6 7 0 0 0 0\nlo:1 1 1 1 1 1\n");

	(void) state;
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_cell(fake_find(fake, ENTITY_INTERFACE, "eth0"), METRIC_RX_BYTES, 833032131);
	fake_free(fake);
}

static void host_reads_the_namespace_of_process_1(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/net/dev", HEAD LO " wrong: 1 1 1 1 1 1 1 1 1 1 1 1\n");
	fake_write(fake, "proc/1/net/dev",
		   HEAD LO ETH "vethA1: 1 1 1 1 1 1 1 1 1 1 1 1\ndocker0: 1 1 1 1 1 1 1 1 1 1 1 1\n"
			       "nerdctl0: 1 1 1 1 1 1 1 1 1 1 1 1\nVETH9: 1 1 1 1 1 1 1 1 1 1 1 1\n"
			       "lola: 1 1 1 1 1 1 1 1 1 1 1 1\n");
	fake_open(fake);
	assert_int_equal(fake_sample_root(fake, "net"), 0);
	assert_int_equal(fake_count(fake, ENTITY_INTERFACE), 2);
	assert_cell(fake_find(fake, ENTITY_INTERFACE, "eth0"), METRIC_RX_BYTES, 833032131);
	assert_cell(fake_find(fake, ENTITY_INTERFACE, "lola"), METRIC_RX_BYTES, 1);
	fake_free(fake);
}

static void host_without_process_1_reads_its_own_namespace(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/net/dev", HEAD LO ETH);
	fake_open(fake);
	assert_int_equal(fake_sample_root(fake, "net"), 0);
	assert_cell(fake_find(fake, ENTITY_INTERFACE, "eth0"), METRIC_RX_BYTES, 833032131);
	fake_free(fake);
}

static void container_with_many_interfaces_shows_some(void **state)
{
	char *text = calloc(1, 64 * 1024ULL), *end = text;
	struct fake *fake;

	(void) state;
	assert_non_null(text);
	for (int i = 0; i < 500; i++)
		end += sprintf(end, "d%d: 1 1 1 1 1 1 1 1 1 1 1 1\n", i);
	fake = container_new(text);
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_true(fake_count(fake, ENTITY_INTERFACE) > 0);
	assert_true(fake_count(fake, ENTITY_INTERFACE) <= 16);
	free(text);
	fake_free(fake);
}

static void hostile_name_is_made_printable(void **state)
{
	struct fake *fake = container_new(LO "\xff\x1b[31m\": 1 1 1 1 1 1 1 1 1 1 1 1\n");

	(void) state;
	assert_int_equal(fake_sample(fake, "net"), 0);
	assert_non_null(fake_find(fake, ENTITY_INTERFACE, "??[31m\""));
	fake_free(fake);
}

static void absurd_text_is_an_error(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		HEAD,
		LO "eth0: 1 2\n",
		LO "eth0: x\n",
		LO "eth0:\n",
		LO "eth0: 99999999999999999999 1 1 1 1 1 1 1 1 1 1 1\n",
		LO "eth0: -1 1 1 1 1 1 1 1 1 1 1 1\n",
		LO "eth0: 1 1 1",
		"no colon here\n",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct fake *fake = container_new(texts[i]);

		assert_int_equal(fake_sample(fake, "net"), -EBADMSG);
		assert_absent(fake_find(fake, ENTITY_INTERFACE, "eth0"), METRIC_TX_DROPPED);
		fake_free(fake);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interface_of_the_container),
		cmocka_unit_test(sharer_of_a_namespace_reports_nothing),
		cmocka_unit_test(namespace_is_let_go_when_the_process_is_gone),
		cmocka_unit_test(colon_may_touch_the_number),
		cmocka_unit_test(host_reads_the_namespace_of_process_1),
		cmocka_unit_test(host_without_process_1_reads_its_own_namespace),
		cmocka_unit_test(container_with_many_interfaces_shows_some),
		cmocka_unit_test(hostile_name_is_made_printable),
		cmocka_unit_test(absurd_text_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
