/* SPDX-License-Identifier: Apache-2.0 */

/* podman_inspect: libpod's documents in Docker's words. */

#include "host.h"

#include "containers/dossier.h"
#include "containers/podman.h"

struct fixture {
	struct podman_record record;
	struct dossier dossier;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	podman_record_fini(&fixture->record);
	dossier_fini(&fixture->dossier);
	free(fixture);
	return 0;
}

static void inspect(struct fixture *fixture, const char *config, const char *state)
{
	fixture->record.config = json_loads(config, JSON_ALLOW_NUL, NULL);
	fixture->record.state = json_loads(state, JSON_ALLOW_NUL, NULL);
	assert_non_null(fixture->record.config);
	assert_non_null(fixture->record.state);
	assert_int_equal(podman_inspect(&fixture->record, &fixture->dossier), 0);
}

/* "a.b" in an object; "" when there is no such string. */
static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void configuration_is_translated(void **state)
{
	struct fixture *fixture = *state;
	const struct dossier *dossier = &fixture->dossier;
	const json_t *policy;

	inspect(fixture,
		"{\"spec\":{\"process\":{\"args\":[\"run\",\"-x\"],\"env\":[\"A=b\"],\"cwd\":\"/"
		"w\"},"
		" \"annotations\":{\"io.podman.annotations.autoremove\":\"TRUE\",\"other\":\"x\"},"
		" \"linux\":{\"resources\":{\"memory\":{\"limit\":67108864},\"pids\":{\"limit\":50}"
		"}},"
		" \"mounts\":[{\"type\":\"bind\",\"source\":\"/srv\",\"destination\":\"/data\","
		"              \"options\":[\"rbind\",\"ro\"]}]},"
		"\"staticDir\":\"/var/lib/containers/storage/overlay-containers/" ID_A
		"/userdata\","
		"\"rootfsImageName\":\"localhost/bb:1\",\"command\":[\"-x\"],"
		"\"entrypoint\":[\"run\"],\"labels\":{\"team\":\"blue\"},\"stopSignal\":15,"
		"\"networkMode\":\"bridge\",\"restart_policy\":\"on-failure\",\"restart_retries\":"
		"3,"
		"\"logDriver\":\"k8s-file\",\"logPath\":\"/logs/ctr.log\",\"privileged\":true,"
		"\"healthcheck\":{\"Test\":[\"CMD\",\"true\"]},"
		"\"namedVolumes\":[{\"volumeName\":\"v\",\"dest\":\"/v\",\"options\":[\"ro\"]}]}",
		"{\"pid\":42,\"bindMounts\":{\"/etc/hosts\":\"/run/hosts\"}}");

	assert_int_equal(json_array_size(dossier->args), 2);
	assert_string_equal(text(dossier->config, "Image"), "localhost/bb:1");
	assert_int_equal(json_array_size(json_object_get(dossier->config, "Cmd")), 1);
	assert_int_equal(json_array_size(json_object_get(dossier->config, "Entrypoint")), 1);
	assert_int_equal(json_array_size(json_object_get(dossier->config, "Env")), 1);
	assert_string_equal(text(dossier->config, "StopSignal"), "SIGTERM");
	assert_string_equal(text(json_object_get(dossier->config, "Labels"), "team"), "blue");
	assert_null(json_object_get(json_object_get(dossier->config, "Labels"), "other"));
	assert_non_null(json_object_get(dossier->config, "Healthcheck"));
	policy = json_object_get(dossier->host_config, "RestartPolicy");
	assert_string_equal(text(policy, "Name"), "on-failure");
	assert_int_equal(number(policy, "MaximumRetryCount"), 3);
	assert_int_equal(number(dossier->host_config, "Memory"), 67108864);
	assert_string_equal(text(dossier->host_config, "NetworkMode"), "bridge");
	assert_true(json_is_true(json_object_get(dossier->host_config, "AutoRemove")));
	assert_true(json_is_true(json_object_get(dossier->host_config, "Privileged")));
	assert_int_equal(json_array_size(dossier->mounts), 2);
	assert_string_equal(text(json_array_get(dossier->mounts, 1), "Name"), "v");
	assert_true(json_is_false(json_object_get(json_array_get(dossier->mounts, 1), "RW")));
	assert_int_equal(dossier->pid, 42);
	assert_string_equal(dossier->log_path, "/logs/ctr.log");
	assert_string_equal(dossier->hosts_path, "/run/hosts");
	assert_string_equal(dossier->driver, "overlay");
	assert_null(dossier->resolv_path);
}

static void ports_are_translated(void **state)
{
	struct fixture *fixture = *state;
	const json_t *ports, *bindings;

	inspect(fixture,
		"{\"newPortMappings\":["
		"{\"host_ip\":\"127.0.0.1\",\"container_port\":80,\"host_port\":8080,\"range\":2,"
		" \"protocol\":\"tcp\"},"
		"{\"host_ip\":\"\",\"container_port\":53,\"host_port\":53,\"range\":1,"
		" \"protocol\":\"tcp,udp\"},"
		"{\"container_port\":80,\"host_port\":9090},"
		"{\"container_port\":-1,\"host_port\":0},"
		"{\"container_port\":65535,\"host_port\":65535,\"range\":9223372036854775807},"
		"7],"
		"\"exposedPorts\":{\"443\":[\"tcp\",7],\"80\":[\"tcp\"]}}",
		"{}");
	ports = fixture->dossier.ports;
	assert_int_equal(json_object_size(ports), 6);
	bindings = json_object_get(ports, "80/tcp");
	assert_int_equal(json_array_size(bindings), 2);
	assert_string_equal(text(json_array_get(bindings, 0), "HostIp"), "127.0.0.1");
	assert_string_equal(text(json_array_get(bindings, 0), "HostPort"), "8080");
	assert_string_equal(text(json_array_get(json_object_get(ports, "81/tcp"), 0), "HostPort"),
			    "8081");
	assert_non_null(json_object_get(ports, "53/udp"));
	assert_true(json_is_null(json_object_get(ports, "443/tcp")));
}

static void ranges_do_not_fill_the_memory(void **state)
{
	struct fixture *fixture = *state;
	char config[16384] = "{\"newPortMappings\":[", *end = config + strlen(config);

	for (unsigned i = 0; i < 100; i++)
		end += sprintf(end, "%s{\"container_port\":1,\"host_port\":1,\"range\":65000}",
			       i ? "," : "");
	sprintf(end, "]}");
	inspect(fixture, config, "{}");
	assert_int_equal(json_object_size(fixture->dossier.ports), 4096);
}

static void networks_are_translated(void **state)
{
	struct fixture *fixture = *state;
	const json_t *network;

	inspect(fixture, "{\"newNetworks\":{\"podman\":{\"aliases\":[\"web\"]},\"idle\":{}}}",
		"{\"networkStatus\":{\"podman\":{\"interfaces\":{\"eth0\":{\"subnets\":["
		"{\"ipnet\":\"10.88.0.2/16\",\"gateway\":\"10.88.0.1\"},"
		"{\"ipnet\":\"fd00::2/64\",\"gateway\":\"fd00::1\"},"
		"{\"ipnet\":\"10.89.0.9/16\"}, {\"ipnet\":\"nonsense\"}],"
		"\"mac_address\":\"2a:30:5e:ef:fa:ab\"}}}}}");
	assert_int_equal(json_object_size(fixture->dossier.networks), 2);
	network = json_object_get(fixture->dossier.networks, "podman");
	assert_string_equal(text(network, "IPAddress"), "10.88.0.2");
	assert_int_equal(number(network, "IPPrefixLen"), 16);
	assert_string_equal(text(network, "Gateway"), "10.88.0.1");
	assert_string_equal(text(network, "GlobalIPv6Address"), "fd00::2");
	assert_string_equal(text(network, "MacAddress"), "2a:30:5e:ef:fa:ab");
}

/* Everything of a wrong type is as good as absent; texts have no NUL. */
static void nonsense_is_survived(void **state)
{
	static const char *const documents[] = {
		"{}",
		"{\"spec\":7,\"labels\":[],\"command\":{},\"newPortMappings\":{\"a\":1},"
		"\"exposedPorts\":[1],\"newNetworks\":\"x\",\"namedVolumes\":7,\"stopSignal\":9999,"
		"\"staticDir\":7,\"logPath\":[],\"restart_retries\":\"x\"}",
		"{\"pid\":99999999999,\"bindMounts\":[],\"networkStatus\":{\"x\":7}}",
		"{\"networkStatus\":{\"x\":{\"interfaces\":{\"y\":[1],\"z\":{\"subnets\":{}}}}}}",
		"{\"command\":[\"a\\u0000b\",[\"c\\u0000\"]],\"labels\":{\"k\":\"v\\u0000w\"}}",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		inspect(fixture, documents[i], documents[i]);
		assert_int_equal(fixture->dossier.pid, 0);
		assert_null(
			strstr(text(json_object_get(fixture->dossier.config, "Labels"), "k"), "w"));
		podman_record_fini(&fixture->record);
		dossier_fini(&fixture->dossier);
	}
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(configuration_is_translated),   TEST(ports_are_translated),
		TEST(ranges_do_not_fill_the_memory), TEST(networks_are_translated),
		TEST(nonsense_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
