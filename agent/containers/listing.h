/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers that their engine's files know and that have no cgroup: asked for by `list` of struct
 * runtime. What a list says is hostile as any file: ids are checked, and none comes in twice. */

#include <stdbool.h>

struct engine;
struct registry;

/* Asks every engine that is wanted and here, and gives up those that are not listed any more. Once
 * in each scan, after the tree's. */
void listing_scan(struct registry *registry);

/* Asks those engines whose files changed in a way that does not tell which container is meant. */
void listing_update(struct registry *registry);

/* The engine's files of this container changed: it may be new, or gone. */
void listing_look(struct registry *registry, const struct engine *engine, const char *id);
