/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which container a word means. */

#include <stdbool.h>

#include "api/internal.h"
#include "containers/registry.h"

/* Whether clients are shown it: it runs, or its engine's files know it. What merely ended is
 * remembered for its last numbers only. */
bool container_is_shown(const struct container *container);

/* The one that a word means. Of several of the same name one that runs is preferred. Returns 0,
 * -ENOENT, or -EEXIST: several fit. */
int lookup(const struct registry *registry, const char *word, struct container **ret_container);
