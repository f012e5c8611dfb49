/* SPDX-License-Identifier: Apache-2.0 */

/* lxc_dossier: an LXC configuration in Docker's words.
 *
 * Source: lxc.container.conf(5): lxc.uts.name, lxc.init.cmd, lxc.execute.cmd, lxc.environment,
 * lxc.mount.entry (as fstab(5)), lxc.net.N, lxc.console.logfile, lxc.cgroup2 and lxc.cgroup;
 * pct.conf(5) for Proxmox. An interface is called by the bridge that it is linked to. */

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "containers/dossier.h"
#include "containers/lxc.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

#define MOUNT_WORDS 4
#define KEY_BYTES   256

/* NULL: no memory. */
static json_t *text_new(struct slice slice)
{
	CLEANUP(free_p) char *clean = utf8_copy(slice.start, slice.length, IDENTITY_TEXT_BYTES);

	return clean ? json_string(clean) : NULL;
}

/* The member of this name, made when there is none. Borrowed; NULL: no memory. */
static json_t *member(json_t **owner, const char *key, json_t *(*make)(void) )
{
	json_t *found;

	if (!*owner)
		*owner = json_object();
	found = json_object_get(*owner, key);
	if (found)
		return found;

	json_object_set_new(*owner, key, make()); /* asked next */
	return json_object_get(*owner, key);
}

static int put(json_t **object, const char *key, json_t *value)
{
	if (!*object)
		*object = json_object();

	return value && json_object_set_new(*object, key, value) == 0 ? 0 : -ENOMEM;
}

static int append(json_t *array, json_t *value)
{
	return value && array && json_array_append_new(array, value) == 0 ? 0 : -ENOMEM;
}

static int add_environment(struct slice value, struct dossier *dossier)
{
	json_t *text = memchr(value.start, '=', value.length) ? text_new(value) : NULL;

	/* Without a value it is taken over from whoever starts the container: not known. */
	if (!memchr(value.start, '=', value.length))
		return 0;
	return append(member(&dossier->config, "Env", json_array), text);
}

/* Words as LXC splits them: at blanks, quotes are not looked at. */
static int set_command(struct slice value, struct dossier *dossier)
{
	struct slice word;
	int r = 0;

	json_decref(dossier->args);
	dossier->args = json_array();
	while (r >= 0 && word_next(&value, &word))
		r = append(dossier->args, text_new(word));
	if (r < 0 || json_array_size(dossier->args) == 0)
		return r;

	return put(&dossier->config, "Cmd", json_deep_copy(dossier->args));
}

static bool has_option(struct slice options, const char *option)
{
	size_t length = strlen(option);

	while (options.length > 0) {
		const char *comma = memchr(options.start, ',', options.length);
		size_t used = comma ? (size_t) (comma - options.start) : options.length;

		if (slice_is((struct slice){ options.start, used }, option, length))
			return true;
		used += comma != NULL;
		options.start += used;
		options.length -= used;
	}

	return false;
}

static json_t *mount_new(const struct slice words[MOUNT_WORDS])
{
	struct slice target = words[1];
	bool is_bind = has_option(words[3], "bind") || has_option(words[3], "rbind");
	json_t *mount = json_object();
	int r;

	while (target.length > 1 && target.start[0] == '/' && target.start[1] == '/') {
		target.start++;
		target.length--;
	}
	r = put(&mount, "Type", is_bind ? json_string("bind") : text_new(words[2]));
	r |= put(&mount, "Source", text_new(words[0]));
	r |= put(&mount, "Destination", text_new(target));
	r |= put(&mount, "Mode", text_new(words[3]));
	r |= put(&mount, "RW", json_boolean(!has_option(words[3], "ro")));
	if (r == 0)
		return mount;

	json_decref(mount);
	return NULL;
}

static int add_mount(struct slice value, struct dossier *dossier)
{
	struct slice words[MOUNT_WORDS];
	size_t count = 0;

	while (count < MOUNT_WORDS && word_next(&value, &words[count]))
		count++;
	if (count < MOUNT_WORDS)
		return 0; /* not what fstab(5) says */

	if (!dossier->mounts)
		dossier->mounts = json_array();
	return append(dossier->mounts, mount_new(words));
}

/* Interfaces by number until their link is known; see name_networks. */
static int add_net(struct slice number, struct slice rest, struct slice value, json_t **nets)
{
	static const struct {
		const char *key, *name;
	} known[] = {
		{ "type", "Driver" },
		{ "link", "Link" },
		{ "hwaddr", "MacAddress" },
		{ "ipv4.address", "IPAddress" },
		{ "ipv4.gateway", "Gateway" },
		{ "ipv6.address", "GlobalIPv6Address" },
		{ "ipv6.gateway", "IPv6Gateway" },
	};
	char key[KEY_BYTES];
	json_t *net;

	(void) snprintf(key, sizeof(key), "%.*s", (int) number.length, number.start);
	net = member(nets, key, json_object);
	if (!net)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!slice_is(rest, known[i].key, strlen(known[i].key)) || value.length == 0)
			continue;
		if (strstr(known[i].key, "address"))
			value.length = lxc_address_length(value);
		return value.length > 0 ? put(&net, known[i].name, text_new(value)) : 0;
	}

	return 0;
}

/* Docker's object has one network of each name; the first interface has it. */
static int name_networks(json_t *nets, struct dossier *dossier)
{
	const char *number;
	json_t *net;

	json_object_foreach (nets, number, net) {
		const char *link = metadata_string(net, "Link");
		const char *name = link ? link : metadata_string(net, "Driver");
		int r;

		if (!name || json_object_get(dossier->networks, name))
			continue;
		r = put(&dossier->networks, name, json_incref(net));
		if (r < 0)
			return r;
	}

	return 0;
}

/* A limit of the memory controller: bytes, perhaps with a unit. */
static int put_bytes(const char *name, struct slice value, struct dossier *dossier)
{
	static const char units[] = "KMGT";
	const char *unit = value.length > 1 ? strchr(units, value.start[value.length - 1]) : NULL;
	uint64_t scale = unit ? 1ULL << (10 * (unit - units + 1)) : 1;
	uint64_t bytes;

	value.length -= unit != NULL;
	if (parse_scaled(value, scale, &bytes) < 0 || bytes > INT64_MAX)
		return 0;
	return put(&dossier->host_config, name, json_integer((json_int_t) bytes));
}

static int set_text(char **field, struct slice value)
{
	return value.length > 0 ? identity_set(field, value.start, value.length) : 0;
}

/* "overlay:/lower:/upper" tells the driver. */
static int set_driver(struct slice path, struct dossier *dossier)
{
	const char *colon = memchr(path.start, ':', path.length);

	if (!colon || path.start[0] == '/')
		return 0;
	return set_text(&dossier->driver,
			(struct slice){ path.start, (size_t) (colon - path.start) });
}

static int inspect_line(const struct lxc_line *line, json_t **nets, struct dossier *dossier)
{
	struct slice key = line->key, value = line->value, number, rest;

	if (value.length == 0)
		return 0;
	if (lxc_net_key(key, &number, &rest))
		return add_net(number, rest, value, nets);
	if (SLICE_IS(key, "lxc.uts.name"))
		return put(&dossier->config, "Hostname", text_new(value));
	if (SLICE_IS(key, "lxc.init.cmd") || SLICE_IS(key, "lxc.execute.cmd"))
		return set_command(value, dossier);
	if (SLICE_IS(key, "lxc.init.cwd"))
		return put(&dossier->config, "WorkingDir", text_new(value));
	if (SLICE_IS(key, "lxc.environment"))
		return add_environment(value, dossier);
	if (SLICE_IS(key, "lxc.mount.entry"))
		return add_mount(value, dossier);
	if (SLICE_IS(key, "lxc.console.logfile"))
		return set_text(&dossier->log_path, value);
	if (SLICE_IS(key, "lxc.rootfs.path"))
		return set_driver(value, dossier);
	if (SLICE_IS(key, "lxc.cgroup2.memory.max") ||
	    SLICE_IS(key, "lxc.cgroup.memory.limit_in_bytes"))
		return put_bytes("Memory", value, dossier);
	return 0;
}

int lxc_config_inspect(const char *text, struct dossier *dossier)
{
	CLEANUP(json_decref_p) json_t *nets = NULL;
	struct lxc_line line;
	int r = 0;

	while (r >= 0 && lxc_line_next(&text, '=', &line))
		r = inspect_line(&line, &nets, dossier);

	return r < 0 ? r : name_networks(nets, dossier);
}

int lxc_node_inspect(const char *text, struct dossier *dossier)
{
	const char *end = strstr(text, "\n[");
	struct lxc_line line;
	int r = 0;

	while (r >= 0 && lxc_line_next(&text, ':', &line) && (!end || line.key.start < end)) {
		uint64_t mebibytes;

		if (SLICE_IS(line.key, "hostname"))
			r = put(&dossier->config, "Hostname", text_new(line.value));
		else if (SLICE_IS(line.key, "memory") && parse_u64(line.value, &mebibytes) == 0 &&
			 mebibytes <= INT64_MAX >> 20)
			r = put(&dossier->host_config, "Memory",
				json_integer((json_int_t) mebibytes << 20));
	}

	return r;
}
