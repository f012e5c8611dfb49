/* SPDX-License-Identifier: Apache-2.0 */

/* place: where engines keep their files. Source of the lookup: openat2(2), RESOLVE_IN_ROOT. */

#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "containers/runtime.h"
#include "containers/watch.h"

/* Returns the descriptor, or -1. */
static int open_directory(int root_fd, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int) syscall(SYS_openat2, root_fd, path[0] ? path : ".", &how, sizeof(how));

	return fd;
}

/* "/var/lib/docker/" and "containers" to "var/lib/docker/containers". NULL: no memory. */
static char *join(const char *path, const char *below)
{
	size_t length;
	char *joined = NULL;

	path += strspn(path, "/");
	length = strlen(path);
	while (length > 0 && path[length - 1] == '/')
		length--;
	if (asprintf(&joined, "%.*s%s%s", (int) length, path, below[0] && length > 0 ? "/" : "",
		     below) < 0)
		return NULL;

	return joined;
}

const struct place *places_named(const struct places *places, const char *path)
{
	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->list[i].path, path) == 0)
			return &places->list[i];

	return NULL;
}

int places_add(struct places *places, const char *path, const char *below)
{
	CLEANUP(free_p) char *joined = join(path, below);
	struct place *list;

	if (!joined)
		return -ENOMEM;
	if (places_named(places, joined))
		return 0;

	list = reallocarray(places->list, places->count + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	list[places->count] = (struct place){ .path = TAKE_PTR(joined), .fd = -1 };
	places->list = list;
	places->count++;
	return 0;
}

int places_init(struct places *places, const struct runtime_place *from,
		const char *const *defaults, const char *below)
{
	const char *const *paths = from->places && from->places[0] ? from->places : defaults;

	*places = (struct places){ .root_fd = from->root_fd, .watches = from->watches };
	for (; *paths; paths++) {
		int r = places_add(places, *paths, below);

		if (r < 0) {
			places_fini(places);
			return r;
		}
	}

	return 0;
}

void places_fini(struct places *places)
{
	for (size_t i = 0; i < places->count; i++) {
		free(places->list[i].path);
		close_p(&places->list[i].fd);
	}
	free(places->list);
	places->list = NULL;
	places->count = 0;
}

static void watch_parent(const struct places *places, const struct place *place)
{
	const char *slash = strrchr(place->path, '/');
	char parent[RUNTIME_PATH_BYTES];
	CLEANUP(close_p) int fd = -1;

	if (!slash)
		return; /* right below the root: rescans find it */
	(void) snprintf(parent, sizeof(parent), "%.*s", (int) (slash - place->path), place->path);
	fd = open_directory(places->root_fd, parent);
	if (fd >= 0)
		watches_add_engine(places->watches, fd, parent);
}

size_t places_refresh(struct places *places)
{
	size_t there = 0;

	for (size_t i = 0; i < places->count; i++) {
		struct place *place = &places->list[i];

		close_p(&place->fd);
		place->fd = open_directory(places->root_fd, place->path);
		if (place->fd >= 0)
			watches_add_engine(places->watches, place->fd, place->path);
		else
			watch_parent(places, place);
		there += place->fd >= 0;
	}

	return there;
}

bool places_awaited(const struct places *places, const char *directory, const char *name)
{
	size_t length = strlen(directory);

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->list[i];

		if (place->fd < 0 && strncmp(place->path, directory, length) == 0 &&
		    place->path[length] == '/' && strcmp(place->path + length + 1, name) == 0)
			return true;
	}

	return false;
}
