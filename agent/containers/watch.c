/* SPDX-License-Identifier: Apache-2.0 */

/* watch: the inotify descriptor and what its watches are for.
 *
 * Source: inotify(7). Directories are reached through /proc/self/fd, because inotify has no call
 * relative to a descriptor; so a recorded tree can be watched, too. The kernel reports a cgroup
 * that was removed to its parent's watch only (seen on 6.18): the owner removes the watch of
 * cgroup.events itself. */

#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/log.h"

#define READ_BYTES 32768 /* a burst of 1000 containers fits in a few reads */
#define READS_MAX  64    /* per dispatch; the loop calls again */

static const uint32_t masks[] = {
	[WATCH_TREE] = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR,
	[WATCH_POPULATED] = IN_MODIFY | IN_DONT_FOLLOW,
	[WATCH_ENGINE] =
		IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR,
};

int watches_init(struct watches *watches)
{
	*watches = (struct watches){ .fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC) };

	return watches->fd < 0 ? -errno : 0;
}

static void drop(struct watches *watches, struct watch *watch)
{
	HASH_DEL(watches->by_number, watch);
	free(watch);
}

void watches_fini(struct watches *watches)
{
	struct watch *watch, *next;

	HASH_ITER (hh, watches->by_number, watch, next)
		drop(watches, watch);
	if (watches->fd >= 0)
		(void) close(watches->fd); /* takes all watches of the kernel with it */
	watches->fd = -1;
}

static struct watch *find(struct watches *watches, int number)
{
	struct watch *watch;

	HASH_FIND_INT(watches->by_number, &number, watch);
	return watch;
}

/* Returns the kernel's number, or -1. */
static int ask_kernel(struct watches *watches, int dir_fd, const char *path, enum watch_kind kind)
{
	char full[PATH_MAX];
	int r;

	if (watches->fd < 0)
		return -1;
	/* The "." makes the kernel follow the link of procfs even when `path` is empty. */
	r = snprintf(full, sizeof(full), "/proc/self/fd/%d/./%s", dir_fd, path);
	if (r < 0 || (size_t) r >= sizeof(full))
		return -1;

	r = inotify_add_watch(watches->fd, full, masks[kind] | IN_MASK_CREATE);
	if (r >= 0)
		return r;
	if (errno == ENOENT || errno == ENOTDIR || errno == EEXIST)
		return -1;

	if (watches->refused++ == 0)
		log_warning(
			-errno,
			"cannot watch '%s'; is fs.inotify.max_user_watches too low? Rescans find "
			"what changes there, and where else a watch is refused",
			path);
	return -1;
}

static struct watch *add(struct watches *watches, int dir_fd, const char *path, const char *name,
			 enum watch_kind kind, void *owner)
{
	int number = ask_kernel(watches, dir_fd, path, kind);
	struct watch *watch;
	size_t size = strlen(name) + 1;

	if (number < 0)
		return NULL;

	watch = calloc(1, sizeof(*watch) + size);
	if (!watch) {
		(void) inotify_rm_watch(watches->fd, number); /* was valid a moment ago */
		return NULL;
	}
	watch->number = number;
	watch->kind = kind;
	watch->owner = owner;
	memcpy(watch->path, name, size);
	HASH_ADD_INT(watches->by_number, number, watch);
	if (!TABLE_HAS(watch, hh)) {
		(void) inotify_rm_watch(watches->fd, number);
		free(watch);
		return NULL;
	}
	return watch;
}

struct watch *watches_add(struct watches *watches, int dir_fd, const char *path,
			  enum watch_kind kind, void *owner)
{
	return add(watches, dir_fd, path, path, kind, owner);
}

void watches_add_engine(struct watches *watches, int dir_fd, const char *name)
{
	if (watches)
		(void) add(watches, dir_fd, "", name, WATCH_ENGINE, NULL); /* or rescans tell */
}

void watches_remove(struct watches *watches, struct watch *watch)
{
	if (!watch)
		return;

	(void) inotify_rm_watch(watches->fd, watch->number); /* the kernel may have been faster */
	drop(watches, watch);
}

static void deliver(struct watches *watches, const struct inotify_event *event,
		    watch_handler handler, void *userdata)
{
	struct watch *watch;

	if (event->mask & IN_Q_OVERFLOW) {
		handler(NULL, IN_Q_OVERFLOW, "", userdata);
		return;
	}

	/* Events of a watch that was removed may still be in the queue. Numbers are not used again
	 * before all others were. */
	watch = find(watches, event->wd);
	if (!watch)
		return;
	handler(watch, event->mask, event->len > 0 ? event->name : "", userdata);

	/* The handler may have removed the watch: ask again. */
	watch = event->mask & IN_IGNORED ? find(watches, event->wd) : NULL;
	if (watch)
		drop(watches, watch);
}

int watches_dispatch(struct watches *watches, watch_handler handler, void *userdata)
{
	alignas(struct inotify_event) char buffer[READ_BYTES];

	if (watches->fd < 0)
		return 0;

	for (unsigned i = 0; i < READS_MAX; i++) {
		const struct inotify_event *event;
		ssize_t n = read(watches->fd, buffer, sizeof(buffer));

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		for (ssize_t at = 0; at < n; at += (ssize_t) (sizeof(*event) + event->len)) {
			event = (const struct inotify_event *) (buffer + at);
			deliver(watches, event, handler, userdata);
		}
	}

	return 0;
}
