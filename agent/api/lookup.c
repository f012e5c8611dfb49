/* SPDX-License-Identifier: Apache-2.0 */

/* lookup: containers by id and name, as Docker does it, over the containers of every engine.
 *
 * Docker's clients know a container by 64 hexadecimal digits: they cut it to 12, and some check its
 * form. Engines whose ids are names (runc, LXC, ctr) get such digits from us: the SHA-256 of
 * "RUNTIME:ID", which stays the same for ever and on every host. */

#include "api/lookup.h"

#include <assert.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>

#include "containers/cgroup_name.h"

static_assert(API_ID_BYTES == CGROUP_ID_DIGITS + 1, "ids are what engines call ids");

const char *api_id(const struct container *container, char ret_id[API_ID_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t hash[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;

	if (cgroup_is_id(container->id)) {
		memcpy(ret_id, container->id, API_ID_BYTES);
		return ret_id;
	}

	sha256_init(&context);
	sha256_update(&context, strlen(container->runtime->name),
		      (const uint8_t *) container->runtime->name);
	sha256_update(&context, 1, (const uint8_t *) ":");
	sha256_update(&context, strlen(container->id), (const uint8_t *) container->id);
	sha256_digest(&context, sizeof(hash), hash);
	for (size_t i = 0; i < sizeof(hash); i++) {
		ret_id[2 * i] = digits[hash[i] >> 4];
		ret_id[2 * i + 1] = digits[hash[i] & 15];
	}
	ret_id[API_ID_BYTES - 1] = '\0';
	return ret_id;
}

bool container_is_shown(const struct container *container)
{
	return container->stopped || container->ended_ns == 0;
}

/* How well a word fits; a better fit makes the others irrelevant. */
enum fit { FIT_NONE, FIT_PREFIX, FIT_NAME, FIT_RUNNING_NAME, FIT_ID };

static bool runs(const struct container *container)
{
	return container->ended_ns == 0 && !container->stopped;
}

static enum fit fit_of(const struct container *container, const char *word)
{
	char id[API_ID_BYTES];

	(void) api_id(container, id);
	if (strcmp(id, word) == 0 || strcmp(container->id, word) == 0)
		return FIT_ID;
	if (strcmp(container->identity.name, word) == 0)
		return runs(container) ? FIT_RUNNING_NAME : FIT_NAME;
	if (strncmp(id, word, strlen(word)) == 0)
		return FIT_PREFIX;

	return FIT_NONE;
}

/* Behind "podman:" for Podman's containers; the whole word for others, whom it then cannot fit. */
static const char *word_for(const struct container *container, const char *word)
{
	size_t length = strlen(container->runtime->name);

	return strncmp(word, container->runtime->name, length) == 0 && word[length] == ':'
		       ? word + length + 1
		       : word;
}

int lookup(const struct registry *registry, const char *word, struct container **ret_container)
{
	struct container *container = NULL, *best = NULL;
	enum fit best_fit = FIT_NONE;
	unsigned count = 0;

	if (word[0] == '/')
		word++;
	while ((container = registry_next(registry, container))) {
		const char *rest = word_for(container, word);
		enum fit fit;

		if (!container_is_shown(container) || rest[0] == '\0')
			continue;
		fit = fit_of(container, rest);
		if (fit > best_fit) {
			best_fit = fit;
			best = container;
			count = 0;
		}
		if (fit != FIT_NONE && fit == best_fit)
			count++;
	}

	if (!best)
		return -ENOENT;
	if (count > 1)
		return -EEXIST;
	*ret_container = best;
	return 0;
}

/* With a hint where a name stands for containers of several engines. */
static void reply_ambiguous(struct api *api, const char *word, struct reply *reply)
{
	const struct container *container = NULL;

	while ((container = registry_next(api->host.registry, container)))
		if (container_is_shown(container) && strcmp(container->identity.name, word) == 0) {
			reply_error(reply, 400,
				    "several containers are called %s; write ENGINE:%s, for "
				    "example %s:%s",
				    word, word, container->runtime->name, word);
			return;
		}

	reply_error(reply, 400, "multiple IDs found with provided prefix: %s", word);
}

struct container *api_find(struct api *api, const char *word, struct reply *reply)
{
	struct container *container = NULL;
	int r = lookup(api->host.registry, word, &container);

	if (r == -EEXIST)
		reply_ambiguous(api, word[0] == '/' ? word + 1 : word, reply);
	else if (r < 0)
		reply_error(reply, 404, "No such container: %s", word);
	return r < 0 ? NULL : container;
}
