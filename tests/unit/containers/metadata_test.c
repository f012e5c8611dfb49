/* SPDX-License-Identifier: Apache-2.0 */

/* metadata: files that somebody else wrote, or forged. */

#include "host.h"

#include "containers/metadata.h"

#define FILE_NAME "run/engine/file.json"

struct fixture {
	struct host host;
	struct identity identity;
	json_t *json;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	host_make(&fixture->host);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	json_decref(fixture->json);
	identity_fini(&fixture->identity);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static int read_file(struct fixture *fixture)
{
	return metadata_read(fixture->host.root_fd, FILE_NAME, 4096, &fixture->identity,
			     &fixture->json);
}

static void good_file_is_read(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, FILE_NAME, "{\"a\": \"b\", \"a\": \"c\"}");
	assert_int_equal(read_file(fixture), 0);
	assert_string_equal(metadata_string(fixture->json, "a"), "c");
	assert_null(fixture->identity.detail);
}

static void truncated_file_is_named_with_its_line(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, FILE_NAME, "{\n\"a\": 1,\n\"b\": ");
	assert_int_equal(read_file(fixture), -EBADMSG);
	assert_string_equal(fixture->identity.detail, "file.json: not valid JSON near line 3");
}

static void empty_file_is_no_json(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, FILE_NAME, "");
	assert_int_equal(read_file(fixture), -EBADMSG);
}

static void missing_file_is_said(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_file(fixture), -ENOENT);
	assert_string_equal(fixture->identity.detail, "file.json: not there");
}

static void symbolic_link_is_not_followed(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, "secret.json", "{}");
	host_directory(&fixture->host, "run/engine");
	host_link(&fixture->host, "../../secret.json", FILE_NAME);
	assert_int_equal(read_file(fixture), -ELOOP);
	assert_string_equal(fixture->identity.detail,
			    "file.json: is a symbolic link or behind one, not followed");
}

static void huge_file_is_not_read(void **state)
{
	struct fixture *fixture = *state;
	char text[5000];

	memset(text, ' ', sizeof(text));
	host_write_bytes(&fixture->host, FILE_NAME, text, sizeof(text));
	assert_int_equal(read_file(fixture), -EFBIG);
	assert_string_equal(fixture->identity.detail, "file.json: too large, not read");
}

static void fifo_does_not_block(void **state)
{
	struct fixture *fixture = *state;

	host_directory(&fixture->host, "run/engine");
	assert_int_equal(mkfifoat(fixture->host.root_fd, FILE_NAME, 0600), 0);
	assert_int_equal(read_file(fixture), -EINVAL);
	assert_string_equal(fixture->identity.detail, "file.json: not a regular file");
}

static void deep_nesting_is_harmless(void **state)
{
	struct fixture *fixture = *state;
	size_t depth = METADATA_BYTES / 2;
	char *text = malloc(depth);

	assert_non_null(text);
	memset(text, '[', depth);
	assert_int_equal(metadata_parse(text, depth, "deep", &fixture->identity, &fixture->json),
			 -EBADMSG);

	depth = 2000; /* just allowed: taking it down recurses as deep */
	memset(text + depth, ']', depth);
	assert_int_equal(metadata_parse(text, 2 * depth, "deep", &fixture->identity,
					&fixture->json),
			 0);
	free(text);
}

static void invalid_utf8_is_replaced(void **state)
{
	struct fixture *fixture = *state;
	static const char text[] = "{\"name\": \"a\xff\xfe\"}";

	assert_int_equal(metadata_parse(text, sizeof(text) - 1, "file", &fixture->identity,
					&fixture->json),
			 0);
	assert_string_equal(metadata_string(fixture->json, "name"), "a\xef\xbf\xbd\xef\xbf\xbd");
}

static void string_with_nul_is_absent(void **state)
{
	struct fixture *fixture = *state;
	static const char text[] = "{\"name\": \"a\\u0000b\", \"other\": \"c\","
				   "\"labels\": {\"k\": \"a\\u0000b\", \"l\": \"\", \"m\": 1}}";

	assert_int_equal(metadata_parse(text, sizeof(text) - 1, "file", &fixture->identity,
					&fixture->json),
			 0);
	assert_null(metadata_string(fixture->json, "name"));
	assert_string_equal(metadata_string(fixture->json, "other"), "c");
	assert_int_equal(metadata_labels(json_object_get(fixture->json, "labels"),
					 &fixture->identity),
			 0);
	assert_memory_equal(fixture->identity.labels, "l\0\0\0", 4);
}

static void wrong_types_are_absent(void **state)
{
	struct fixture *fixture = *state;
	static const char text[] = "{\"name\": 7, \"empty\": \"\", \"list\": [1, {\"type\": 2}]}";

	assert_int_equal(metadata_parse(text, sizeof(text) - 1, "file", &fixture->identity,
					&fixture->json),
			 0);
	assert_null(metadata_string(fixture->json, "name"));
	assert_null(metadata_string(fixture->json, "empty"));
	assert_null(metadata_string(fixture->json, "missing"));
	assert_null(metadata_string(json_object_get(fixture->json, "list"), "name"));
	assert_null(metadata_string(NULL, "name"));
	assert_int_equal(metadata_labels(json_object_get(fixture->json, "list"),
					 &fixture->identity),
			 0);
	assert_false(metadata_has_namespace(json_object_get(fixture->json, "list"), "network"));
	assert_null(fixture->identity.labels);
}

static void times_of_go_are_understood(void **state)
{
	(void) state;
	assert_int_equal(metadata_time("1970-01-01T00:00:01Z"), 1000000000ULL);
	assert_int_equal(metadata_time("2026-11-23T18:41:52.943264303Z"), 1795459312943264303ULL);
	assert_int_equal(metadata_time("2026-11-23T18:41:52.9Z"), 1795459312900000000ULL);
	assert_int_equal(metadata_time("2026-11-23T20:41:52+02:00"), 1795459312000000000ULL);
	assert_int_equal(metadata_time("2026-11-23T13:11:52-05:30"), 1795459312000000000ULL);
	assert_int_equal(metadata_time("2026-11-23T18:41:52.12345678999999Z"),
			 1795459312123456789ULL);
}

static void what_is_no_time_is_unknown(void **state)
{
	static const char *const texts[] = {
		"",
		"yesterday",
		"0001-01-01T00:00:00Z",
		"1969-12-31T23:59:59Z",
		"9999-12-31T23:59:59Z",
		"2026-11-23T18:41:52",
		"2026-11-23T18:41:52.",
		"2026-11-23T18:41:52Zjunk",
		"2026-13-23T18:41:52Z",
		"2026-11-23",
		"99999999999999999999-01-01T00:00:00Z",
	};

	(void) state;
	assert_int_equal(metadata_time(NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(metadata_time(texts[i]), 0);
}

static void stamp_tells_versions_apart(void **state)
{
	struct fixture *fixture = *state;
	uint64_t first, second;

	assert_int_equal(metadata_stamp(fixture->host.root_fd, FILE_NAME), 0);
	host_write(&fixture->host, FILE_NAME, "{}");
	first = metadata_stamp(fixture->host.root_fd, FILE_NAME);
	assert_int_not_equal(first, 0);
	assert_int_equal(metadata_stamp(fixture->host.root_fd, FILE_NAME), first);
	host_write(&fixture->host, FILE_NAME, "{ }");
	second = metadata_stamp(fixture->host.root_fd, FILE_NAME);
	assert_int_not_equal(second, first);
}

static void only_what_may_change_is_read_again(void **state)
{
	(void) state;
	assert_true(metadata_is_final(0));
	assert_true(metadata_is_final(-EBADMSG));
	assert_true(metadata_is_final(-ELOOP));
	assert_false(metadata_is_final(-ENOENT));
	assert_false(metadata_is_final(-EAGAIN));
	assert_false(metadata_is_final(-EMFILE));
	assert_false(metadata_is_final(-ENOMEM));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(good_file_is_read),
		TEST(truncated_file_is_named_with_its_line),
		TEST(empty_file_is_no_json),
		TEST(missing_file_is_said),
		TEST(symbolic_link_is_not_followed),
		TEST(huge_file_is_not_read),
		TEST(fifo_does_not_block),
		TEST(deep_nesting_is_harmless),
		TEST(invalid_utf8_is_replaced),
		TEST(string_with_nul_is_absent),
		TEST(wrong_types_are_absent),
		cmocka_unit_test(times_of_go_are_understood),
		cmocka_unit_test(what_is_no_time_is_unknown),
		TEST(stamp_tells_versions_apart),
		cmocka_unit_test(only_what_may_change_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
