/* SPDX-License-Identifier: Apache-2.0 */

/* docker_dossier: Docker's files in the shape of its own API.
 *
 * Config, HostConfig, Networks and Ports are written as the API shows them. Mounts are kept by
 * destination, and a volume of the local driver without its place, which is always
 * DATA-ROOT/volumes/NAME/_data. */

#include "docker.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

/* Members of an endpoint that dockerd keeps for itself. */
static const char *const private_keys[] = { "IPAMOperational", "DesiredMacAddress" };

/* Of another type, it is as good as absent. */
static json_t *keep(json_t *parent, const char *key, json_type type)
{
	json_t *value = json_object_get(parent, key);

	if (!value || json_typeof(value) != type)
		return NULL;
	metadata_cut_nuls(value);
	return json_incref(value);
}

static int take_text(const json_t *object, const char *key, char **field)
{
	const char *text = metadata_string(object, key);

	if (!text)
		return 0;
	*field = strndup(text, RUNTIME_PATH_BYTES);
	return *field ? 0 : -ENOMEM;
}

static int take_args(const json_t *config, struct dossier *dossier)
{
	const char *path = metadata_string(config, "Path");
	const json_t *rest = json_object_get(config, "Args");

	if (!path)
		return 0;
	dossier->args = json_array();
	if (json_array_append_new(dossier->args, json_string(path)) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < json_array_size(rest); i++) {
		const char *text = json_string_value(json_array_get(rest, i));

		if (text && json_array_append_new(dossier->args, json_string(text)) < 0)
			return -ENOMEM;
	}

	return 0;
}

/* An empty text is absent in the API, too. */
static void copy_text(json_t *to, const char *key, const json_t *from, const char *from_key)
{
	const char *text = metadata_string(from, from_key);

	if (text)
		(void) json_object_set_new(to, key, json_string(text)); /* asked by the caller */
}

static bool is_name(const char *text)
{
	return text && !strchr(text, '/') && strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

static json_t *mount_of(const json_t *point, const char *data_root)
{
	const char *name = metadata_string(point, "Name");
	const char *driver = metadata_string(point, "Driver");
	const char *source = metadata_string(point, "Source");
	const char *mode = metadata_string(point, "Relabel");
	json_t *mount = json_object();
	char path[PATH_MAX] = "";

	if (!source && data_root[0] != '\0' && is_name(name) && driver &&
	    strcmp(driver, "local") == 0)
		(void) snprintf(path, sizeof(path), "%s/volumes/%s/_data", data_root, name);

	copy_text(mount, "Type", point, "Type");
	copy_text(mount, "Name", point, "Name");
	(void) json_object_set_new(mount, "Source", json_string(source ? source : path));
	copy_text(mount, "Destination", point, "Destination");
	copy_text(mount, "Driver", point, "Driver");
	(void) json_object_set_new(mount, "Mode", json_string(mode ? mode : ""));
	(void) json_object_set_new(mount, "RW",
				   json_boolean(json_is_true(json_object_get(point, "RW"))));
	copy_text(mount, "Propagation", point, "Propagation");
	return mount;
}

static int take_mounts(const json_t *config, const char *data_root, struct dossier *dossier)
{
	json_t *points = json_object_get(config, "MountPoints");
	void *member = json_object_iter(points);

	dossier->mounts = json_array();
	for (; member; member = json_object_iter_next(points, member)) {
		const json_t *point = json_object_iter_value(member);

		if (json_is_object(point) &&
		    json_array_append_new(dossier->mounts, mount_of(point, data_root)) < 0)
			return -ENOMEM;
	}

	return dossier->mounts ? 0 : -ENOMEM;
}

static void take_networks(json_t *config, struct dossier *dossier)
{
	json_t *settings = json_object_get(config, "NetworkSettings");
	void *member;

	dossier->networks = keep(settings, "Networks", JSON_OBJECT);
	dossier->ports = keep(settings, "Ports", JSON_OBJECT);
	member = json_object_iter(dossier->networks);
	for (; member; member = json_object_iter_next(dossier->networks, member))
		for (size_t i = 0; i < ARRAY_SIZE(private_keys); i++)
			(void) json_object_del(json_object_iter_value(member), private_keys[i]);
}

static void take_state(json_t *config, struct dossier *dossier)
{
	json_t *state = json_object_get(config, "State");
	json_int_t pid = json_integer_value(json_object_get(state, "Pid"));

	if (pid > 0 && pid <= INT_MAX)
		dossier->pid = (pid_t) pid;
	/* It is written when the container ends, and is out of date while it runs. */
	if (!json_is_true(json_object_get(state, "Running")))
		dossier->health = keep(state, "Health", JSON_OBJECT);
}

int docker_dossier_parse(json_t *config, const char *data_root, struct dossier *dossier)
{
	const json_t *state = json_object_get(config, "State");
	const struct {
		const json_t *object;
		const char *key;
		char **field;
	} texts[] = {
		{ config, "LogPath", &dossier->log_path },
		{ config, "Driver", &dossier->driver },
		{ config, "HostnamePath", &dossier->hostname_path },
		{ config, "HostsPath", &dossier->hosts_path },
		{ config, "ResolvConfPath", &dossier->resolv_path },
		{ state, "Error", &dossier->error },
	};
	int r;

	dossier->config = keep(config, "Config", JSON_OBJECT);
	if (!dossier->config)
		return -EBADMSG;
	take_networks(config, dossier);
	take_state(config, dossier);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		r = take_text(texts[i].object, texts[i].key, texts[i].field);
		if (r < 0)
			return r;
	}
	r = take_args(config, dossier);
	return r < 0 ? r : take_mounts(config, data_root, dossier);
}

void docker_dossier_host_config(json_t *hostconfig, struct dossier *dossier)
{
	if (!json_is_object(hostconfig))
		return;
	metadata_cut_nuls(hostconfig);
	dossier->host_config = json_incref(hostconfig);
}
