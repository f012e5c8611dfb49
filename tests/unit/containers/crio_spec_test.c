/* SPDX-License-Identifier: Apache-2.0 */

/* crio_spec: annotations and state of CRI-O, as documented and forged. */

#include "host.h"

#include "containers/crio.h"
#include "containers/metadata.h"

#define CRIO      "\"io.kubernetes.cri-o."
#define CONTAINER CRIO "ContainerType\":\"container\""

static json_t *spec_with(const char *annotations)
{
	char text[4096];
	json_t *json;

	snprintf(text, sizeof(text),
		 "{\"annotations\":{%s},\"linux\":{\"namespaces\":[{\"type\":\"network\"}]}}",
		 annotations);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	return json;
}

static int parse_spec(const char *annotations, struct identity *identity)
{
	json_t *spec = spec_with(annotations);
	int r = crio_spec_parse(spec, ID_A, identity);

	json_decref(spec);
	return r;
}

static void kind_comes_from_the_annotations(void **state)
{
	static const struct {
		const char *annotations;
		enum crio_kind kind;
	} cases[] = {
		{ CONTAINER, CRIO_CONTAINER },
		{ CONTAINER ",\"io.container.manager\":\"cri-o\"", CRIO_CONTAINER },
		{ CRIO "ContainerType\":\"sandbox\"", CRIO_SANDBOX },
		/* Podman uses some of the same. */
		{ CONTAINER ",\"io.container.manager\":\"libpod\"", CRIO_NONE },
		{ CRIO "Created\":\"x\"", CRIO_NONE },
		{ CRIO "ContainerType\":7", CRIO_NONE },
		{ "", CRIO_NONE },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *spec = spec_with(cases[i].annotations);

		assert_int_equal(crio_spec_kind(spec), cases[i].kind);
		json_decref(spec);
	}
}

static void annotations_are_read(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(
		parse_spec(CONTAINER
			   "," CRIO "ContainerID\":\"" ID_A "\"," CRIO
			   "Name\":\"k8s_app_shop-1_prod_u-1_2\"," CRIO "Namespace\":\"prod\"," CRIO
			   "ImageName\":\"quay.io/shop/app:3\"," CRIO "Image\":\"4f\"," CRIO
			   "ImageRef\":\"4fab\"," CRIO "IP.0\":\"10.85.0.7\"," CRIO
			   "Created\":\"2026-11-23T18:41:31.5Z\"," CRIO
			   "Labels\":\"{\\\"io.kubernetes.container.name\\\":\\\"app\\\","
			   "\\\"io.kubernetes.pod.name\\\":\\\"shop-1\\\","
			   "\\\"io.kubernetes.pod.namespace\\\":\\\"prod\\\","
			   "\\\"io.kubernetes.pod.uid\\\":\\\"u-1\\\",\\\"team\\\":\\\"core\\\"}\","
			   "\"io.kubernetes.container.restartCount\":\"2\"",
			   &identity),
		0);
	assert_string_equal(identity.name, "app");
	assert_string_equal(identity.pod, "shop-1");
	assert_string_equal(identity.image, "quay.io/shop/app:3");
	assert_string_equal(identity.image_id, "4fab");
	assert_string_equal(identity.address, "10.85.0.7");
	assert_int_equal(identity.created_ns, 1795459291500000000ULL);
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.pod.uid"), "u-1");
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.pod.namespace"), "prod");
	assert_string_equal(identity_find_label(&identity, "team"), "core");
	assert_true(identity.condition.has_restarts);
	assert_int_equal(identity.condition.restarts, 2);
	assert_false(identity.host_network);
	assert_null(identity.detail);
	identity_fini(&identity);
}

static void broken_labels_leave_the_name(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(parse_spec(CONTAINER
				    "," CRIO "Name\":\"k8s_app_1\"," CRIO "Labels\":\"{\\\"io\","
				    "\"io.kubernetes.container.restartCount\":\"-2\"," CRIO
				    "Image\":\"app\"",
				    &identity),
			 0);
	assert_string_equal(identity.name, "k8s_app_1");
	assert_string_equal(identity.image, "app");
	assert_null(identity.labels);
	assert_false(identity.condition.has_restarts);
	assert_string_equal(identity.detail, "config.json: labels: not valid JSON near line 1");
	identity_fini(&identity);
}

static void another_containers_file_is_refused(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(parse_spec(CONTAINER "," CRIO "ContainerID\":\"" ID_B "\"," CRIO
					      "Name\":\"x\"",
				    &identity),
			 -EBADMSG);
	assert_null(identity.name);
	assert_string_equal(identity.detail, "config.json: describes another container");
	identity_fini(&identity);
	assert_int_equal(parse_spec("", &identity), -EBADMSG);
	assert_string_equal(identity.detail, "config.json: not what CRI-O writes");
	identity_fini(&identity);
}

static struct identity state_of(const char *text)
{
	struct identity identity = { 0 };
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	crio_state_parse(json, ID_A, &identity);
	json_decref(json);
	return identity;
}

static void state_is_translated(void **state)
{
	struct identity identity;

	(void) state;
	identity = state_of("{\"id\":\"" ID_A "\",\"status\":\"running\",\"started\":"
			    "\"2026-11-23T18:41:31Z\",\"exitCode\":3}");
	assert_int_equal(identity.condition.state, STATE_RUNNING);
	assert_int_equal(identity.started_ns, 1795459291000000000ULL);
	assert_false(identity.condition.has_exit_code);

	identity = state_of("{\"status\":\"stopped\",\"started\":\"2026-11-23T18:41:31Z\","
			    "\"finished\":\"2026-11-23T18:41:32Z\",\"exitCode\":137,"
			    "\"oomKilled\":true}");
	assert_int_equal(identity.condition.state, STATE_EXITED);
	assert_true(identity.condition.has_exit_code);
	assert_int_equal(identity.condition.exit_code, 137);
	assert_true(identity.condition.oom_killed);
	assert_int_equal(identity.condition.finished_ns, 1795459292000000000ULL);
	assert_int_equal(identity.started_ns, 0);

	assert_int_equal(state_of("{\"status\":\"paused\"}").condition.state, STATE_PAUSED);
	assert_int_equal(state_of("{\"status\":\"created\"}").condition.state, STATE_CREATED);
}

static void forged_state_tells_nothing(void **state)
{
	static const char *const texts[] = {
		"[]",
		"{}",
		"{\"status\":\"walking\"}",
		"{\"status\":7}",
		"{\"id\":\"" ID_B "\",\"status\":\"running\"}",
	};
	struct identity identity;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(state_of(texts[i]).condition.state, STATE_UNKNOWN);

	identity = state_of("{\"status\":\"stopped\",\"exitCode\":99999999999,\"oomKilled\":1}");
	assert_false(identity.condition.has_exit_code);
	assert_false(identity.condition.oom_killed);
	assert_false(
		state_of("{\"status\":\"stopped\",\"exitCode\":null}").condition.has_exit_code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kind_comes_from_the_annotations),
		cmocka_unit_test(annotations_are_read),
		cmocka_unit_test(broken_labels_leave_the_name),
		cmocka_unit_test(another_containers_file_is_refused),
		cmocka_unit_test(state_is_translated),
		cmocka_unit_test(forged_state_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
