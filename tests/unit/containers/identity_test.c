/* SPDX-License-Identifier: Apache-2.0 */

/* identity: strings from outside become valid and bounded. */

#include "host.h"

static void text_is_valid_utf8_and_cut(void **state)
{
	char longest[2 * IDENTITY_TEXT_BYTES];
	char *field = NULL;

	(void) state;
	assert_int_equal(identity_set(&field, "a\xff\"\n\\b", 6), 0);
	assert_string_equal(field, "a\xef\xbf\xbd\"\n\\b");

	memset(longest, 'x', sizeof(longest));
	assert_int_equal(identity_set(&field, longest, sizeof(longest)), 0);
	assert_int_equal(strlen(field), IDENTITY_TEXT_BYTES);
	free(field);
}

static void label_of_64_kib_is_cut(void **state)
{
	struct identity identity = { 0 };
	char *value = malloc(65536);

	(void) state;
	assert_non_null(value);
	memset(value, 'v', 65535);
	value[65535] = '\0';
	assert_int_equal(identity_label(&identity, "key", value), 0);
	assert_int_equal(strlen(identity_find_label(&identity, "key")), IDENTITY_LABEL_BYTES);
	assert_int_equal(identity.labels_length, 4 + IDENTITY_LABEL_BYTES + 1 + 1);
	free(value);
	identity_fini(&identity);
}

static void label_with_a_huge_key_is_left_out(void **state)
{
	struct identity identity = { 0 };
	char key[200];

	(void) state;
	memset(key, 'k', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	assert_int_equal(identity_label(&identity, key, "v"), 0);
	assert_null(identity.labels);
	key[128] = '\0';
	assert_int_equal(identity_label(&identity, key, "v"), 0);
	assert_string_equal(identity_find_label(&identity, key), "v");
	identity_fini(&identity);
}

static void empty_key_does_not_end_the_list(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(identity_label(&identity, "a", ""), 0);
	assert_int_equal(identity_label(&identity, "", "hidden"), 0);
	assert_int_equal(identity_label(&identity, "b", "2"), 0);
	assert_memory_equal(identity.labels, "a\0\0b\0002\0\0", 8);
	assert_int_equal(identity.labels_length, 8);
	identity_fini(&identity);
}

static void key_stands_once(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(identity_label(&identity, "a", "1"), 0);
	assert_int_equal(identity_label(&identity, "a", "2"), 0);
	assert_memory_equal(identity.labels, "a\0001\0\0", 5);
	assert_int_equal(identity.labels_length, 5);
	identity_fini(&identity);
}

static void labels_together_are_bounded(void **state)
{
	struct identity identity = { 0 };
	char key[16];

	(void) state;
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "key%u", i);
		assert_int_equal(identity_label(&identity, key, "0123456789"), 0);
	}
	assert_in_range(identity.labels_length, IDENTITY_LABELS_BYTES - 40, IDENTITY_LABELS_BYTES);
	assert_string_equal(identity_find_label(&identity, "key0"), "0123456789");
	assert_null(identity_find_label(&identity, "key4999"));
	identity_fini(&identity);
}

static void first_reason_stays(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	identity_explain(&identity, "%s: %d", "first", 1);
	identity_explain(&identity, "second");
	assert_string_equal(identity.detail, "first: 1");
	identity_fini(&identity);
	assert_null(identity.detail);
}

static void equality_sees_every_field(void **state)
{
	static char name[] = "web", other[] = "db", labels_a[] = "a\0001\0",
		    labels_b[] = "a\0002\0";
	struct identity a = { .name = name, .labels = labels_a, .labels_length = 5 }, b = a;

	(void) state;
	assert_true(identity_equal(&a, &b));
	b.labels = labels_b;
	assert_false(identity_equal(&a, &b));

#define DIFFERS(field, value) \
	b = a; \
	b.field = value; \
	assert_false(identity_equal(&a, &b))
	DIFFERS(name, other);
	DIFFERS(name, NULL);
	DIFFERS(image, other);
	DIFFERS(image_id, other);
	DIFFERS(pod, other);
	DIFFERS(detail, other);
	DIFFERS(labels_length, 0);
	DIFFERS(created_ns, 1);
	DIFFERS(started_ns, 1);
	DIFFERS(host_network, true);
#undef DIFFERS
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_valid_utf8_and_cut),
		cmocka_unit_test(label_of_64_kib_is_cut),
		cmocka_unit_test(label_with_a_huge_key_is_left_out),
		cmocka_unit_test(empty_key_does_not_end_the_list),
		cmocka_unit_test(key_stands_once),
		cmocka_unit_test(labels_together_are_bounded),
		cmocka_unit_test(first_reason_stays),
		cmocka_unit_test(equality_sees_every_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
