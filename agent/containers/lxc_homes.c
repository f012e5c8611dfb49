/* SPDX-License-Identifier: Apache-2.0 */

/* lxc_homes: in which directories the files of LXC, Incus, LXD and Proxmox containers are.
 *
 * Source: lxc.system.conf(5), lxc.lxcpath; lxc-create(1): ~/.local/share/lxc of ordinary users,
 * whose homes are in /etc/passwd (passwd(5)). Incus and LXD keep links to directories of their
 * storage pools, and write what they hand to LXC beside their logs. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/lxc.h"
#include "containers/podman_store.h"
#include "containers/runtime.h"
#include "containers/watch.h"

#define USER_HOME    ".local/share/lxc"
#define WATCH_NAME   "lxc:"  /* and the uid: that user's directory, in watch events */
#define PASSWD_BYTES 1048576 /* some 10,000 users */

static const struct {
	const char *path;
	enum lxc_shape shape;
} usual[] = {
	{ "etc/pve/lxc", LXC_NODE }, /* has names, which the files below have not */
	{ "var/lib/lxc", LXC_HOMES },
	{ "var/lib/incus/containers", LXC_DAEMON },
	{ "run/incus", LXC_STARTED },
	{ "var/log/incus", LXC_STARTED },
	{ "var/lib/lxd/containers", LXC_DAEMON },
	{ "var/log/lxd", LXC_STARTED },
	{ "var/snap/lxd/common/lxd/containers", LXC_DAEMON },
	{ "var/snap/lxd/common/lxd/logs", LXC_STARTED },
};

/* What is added to a container's name. */
static const char *const suffixes[] = {
	[LXC_HOMES] = "/config",
	[LXC_DAEMON] = "",
	[LXC_STARTED] = "/lxc.conf",
	[LXC_NODE] = ".conf",
};

static enum lxc_shape shape_of(const struct place *place)
{
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		if (strcmp(place->path, usual[i].path) == 0)
			return usual[i].shape;

	return cgroup_ends_with(place->path, "/containers") ? LXC_DAEMON : LXC_HOMES;
}

int lxc_homes_init(struct lxc_homes *homes, const struct runtime_place *from)
{
	const char *defaults[ARRAY_SIZE(usual) + 1] = { NULL };

	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		defaults[i] = usual[i].path;
	homes->user_count = 0;
	return places_init(&homes->places, from, defaults, "");
}

void lxc_homes_fini(struct lxc_homes *homes)
{
	for (size_t i = 0; i < homes->user_count; i++)
		close_p(&homes->users[i].fd);
	homes->user_count = 0;
	places_fini(&homes->places);
}

/* The sixth field of the user's line, copied. NULL: none, or no memory. */
static char *home_in(const char *passwd, uint32_t uid)
{
	struct slice line;

	while (line_next(&passwd, &line)) {
		struct slice fields[6];
		size_t count = 0;
		uint64_t number;

		while (count < ARRAY_SIZE(fields)) {
			const char *colon = memchr(line.start, ':', line.length);
			size_t length = colon ? (size_t) (colon - line.start) : line.length;

			fields[count++] = (struct slice){ line.start, length };
			if (!colon)
				break;
			line.start += length + 1;
			line.length -= length + 1;
		}
		if (count == ARRAY_SIZE(fields) && fields[5].length > 0 &&
		    parse_u64(fields[2], &number) == 0 && number == uid)
			return strndup(fields[5].start, fields[5].length);
	}

	return NULL;
}

/* Returns the descriptor, or -1. */
static int open_user(int root_fd, uint32_t uid)
{
	CLEANUP(free_p) char *passwd = NULL;
	CLEANUP(free_p) char *home = NULL;
	size_t length;

	if (fd_read_distrusted(root_fd, "etc/passwd", PASSWD_BYTES, &passwd, &length) < 0)
		return -1;
	home = home_in(passwd, uid);
	return home ? podman_open_owned(root_fd, home, USER_HOME, uid) : -1;
}

static void watch_user(const struct lxc_homes *homes, const struct lxc_user *user)
{
	char name[32];

	(void) snprintf(name, sizeof(name), WATCH_NAME "%u", user->uid);
	if (user->fd >= 0)
		watches_add_engine(homes->places.watches, user->fd, name);
}

void lxc_homes_see_user(struct lxc_homes *homes, uint32_t uid)
{
	for (size_t i = 0; i < homes->user_count; i++)
		if (homes->users[i].uid == uid)
			return;
	if (homes->user_count == LXC_USERS_MAX)
		return;

	homes->users[homes->user_count] =
		(struct lxc_user){ .uid = uid, .fd = open_user(homes->places.root_fd, uid) };
	watch_user(homes, &homes->users[homes->user_count++]);
}

size_t lxc_homes_refresh(struct lxc_homes *homes)
{
	size_t there = places_refresh(&homes->places);

	for (size_t i = 0; i < homes->user_count; i++) {
		struct lxc_user *user = &homes->users[i];

		close_p(&user->fd);
		user->fd = open_user(homes->places.root_fd, user->uid);
		there += user->fd >= 0;
		watch_user(homes, user);
	}

	return there;
}

/* Directories of one user, root's in their order. Returns false at the end. */
static bool next_directory(const struct lxc_homes *homes, uint32_t uid, size_t *cursor,
			   struct lxc_file *ret_file)
{
	if (uid == 0) {
		const struct place *place = &homes->places.list[*cursor];

		if (*cursor >= homes->places.count)
			return false;
		(*cursor)++;
		ret_file->dir_fd = place->fd;
		ret_file->shape = shape_of(place);
		return true;
	}

	for (; *cursor < homes->user_count; (*cursor)++)
		if (homes->users[*cursor].uid == uid) {
			ret_file->dir_fd = homes->users[*cursor].fd;
			ret_file->shape = LXC_HOMES;
			*cursor = homes->user_count;
			return true;
		}

	return false;
}

bool lxc_homes_next(const struct lxc_homes *homes, uint32_t uid, const char *name, size_t *cursor,
		    struct lxc_file *ret_file)
{
	while (next_directory(homes, uid, cursor, ret_file)) {
		int length = snprintf(ret_file->path, sizeof(ret_file->path), "%s%s", name,
				      suffixes[ret_file->shape]);

		if (ret_file->dir_fd >= 0 && length < (int) sizeof(ret_file->path))
			return true;
	}

	return false;
}

bool lxc_file_exists(const struct lxc_file *file)
{
	return faccessat(file->dir_fd, file->path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool lxc_homes_have(const struct lxc_homes *homes, uint32_t uid, const char *name)
{
	struct lxc_file file;

	for (size_t cursor = 0; lxc_homes_next(homes, uid, name, &cursor, &file);)
		if (file.shape != LXC_STARTED && lxc_file_exists(&file))
			return true;

	return false;
}

/* Takes the suffix off an entry that looks like a container. */
static bool take_name(int fd, const struct dirent *entry, enum lxc_shape shape,
		      char name[static NAME_MAX + 1])
{
	char path[NAME_MAX + sizeof("/config")];

	(void) snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
	if (name[0] == '.')
		return false;
	switch (shape) {
	case LXC_HOMES:
		(void) snprintf(path, sizeof(path), "%s/config", name);
		return fd_exists_at(fd, path);
	case LXC_DAEMON:
		return entry->d_type == DT_DIR || entry->d_type == DT_LNK;
	case LXC_NODE:
		if (!cgroup_ends_with(name, ".conf"))
			return false;
		name[strlen(name) - strlen(".conf")] = '\0';
		return true;
	case LXC_STARTED:
		break;
	}

	return false;
}

/* At most `max` entries are looked at: users may make as many as they like. */
static int list_directory(int dir_fd, enum lxc_shape shape, uint32_t uid, size_t max,
			  lxc_found found, void *userdata)
{
	const struct dirent *entry;
	char name[NAME_MAX + 1];
	DIR *stream;
	int fd, r;

	fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	stream = fd < 0 ? NULL : fdopendir(fd);
	if (!stream) {
		r = -errno;
		close_p(&fd);
		return r;
	}

	while (errno = 0, max-- > 0 && (entry = readdir(stream)) != NULL)
		if (take_name(fd, entry, shape, name))
			found(uid, name, userdata);
	r = -errno;
	(void) closedir(stream);
	return r;
}

int lxc_homes_list(const struct lxc_homes *homes, size_t max, lxc_found found, void *userdata)
{
	struct lxc_file file;
	int r = 0;

	for (size_t cursor = 0; r == 0 && next_directory(homes, 0, &cursor, &file);)
		if (file.dir_fd >= 0 && file.shape != LXC_STARTED)
			r = list_directory(file.dir_fd, file.shape, 0, max, found, userdata);
	for (size_t i = 0; r == 0 && i < homes->user_count; i++)
		if (homes->users[i].fd >= 0)
			r = list_directory(homes->users[i].fd, LXC_HOMES, homes->users[i].uid,
					   LXC_USER_ENTRIES, found, userdata);

	return r;
}

bool lxc_homes_changed(const struct lxc_homes *homes, const char *directory, const char *name,
		       char *ret_id)
{
	const struct place *place = places_named(&homes->places, directory);
	char plain[NAME_MAX + 1];
	uint64_t uid = 0;
	size_t length = strlen(WATCH_NAME);

	if (!place &&
	    (strncmp(directory, WATCH_NAME, length) != 0 ||
	     parse_u64((struct slice){ directory + length, strlen(directory + length) }, &uid) < 0))
		return false;
	if (snprintf(plain, sizeof(plain), "%s", name) >= (int) sizeof(plain) || name[0] == '.')
		return false;

	if (place && shape_of(place) == LXC_NODE && cgroup_ends_with(plain, ".conf"))
		plain[strlen(plain) - strlen(".conf")] = '\0';
	cgroup_make_id((uint32_t) uid, plain, ret_id);
	return ret_id[0] != '\0';
}
