/* SPDX-License-Identifier: Apache-2.0 */

/* description: identities into the strings of rows. */

#include "description.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "containers/registry.h"
#include "model/snapshot.h"
#include "roster.h"

#define NETWORK_BYTES (IDENTITY_TEXT_BYTES + 16) /* "shared:" and a name */

static void describe_network(const struct roster *roster, const struct member *member)
{
	const struct member *root = &roster->members[0], *owner = member->network;
	bool host = owner ? owner == root : member->container->identity.host_network;
	char text[NETWORK_BYTES] = "";

	if (host)
		memcpy(text, "host", sizeof("host"));
	else if (owner == member)
		memcpy(text, "own", sizeof("own"));
	else if (owner)
		(void) snprintf(text, sizeof(text), "shared:%s",
				owner->container->identity.name); /* fits: names are bounded */
	draft_string(roster->draft, member->row, ATTRIBUTE_NETWORK, text);
}

static bool is_series_label(const struct roster *roster, const char *key)
{
	for (const char *const *allowed = roster->options.series_labels; allowed && *allowed;
	     allowed++)
		if (strcmp(*allowed, key) == 0)
			return true;

	return false;
}

/* Labels that tell an agent what to do with the container. */
static bool is_hint(const struct roster *roster, const char *key)
{
	(void) roster;
	return strncmp(key, "io.plimsoll.", strlen("io.plimsoll.")) == 0 ||
	       strncmp(key, "prometheus.io/", strlen("prometheus.io/")) == 0;
}

static void describe_some_labels(const struct roster *roster, const struct member *member,
				 enum attribute attribute,
				 bool (*wanted)(const struct roster *roster, const char *key))
{
	const char *cursor = member->container->identity.labels, *key, *value;
	char some[IDENTITY_LABELS_BYTES + 1];
	size_t length = 0;

	while (snapshot_label_next(&cursor, &key, &value)) {
		size_t pair_length = (size_t) (cursor - key);

		if (!wanted(roster, key) || length + pair_length + 1 > sizeof(some))
			continue;
		memcpy(some + length, key, pair_length);
		length += pair_length;
	}
	some[length] = '\0';
	draft_labels(roster->draft, member->row, attribute, some, length + 1);
}

static void describe_labels(const struct roster *roster, const struct member *member)
{
	const struct identity *identity = &member->container->identity;

	if (!identity->labels)
		return;
	describe_some_labels(roster, member, ATTRIBUTE_SERIES_LABELS, is_series_label);
	describe_some_labels(roster, member, ATTRIBUTE_HINTS, is_hint);
	if (roster->options.label_info)
		draft_labels(roster->draft, member->row, ATTRIBUTE_LABELS, identity->labels,
			     identity->labels_length);
}

static void describe(const struct roster *roster, const struct member *member)
{
	const struct container *container = member->container;
	const struct identity *identity = &container->identity;
	/* A directory name is bytes; whoever was given a cgroup may name those below it. */
	CLEANUP(free_p)
	char *path = container->path ? utf8_copy(container->path, strlen(container->path), PATH_MAX)
				     : NULL;
	const struct {
		enum attribute attribute;
		const char *value;
	} strings[] = {
		{ ATTRIBUTE_PATH, path },
		{ ATTRIBUTE_NAME, identity->name },
		{ ATTRIBUTE_IMAGE, identity->image },
		{ ATTRIBUTE_RUNTIME, container->runtime->name },
		{ ATTRIBUTE_ID, container->id },
		{ ATTRIBUTE_IMAGE_ID, identity->image_id },
		{ ATTRIBUTE_POD, identity->pod },
		{ ATTRIBUTE_ADDRESS, identity->address },
		{ ATTRIBUTE_DETAIL, identity->detail },
	};

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		if (strings[i].value)
			draft_string(roster->draft, member->row, strings[i].attribute,
				     strings[i].value);
	describe_network(roster, member);
	describe_labels(roster, member);
}

void description_write(struct roster *roster)
{
	const struct machine_identity *machine = &roster->machine;
	struct row *row = draft_single(roster->draft, ENTITY_MACHINE);

	draft_strings_reset(roster->draft);
	draft_string(roster->draft, row, ATTRIBUTE_ID, machine->machine_id);
	draft_string(roster->draft, row, ATTRIBUTE_IMAGE_ID, machine->system_uuid);
	draft_string(roster->draft, row, ATTRIBUTE_POD, machine->boot_id);
	draft_string(roster->draft, row, ATTRIBUTE_NETWORK, machine->name);
	draft_string(roster->draft, row, ATTRIBUTE_DETAIL, machine->kernel);

	draft_string(roster->draft, roster->members[0].row, ATTRIBUTE_PATH, "/");
	for (uint32_t i = 1; i < roster->high; i++)
		if (roster->members[i].state != MEMBER_UNUSED)
			describe(roster, &roster->members[i]);
	roster->strings_dirty = false;
}
