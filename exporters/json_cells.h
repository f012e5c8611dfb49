/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Cells of rows in our own JSON. A key is the cell's name in lower case, with _seconds where the
 * cell has _ns: values are in the units in which metrics are exposed. Absent cells are left out. */

#include "base/json_out.h"
#include "model/snapshot.h"

struct attribute_name;

/* Strings of a row, as far as they are known. */
void json_strings(struct json_out *json, const struct snapshot *snapshot, const struct row *row,
		  const struct attribute_name *names, size_t count);

/* One cell under a key of the caller's. */
void json_cell(struct json_out *json, const char *key, const struct row *row, enum metric metric);

/* Every cell that is there, as members of the object that is open. */
void json_cells(struct json_out *json, const struct row *row);

/* An array of objects, one for each live row of this entity with this parent (ROW_NONE: none):
 * its label, then its cells. */
void json_rows(struct json_out *json, const char *key, const struct snapshot *snapshot,
	       enum entity entity, uint32_t parent);
