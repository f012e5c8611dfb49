/* SPDX-License-Identifier: Apache-2.0 */

/* system: ping, version and info: what clients ask before they ask for anything else. */

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include "api/internal.h"
#include "api/view.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/json_out.h"
#include "base/parse.h"

#define OS_RELEASE_BYTES 4096
#define MEMINFO_BYTES    8192

void handle_ping(struct api *api, const struct api_request *request, struct reply *reply)
{
	(void) api, (void) request;
	reply_text(reply, 200, "text/plain; charset=utf-8", "OK");
}

/* Go's names of architectures, which clients compare. */
static const char *architecture(const struct utsname *host)
{
	static const char *const names[][2] = {
		{ "x86_64", "amd64" },    { "aarch64", "arm64" },   { "armv7l", "arm" },
		{ "i686", "386" },        { "ppc64le", "ppc64le" }, { "s390x", "s390x" },
		{ "riscv64", "riscv64" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(host->machine, names[i][0]) == 0)
			return names[i][1];

	return host->machine;
}

/* Members that stand at the top and again in the component's Details, where all are strings. */
static void write_versions(struct json_out *json, const struct utsname *host)
{
	json_text(json, "ApiVersion", API_VERSION_TEXT);
	json_text(json, "MinAPIVersion", API_VERSION_MIN_TEXT);
	json_text(json, "GitCommit", "");
	json_text(json, "GoVersion", "");
	json_text(json, "Os", "linux");
	json_text(json, "Arch", architecture(host));
	json_text(json, "KernelVersion", host->release);
	json_text(json, "BuildTime", "");
}

static void write_component(struct json_out *json, const struct utsname *host)
{
	json_open(json, NULL, '{');
	json_text(json, "Name", "Engine");
	json_text(json, "Version", PLIMSOLL_VERSION);
	json_open(json, "Details", '{');
	write_versions(json, host);
	json_text(json, "Experimental", "false");
	json_close(json, '}');
	json_close(json, '}');
}

void handle_version(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };
	struct utsname host = { 0 };

	(void) api, (void) request;
	(void) uname(&host); /* cannot fail with a valid address */
	json_open(&json, NULL, '{');
	json_open(&json, "Platform", '{');
	json_text(&json, "Name", "Plimsoll");
	json_close(&json, '}');
	json_open(&json, "Components", '[');
	write_component(&json, &host);
	json_close(&json, ']');
	json_text(&json, "Version", PLIMSOLL_VERSION);
	write_versions(&json, &host);
	json_close(&json, '}');
	reply_json(reply, 200, &text);
}

/* Of this agent on this machine, for ever; the machine's own id is not told. */
static void write_id(struct json_out *json)
{
	static const sd_id128_t ours =
		SD_ID128_MAKE(5c, 1d, 8e, 0b, 7f, 64, 4a, 2e, 9b, 31, d0, c7, 15, 2a, 88, 46);
	char text[SD_ID128_STRING_MAX] = "";
	sd_id128_t id;

	if (sd_id128_get_machine_app_specific(ours, &id) >= 0)
		(void) sd_id128_to_string(id, text);
	json_text(json, "ID", text);
}

/* PRETTY_NAME="..." of os-release(5). */
static void write_system_name(struct json_out *json, int root_fd)
{
	char text[OS_RELEASE_BYTES], name[128] = "Linux";
	const char *cursor = text;
	struct slice line;

	if (fd_read_at(root_fd, "etc/os-release", text, sizeof(text)) >= 0)
		while (line_next(&cursor, &line))
			if (line.length < sizeof(name) &&
			    strncmp(line.start, "PRETTY_NAME=\"", 13) == 0)
				(void) sscanf(line.start, "PRETTY_NAME=\"%127[^\"\n]", name);
	json_text(json, "OperatingSystem", name);
}

static void write_memory(struct json_out *json, int root_fd)
{
	char text[MEMINFO_BYTES];
	unsigned long long kilobytes = 0;

	if (fd_read_at(root_fd, "proc/meminfo", text, sizeof(text)) >= 0)
		(void) sscanf(text, "MemTotal: %llu kB", &kilobytes); /* the first line */
	json_u64(json, "MemTotal", kilobytes * 1024);
}

static void write_counts(struct json_out *json, const struct api *api)
{
	unsigned running = 0, paused = 0, stopped = 0;
	const struct container *container = NULL;

	while ((container = view_next(api, container))) {
		enum container_state state = container_state(container);

		running += state == STATE_RUNNING || state == STATE_RESTARTING;
		paused += state == STATE_PAUSED;
		stopped += state != STATE_RUNNING && state != STATE_RESTARTING &&
			   state != STATE_PAUSED;
	}
	json_u64(json, "Containers", running + paused + stopped);
	json_u64(json, "ContainersRunning", running);
	json_u64(json, "ContainersPaused", paused);
	json_u64(json, "ContainersStopped", stopped);
}

/* `docker info` shows labels: there is no better place to say whose containers are shown. */
static void write_engines(struct json_out *json, const struct api *api)
{
	char label[64];

	json_open(json, "Labels", '[');
	for (size_t i = 0; runtimes[i]; i++) {
		if (!registry_runtime_found(api->host.registry, runtimes[i]))
			continue;
		(void) snprintf(label, sizeof(label), LABEL_ENGINE "=%s", runtimes[i]->name);
		json_text(json, NULL, label);
	}
	json_close(json, ']');
}

static void write_empty_array(struct json_out *json, const char *key)
{
	json_open(json, key, '[');
	json_close(json, ']');
}

static void write_plugins(struct json_out *json)
{
	json_open(json, "Plugins", '{');
	write_empty_array(json, "Volume");
	write_empty_array(json, "Network");
	json_nothing(json, "Authorization");
	write_empty_array(json, "Log");
	json_close(json, '}');
}

static void write_swarm(struct json_out *json)
{
	json_open(json, "Swarm", '{');
	json_text(json, "NodeID", "");
	json_text(json, "NodeAddr", "");
	json_text(json, "LocalNodeState", "inactive");
	json_bool(json, "ControlAvailable", false);
	json_text(json, "Error", "");
	json_nothing(json, "RemoteManagers");
	json_close(json, '}');
}

/* What the kernel can do for containers; without them clients warn that it cannot. */
static void write_abilities(struct json_out *json)
{
	static const char *const abilities[] = {
		"MemoryLimit", "SwapLimit", "CpuCfsPeriod",   "CpuCfsQuota",    "CPUShares",
		"CPUSet",      "PidsLimit", "IPv4Forwarding", "OomKillDisable",
	};

	for (size_t i = 0; i < ARRAY_SIZE(abilities); i++)
		json_bool(json, abilities[i], true);
}

static void write_host(struct json_out *json, const struct api *api)
{
	struct utsname host = { 0 };
	char now[VIEW_TIME_BYTES];

	(void) uname(&host);
	json_text(json, "Name", host.nodename);
	json_text(json, "KernelVersion", host.release);
	write_system_name(json, api->host.root_fd);
	json_text(json, "OSType", "linux");
	json_text(json, "Architecture", host.machine);
	json_i64(json, "NCPU", sysconf(_SC_NPROCESSORS_ONLN));
	write_memory(json, api->host.root_fd);
	json_text(json, "SystemTime", view_time(clock_realtime_ns(), now));
	json_text(json, "CgroupVersion", "2");
	write_abilities(json);
}

static void write_info(struct json_out *json, struct api *api)
{
	write_id(json);
	write_counts(json, api);
	json_u64(json, "Images", images_count(api));
	write_host(json, api);
	json_text(json, "ServerVersion", PLIMSOLL_VERSION);
	json_text(json, "Driver", "");
	write_empty_array(json, "DriverStatus");
	json_text(json, "LoggingDriver", "");
	json_text(json, "CgroupDriver", "");
	json_text(json, "DockerRootDir", "");
	write_plugins(json);
	write_swarm(json);
	json_open(json, "Runtimes", '{');
	json_close(json, '}');
	json_text(json, "DefaultRuntime", "");
	write_empty_array(json, "SecurityOptions");
	write_engines(json, api);
	json_nothing(json, "RegistryConfig");
	json_bool(json, "Debug", false);
	json_bool(json, "ExperimentalBuild", false);
	json_bool(json, "LiveRestoreEnabled", false);
	write_empty_array(json, "Warnings");
}

void handle_info(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) request;
	json_open(&json, NULL, '{');
	write_info(&json, api);
	json_close(&json, '}');
	reply_json(reply, 200, &text);
}
