/* SPDX-License-Identifier: Apache-2.0 */

/* podman_inspect: libpod's ContainerConfig and ContainerState in Docker's words.
 *
 * Source: libpod, container.go and container_config.go, for the keys; ContainerInspect of the
 * Docker Engine API. The specification within the configuration is what oci_dossier.c understands.
 */

#include "podman.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "containers/oci_dossier.h"
#include "containers/podman_json.h"

struct translation {
	const char *from, *to;
	json_type type;
};

/* Copies what is there and of the right type. */
static int translate(const json_t *from, const struct translation *keys, size_t count, json_t *to)
{
	for (size_t i = 0; i < count; i++) {
		json_t *value = json_object_get(from, keys[i].from);
		int r = 0;

		if (!value)
			continue;
		if (keys[i].type == JSON_TRUE ? json_is_boolean(value)
					      : json_typeof(value) == keys[i].type)
			r = podman_put_clean(to, keys[i].to, value);
		if (r < 0)
			return r;
	}

	return 0;
}

static int fill_config(const json_t *config, json_t *to)
{
	static const struct translation keys[] = {
		{ "RawImageName", "Image", JSON_STRING },
		{ "rootfsImageName", "Image", JSON_STRING },
		{ "command", "Cmd", JSON_ARRAY },
		{ "entrypoint", "Entrypoint", JSON_ARRAY },
		{ "user", "User", JSON_STRING },
		{ "healthcheck", "Healthcheck", JSON_OBJECT },
		{ "stdin", "OpenStdin", JSON_TRUE },
		{ "stopTimeout", "StopTimeout", JSON_INTEGER },
		{ "CreateCommand", "CreateCommand", JSON_ARRAY },
	};
	json_int_t number = json_integer_value(json_object_get(config, "stopSignal"));
	const char *name = number > 0 && number < 65 ? sigabbrev_np((int) number) : NULL;
	json_t *labels = json_object_get(config, "labels");
	int r = translate(config, keys, ARRAY_SIZE(keys), to);

	if (r >= 0 && name)
		r = podman_put(to, "StopSignal", json_sprintf("SIG%s", name));
	/* Annotations of the specification are not podman's labels. */
	if (r >= 0)
		r = json_is_object(labels) ? podman_put_clean(to, "Labels", labels)
					   : podman_put(to, "Labels", json_object());
	return r;
}

static int fill_host_config(const json_t *config, json_t *to)
{
	static const struct translation keys[] = {
		{ "networkMode", "NetworkMode", JSON_STRING },
		{ "privileged", "Privileged", JSON_TRUE },
		{ "shmSize", "ShmSize", JSON_INTEGER },
		{ "cgroupParent", "CgroupParent", JSON_STRING },
		{ "runtime", "Runtime", JSON_STRING },
		{ "dnsSearch", "DnsSearch", JSON_ARRAY },
		{ "hostAdd", "ExtraHosts", JSON_ARRAY },
	};
	const char *policy = metadata_string(config, "restart_policy");
	const char *driver = metadata_string(config, "logDriver");
	const char *remove =
		metadata_string(json_object_get(json_object_get(config, "spec"), "annotations"),
				"io.podman.annotations.autoremove");
	int r = translate(config, keys, ARRAY_SIZE(keys), to);

	if (r >= 0)
		r = podman_put(
			to, "RestartPolicy",
			json_pack("{s:s, s:I}", "Name", policy ? policy : "no", "MaximumRetryCount",
				  json_integer_value(json_object_get(config, "restart_retries"))));
	if (r >= 0 && driver)
		r = podman_put(to, "LogConfig", json_pack("{s:s, s:{}}", "Type", driver, "Config"));
	if (r >= 0 && remove)
		r = podman_put(to, "AutoRemove", json_boolean(strcmp(remove, "TRUE") == 0));
	return r;
}

/* Volumes with a name; the others are in the specification. */
static int fill_volumes(const json_t *config, json_t *mounts)
{
	const json_t *volumes = json_object_get(config, "namedVolumes");

	for (size_t i = 0; i < json_array_size(volumes); i++) {
		const json_t *volume = json_array_get(volumes, i);
		const json_t *options = json_object_get(volume, "options");
		const char *name = metadata_string(volume, "volumeName");
		const char *destination = metadata_string(volume, "dest");
		bool writable = true;
		json_t *mount;

		if (!name || !destination)
			continue;
		for (size_t k = 0; k < json_array_size(options); k++) {
			const char *option = metadata_text(json_array_get(options, k));

			writable = writable && !(option && strcmp(option, "ro") == 0);
		}
		mount = json_pack("{s:s, s:s, s:s, s:b}", "Type", "volume", "Name", name,
				  "Destination", destination, "RW", (int) writable);
		if (json_array_append_new(mounts, mount) < 0)
			return -ENOMEM;
	}

	return 0;
}

/* A text that is not there is unknown. */
static int take_text(const json_t *object, const char *key, char **field)
{
	const char *text = metadata_string(object, key);
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		return -ENOMEM;
	if (copy) {
		free(*field);
		*field = copy;
	}
	return 0;
}

/* ".../overlay-containers/ID/userdata" to "overlay". */
static int take_driver(const json_t *config, struct dossier *dossier)
{
#define DRIVER_NAME(driver) driver,
	static const char *const drivers[] = { PODMAN_DRIVERS(DRIVER_NAME) };
	const char *directory = metadata_string(config, "staticDir");

	for (size_t i = 0; directory && i < ARRAY_SIZE(drivers); i++) {
		char component[32];

		(void) snprintf(component, sizeof(component), "/%s-containers/", drivers[i]);
		if (!strstr(directory, component))
			continue;
		dossier->driver = strdup(drivers[i]);
		return dossier->driver ? 0 : -ENOMEM;
	}

	return 0;
}

static int take_files(const struct podman_record *record, struct dossier *dossier)
{
	const json_t *files = json_object_get(record->state, "bindMounts");
	json_int_t pid = json_integer_value(json_object_get(record->state, "pid"));
	int r = take_text(record->config, "logPath", &dossier->log_path);

	if (r >= 0)
		r = take_text(files, "/etc/hosts", &dossier->hosts_path);
	if (r >= 0)
		r = take_text(files, "/etc/hostname", &dossier->hostname_path);
	if (r >= 0)
		r = take_text(files, "/etc/resolv.conf", &dossier->resolv_path);
	if (r >= 0)
		r = take_driver(record->config, dossier);
	dossier->pid = pid > 0 && pid <= INT32_MAX ? (pid_t) pid : 0;
	return r;
}

/* Makes what is not there yet. */
static int ensure(json_t **field, json_t *(*make)(void) )
{
	if (!*field)
		*field = make();

	return *field ? 0 : -ENOMEM;
}

static int fill(const struct podman_record *record, struct dossier *dossier)
{
	const json_t *config = record->config, *state = record->state;
	int r = fill_config(config, dossier->config);

	if (r >= 0)
		r = fill_host_config(config, dossier->host_config);
	if (r >= 0)
		r = podman_fill_ports(config, dossier->ports);
	if (r >= 0)
		r = podman_fill_networks(config, state, dossier->networks);
	if (r >= 0)
		r = fill_volumes(config, dossier->mounts);
	return r < 0 ? r : take_files(record, dossier);
}

int podman_inspect(const struct podman_record *record, struct dossier *dossier)
{
	int r = oci_dossier_parse(json_object_get(record->config, "spec"), dossier);

	if (r == -ENOMEM || ensure(&dossier->config, json_object) < 0 ||
	    ensure(&dossier->host_config, json_object) < 0 ||
	    ensure(&dossier->mounts, json_array) < 0 || ensure(&dossier->ports, json_object) < 0 ||
	    ensure(&dossier->networks, json_object) < 0)
		return -ENOMEM;

	return fill(record, dossier);
}
