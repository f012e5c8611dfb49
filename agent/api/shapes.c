/* SPDX-License-Identifier: Apache-2.0 */

/* shapes: the tables. Source: the Docker Engine API reference, version 1.47, ContainerInspect.
 *
 * SHAPE_ALWAYS is where clients read a member without asking whether it is there, or where the
 * engine writes it for every container. Limits are not among those: 0 would say "unlimited" of a
 * container whose limits nobody knows. */

#include "api/shape.h"

#define A SHAPE_ALWAYS
#define N SHAPE_NULL
#define S SHAPE_SECRET

static const struct shape healthcheck[] = {
	{ "Test", SHAPE_TEXTS, S },
	{ "Interval", SHAPE_NUMBER },
	{ "Timeout", SHAPE_NUMBER },
	{ "StartPeriod", SHAPE_NUMBER },
	{ "StartInterval", SHAPE_NUMBER },
	{ "Retries", SHAPE_NUMBER },
	{ NULL },
};

const struct shape shape_config[] = {
	{ "Hostname", SHAPE_TEXT, A },
	{ "Domainname", SHAPE_TEXT, A },
	{ "User", SHAPE_TEXT, A },
	{ "AttachStdin", SHAPE_BOOL, A },
	{ "AttachStdout", SHAPE_BOOL, A },
	{ "AttachStderr", SHAPE_BOOL, A },
	{ "ExposedPorts", SHAPE_SET },
	{ "Tty", SHAPE_BOOL, A },
	{ "OpenStdin", SHAPE_BOOL, A },
	{ "StdinOnce", SHAPE_BOOL, A },
	{ "Env", SHAPE_TEXTS, N | S },
	{ "Cmd", SHAPE_TEXTS, N | S },
	{ "Healthcheck", SHAPE_OBJECT, 0, healthcheck }, /* an empty one means that there is one */
	{ "Volumes", SHAPE_SET, N },
	{ "WorkingDir", SHAPE_TEXT, A },
	{ "Entrypoint", SHAPE_TEXTS, N | S },
	{ "NetworkDisabled", SHAPE_BOOL },
	{ "MacAddress", SHAPE_TEXT },
	{ "OnBuild", SHAPE_TEXTS, N | S },
	{ "StopSignal", SHAPE_TEXT },
	{ "StopTimeout", SHAPE_NUMBER },
	{ "Shell", SHAPE_TEXTS, S },
	{ NULL },
};

static const struct shape log_config[] = {
	{ "Type", SHAPE_TEXT, A },
	{ "Config", SHAPE_TEXT_MAP, A | S }, /* tokens of log services */
	{ NULL },
};

static const struct shape restart_policy[] = {
	{ "Name", SHAPE_TEXT, A },
	{ "MaximumRetryCount", SHAPE_NUMBER, A },
	{ NULL },
};

static const struct shape binding[] = {
	{ "HostIp", SHAPE_TEXT, A },
	{ "HostPort", SHAPE_TEXT, A },
	{ NULL },
};

static const struct shape device[] = {
	{ "PathOnHost", SHAPE_TEXT, A },
	{ "PathInContainer", SHAPE_TEXT, A },
	{ "CgroupPermissions", SHAPE_TEXT, A },
	{ NULL },
};

static const struct shape ulimit[] = {
	{ "Name", SHAPE_TEXT, A },
	{ "Hard", SHAPE_NUMBER, A },
	{ "Soft", SHAPE_NUMBER, A },
	{ NULL },
};

static const struct shape rate[] = {
	{ "Path", SHAPE_TEXT, A },
	{ "Rate", SHAPE_NUMBER, A },
	{ NULL },
};

static const struct shape weight[] = {
	{ "Path", SHAPE_TEXT, A },
	{ "Weight", SHAPE_NUMBER, A },
	{ NULL },
};

const struct shape shape_host_config[] = {
	{ "Binds", SHAPE_TEXTS, N },
	{ "ContainerIDFile", SHAPE_TEXT, A },
	{ "LogConfig", SHAPE_OBJECT, A, log_config },
	{ "PortBindings", SHAPE_OBJECTS_MAP, A, binding },
	{ "RestartPolicy", SHAPE_OBJECT, A, restart_policy },
	{ "AutoRemove", SHAPE_BOOL },
	{ "VolumeDriver", SHAPE_TEXT, A },
	{ "VolumesFrom", SHAPE_TEXTS, N },
	{ "CapAdd", SHAPE_TEXTS, N },
	{ "CapDrop", SHAPE_TEXTS, N },
	{ "CgroupnsMode", SHAPE_TEXT },
	{ "Dns", SHAPE_TEXTS, A },
	{ "DnsOptions", SHAPE_TEXTS, A },
	{ "DnsSearch", SHAPE_TEXTS, A },
	{ "ExtraHosts", SHAPE_TEXTS, N },
	{ "GroupAdd", SHAPE_TEXTS, N },
	{ "IpcMode", SHAPE_TEXT, A },
	{ "Cgroup", SHAPE_TEXT, A },
	{ "Links", SHAPE_TEXTS, N },
	{ "OomScoreAdj", SHAPE_NUMBER },
	{ "PidMode", SHAPE_TEXT, A },
	{ "Privileged", SHAPE_BOOL },
	{ "PublishAllPorts", SHAPE_BOOL },
	{ "ReadonlyRootfs", SHAPE_BOOL },
	{ "SecurityOpt", SHAPE_TEXTS, N },
	{ "Tmpfs", SHAPE_TEXT_MAP },
	{ "UTSMode", SHAPE_TEXT, A },
	{ "UsernsMode", SHAPE_TEXT, A },
	{ "ShmSize", SHAPE_NUMBER },
	{ "Sysctls", SHAPE_TEXT_MAP },
	{ "Runtime", SHAPE_TEXT },
	{ "Isolation", SHAPE_TEXT, A },
	{ "CpuShares", SHAPE_NUMBER },
	{ "Memory", SHAPE_NUMBER },
	{ "NanoCpus", SHAPE_NUMBER },
	{ "CgroupParent", SHAPE_TEXT, A },
	{ "BlkioWeight", SHAPE_NUMBER },
	{ "BlkioWeightDevice", SHAPE_OBJECTS, 0, weight },
	{ "BlkioDeviceReadBps", SHAPE_OBJECTS, 0, rate },
	{ "BlkioDeviceWriteBps", SHAPE_OBJECTS, 0, rate },
	{ "BlkioDeviceReadIOps", SHAPE_OBJECTS, 0, rate },
	{ "BlkioDeviceWriteIOps", SHAPE_OBJECTS, 0, rate },
	{ "CpuPeriod", SHAPE_NUMBER },
	{ "CpuQuota", SHAPE_NUMBER },
	{ "CpuRealtimePeriod", SHAPE_NUMBER },
	{ "CpuRealtimeRuntime", SHAPE_NUMBER },
	{ "CpusetCpus", SHAPE_TEXT },
	{ "CpusetMems", SHAPE_TEXT },
	{ "Devices", SHAPE_OBJECTS, 0, device },
	{ "DeviceCgroupRules", SHAPE_TEXTS },
	{ "MemoryReservation", SHAPE_NUMBER },
	{ "MemorySwap", SHAPE_NUMBER },
	{ "MemorySwappiness", SHAPE_NUMBER },
	{ "OomKillDisable", SHAPE_BOOL },
	{ "PidsLimit", SHAPE_NUMBER },
	{ "Ulimits", SHAPE_OBJECTS, 0, ulimit },
	{ "Init", SHAPE_BOOL },
	{ "MaskedPaths", SHAPE_TEXTS },
	{ "ReadonlyPaths", SHAPE_TEXTS },
	{ NULL },
};

static const struct shape probe[] = {
	{ "Start", SHAPE_TEXT, A },
	{ "End", SHAPE_TEXT, A },
	{ "ExitCode", SHAPE_NUMBER, A },
	{ "Output", SHAPE_TEXT, A | S },
	{ NULL },
};

const struct shape shape_health[] = {
	{ "Log", SHAPE_OBJECTS, N | S, probe },
	{ NULL },
};

static const struct shape mount[] = {
	{ "Type", SHAPE_TEXT, A },
	{ "Name", SHAPE_TEXT },
	{ "Source", SHAPE_TEXT, A },
	{ "Destination", SHAPE_TEXT, A },
	{ "Driver", SHAPE_TEXT },
	{ "Mode", SHAPE_TEXT, A },
	{ "RW", SHAPE_BOOL, A },
	{ "Propagation", SHAPE_TEXT, A },
	{ NULL },
};

static const struct shape endpoint[] = {
	{ "IPAMConfig", SHAPE_TEXT_MAP, N },
	{ "Links", SHAPE_TEXTS, N },
	{ "Aliases", SHAPE_TEXTS, N },
	{ "MacAddress", SHAPE_TEXT, A },
	{ "DriverOpts", SHAPE_TEXT_MAP, N },
	{ "NetworkID", SHAPE_TEXT, A },
	{ "EndpointID", SHAPE_TEXT, A },
	{ "Gateway", SHAPE_TEXT, A },
	{ "IPAddress", SHAPE_TEXT, A },
	{ "IPPrefixLen", SHAPE_NUMBER, A },
	{ "IPv6Gateway", SHAPE_TEXT, A },
	{ "GlobalIPv6Address", SHAPE_TEXT, A },
	{ "GlobalIPv6PrefixLen", SHAPE_NUMBER, A },
	{ "DNSNames", SHAPE_TEXTS, N },
	{ NULL },
};

const struct shape shape_mounts = { "Mounts", SHAPE_OBJECTS, A, mount };
const struct shape shape_networks = { "Networks", SHAPE_OBJECT_MAP, A, endpoint };
const struct shape shape_ports = { "Ports", SHAPE_OBJECTS_MAP, A, binding };
