/* SPDX-License-Identifier: Apache-2.0 */

/* cgroup_name: what the name of a cgroup says. */

#include "cgroup_name.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/utf8.h"
#include "containers/runtime.h"

#define UID_DIGITS 10 /* of a 32-bit number */

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

const char *cgroup_unit(const char *leaf)
{
	return leaf[0] == '_' ? leaf + 1 : leaf;
}

static int digit_of(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c != '\0' ? strchr(digits, c) : NULL;

	return found ? (int) (found - digits) : -1;
}

/* The byte that "\xHH" at the beginning of the text stands for, or -1. systemd writes small digits
 * only. */
static int escaped_byte(const char *text, size_t length)
{
	int high, low;

	if (length < 4 || text[0] != '\\' || text[1] != 'x')
		return -1;
	high = digit_of(text[2]);
	low = digit_of(text[3]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Returns whether nothing had to be replaced or cut. No memory: the copy is empty. */
static bool copy_valid(const char *bytes, size_t length, char *ret_copy, size_t size)
{
	CLEANUP(free_p) char *clean = utf8_copy(bytes, length, size - 1);
	size_t clean_length = clean ? strlen(clean) : 0;

	memcpy(ret_copy, clean ? clean : "", clean_length + 1);
	return clean_length == length && memcmp(ret_copy, bytes, length) == 0;
}

static bool is_file_name(const char *name, size_t length)
{
	return length > 0 && !memchr(name, '\0', length) && !memchr(name, '/', length) &&
	       !slice_is((struct slice){ name, length }, ".", 1) &&
	       !slice_is((struct slice){ name, length }, "..", 2);
}

bool cgroup_unescape(const char *name, size_t length, char *ret_name, size_t size)
{
	char plain[CGROUP_NAME_BYTES];
	size_t used = 0;

	if (length >= sizeof(plain)) { /* no directory has such a name */
		(void) copy_valid(name, length, ret_name, size);
		return false;
	}
	for (size_t i = 0; i < length; used++) {
		int byte = escaped_byte(name + i, length - i);

		plain[used] = name[i];
		if (byte >= 0)
			plain[used] = (char) byte;
		i += byte < 0 ? 1 : 4;
	}

	if (is_file_name(plain, used))
		return copy_valid(plain, used, ret_name, size);
	(void) copy_valid(name, length, ret_name, size);
	return false;
}

static bool parse_uid(const char *digits, size_t length, uint32_t *ret_uid)
{
	uint64_t uid;

	if (length > UID_DIGITS || parse_u64((struct slice){ digits, length }, &uid) < 0 ||
	    uid >= UINT32_MAX) /* which is "no user" */
		return false;

	*ret_uid = (uint32_t) uid;
	return true;
}

uint32_t cgroup_user(const char *path)
{
	static const char prefix[] = "/user.slice/user-", suffix[] = ".slice/";
	uint32_t uid = 0;
	size_t digits;

	if (strncmp(path, prefix, strlen(prefix)) != 0)
		return 0;
	path += strlen(prefix);
	digits = strspn(path, "0123456789");
	if (strncmp(path + digits, suffix, strlen(suffix)) != 0 || !parse_uid(path, digits, &uid))
		return 0;

	return uid;
}

/* The "@UID" at the end of an id, or NULL. */
static const char *find_owner(const char *id, uint32_t *ret_uid)
{
	const char *at = strrchr(id, '@');

	return at && at > id && parse_uid(at + 1, strlen(at + 1), ret_uid) ? at : NULL;
}

void cgroup_make_id(uint32_t uid, const char *name, char *ret_id)
{
	char plain[RUNTIME_ID_BYTES - UID_DIGITS - 1];
	uint32_t unused;

	/* A name of root's that looks like another user's id, once it is cut, says whose it is. */
	(void) copy_valid(name, strlen(name), ret_id, RUNTIME_ID_BYTES);
	if (uid == 0 && !find_owner(ret_id, &unused))
		return;

	(void) copy_valid(name, strlen(name), plain, sizeof(plain));
	(void) snprintf(ret_id, RUNTIME_ID_BYTES, "%s@%u", plain, uid); /* fits */
}

uint32_t cgroup_split_id(const char *id, char *ret_name, size_t size)
{
	uint32_t uid = 0;
	const char *end = find_owner(id, &uid);

	(void) copy_valid(id, end ? (size_t) (end - id) : strlen(id), ret_name, size);
	return uid;
}
