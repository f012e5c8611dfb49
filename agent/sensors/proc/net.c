/* SPDX-License-Identifier: Apache-2.0 */

/* net: what the interfaces of a network namespace received and sent.
 *
 * Source: /proc/PID/net/dev of one process in the namespace; only for the site that owns it, since
 * containers that share a namespace share its counters. The root site reads the namespace of
 * process 1. A descriptor of that file keeps the namespace alive: site_read closes it when the
 * process is gone, so that an engine's clean-up is delayed by one round at most.
 * Kernel: Documentation/networking/statistics.rst, proc_pid_net(5). */

#include <errno.h>
#include <strings.h>

#include "model/draft.h"
#include "sensors/fields.h"
#include "sensors/label.h"
#include "sensors/proc/columns.h"
#include "sensors/sensor.h"

#define NET_DEV_BYTES (256 * 1024) /* 130 bytes a line: a host with 1,900 interfaces */

/* A container can make interfaces as it likes. It shall not use up the rows of others. */
#define INTERFACES_MAX 16

static const struct column table[] = {
	{ 0, METRIC_RX_BYTES, 1 },   { 1, METRIC_RX_PACKETS, 1 },  { 2, METRIC_RX_ERRORS, 1 },
	{ 3, METRIC_RX_DROPPED, 1 }, { 8, METRIC_TX_BYTES, 1 },    { 9, METRIC_TX_PACKETS, 1 },
	{ 10, METRIC_TX_ERRORS, 1 }, { 11, METRIC_TX_DROPPED, 1 },
};

/* The host's ends of containers' cables and bridges carry the containers' traffic once more; those
 * are the names that cAdvisor leaves out, too. */
static const char *const host_skipped[] = { "veth", "docker", "nerdctl" };

static bool is_skipped(struct slice name, bool host)
{
	if (SLICE_IS(name, "lo"))
		return true;
	for (size_t i = 0; host && i < ARRAY_SIZE(host_skipped); i++)
		if (name.length >= strlen(host_skipped[i]) &&
		    strncasecmp(name.start, host_skipped[i], strlen(host_skipped[i])) == 0)
			return true;

	return false;
}

/* "  eth0: 1 2 ..."; the blank behind the colon may be missing before large numbers. Returns false
 * for the two lines of headings. */
static bool split(struct slice line, struct slice *ret_name, struct slice *ret_rest)
{
	const char *colon = memchr(line.start, ':', line.length);
	size_t before = colon ? (size_t) (colon - line.start) : 0;
	struct slice name = { line.start, before };

	if (!colon || !word_next(&name, ret_name) || memchr(line.start, '|', before))
		return false;

	*ret_rest = (struct slice){ colon + 1, line.length - before - 1 };
	return true;
}

static int fill(struct draft *draft, struct row *row, struct slice name, struct slice rest)
{
	char label[ROW_LABEL_BYTES];
	struct columns columns;
	struct row *child;
	int r;

	r = columns_parse(rest, &columns);
	if (r < 0)
		return r;

	label_set(label, "", name);
	child = draft_child(draft, row, ENTITY_INTERFACE, label);
	if (!child)
		return 0;
	return columns_fill(&columns, table, ARRAY_SIZE(table), child);
}

static int fill_all(struct draft *draft, struct row *row, const char *text, bool host)
{
	struct slice line, name, rest;
	unsigned count = 0;
	bool any = false; /* there is always "lo" */
	int r = 0;

	while (line_next(&text, &line) && (host || count < INTERFACES_MAX)) {
		if (!split(line, &name, &rest))
			continue;
		any = true;
		if (is_skipped(name, host))
			continue;
		count++;
		r = first_error(r, fill(draft, row, name, rest));
	}

	return any ? r : -EBADMSG;
}

static ssize_t read_net_dev(struct site *site, char *text, size_t size)
{
	ssize_t n;

	if (!site->root)
		return site->netns_owner ? site_read(site, FILE_NET_DEV, text, size) : -ENOENT;

	n = site_read(site, FILE_HOST_NET_DEV, text, size);
	return n < 0 ? site_read(site, FILE_OWN_NET_DEV, text, size) : n;
}

static int net_sample(struct site *site, struct draft *draft, struct row *row)
{
	char text[NET_DEV_BYTES];
	ssize_t n;
	int r;

	if (!site->netns_owner)
		site_release(site, FILE_NET_DEV);
	n = read_net_dev(site, text, sizeof(text));
	if (n < 0)
		r = site_is_absence(n) ? 0 : (int) n;
	else
		r = fill_all(draft, row, text, site->root);

	draft_sweep(draft, row, ENTITY_INTERFACE);
	return r;
}

const struct sensor sensor_net = {
	.name = "net",
	.needs = "procfs, and the right to look at other users' processes",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.sample = net_sample,
};
