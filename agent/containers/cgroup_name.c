/* SPDX-License-Identifier: Apache-2.0 */

/* cgroup_name: what the name of a cgroup says. */

#include "cgroup_name.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/runtime.h"

const char *cgroup_leaf(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool cgroup_parent_is(const char *path, const char *name)
{
	const char *leaf = cgroup_leaf(path);
	size_t length = strlen(name);

	if ((size_t) (leaf - path) < length + 2)
		return false;

	return leaf[-2 - (ptrdiff_t) length] == '/' && memcmp(leaf - 1 - length, name, length) == 0;
}

bool cgroup_is_id(const char *name)
{
	return strspn(name, "0123456789abcdef") == CGROUP_ID_DIGITS &&
	       name[CGROUP_ID_DIGITS] == '\0';
}

bool cgroup_ends_with(const char *name, const char *suffix)
{
	size_t length = strlen(name), suffix_length = strlen(suffix);

	return length >= suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

bool cgroup_take_id(const char *name, const char *prefix, const char *suffix, char *ret_id)
{
	size_t prefix_length = strlen(prefix);

	if (strncmp(name, prefix, prefix_length) != 0)
		return false;
	name += prefix_length;
	if (strspn(name, "0123456789abcdef") != CGROUP_ID_DIGITS ||
	    strcmp(name + CGROUP_ID_DIGITS, suffix) != 0)
		return false;

	memcpy(ret_id, name, CGROUP_ID_DIGITS);
	ret_id[CGROUP_ID_DIGITS] = '\0';
	return true;
}

int cgroup_path_clean(const char *text, char **ret_path)
{
	CLEANUP(free_p) char *path = NULL;
	size_t length;

	if (asprintf(&path, "%s%s", text[0] == '/' ? "" : "/", text) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';

	if (length == 1 || length >= RUNTIME_PATH_BYTES || strstr(path, "//") ||
	    strstr(path, "/./") || strstr(path, "/../") || cgroup_ends_with(path, "/.") ||
	    cgroup_ends_with(path, "/..") || cgroup_ends_with(path, ".slice"))
		return -EBADMSG;

	*ret_path = TAKE_PTR(path);
	return 0;
}
