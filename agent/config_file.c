/* SPDX-License-Identifier: Apache-2.0 */

/* config_file: which files are read, and in which order. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "config.h"
#include "config_problem.h"

/* The end of a path tells more than its beginning. */
static const char *shown_path(const char *path)
{
	size_t length = strlen(path), most = 64;

	return length > most ? path + length - most : path;
}

/* Puts the file before the sentence: "FILE, line 3: ...". */
static void problem_locate(struct problem *problem, const char *path)
{
	struct problem inner = *problem;

	problem_write(problem, 0, "%s%s%s", shown_path(path), inner.line > 0 ? ", " : ": ",
		      inner.text);
	problem->line = inner.line;
}

/* Reads up to size bytes; a pipe (--config <(...)) is a file, too. Returns how many. */
static ssize_t read_whole(const char *path, char *text, size_t size)
{
	CLEANUP(close_p) int fd = -1;
	size_t length = 0;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	while (length < size) {
		ssize_t n = read(fd, text + length, size - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += (size_t) n;
	}

	return (ssize_t) length;
}

/* `text` has room for one byte more than a file may have: that tells that there is more. */
static int load(const char *path, char *text, struct config *config, struct problem *ret_problem)
{
	ssize_t length = read_whole(path, text, CONFIG_FILE_BYTES + 1);
	int r;

	if (length < 0) {
		problem_write(ret_problem, 0, "cannot read '%s': %s", shown_path(path),
			      strerror((int) -length));
		return (int) length;
	}

	config->reading = path;
	r = config_parse(text, (size_t) length, config, ret_problem);
	config->reading = NULL;
	if (r == -EINVAL)
		problem_locate(ret_problem, path);
	return r;
}

int config_load(const char *path, struct config *config, struct problem *ret_problem)
{
	char *text = malloc(CONFIG_FILE_BYTES + 1);
	int r;

	if (!text)
		return -ENOMEM;

	r = load(path, text, config, ret_problem);
	free(text);
	return r;
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot && strcmp(dot, ".yaml") == 0;
}

/* Bytes, not the order of a locale: the same files give the same settings everywhere. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_optional(const char *directory, const char *name, struct config *config,
			 struct problem *ret_problem)
{
	char path[PATH_MAX];
	int r;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int) sizeof(path))
		return -ENAMETOOLONG;

	r = config_load(path, config, ret_problem);
	return r == -ENOENT ? 0 : r;
}

static int load_drop_ins(const char *directory, struct config *config, struct problem *ret_problem)
{
	struct dirent **entries = NULL;
	int count, r = 0;

	count = scandir(directory, &entries, is_yaml, by_name);
	if (count < 0) {
		r = -errno;
		problem_write(ret_problem, 0, "cannot list '%s': %s", shown_path(directory),
			      strerror(-r));
		return r == -ENOENT ? 0 : r;
	}

	for (int i = 0; i < count; i++) {
		if (r == 0)
			r = load_optional(directory, entries[i]->d_name, config, ret_problem);
		free(entries[i]);
	}
	free(entries);
	return r;
}

int config_load_directory(const char *directory, struct config *config, struct problem *ret_problem)
{
	char drop_ins[PATH_MAX];
	int r;

	if (snprintf(drop_ins, sizeof(drop_ins), "%s/conf.d", directory) >= (int) sizeof(drop_ins))
		return -ENAMETOOLONG;

	r = load_optional(directory, "plimsoll.yaml", config, ret_problem);
	return r < 0 ? r : load_drop_ins(drop_ins, config, ret_problem);
}
