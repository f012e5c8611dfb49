/* SPDX-License-Identifier: Apache-2.0 */

/* oci_dossier: the OCI runtime specification in Docker's words.
 *
 * Source: config.md and config-linux.md of the OCI runtime specification; ContainerInspect of the
 * Docker Engine API. Which part of the arguments the image or the user gave is lost: all of them
 * are Cmd. Limits that mean "none" (0, -1) are left out, as Docker has 0 for them. */

#include "oci_dossier.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/dossier.h"
#include "containers/metadata.h"

/* A string that may be empty, without NUL. */
static bool is_text(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value);
}

/* The value is borrowed; NULL: unknown, nothing is put. */
static int put(json_t *object, const char *key, const json_t *value)
{
	if (!value)
		return 0;

	return json_object_set(object, key, (json_t *) value) < 0 ? -ENOMEM : 0;
}

static int put_new(json_t *object, const char *key, json_t *value)
{
	return value && json_object_set_new(object, key, value) == 0 ? 0 : -ENOMEM;
}

static const json_t *text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return metadata_text(value) ? value : NULL;
}

/* Only the strings of an array. NULL: no memory. */
static json_t *copy_texts(const json_t *array)
{
	json_t *texts = json_array();

	for (size_t i = 0; texts && i < json_array_size(array); i++) {
		json_t *value = json_array_get(array, i);

		if (is_text(value) && json_array_append(texts, value) < 0) {
			json_decref(texts);
			return NULL;
		}
	}

	return texts;
}

/* Only the strings of an object. NULL: no memory. */
static json_t *copy_labels(const json_t *object)
{
	json_t *labels = json_object();
	void *member = json_object_iter((json_t *) object); /* it is only read */

	for (; labels && member; member = json_object_iter_next((json_t *) object, member)) {
		json_t *value = json_object_iter_value(member);

		if (is_text(value) &&
		    json_object_set(labels, json_object_iter_key(member), value) < 0) {
			json_decref(labels);
			return NULL;
		}
	}

	return labels;
}

static int put_user(json_t *config, const json_t *user)
{
	const json_t *uid = json_object_get(user, "uid"), *gid = json_object_get(user, "gid");

	if (text_of(user, "username"))
		return put(config, "User", text_of(user, "username"));
	if (!json_is_integer(uid) || !json_is_integer(gid))
		return 0;

	return put_new(config, "User",
		       json_sprintf("%" JSON_INTEGER_FORMAT ":%" JSON_INTEGER_FORMAT,
				    json_integer_value(uid), json_integer_value(gid)));
}

static int fill_config(const json_t *spec, json_t *config)
{
	const json_t *process = json_object_get(spec, "process");
	const json_t *terminal = json_object_get(process, "terminal");
	int r;

	r = put(config, "Hostname", text_of(spec, "hostname"));
	if (r >= 0)
		r = put_user(config, json_object_get(process, "user"));
	if (r >= 0)
		r = put(config, "WorkingDir", text_of(process, "cwd"));
	if (r >= 0 && json_is_object(process)) /* absent is false by the specification */
		r = put(config, "Tty", json_is_true(terminal) ? json_true() : json_false());
	if (r >= 0 && json_is_array(json_object_get(process, "env")))
		r = put_new(config, "Env", copy_texts(json_object_get(process, "env")));
	if (r >= 0 && json_is_array(json_object_get(process, "args")))
		r = put_new(config, "Cmd", copy_texts(json_object_get(process, "args")));
	if (r >= 0)
		r = put_new(config, "Labels", copy_labels(json_object_get(spec, "annotations")));
	return r;
}

static int put_limits(json_t *host_config, const json_t *resources)
{
	static const struct {
		const char *group, *key, *name;
		bool text;
	} limits[] = {
		{ "memory", "limit", "Memory" },
		{ "memory", "swap", "MemorySwap" },
		{ "memory", "reservation", "MemoryReservation" },
		{ "cpu", "shares", "CpuShares" },
		{ "cpu", "quota", "CpuQuota" },
		{ "cpu", "period", "CpuPeriod" },
		{ "cpu", "cpus", "CpusetCpus", true },
		{ "cpu", "mems", "CpusetMems", true },
		{ "pids", "limit", "PidsLimit" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const json_t *value =
			json_object_get(json_object_get(resources, limits[i].group), limits[i].key);
		int r = 0;

		if (limits[i].text ? metadata_text(value) != NULL : json_integer_value(value) > 0)
			r = put(host_config, limits[i].name, value);
		if (r < 0)
			return r;
	}

	return 0;
}

/* A list of namespaces that does not have one of some type: the host's is used. */
static int put_namespaces(json_t *host_config, const json_t *namespaces)
{
	static const struct {
		const char *type, *name;
	} modes[] = {
		{ "network", "NetworkMode" },
		{ "pid", "PidMode" },
		{ "ipc", "IpcMode" },
		{ "uts", "UTSMode" },
	};

	for (size_t i = 0; json_is_array(namespaces) && i < ARRAY_SIZE(modes); i++)
		if (!metadata_has_namespace(namespaces, modes[i].type) &&
		    put_new(host_config, modes[i].name, json_string("host")) < 0)
			return -ENOMEM;

	return 0;
}

static int fill_host_config(const json_t *spec, json_t *host_config)
{
	const json_t *linux_part = json_object_get(spec, "linux");
	const json_t *root = json_object_get(spec, "root");
	const json_t *score = json_object_get(json_object_get(spec, "process"), "oomScoreAdj");
	const json_t *readonly = json_object_get(root, "readonly");
	int r;

	r = put_limits(host_config, json_object_get(linux_part, "resources"));
	if (r >= 0)
		r = put_namespaces(host_config, json_object_get(linux_part, "namespaces"));
	if (r >= 0 && json_is_integer(score))
		r = put(host_config, "OomScoreAdj", score);
	if (r >= 0 && json_is_object(root)) /* absent is false by the specification */
		r = put(host_config, "ReadonlyRootfs",
			json_is_true(readonly) ? json_true() : json_false());
	return r;
}

static bool has_option(const json_t *mount, const char *option)
{
	const json_t *options = json_object_get(mount, "options");

	for (size_t i = 0; i < json_array_size(options); i++) {
		const char *text = metadata_text(json_array_get(options, i));

		if (text && strcmp(text, option) == 0)
			return true;
	}

	return false;
}

static const char *propagation_of(const json_t *mount)
{
	static const char *const kinds[] = { "rprivate", "private", "rshared",
					     "shared",   "rslave",  "slave" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (has_option(mount, kinds[i]))
			return kinds[i];

	return "";
}

static bool is_bind(const json_t *mount)
{
	const char *type = metadata_string(mount, "type");

	return (type && strcmp(type, "bind") == 0) || has_option(mount, "bind") ||
	       has_option(mount, "rbind");
}

/* Files that the engine makes for each container are no mounts of Docker's inspect. Returns whether
 * it is one. */
static bool take_engine_file(const json_t *mount, struct dossier *dossier)
{
	const char *destination = metadata_string(mount, "destination");
	const char *source = metadata_string(mount, "source");
	const struct {
		const char *destination;
		char **field;
	} files[] = {
		{ "/etc/hosts", &dossier->hosts_path },
		{ "/etc/hostname", &dossier->hostname_path },
		{ "/etc/resolv.conf", &dossier->resolv_path },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(destination, files[i].destination) != 0)
			continue;
		if (!*files[i].field)
			*files[i].field = strdup(source); /* no memory: unknown */
		return true;
	}

	return false;
}

static int add_mount(const json_t *mount, json_t *mounts)
{
	CLEANUP(json_decref_p) json_t *entry = json_object();
	bool writable = !has_option(mount, "ro");
	int r = entry ? 0 : -ENOMEM;

	if (r >= 0)
		r = put_new(entry, "Type", json_string("bind"));
	if (r >= 0)
		r = put(entry, "Source", text_of(mount, "source"));
	if (r >= 0)
		r = put(entry, "Destination", text_of(mount, "destination"));
	if (r >= 0)
		r = put_new(entry, "Mode", json_string(writable ? "" : "ro"));
	if (r >= 0)
		r = put(entry, "RW", writable ? json_true() : json_false());
	if (r >= 0)
		r = put_new(entry, "Propagation", json_string(propagation_of(mount)));
	if (r >= 0)
		r = json_array_append(mounts, entry) < 0 ? -ENOMEM : 0;
	return r;
}

/* Binds only: the rest is what every container has (/proc, /dev, ...). */
static int fill_mounts(const json_t *list, struct dossier *dossier)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *mount = json_array_get(list, i);
		int r = 0;

		if (is_bind(mount) && metadata_string(mount, "source") &&
		    metadata_string(mount, "destination") && !take_engine_file(mount, dossier))
			r = add_mount(mount, dossier->mounts);
		if (r < 0)
			return r;
	}

	return 0;
}

int oci_dossier_parse(const json_t *spec, struct dossier *dossier)
{
	const json_t *args = json_object_get(json_object_get(spec, "process"), "args");
	int r;

	if (!json_is_object(spec))
		return -EBADMSG;

	dossier->config = json_object();
	dossier->host_config = json_object();
	dossier->mounts = json_array();
	if (json_is_array(args))
		dossier->args = copy_texts(args);
	if (!dossier->config || !dossier->host_config || !dossier->mounts ||
	    (json_is_array(args) && !dossier->args))
		return -ENOMEM;

	r = fill_config(spec, dossier->config);
	if (r >= 0)
		r = fill_host_config(spec, dossier->host_config);
	if (r >= 0)
		r = fill_mounts(json_object_get(spec, "mounts"), dossier);
	return r;
}

pid_t oci_dossier_pid(const json_t *number)
{
	json_int_t value = json_integer_value(number); /* 0 when it is none */

	return value > 0 && value <= INT_MAX ? (pid_t) value : 0;
}
