/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Steps of an image build by BuildKit, in dockerd or on its own. They live for seconds and have no
 * name: their cost is the builder's, and they are no containers of anybody. */

#include <stdbool.h>

/* Whether the cgroup is a build step, or has nothing but build steps below it. */
bool buildkit_is_step(const char *path);
