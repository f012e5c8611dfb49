/* SPDX-License-Identifier: Apache-2.0 */

/* dossier: giving one back. */

#include "containers/dossier.h"

#include <stdlib.h>

void dossier_fini(struct dossier *dossier)
{
	json_decref(dossier->args);
	json_decref(dossier->config);
	json_decref(dossier->host_config);
	json_decref(dossier->mounts);
	json_decref(dossier->networks);
	json_decref(dossier->ports);
	json_decref(dossier->health);
	free(dossier->log_path);
	free(dossier->driver);
	free(dossier->error);
	free(dossier->hostname_path);
	free(dossier->hosts_path);
	free(dossier->resolv_path);
	*dossier = (struct dossier){ 0 };
}
