/* SPDX-License-Identifier: Apache-2.0 */

#include "api/containers.h"

#include "unit/api/fake_registry.h"

#include <stdio.h>

/* Names in the order of the answer, separated by blanks. */
static void assert_listed(const char *query, const char *expected)
{
	json_t *list = fake_get("/containers/json", query), *item;
	char names[4096] = "";
	size_t i;

	json_array_foreach (list, i, item) {
		const json_t *name = json_array_get(json_object_get(item, "Names"), 0);

		assert_int_equal(json_string_value(name)[0], '/');
		if (i > 0)
			strcat(names, " ");
		strcat(names, json_string_value(name) + 1);
	}
	if (strcmp(names, expected) != 0)
		fail_msg("%s: '%s' instead of '%s'", query, names, expected);
	json_decref(list);
}

static json_t *item_of(const char *path, const char *query)
{
	json_t *list = fake_get(path, query), *item = json_incref(json_array_get(list, 0));

	assert_int_equal(json_array_size(list), 1);
	json_decref(list);
	return item;
}

/* A member, deep inside, as text: "Config.Env". Arrays by index. */
static const json_t *member(const json_t *json, const char *path)
{
	char copy[256], *rest = copy, *key;

	strcpy(copy, path);
	while ((key = strsep(&rest, "|")))
		json = json_is_array(json) ? json_array_get(json, (size_t) atoi(key))
					   : json_object_get(json, key);
	return json;
}

static void assert_text(const json_t *json, const char *path, const char *expected)
{
	const char *text = json_string_value(member(json, path));

	if (!text || strcmp(text, expected) != 0)
		fail_msg("%s is '%s', not '%s'", path, text ? text : "(none)", expected);
}

static void assert_json(const json_t *json, const char *path, const char *expected)
{
	char *text =
		json_dumps(member(json, path), JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);

	if (!text || strcmp(text, expected) != 0)
		fail_msg("%s is %s, not %s", path, text ? text : "absent", expected);
	free(text);
}

static json_t *json_of(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(json);
	return json;
}

static struct fake *add_web(void)
{
	struct fake *web = fake_add("docker", ID_A, "web");
	struct identity *identity = &web->container.identity;

	identity->image = strdup("nginx:1.27");
	identity->image_id = strdup(ID_C);
	assert_int_equal(identity_label(identity, "cut", "short"), 0);
	web->dossier.pid = 4711;
	web->dossier.args = json_of("[\"nginx\",\"-g\",\"daemon off;\"]");
	web->dossier.config = json_of("{\"Env\":[\"PASSWORD=secret\"],\"Cmd\":[\"nginx\"],"
				      "\"Labels\":{\"team\":\"harbour\",\"tier\":\"front\"},"
				      "\"Hostname\":\"aaaaaaaaaaaa\",\"Tty\":true,"
				      "\"ExposedPorts\":{\"80/tcp\":{}}}");
	web->dossier.host_config =
		json_of("{\"NetworkMode\":\"default\",\"Memory\":67108864,\"LogConfig\":{\"Type\":"
			"\"splunk\",\"Config\":{\"splunk-token\":\"secret\"}}}");
	web->dossier.mounts = json_of("[{\"Type\":\"volume\",\"Name\":\"data\",\"Source\":\"/s\","
				      "\"Destination\":\"/d\",\"RW\":true}]");
	web->dossier.networks = json_of("{\"bridge\":{\"NetworkID\":\"net1\",\"IPAddress\":"
					"\"172.17.0.2\",\"IPPrefixLen\":16}}");
	web->dossier.ports = json_of("{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"},"
				     "{\"HostIp\":\"::\",\"HostPort\":\"8080\"}],"
				     "\"53/udp\":null}");
	return web;
}

static void an_item_has_every_member(void **state)
{
	json_t *item;

	(void) state;
	(void) add_web();
	item = item_of("/containers/json", NULL);
	assert_text(item, "Id", ID_A);
	assert_json(item, "Names", "[\"/web\"]");
	assert_text(item, "Image", "nginx:1.27");
	assert_text(item, "ImageID", "sha256:" ID_C);
	assert_text(item, "Command", "nginx -g 'daemon off;'");
	assert_int_equal(json_integer_value(member(item, "Created")), NOW_S - 1000);
	assert_json(item, "Ports",
		    "[{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"},"
		    "{\"IP\":\"::\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"},"
		    "{\"PrivatePort\":53,\"Type\":\"udp\"}]");
	assert_json(item, "Labels",
		    "{\"io.plimsoll.engine\":\"docker\",\"team\":\"harbour\",\"tier\":\"front\"}");
	assert_text(item, "State", "running");
	assert_text(item, "Status", "Up 5 minutes");
	assert_text(item, "HostConfig|NetworkMode", "bridge");
	assert_text(item, "NetworkSettings|Networks|bridge|IPAddress", "172.17.0.2");
	assert_text(item, "Mounts|0|Destination", "/d");
	assert_null(member(item, "Health"));
	assert_null(member(item, "SizeRw"));
	json_decref(item);
}

static void what_is_unknown_is_empty_not_null(void **state)
{
	json_t *item;

	(void) state;
	fake_add("runc", "web", "web");
	item = item_of("/containers/json", NULL);
	assert_json(item, "Ports", "[]");
	assert_json(item, "Mounts", "[]");
	assert_json(item, "NetworkSettings", "{\"Networks\":{}}");
	assert_json(item, "Labels", "{\"io.plimsoll.engine\":\"runc\"}");
	assert_text(item, "Image", "");
	assert_text(item, "Command", "");
	json_decref(item);
}

static void health_is_shown_where_it_is_known(void **state)
{
	struct fake *web = fake_add("docker", ID_A, "web");
	json_t *item;

	(void) state;
	web->container.identity.condition.health = HEALTH_UNHEALTHY;
	web->container.identity.condition.failing_streak = 3;
	item = item_of("/containers/json", NULL);
	assert_json(item, "Health", "{\"FailingStreak\":3,\"Status\":\"unhealthy\"}");
	assert_text(item, "Status", "Up 5 minutes (unhealthy)");
	json_decref(item);
}

static void labels_of_the_identity_do_where_there_is_no_file(void **state)
{
	struct fake *web = fake_add("runc", "web", "web");
	json_t *item;

	(void) state;
	assert_int_equal(identity_label(&web->container.identity, "a\"b", "1"), 0);
	assert_int_equal(identity_label(&web->container.identity, "io.plimsoll.engine", "lie"), 0);
	item = item_of("/containers/json", NULL);
	assert_json(item, "Labels", "{\"a\\\"b\":\"1\",\"io.plimsoll.engine\":\"runc\"}");
	json_decref(item);
}

static void only_running_ones_unless_asked(void **state)
{
	(void) state;
	fake_add("docker", ID_A, "web");
	fake_add("docker", ID_B, "paused")->container.identity.condition.state = STATE_PAUSED;
	fake_stop(fake_add("podman", ID_C, "ended"), 3);
	fake_add("podman", "d", "pod-infra")->container.identity.infra = true;
	fake_add("runc", "gone", "gone")->container.ended_ns = 1;
	assert_listed(NULL, "paused web");
	assert_listed("all=1", "ended paused web");
	assert_listed("all=False", "paused web");
	assert_listed("limit=2", "ended paused");
	assert_listed("limit=0", "paused web");
	assert_listed("limit=-1", "paused web");
	assert_listed("filters={\"status\":[\"exited\"]}", "ended");
	assert_listed("since=web", "ended paused");
	assert_listed("before=ended", "paused web");
}

static void each_filter_has_its_own_idea(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"name\":[\"we\"]}", "web" },
		{ "{\"name\":[\"^/?web$\"]}", "web" },
		{ "{\"name\":[\"^/web\"]}", "web" },
		{ "{\"name\":[\"x\",\"db\"]}", "db" },
		{ "{\"name\":[\"ended\"]}", "" },
		{ "{\"name\":[\"^eb\"]}", "" },
		{ "{\"id\":[\"aaaaaaaaaaaa\"]}", "web" },
		{ "{\"id\":[\"^aa\"]}", "db web" },
		{ "{\"label\":[\"team\"]}", "web" },
		{ "{\"label\":[\"team=harbour\",\"tier=front\"]}", "web" },
		{ "{\"label\":[\"team=harbour\",\"tier=back\"]}", "" },
		{ "{\"label\":[\"io.plimsoll.engine=podman\"]}", "db" },
		{ "{\"label\":[\"cut\"]}", "" },
		{ "{\"status\":[\"running\"]}", "db web" },
		{ "{\"status\":{\"exited\":true}}", "ended" },
		{ "{\"exited\":[\"3\"]}", "ended" },
		{ "{\"exited\":[\"0\"]}", "" },
		{ "{\"health\":[\"healthy\"]}", "db" },
		{ "{\"health\":[\"none\"]}", "web" },
		{ "{\"health\":[\"none\"],\"status\":[\"exited\",\"running\"]}", "ended web" },
		{ "{\"ancestor\":[\"nginx:1.27\"]}", "web" },
		{ "{\"ancestor\":[\"docker.io/library/nginx:1.27\"]}", "web" },
		{ "{\"ancestor\":[\"nginx\"]}", "" },
		{ "{\"ancestor\":[\"cccccccccccc\"]}", "web" },
		{ "{\"ancestor\":[\"sha256:cccc\"]}", "web" },
		{ "{\"network\":[\"bridge\"]}", "web" },
		{ "{\"network\":[\"net\"]}", "web" },
		{ "{\"network\":[\"net2\"]}", "" },
		{ "{\"volume\":[\"data\"]}", "web" },
		{ "{\"volume\":[\"/d\"]}", "web" },
		{ "{\"volume\":[\"/x\"]}", "" },
		{ "{\"publish\":[\"8080\"]}", "web" },
		{ "{\"publish\":[\"8000-9000/tcp\"]}", "web" },
		{ "{\"publish\":[\"8080/udp\"]}", "" },
		{ "{\"publish\":[\"80\"]}", "" },
		{ "{\"expose\":[\"80/tcp\"]}", "web" },
		{ "{\"expose\":[\"53/udp\"]}", "web" },
		{ "{\"expose\":[\"53\"]}", "" },
		{ "{\"since\":[\"web\"]}", "ended db" },
		{ "{\"before\":[\"ended\"]}", "db web" },
		{ "{\"is-task\":[\"false\"]}", "db web" },
		{ "{\"is-task\":[\"true\"]}", "" },
		{ "{\"name\":[\"web\"],\"status\":[\"exited\"]}", "" },
	};
	char query[512];

	(void) state;
	(void) add_web();
	fake_add("podman", ID_B, "db")->container.identity.condition.health = HEALTH_HEALTHY;
	fake_stop(fake_add("docker", ID_C, "ended"), 3);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		(void) snprintf(query, sizeof(query), "filters=%s", cases[i][0]);
		assert_listed(query, cases[i][1]);
	}
}

static void values_that_mean_nothing_are_refused(void **state)
{
	static const char *const cases[][2] = {
		{ "filters={\"status\":[\"asleep\"]}", "invalid filter 'status=asleep'" },
		{ "filters={\"health\":[\"well\"]}", "invalid filter 'health=well'" },
		{ "filters={\"exited\":[\"x\"]}", "invalid filter 'exited=x'" },
		{ "filters={\"exited\":[\"99999999999999999999\"]}", "invalid filter 'exited=" },
		{ "filters={\"publish\":[\"x\"]}", "invalid filter 'publish=x'" },
		{ "filters={\"publish\":[\"70000\"]}", "invalid filter 'publish=70000'" },
		{ "filters={\"publish\":[\"9-8\"]}", "invalid filter 'publish=9-8'" },
		{ "filters={\"expose\":[\"80/\"]}", "invalid filter 'expose=80/'" },
		{ "filters={\"is-task\":[\"perhaps\"]}", "invalid filter 'is-task=perhaps'" },
		{ "filters={\"name\":[\"(\"]}", "invalid regular expression '('" },
		{ "filters={\"colour\":[\"red\"]}", "invalid filter 'colour'" },
		{ "filters=x", "invalid filter" },
	};

	(void) state;
	fake_add("docker", ID_A, "web");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		fake_refused("GET", "/containers/json", cases[i][0], 400, cases[i][1]);
	fake_refused("GET", "/containers/json", "before=nobody", 404, "No such container");
}

static void too_many_patterns_are_refused(void **state)
{
	char query[1024] = "filters={\"name\":[\"a\"";

	(void) state;
	for (int i = 0; i < 16; i++)
		strcat(query, ",\"a\"");
	strcat(query, "]}");
	fake_refused("GET", "/containers/json", query, 400, "more than 16 filters");
}

static void a_pattern_that_takes_too_long_is_refused(void **state)
{
	(void) state;
	fake_add("docker", ID_A, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
	fake_refused("GET", "/containers/json", "filters={\"name\":[\"(a+a+)+(a+a+)+$\"]}", 400,
		     "takes too long");
}

static void hundred_containers_are_read_once(void **state)
{
	char id[RUNTIME_ID_BYTES];

	(void) state;
	for (int i = 0; i < 100; i++) {
		(void) snprintf(id, sizeof(id), "c%d", i);
		fake_add("runc", id, id);
	}
	for (int i = 0; i < 3; i++)
		json_decref(fake_get("/containers/json", NULL));
	for (size_t i = 0; i < fake_count; i++)
		assert_int_equal(fakes[i].inspected, 1);
	fakes[7].stamp = 2;
	fakes[8].stamp = 0; /* cannot be told: each time */
	for (int i = 0; i < 2; i++)
		json_decref(fake_get("/containers/json", NULL));
	assert_int_equal(fakes[7].inspected, 2);
	assert_int_equal(fakes[8].inspected, 3);
}

static void dossiers_are_bounded_and_forgotten(void **state)
{
	char id[RUNTIME_ID_BYTES];

	(void) state;
	for (int i = 0; i < DOSSIERS_MAX + 50; i++) {
		(void) snprintf(id, sizeof(id), "c%d", i);
		fake_add("runc", id, id);
	}
	json_decref(fake_get("/containers/json", NULL));
	assert_int_equal(dossiers_count(fake_api.dossiers), DOSSIERS_MAX);
	dossiers_expire(fake_api.dossiers);
	assert_int_equal(dossiers_count(fake_api.dossiers), DOSSIERS_MAX);
	clock_freeze(1000 * NSEC_PER_SEC + DOSSIERS_KEEP_NS + 1, NOW_S * NSEC_PER_SEC);
	dossiers_expire(fake_api.dossiers);
	assert_int_equal(dossiers_count(fake_api.dossiers), 0);
}

static void inspect_tells_all(void **state)
{
	json_t *web;

	(void) state;
	(void) add_web();
	web = fake_get("/containers/web/json", NULL);
	assert_text(web, "Id", ID_A);
	assert_text(web, "Name", "/web");
	assert_text(web, "Path", "nginx");
	assert_json(web, "Args", "[\"-g\",\"daemon off;\"]");
	assert_text(web, "State|Status", "running");
	assert_json(web, "State|Running", "true");
	assert_json(web, "State|Pid", "4711");
	assert_json(web, "State|ExitCode", "0");
	assert_text(web, "State|StartedAt", "2023-11-14T22:08:20.000000000Z");
	assert_text(web, "State|FinishedAt", "0001-01-01T00:00:00Z");
	assert_null(member(web, "State|Health"));
	assert_text(web, "Image", "sha256:" ID_C);
	assert_text(web, "Config|Image", "nginx:1.27");
	assert_json(web, "Config|Env", "[\"PASSWORD=secret\"]");
	assert_json(web, "Config|ExposedPorts", "{\"80/tcp\":{}}");
	assert_null(member(web, "Config|Healthcheck"));
	assert_text(web, "Config|Labels|io.plimsoll.engine", "docker");
	assert_text(web, "HostConfig|NetworkMode", "bridge");
	assert_json(web, "HostConfig|Memory", "67108864");
	assert_null(member(web, "HostConfig|NanoCpus"));
	assert_json(web, "NetworkSettings|Ports",
		    "{\"53/udp\":null,\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"},"
		    "{\"HostIp\":\"::\",\"HostPort\":\"8080\"}]}");
	assert_text(web, "NetworkSettings|IPAddress", "172.17.0.2");
	assert_json(web, "NetworkSettings|Networks|bridge|Aliases", "null");
	json_decref(web);
}

static void an_unknown_exit_code_is_not_success(void **state)
{
	json_t *web;

	(void) state;
	fake_stop(fake_add("runc", "web", "web"), 0);
	web = fake_get("/containers/web/json", NULL);
	assert_json(web, "State|ExitCode", "0");
	json_decref(web);
	fakes[0].container.identity.condition.has_exit_code = false;
	web = fake_get("/containers/web/json", NULL);
	assert_null(member(web, "State|ExitCode"));
	json_decref(web);
}

static void a_viewer_is_shown_no_secret(void **state)
{
	static const char *const paths[] = { "/containers/json", "/containers/web/json",
					     "/system/df" };
	struct fake *web = add_web();
	json_t *answer;
	char *text;

	(void) state;
	web->container.identity.condition.health = HEALTH_HEALTHY;
	web->dossier.health = json_of("{\"Status\":\"healthy\",\"Log\":[{\"Output\":\"secret\"}]}");
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_int_equal(fake_ask_as(ROLE_VIEW, "GET", paths[i], NULL, &answer), 200);
		text = json_dumps(answer, 0);
		assert_null(strstr(text, "secret"));
		assert_null(strstr(text, "daemon off"));
		assert_non_null(strstr(text, "harbour"));
		free(text);
		json_decref(answer);
	}
	answer = fake_get("/containers/web/json", NULL);
	assert_text(answer, "State|Health|Log|0|Output", "secret");
	json_decref(answer);
}

static void members_of_the_wrong_type_are_left_out(void **state)
{
	struct fake *web = fake_add("docker", ID_A, "web");
	json_t *answer;

	(void) state;
	web->dossier.args = json_of("{\"not\":\"an array\"}");
	web->dossier.config = json_of("{\"Env\":\"x\",\"Cmd\":[1,\"a\",null],\"Tty\":\"yes\","
				      "\"Hostname\":7,\"Labels\":{\"a\":1,\"b\":\"c\"},"
				      "\"Healthcheck\":[],\"Unheard\":{\"of\":1}}");
	web->dossier.host_config = json_of("[]");
	web->dossier.networks = json_of("{\"n\":[],\"m\":{\"IPPrefixLen\":\"16\"}}");
	web->dossier.ports = json_of("{\"x\":[{\"HostPort\":\"1\"}],\"70000/tcp\":null,\"80\":"
				     "[{\"HostPort\":8080},[],{\"HostPort\":\"x\"}],\"81/tcp\":3}");
	web->dossier.mounts = json_of("{\"a\":[]}");
	web->dossier.health = json_of("[]");
	answer = fake_get("/containers/web/json", NULL);
	assert_json(answer, "Args", "[]");
	assert_json(answer, "Config|Env", "null");
	assert_json(answer, "Config|Cmd", "[\"a\"]");
	assert_json(answer, "Config|Tty", "false");
	assert_text(answer, "Config|Hostname", "");
	assert_json(answer, "Config|Labels", "{\"b\":\"c\",\"io.plimsoll.engine\":\"docker\"}");
	assert_null(member(answer, "Config|Healthcheck"));
	assert_null(member(answer, "Config|Unheard"));
	assert_json(answer, "Mounts", "[]");
	assert_json(answer, "NetworkSettings|Networks|m|IPPrefixLen", "0");
	json_decref(answer);
	answer = item_of("/containers/json", NULL);
	assert_json(answer, "Ports", "[{\"PrivatePort\":81,\"Type\":\"tcp\"}]");
	json_decref(answer);
}

static void images_are_those_of_containers(void **state)
{
	json_t *images, *image;

	(void) state;
	(void) add_web();
	fakes[fake_add("docker", ID_B, "db")->container.slot].container.identity.image =
		strdup("docker.io/library/nginx:1.27");
	fakes[1].container.identity.image_id = strdup(ID_C);
	fake_add("runc", "bare", "bare");
	images = fake_get("/images/json", NULL);
	assert_int_equal(json_array_size(images), 1);
	image = json_array_get(images, 0);
	assert_text(image, "Id", "sha256:" ID_C);
	assert_json(image, "RepoTags", "[\"nginx:1.27\"]");
	assert_json(image, "Containers", "2");
	assert_json(image, "Size", "-1");
	json_decref(images);
	images = fake_get("/images/json", "filters={\"reference\":[\"redis\"]}");
	assert_int_equal(json_array_size(images), 0);
	json_decref(images);
	images = fake_get("/images/json", "filters={\"dangling\":[\"true\"]}");
	assert_int_equal(json_array_size(images), 0);
	json_decref(images);
}

static void networks_and_volumes_are_those_of_containers(void **state)
{
	json_t *answer;

	(void) state;
	(void) add_web();
	answer = fake_get("/networks", NULL);
	assert_text(answer, "0|Name", "bridge");
	assert_text(answer, "0|Id", "net1");
	assert_text(answer, "0|Driver", "bridge");
	assert_json(answer, "0|Containers", "{}");
	json_decref(answer);
	answer = fake_get("/networks/net", NULL);
	assert_text(answer, "Containers|" ID_A "|IPv4Address", "172.17.0.2/16");
	json_decref(answer);
	answer = fake_get("/networks", "filters={\"name\":[\"^b\"],\"type\":[\"builtin\"]}");
	assert_int_equal(json_array_size(answer), 1);
	json_decref(answer);
	answer = fake_get("/networks", "filters={\"driver\":[\"overlay\"]}");
	assert_int_equal(json_array_size(answer), 0);
	json_decref(answer);
	fake_refused("GET", "/networks", "filters={\"colour\":[\"red\"]}", 400, "invalid filter");

	answer = fake_get("/volumes", NULL);
	assert_text(answer, "Volumes|0|Name", "data");
	assert_text(answer, "Volumes|0|Mountpoint", "/s");
	assert_json(answer, "Volumes|0|UsageData", "{\"RefCount\":1,\"Size\":-1}");
	json_decref(answer);
	answer = fake_get("/volumes/data", NULL);
	assert_text(answer, "Name", "data");
	json_decref(answer);
}

static void disk_usage_is_of_what_was_asked_for(void **state)
{
	json_t *answer;

	(void) state;
	(void) add_web();
	answer = fake_get("/system/df", NULL);
	assert_text(answer, "Images|0|Id", "sha256:" ID_C);
	assert_text(answer, "Containers|0|Id", ID_A);
	assert_text(answer, "Volumes|0|Name", "data");
	assert_json(answer, "BuildCache", "[]");
	json_decref(answer);
	answer = fake_get("/system/df", "type=volume");
	assert_text(answer, "Volumes|0|Name", "data");
	assert_null(member(answer, "Images"));
	json_decref(answer);
}

static void info_counts_by_state(void **state)
{
	json_t *info;

	(void) state;
	fake_add("docker", ID_A, "web");
	fake_add("docker", ID_B, "paused")->container.identity.condition.state = STATE_PAUSED;
	fake_stop(fake_add("podman", ID_C, "ended"), 3);
	info = fake_get("/info", NULL);
	assert_json(info, "Containers", "3");
	assert_json(info, "ContainersRunning", "1");
	assert_json(info, "ContainersPaused", "1");
	assert_json(info, "ContainersStopped", "1");
	assert_json(info, "Swarm|ControlAvailable", "false");
	json_decref(info);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_item_has_every_member),
		TEST(what_is_unknown_is_empty_not_null),
		TEST(health_is_shown_where_it_is_known),
		TEST(labels_of_the_identity_do_where_there_is_no_file),
		TEST(only_running_ones_unless_asked),
		TEST(each_filter_has_its_own_idea),
		TEST(values_that_mean_nothing_are_refused),
		TEST(too_many_patterns_are_refused),
		TEST(a_pattern_that_takes_too_long_is_refused),
		TEST(hundred_containers_are_read_once),
		TEST(dossiers_are_bounded_and_forgotten),
		TEST(inspect_tells_all),
		TEST(an_unknown_exit_code_is_not_success),
		TEST(a_viewer_is_shown_no_secret),
		TEST(members_of_the_wrong_type_are_left_out),
		TEST(images_are_those_of_containers),
		TEST(networks_and_volumes_are_those_of_containers),
		TEST(disk_usage_is_of_what_was_asked_for),
		TEST(info_counts_by_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
