/* SPDX-License-Identifier: Apache-2.0 */

/* container: where each string and number stands in the answer (exporters/exporter.h). */

#include "cli/container.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const string_keys[CONTAINER_STRINGS] = {
	[STRING_ID] = "id",          [STRING_NAME] = "name",
	[STRING_IMAGE] = "image",    [STRING_IMAGE_ID] = "image_id",
	[STRING_ENGINE] = "runtime", [STRING_CGROUP] = "cgroup",
	[STRING_POD] = "pod",        [STRING_DETAIL] = "detail",
	[STRING_STATE] = "state",    [STRING_HEALTH] = "health",
};

static const struct {
	const char *group; /* NULL: at the top */
	const char *key;
	const char *inner; /* NULL: the value is here */
} number_keys[CONTAINER_NUMBERS] = {
	[NUMBER_STARTED] = { NULL, "started" },
	[NUMBER_CREATED] = { NULL, "created" },
	[NUMBER_FINISHED] = { NULL, "finished" },
	[NUMBER_EXIT_CODE] = { NULL, "exit_code" },
	[NUMBER_RESTARTS] = { NULL, "restarts" },
	[NUMBER_CPU_CORES] = { "cpu", "cores" },
	[NUMBER_CPU_SECONDS] = { "cpu", "usage_seconds" },
	[NUMBER_CPU_THROTTLED_SECONDS] = { "cpu", "throttled_seconds" },
	[NUMBER_CPU_LIMIT] = { "cpu", "limit_cores" },
	[NUMBER_MEMORY_USAGE] = { "memory", "usage_bytes" },
	[NUMBER_MEMORY_WORKING_SET] = { "memory", "working_set_bytes" },
	[NUMBER_MEMORY_LIMIT] = { "memory", "limit_bytes" },
	[NUMBER_OOM_KILLS] = { "memory", "oom_kills" },
	[NUMBER_RECEIVED] = { "network", "receive_bytes" },
	[NUMBER_RECEIVE_RATE] = { "network", "receive_bytes_per_second" },
	[NUMBER_SENT] = { "network", "transmit_bytes" },
	[NUMBER_SEND_RATE] = { "network", "transmit_bytes_per_second" },
	[NUMBER_READ] = { "io", "read_bytes" },
	[NUMBER_READ_RATE] = { "io", "read_bytes_per_second" },
	[NUMBER_WRITTEN] = { "io", "write_bytes" },
	[NUMBER_WRITE_RATE] = { "io", "write_bytes_per_second" },
	[NUMBER_PIDS] = { NULL, "pids" },
	[NUMBER_PRESSURE_CPU] = { "pressure", "cpu", "some_share" },
	[NUMBER_PRESSURE_MEMORY] = { "pressure", "memory", "some_share" },
	[NUMBER_PRESSURE_IO] = { "pressure", "io", "some_share" },
};

static const char *text_of(json_t *object, const char *key)
{
	const char *value = key ? json_string_value(json_object_get(object, key)) : NULL;

	return value ? value : "";
}

static double number_of(json_t *object, enum container_number number)
{
	json_t *value = object;

	if (!number_keys[number].key)
		return NAN;
	if (number_keys[number].group)
		value = json_object_get(value, number_keys[number].group);
	value = json_object_get(value, number_keys[number].key);
	if (number_keys[number].inner)
		value = json_object_get(value, number_keys[number].inner);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *first_label(const json_t *labels, const char *const *keys)
{
	for (; *keys; keys++) {
		const char *value = text_of((json_t *) labels, *keys);

		if (value[0] != '\0')
			return value;
	}
	return "";
}

static void container_read(json_t *object, double now, double host_memory,
			   struct container *container)
{
	static const char *const projects[] = { "com.docker.compose.project",
						"io.podman.compose.project", NULL };
	static const char *const services[] = { "com.docker.compose.service",
						"io.podman.compose.service", NULL };
	double since;

	for (size_t i = 0; i < CONTAINER_STRINGS; i++)
		container->strings[i] = text_of(object, string_keys[i]);
	for (enum container_number i = 0; i < CONTAINER_NUMBERS; i++)
		container->numbers[i] = number_of(object, i);

	container->labels = json_object_get(object, "labels");
	container->strings[STRING_PROJECT] = first_label(container->labels, projects);
	container->strings[STRING_SERVICE] = first_label(container->labels, services);
	container->strings[STRING_NETWORK] = text_of(json_object_get(object, "network"), "mode");
	container->numbers[NUMBER_MEMORY_BOUND] =
		container_has(container, NUMBER_MEMORY_LIMIT) &&
				!(container->numbers[NUMBER_MEMORY_LIMIT] > host_memory)
			? container->numbers[NUMBER_MEMORY_LIMIT]
			: host_memory;
	since = container->numbers[container_is_up(container) ? NUMBER_STARTED : NUMBER_FINISHED];
	container->numbers[NUMBER_AGE] = now - since;
	container->now = now;
}

int listing_parse(const char *json, size_t length, double host_memory, struct listing *ret_listing,
		  struct problem *ret_problem)
{
	struct listing listing = { 0 };
	json_error_t error;
	json_t *list, *item;
	size_t i;

	listing.document = json_loadb(json, length, 0, &error);
	list = json_object_get(listing.document, "containers");
	if (!json_is_array(list)) {
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
				"the agent's list of containers cannot be read%s%.80s",
				listing.document ? "" : ": ", listing.document ? "" : error.text);
		json_decref(listing.document);
		return -EPROTO;
	}
	listing.count = json_array_size(list);
	listing.items = calloc(listing.count + 1, sizeof(*listing.items));
	if (!listing.items) {
		json_decref(listing.document);
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text), "out of memory");
		return -ENOMEM;
	}

	item = json_object_get(listing.document, "time");
	listing.time = json_is_number(item) ? json_number_value(item) : NAN;
	json_array_foreach (list, i, item)
		container_read(item, listing.time, host_memory, &listing.items[i]);
	*ret_listing = listing;
	return 0;
}

void listing_fini(struct listing *listing)
{
	json_decref(listing->document);
	free(listing->items);
	*listing = (struct listing){ 0 };
}

bool container_is_up(const struct container *container)
{
	static const char *const down[] = { "created", "removing", "exited", "dead" };

	for (size_t i = 0; i < ARRAY_SIZE(down); i++)
		if (strcmp(container->strings[STRING_STATE], down[i]) == 0)
			return false;
	return true;
}

bool container_is(const struct container *container, const char *word)
{
	if (word[0] == '\0')
		return false;
	return strcmp(container->strings[STRING_NAME], word) == 0 ||
	       strncmp(container->strings[STRING_ID], word, strlen(word)) == 0;
}
