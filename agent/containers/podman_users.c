/* SPDX-License-Identifier: Apache-2.0 */

/* podman_users: where the users of this host have their podman's files.
 *
 * Source: passwd(5); storage.conf(5), rootless_storage_path; podman(1), "Rootless mode": the run
 * root is in XDG_RUNTIME_DIR, or below /tmp for those who have no session. Users that a directory
 * service knows are not in the passwd file, and are not looked for. */

#include "podman_stores.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/parse.h"
#include "containers/podman_store.h"
#include "containers/runtime.h"

#define USUAL_GRAPH_ROOT   ".local/share/containers/storage"
#define STORAGE_CONF       "etc/containers/storage.conf"
#define STORAGE_CONF_BYTES 65536
#define STORAGE_KEY        "rootless_storage_path"

/* One line of the passwd file. */
struct user {
	struct slice name, home;
	uint32_t uid;
};

static int open_directory(int dir_fd, const char *path, uint64_t resolve)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = resolve | RESOLVE_NO_MAGICLINKS,
	};

	return (int) syscall(SYS_openat2, dir_fd, path[0] ? path : ".", &how, sizeof(how));
}

int podman_open_owned(int root_fd, const char *parent, const char *below, uint32_t uid)
{
	CLEANUP(close_p) int parent_fd = -1, fd = -1;
	struct stat status;

	parent_fd = open_directory(root_fd, parent, RESOLVE_IN_ROOT);
	if (parent_fd < 0)
		return -1;
	fd = open_directory(parent_fd, below, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	if (fd < 0 || fstat(fd, &status) < 0 || status.st_uid != uid)
		return -1;

	return TAKE_FD(fd);
}

static bool take_field(struct slice *line, struct slice *ret_field)
{
	const char *end = memchr(line->start, ':', line->length);
	size_t length = end ? (size_t) (end - line->start) : line->length;

	*ret_field = (struct slice){ line->start, length };
	line->start += length + (end ? 1 : 0);
	line->length -= length + (end ? 1 : 0);
	return end != NULL;
}

/* name:password:uid:gid:comment:home:shell. Root's podman is another matter, and whose home is "/"
 * or no path has none. */
static bool parse_user(struct slice line, struct user *ret_user)
{
	struct slice fields[6];
	uint64_t uid;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (!take_field(&line, &fields[i]))
			return false;
	if (parse_u64(fields[2], &uid) < 0 || uid == 0 || uid >= UINT32_MAX ||
	    fields[5].length < 2 || fields[5].length > 512 || fields[5].start[0] != '/')
		return false;

	*ret_user = (struct user){ .name = fields[0], .home = fields[5], .uid = (uint32_t) uid };
	return true;
}

/* key = "value" of TOML, on a line of its own. Nothing else of TOML is understood. */
static bool parse_setting(struct slice line, const char *key, struct slice *ret_value)
{
	size_t length = strlen(key);
	const char *start, *end;

	while (line.length > 0 && (*line.start == ' ' || *line.start == '\t')) {
		line.start++;
		line.length--;
	}
	if (line.length < length || memcmp(line.start, key, length) != 0)
		return false;
	start = line.start + length;
	end = line.start + line.length;
	start += strspn(start, " \t");
	if (start >= end || *start != '=')
		return false;
	start++;
	start += strspn(start, " \t");
	if (start >= end || *start != '"')
		return false;
	start++;
	end = memchr(start, '"', (size_t) (end - start));
	if (!end)
		return false;

	*ret_value = (struct slice){ start, (size_t) (end - start) };
	return true;
}

/* "$HOME/x", "/srv/$USER/x", "/srv/$UID/x" for this user; any other variable: not understood. */
static bool expand(struct slice template, const struct user *user, char *ret_path, size_t size)
{
	char uid[16];
	size_t used = 0;
	const struct {
		const char *name;
		struct slice value;
	} variables[] = {
		{ "$HOME", user->home },
		{ "$USER", user->name },
		{ "$UID", { uid, (size_t) snprintf(uid, sizeof(uid), "%u", user->uid) } },
	};

	while (template.length > 0) {
		struct slice piece = { template.start, 1 };
		size_t taken = 1;

		for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
			size_t length = strlen(variables[i].name);

			if (template.length >= length &&
			    memcmp(template.start, variables[i].name, length) == 0) {
				piece = variables[i].value;
				taken = length;
			}
		}
		if ((taken == 1 && *template.start == '$') || used + piece.length >= size)
			return false;
		memcpy(ret_path + used, piece.start, piece.length);
		used += piece.length;
		template.start += taken;
		template.length -= taken;
	}

	ret_path[used] = '\0';
	return ret_path[0] == '/';
}

/* Opens below/`rest` of a user's directory unless one is open; its name is kept, too. */
static void open_run_directory(const struct podman_store *store, const char *parent,
			       const char *rest, int *fd, char **name)
{
	char path[128];

	if (*fd >= 0)
		return;
	*fd = podman_open_owned(store->root_fd, parent, rest, store->uid);
	(void) snprintf(path, sizeof(path), "%s/%s", parent, rest); /* both are ours, and short */
	if (*fd >= 0)
		podman_store_name(name, path);
}

void podman_users_run(struct podman_store *store)
{
	static const char *const parents[] = { "run/user/", "tmp/storage-run-", "tmp/podman-run-" };

	close_p(&store->run_fd);
	close_p(&store->tmp_fd);
	store->run_fd = store->tmp_fd = -1;
	for (size_t i = 0; i < ARRAY_SIZE(parents); i++) {
		char parent[64];

		(void) snprintf(parent, sizeof(parent), "%s%u", parents[i], store->uid);
		open_run_directory(store, parent, "containers", &store->run_fd, &store->run_path);
		open_run_directory(store, parent, "libpod/tmp", &store->tmp_fd, &store->tmp_path);
	}
}

/* Makes or updates the user's store at this path, if there is one; returns whether. `home_length`
 * bytes of the path are the administrator's. */
static bool look(struct podman_stores *stores, const struct user *user, const char *path,
		 size_t home_length)
{
	CLEANUP(close_p) int fd = -1;
	struct podman_store *store;
	char parent[RUNTIME_PATH_BYTES];
	const char *below = path + home_length;

	(void) snprintf(parent, sizeof(parent), "%.*s", (int) home_length, path);
	below += strspn(below, "/");
	fd = podman_open_owned(stores->root_fd, parent, below, user->uid);
	store = fd >= 0 ? podman_stores_get(stores, path + strspn(path, "/"), user->uid) : NULL;
	if (!store)
		return false;

	store->rootless = true;
	close_p(&store->graph_fd);
	store->graph_fd = TAKE_FD(fd);
	podman_users_run(store);
	podman_store_watch(store);
	return true;
}

/* Returns how many there are. */
static unsigned look_for_user(struct podman_stores *stores, const struct user *user,
			      struct slice template)
{
	char path[RUNTIME_PATH_BYTES];
	unsigned count = 0;
	bool in_home;

	(void) snprintf(path, sizeof(path), "%.*s/" USUAL_GRAPH_ROOT, (int) user->home.length,
			user->home.start);
	count += look(stores, user, path, user->home.length);

	if (template.length == 0 || !expand(template, user, path, sizeof(path)))
		return count;
	in_home = strncmp(path, user->home.start, user->home.length) == 0 &&
		  path[user->home.length] == '/';
	return count + look(stores, user, path, in_home ? user->home.length : 1);
}

/* The last of its lines counts; a comment begins otherwise. Points into `text`. */
static struct slice find_template(const char *text)
{
	struct slice template = { 0 }, line;

	while (text && line_next(&text, &line))
		(void) parse_setting(line, STORAGE_KEY, &template); /* another line */

	return template;
}

void podman_users_refresh(struct podman_stores *stores)
{
	CLEANUP(free_p) char *passwd = NULL, *conf = NULL;
	unsigned count = 0;
	size_t length;
	const char *cursor;
	struct slice line;

	/* No such file: nobody but root, or no other place. */
	if (fd_read_distrusted(stores->root_fd, "etc/passwd", PODMAN_PASSWD_BYTES, &passwd,
			       &length) < 0)
		return;
	(void) fd_read_distrusted(stores->root_fd, STORAGE_CONF, STORAGE_CONF_BYTES, &conf,
				  &length);

	cursor = passwd;
	while (count < PODMAN_USERS_MAX && line_next(&cursor, &line)) {
		struct user user;

		if (parse_user(line, &user))
			count += look_for_user(stores, &user, find_template(conf));
	}
}
