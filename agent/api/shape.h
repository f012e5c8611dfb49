/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Objects of the Docker Engine API as tables: which members they have and of what type.
 *
 * What dossiers hold comes from files that others write. Clients in Go refuse a whole answer for
 * one member of the wrong type, so that a hostile file of one user would take the list from
 * everybody: a member goes out only as the type that the table says, and what no table knows does
 * not go out. The table says as well what a VIEW may not see. */

#include <jansson.h>

#include "api/http.h"
#include "base/json_out.h"

enum shape_kind {
	SHAPE_TEXT,
	SHAPE_NUMBER, /* an integer */
	SHAPE_BOOL,
	SHAPE_TEXTS,       /* array of strings */
	SHAPE_TEXT_MAP,    /* object of strings */
	SHAPE_SET,         /* object of empty objects */
	SHAPE_OBJECT,      /* as `inner` says */
	SHAPE_OBJECTS,     /* array of them */
	SHAPE_OBJECT_MAP,  /* object of them */
	SHAPE_OBJECTS_MAP, /* object of arrays of them, or null */
};

enum shape_flag {
	SHAPE_ALWAYS = 1, /* missing: "", 0, false, [] or {} */
	SHAPE_NULL = 2,   /* missing: null */
	SHAPE_SECRET = 4, /* missing for a VIEW */
};

struct shape {
	const char *key; /* NULL ends a table */
	enum shape_kind kind;
	unsigned flags;
	const struct shape *inner;
};

/* The members of an open object, out of `object`, which may be NULL or not even an object. */
void shape_write(struct json_out *json, const struct shape *shape, const json_t *object,
		 enum api_role role);

/* One value under `key`, of whatever type. */
void shape_write_value(struct json_out *json, const char *key, const struct shape *shape,
		       const json_t *value, enum api_role role);

extern const struct shape shape_config[];      /* of inspect, without Image and Labels */
extern const struct shape shape_host_config[]; /* of inspect, without NetworkMode */
extern const struct shape shape_health[];      /* of State, without Status and FailingStreak */

/* Not tables of members but what a whole value is. */
extern const struct shape shape_mounts;   /* array */
extern const struct shape shape_networks; /* object of endpoints */
extern const struct shape shape_ports;    /* object of arrays of bindings */
