/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What Docker's API says about health, apart from asking it. Everything in it is hostile.
 * Source: Docker Engine API, ContainerList, ContainerInspect, SystemEvents. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/condition.h"

#define DOCKER_ID_BYTES 65 /* 64 digits */

struct docker_health {
	char id[DOCKER_ID_BYTES];
	enum health_status status;
	bool has_streak;
	uint32_t streak; /* failed checks in a row */
};

/* GET /containers/json: calls for each container whose health is told. Returns 0 or -EBADMSG. */
int docker_health_list(const char *text, size_t length,
		       void (*found)(const struct docker_health *health, void *userdata),
		       void *userdata);

/* GET /containers/ID/json. Returns 0, or -EBADMSG when it is no such answer. */
int docker_health_inspect(const char *text, size_t length, struct docker_health *ret_health);

/* One event. HEALTH_UNKNOWN: it does not tell, and the container has to be asked. Returns 0, or
 * -EBADMSG when it is no container's event. */
int docker_health_event(const char *text, size_t length, struct docker_health *ret_health);
