/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Metadata files of engines, read as JSON (RFC 8259) without trusting them. A value of the wrong
 * type, or with a NUL in it, is as good as absent. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct identity;

static inline void json_decref_p(json_t **json)
{
	json_decref(*json);
}

/* Reads an object, or an array, from a file below dir_fd that another user may own. Returns 0, or
 * a negative errno with the reason in identity->detail (unless one is there): -EBADMSG when it is
 * no such JSON, else what fd_read_distrusted says. The caller gives *ret_json back to jansson. */
int metadata_read(int dir_fd, const char *path, size_t max_bytes, struct identity *identity,
		  json_t **ret_json);

/* The same for a text at hand; `file` is what it is called in the reason. Invalid UTF-8 is
 * replaced, not refused. */
int metadata_parse(const char *text, size_t length, const char *file, struct identity *identity,
		   json_t **ret_json);

/* Says why `file` could not be read. */
void metadata_explain(struct identity *identity, const char *file, int error);

/* A string that is not empty, or NULL. Borrowed. */
const char *metadata_text(const json_t *string);
const char *metadata_string(const json_t *object, const char *key);

/* Ends every text of a document at its first NUL, for those who take them for strings. */
void metadata_cut_nuls(json_t *json);

/* Sets an identity's field when the object has such a string. Returns 0 or -ENOMEM. */
int metadata_take(const json_t *object, const char *key, char **field);

/* Every string of an object of strings as a label. Returns 0 or -ENOMEM. */
int metadata_labels(const json_t *object, struct identity *identity);

/* RFC 3339 with any number of fraction digits, as Go writes it, to nanoseconds since 1970. 0: no
 * such time, NULL, or a time before 1970, which is how Go writes "never". */
uint64_t metadata_time(const char *text);

/* Whether a list of namespaces (objects with `type`) has one of this type. */
bool metadata_has_namespace(const json_t *namespaces, const char *type);

/* A number that is another one when the file was changed or replaced; 0: not there. */
uint64_t metadata_stamp(int dir_fd, const char *path);

/* Whether reading the same file once more would say the same: it was read, or it is not what it
 * should be. */
bool metadata_is_final(int r);
