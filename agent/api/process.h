/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One process of a container that runs. */

#include <sys/types.h>

#include "api/view.h"

/* As its engine wrote it, else the first one in its cgroup; 0: none is to be seen. */
pid_t process_of(struct api *api, const struct view *view);
