/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The containers in CRI-O's storage, found by their id.
 *
 *	ROOT/DRIVER-containers/ID/userdata/config.json	in the run root and in the graph root
 *	ROOT/DRIVER-containers/ID/userdata/state.json	in the graph root
 *
 * Both directories of one container make one entry; what was read of its config.json is kept until
 * that is another file. */

#include <stdint.h>

#include "containers/crio.h"
#include "containers/place.h"
#include "containers/runtime.h"
#include "containers/table.h"

#define CRIO_PATH_BYTES 256 /* "overlay-containers/ID/userdata/config.json" */

struct crio_entry {
	char id[RUNTIME_ID_BYTES];
	enum crio_kind kind;
	uint64_t stamp; /* of config.json; 0: to be read again */
	uint32_t seen;
	UT_hash_handle hh;
};

struct crio_table {
	struct places places; /* the storage's roots */
	struct crio_entry *by_id;
	uint32_t scan;
};

/* Returns 0 or -ENOMEM. */
int crio_table_init(struct crio_table *table, const struct runtime_place *place);
void crio_table_fini(struct crio_table *table);

/* As struct runtime's refresh: -ENOENT when there is no storage. */
int crio_table_refresh(struct crio_table *table);

/* Looks at one container again. Returns its entry, CRIO_NONE ones included; NULL: not there. */
const struct crio_entry *crio_table_load(struct crio_table *table, const char *id);

/* Where one of its files is: the path below a place's directory, which is returned. The first place
 * that has it; -1: none. */
int crio_table_locate(const struct crio_table *table, const char *id, const char *file,
		      char (*ret_path)[CRIO_PATH_BYTES]);

/* Whether an entry of a watched directory is a container's; then its name is the id. */
bool crio_table_names(const struct crio_table *table, const char *directory, const char *name);
