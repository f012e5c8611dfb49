/* SPDX-License-Identifier: Apache-2.0 */

/* image_name: a reference without registry is of docker.io, without folder of library, without tag
 * ":latest". Source: the Docker CLI's documentation of `docker image tag`. */

#include "api/image_name.h"

#include <string.h>

#include "base/cleanup.h"

#define DIGEST_PREFIX   "sha256:"
#define ID_DIGITS_LEAST 4 /* fewer digits are rather a name: "db", "cafe" is one, too */

const char *image_name_familiar(const char *image)
{
	static const char *const prefixes[] = { "docker.io/library/", "docker.io/" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (strncmp(image, prefixes[i], strlen(prefixes[i])) == 0)
			return image + strlen(prefixes[i]);

	return image;
}

bool image_name_has_tag(const char *image)
{
	const char *slash = strrchr(image, '/');

	return strpbrk(slash ? slash : image, ":@") != NULL;
}

/* Equal, but for a ":latest" that only one of them writes. */
static bool same(const char *a, const char *b)
{
	size_t length = strlen(a);

	if (strncmp(a, b, length) != 0)
		return false;
	return b[length] == '\0' || (strcmp(b + length, ":latest") == 0 && !image_name_has_tag(a));
}

static const char *digits_of(const char *id)
{
	return strncmp(id, DIGEST_PREFIX, strlen(DIGEST_PREFIX)) == 0 ? id + strlen(DIGEST_PREFIX)
								      : id;
}

bool image_name_fits(const char *wanted, const char *image, const char *image_id)
{
	const char *digits = digits_of(wanted);

	if (image_id && strlen(digits) >= ID_DIGITS_LEAST &&
	    strncmp(digits_of(image_id), digits, strlen(digits)) == 0)
		return true;
	if (!image)
		return false;
	wanted = image_name_familiar(wanted);
	image = image_name_familiar(image);
	return same(wanted, image) || same(image, wanted);
}
