/* SPDX-License-Identifier: Apache-2.0 */

/* metadata: other people's JSON files (parsing is jansson's).
 *
 * jansson bounds the depth of nesting (2048), and the size is bounded here. Keys that stand twice
 * are accepted, the last one counts, as the engines' own parsers do it. */

#include "metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/utf8.h"
#include "containers/runtime.h"

void metadata_explain(struct identity *identity, const char *file, int error)
{
	const char *reason = error == -ENOENT   ? "not there"
			     : error == -ELOOP  ? "is a symbolic link or behind one, not followed"
			     : error == -EINVAL ? "not a regular file"
			     : error == -EFBIG  ? "too large, not read"
			     : error == -EAGAIN ? "is being written"
						: strerror(-error);

	identity_explain(identity, "%s: %s", file, reason);
}

/* jansson refuses invalid UTF-8, and Go never writes it: somebody else did, and the rest may still
 * be good. */
static json_t *load(const char *text, size_t length, json_error_t *ret_error)
{
	json_t *json = json_loadb(text, length, JSON_ALLOW_NUL, ret_error);
	CLEANUP(free_p) char *clean = NULL;

	if (json || json_error_code(ret_error) != json_error_invalid_utf8)
		return json;

	clean = utf8_copy(text, length, METADATA_BYTES);
	return clean ? json_loadb(clean, strlen(clean), JSON_ALLOW_NUL, ret_error) : NULL;
}

int metadata_parse(const char *text, size_t length, const char *file, struct identity *identity,
		   json_t **ret_json)
{
	json_error_t error;
	json_t *json = load(text, length, &error);

	if (json) {
		*ret_json = json;
		return 0;
	}
	if (json_error_code(&error) == json_error_out_of_memory)
		return -ENOMEM;

	identity_explain(identity, "%s: not valid JSON near line %d", file, error.line);
	return -EBADMSG;
}

int metadata_read(int dir_fd, const char *path, size_t max_bytes, struct identity *identity,
		  json_t **ret_json)
{
	CLEANUP(free_p) char *text = NULL;
	const char *file = strrchr(path, '/');
	size_t length;
	int r;

	file = file ? file + 1 : path;
	r = fd_read_distrusted(dir_fd, path, max_bytes, &text, &length);
	if (r < 0) {
		metadata_explain(identity, file, r);
		return r;
	}

	return metadata_parse(text, length, file, identity, ret_json);
}

const char *metadata_text(const json_t *string)
{
	const char *text = json_string_value(string); /* NULL when it is none */

	return text && text[0] != '\0' && strlen(text) == json_string_length(string) ? text : NULL;
}

const char *metadata_string(const json_t *object, const char *key)
{
	return metadata_text(json_object_get(object, key));
}

static void cut_nul(json_t *string)
{
	size_t length = strlen(json_string_value(string));

	if (length < json_string_length(string))
		(void) json_string_setn_nocheck(string, json_string_value(string), length);
}

/* The depth is bounded by jansson. */
void metadata_cut_nuls(json_t *json)
{
	json_t *value;
	const char *key;
	size_t i;

	if (json_is_string(json))
		cut_nul(json);
	json_array_foreach (json, i, value)
		metadata_cut_nuls(value);
	json_object_foreach (json, key, value)
		metadata_cut_nuls(value);
}

int metadata_take(const json_t *object, const char *key, char **field)
{
	const char *text = metadata_string(object, key);

	return text ? identity_set(field, text, strlen(text)) : 0;
}

int metadata_labels(const json_t *object, struct identity *identity)
{
	void *member = json_object_iter((json_t *) object); /* it is only read */

	for (; member; member = json_object_iter_next((json_t *) object, member)) {
		const json_t *value = json_object_iter_value(member);
		const char *text = json_string_value(value);
		int r;

		/* Empty values are fine for a label. */
		if (!text || strlen(text) != json_string_length(value))
			continue;
		r = identity_label(identity, json_object_iter_key(member), text);
		if (r < 0)
			return r;
	}

	return 0;
}

/* ".123456789" to nanoseconds; digits beyond the ninth are below our resolution. */
static uint64_t parse_fraction(const char **cursor)
{
	uint64_t ns = 0, digit_ns = NSEC_PER_SEC;

	if (**cursor != '.')
		return 0;
	for ((*cursor)++; **cursor >= '0' && **cursor <= '9'; (*cursor)++) {
		digit_ns /= 10;
		ns += (uint64_t) (**cursor - '0') * digit_ns;
	}

	return ns;
}

uint64_t metadata_time(const char *text)
{
	struct tm time = { 0 };
	const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &time) : NULL;
	uint64_t fraction_ns;
	time_t seconds;
	long offset_s;

	if (!rest)
		return 0;
	fraction_ns = parse_fraction(&rest);
	rest = strptime(rest, "%z", &time); /* "Z" or "+02:00" */
	if (!rest || *rest != '\0')
		return 0;

	offset_s = time.tm_gmtoff; /* timegm sets it to 0 */
	seconds = timegm(&time) - offset_s;
	if (seconds <= 0 || (uint64_t) seconds >= UINT64_MAX / NSEC_PER_SEC)
		return 0;
	return (uint64_t) seconds * NSEC_PER_SEC + fraction_ns;
}

bool metadata_has_namespace(const json_t *namespaces, const char *type)
{
	for (size_t i = 0; i < json_array_size(namespaces); i++) {
		const char *text = metadata_string(json_array_get(namespaces, i), "type");

		if (text && strcmp(text, type) == 0)
			return true;
	}

	return false;
}

/* FNV-1a over what changes when a file does: rename gives another inode, a write other times. */
uint64_t metadata_stamp(int dir_fd, const char *path)
{
	struct stat status;
	uint64_t hash = 0xcbf29ce484222325ULL;

	if (fstatat(dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;

	const uint64_t facts[] = {
		status.st_ino,
		(uint64_t) status.st_size,
		(uint64_t) status.st_mtim.tv_sec * NSEC_PER_SEC + (uint64_t) status.st_mtim.tv_nsec,
		(uint64_t) status.st_ctim.tv_sec * NSEC_PER_SEC + (uint64_t) status.st_ctim.tv_nsec,
	};
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		hash = (hash ^ facts[i]) * 0x100000001b3ULL;
	return hash > 0 ? hash : 1;
}

bool metadata_is_final(int r)
{
	return r >= 0 || r == -EBADMSG || r == -EFBIG || r == -ELOOP || r == -EINVAL;
}
