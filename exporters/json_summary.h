/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The part of a container that people look at first: who it is, and what it uses. */

#include "base/json_out.h"
#include "exporters/totals.h"
#include "model/snapshot.h"

struct export;

/* id, name, image, runtime, cgroup, pod, detail, labels, state, started, created. */
void json_identity(struct json_out *json, const struct snapshot *snapshot, const struct row *row);

/* cpu, memory, network, io, pids, pressure: the four objects are always there, if empty. Also for
 * the row of the root cgroup, which stands for the host. */
void json_usage(struct json_out *json, const struct export *export, const struct totals *totals,
		const struct row *row);
