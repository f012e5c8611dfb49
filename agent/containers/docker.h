/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What Docker's files say, apart from reading them. */

#include <jansson.h>

struct identity;

/* containers/ID/config.v2.json. Returns 0, -EBADMSG when it is no such file or that of another
 * container (said in `detail`), or -ENOMEM. */
int docker_config_parse(const json_t *config, const char *id, struct identity *identity);

/* containers/ID/hostconfig.json. Only whether the host's network is used. */
void docker_hostconfig_parse(const json_t *hostconfig, struct identity *identity);
