/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A registry that is an array, in place of the real one: a test defines what of it the API calls,
 * and the linker then needs no other.
 *
 *	fake_reset();
 *	struct fake *web = fake_add("docker", ID_A, "web");
 *	web->dossier.args = json_pack("[s, s]", "sleep", "1");
 *	...
 *	fake_reset(); */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/dossiers.h"
#include "api/internal.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "containers/dossier.h"
#include "containers/registry.h"

#define ID_A "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"
#define ID_B "aabbbbbbbbbb456789abcdef0123456789abcdef0123456789abcdef01234567"
#define ID_C "cccccccccccc456789abcdef0123456789abcdef0123456789abcdef01234567"

#define NOW_S    1700000000
#define FAKE_MAX 512

struct fake {
	struct container container;
	struct dossier dossier;
	uint64_t stamp;
	unsigned inspected; /* times that the dossier was read */
};

static struct fake fakes[FAKE_MAX];
static size_t fake_count;

static const struct runtime fake_runtimes[] = {
	{ .name = "docker" },
	{ .name = "podman" },
	{ .name = "runc" },
};

static inline struct fake *fake_add(const char *runtime, const char *id, const char *name)
{
	struct fake *fake = &fakes[fake_count];
	struct container *container = &fake->container;

	assert_true(fake_count < FAKE_MAX);
	container->slot = (uint32_t) fake_count++;
	for (size_t i = 0; i < ARRAY_SIZE(fake_runtimes); i++)
		if (strcmp(fake_runtimes[i].name, runtime) == 0)
			container->runtime = &fake_runtimes[i];
	assert_non_null(container->runtime);
	strcpy(container->id, id);
	container->identity.name = strdup(name);
	container->identity.created_ns = (NOW_S - 1000 + container->slot) * NSEC_PER_SEC;
	container->identity.started_ns = (NOW_S - 300) * NSEC_PER_SEC;
	container->identity.condition.state = STATE_RUNNING;
	fake->stamp = 1;
	return fake;
}

static inline void fake_stop(struct fake *fake, int exit_code)
{
	fake->container.stopped = true;
	fake->container.ended_ns = 1;
	fake->container.identity.condition = (struct condition){
		.state = STATE_EXITED,
		.has_exit_code = true,
		.exit_code = exit_code,
		.finished_ns = (NOW_S - 60) * NSEC_PER_SEC,
	};
}

static inline void fake_reset(void)
{
	for (size_t i = 0; i < fake_count; i++) {
		identity_fini(&fakes[i].container.identity);
		dossier_fini(&fakes[i].dossier);
	}
	memset(fakes, 0, sizeof(fakes));
	fake_count = 0;
}

struct container *registry_next(const struct registry *registry, const struct container *after)
{
	size_t next = after ? after->slot + 1 : 0;

	(void) registry;
	return next < fake_count ? &fakes[next].container : NULL;
}

enum container_state container_state(const struct container *container)
{
	return container->identity.condition.state;
}

uint64_t registry_stamp(const struct registry *registry, const struct container *container)
{
	(void) registry;
	return ((const struct fake *) container)->stamp;
}

static inline void fake_share(json_t **to, json_t *from)
{
	*to = json_incref(from);
}

int registry_inspect(const struct registry *registry, const struct container *container,
		     struct dossier *ret_dossier)
{
	struct fake *fake = &fakes[container->slot];

	(void) registry;
	fake->inspected++;
	fake_share(&ret_dossier->args, fake->dossier.args);
	fake_share(&ret_dossier->config, fake->dossier.config);
	fake_share(&ret_dossier->host_config, fake->dossier.host_config);
	fake_share(&ret_dossier->mounts, fake->dossier.mounts);
	fake_share(&ret_dossier->networks, fake->dossier.networks);
	fake_share(&ret_dossier->ports, fake->dossier.ports);
	fake_share(&ret_dossier->health, fake->dossier.health);
	ret_dossier->pid = fake->dossier.pid;
	return 0;
}

bool registry_runtime_found(const struct registry *registry, const struct runtime *runtime)
{
	(void) registry, (void) runtime;
	return true;
}

/* An API without socket: one request in, and the answer as JSON. */
static struct api fake_api = { .host = { .root_fd = -1, .cgroup_fd = -1 } };

static inline int fake_setup(void **state)
{
	(void) state;
	clock_freeze(1000 * NSEC_PER_SEC, NOW_S * NSEC_PER_SEC);
	return dossiers_new(NULL, &fake_api.dossiers);
}

static inline int fake_teardown(void **state)
{
	(void) state;
	dossiers_free(fake_api.dossiers);
	fake_api.dossiers = NULL;
	fake_reset();
	clock_release();
	return 0;
}

/* Status; *ret_answer is to be freed, NULL for one that is no JSON. `query` is "filters=...", one
 * parameter, not encoded; or NULL. */
static inline unsigned fake_ask_as(enum api_role role, const char *method, const char *path,
				   const char *query, json_t **ret_answer)
{
	struct api_request request = { .method = method, .role = role, .body = "" };
	struct reply reply = { 0 };
	char copy[1024], key[64];
	struct problem problem;
	unsigned status;

	strcpy(copy, path);
	assert_int_equal(request_set_path(&request, copy, &problem), 0);
	if (query) {
		const char *equals = strchr(query, '=');

		(void) snprintf(key, sizeof(key), "%.*s", (int) (equals - query), query);
		assert_int_equal(request_add(&request, key, equals + 1), 0);
	}
	routes_handle(&fake_api, &request, &reply);
	assert_int_equal(reply.state, REPLY_ANSWERED);
	status = reply.status;
	*ret_answer = json_loadb(reply.body.bytes, reply.body.length, JSON_DECODE_ANY, NULL);
	reply_fini(&reply);
	return status;
}

static inline json_t *fake_get(const char *path, const char *query)
{
	json_t *answer;

	assert_int_equal(fake_ask_as(ROLE_ADMIN, "GET", path, query, &answer), 200);
	assert_non_null(answer);
	return answer;
}

/* The message of an error of this status. */
static inline void fake_refused(const char *method, const char *path, const char *query,
				unsigned status, const char *message)
{
	const char *text;
	json_t *answer;
	unsigned got = fake_ask_as(ROLE_ADMIN, method, path, query, &answer);

	text = json_string_value(json_object_get(answer, "message"));
	if (got != status || !text || !strstr(text, message))
		fail_msg("%s %s: %u, %s", method, path, got, text);
	json_decref(answer);
}
