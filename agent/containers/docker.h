/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What Docker's files say, apart from reading them. */

#include <jansson.h>
#include <stdbool.h>

struct dossier;
struct identity;

/* containers/ID/config.v2.json. Returns 0, -EBADMSG when it is no such file or that of another
 * container (said in `detail`), or -ENOMEM. */
int docker_config_parse(const json_t *config, const char *id, bool has_cgroup,
			struct identity *identity);

/* containers/ID/hostconfig.json. Only whether the host's network is used. */
void docker_hostconfig_parse(const json_t *hostconfig, struct identity *identity);

/* The same two files for inspect. `data_root` is where the first one's volumes are, "" if that is
 * not known. What is kept of a document is changed: texts end at a NUL. Returns as
 * docker_config_parse. */
int docker_dossier_parse(json_t *config, const char *data_root, struct dossier *dossier);
void docker_dossier_host_config(json_t *hostconfig, struct dossier *dossier);
