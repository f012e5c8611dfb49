/* SPDX-License-Identifier: Apache-2.0 */

#include "web/negotiate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "exporters/exporter.h"

#define OPENMETRICS "application/openmetrics-text"
#define PROTOBUF \
	"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;" \
	"encoding=delimited"

struct accept_case {
	const char *accept;
	const struct exporter *expected;
};

static void assert_formats(const struct accept_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct accept accept = { 0 };

		accept_line(&accept, cases[i].accept);
		if (accept_exporter(&accept) != cases[i].expected)
			fail_msg("'%s' gave %s", cases[i].accept, accept_exporter(&accept)->name);
	}
}

static void without_accept_text_is_sent(void **state)
{
	struct accept accept = { 0 };

	(void) state;
	assert_ptr_equal(accept_exporter(&accept), &exporter_prometheus);
}

static void scrapers_get_what_they_prefer(void **state)
{
	static const struct accept_case cases[] = {
		/* Prometheus 3 as it comes, */
		{ OPENMETRICS ";version=1.0.0;escaping=allow-utf-8;q=0.6," OPENMETRICS
			      ";version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;"
			      "q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
		  &exporter_openmetrics },
		/* with native histograms, */
		{ PROTOBUF ";q=0.7," OPENMETRICS
			   ";version=1.0.0;escaping=allow-utf-8;q=0.6," OPENMETRICS
			   ";version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,text/plain;"
			   "version=0.0.4;q=0.3,*/*;q=0.2",
		  &exporter_openmetrics },
		/* told to take text only, */
		{ "text/plain;version=0.0.4;q=0.6,*/*;q=0.5", &exporter_prometheus },
		/* and Prometheus 2. */
		{ OPENMETRICS ";version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		  &exporter_openmetrics },
		{ PROTOBUF ",text/plain;version=0.0.4;q=0.3,*/*;q=0.1", &exporter_prometheus },
		/* Browsers. */
		{ "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
		  &exporter_prometheus },
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void the_highest_weight_wins(void **state)
{
	static const struct accept_case cases[] = {
		{ "text/plain;q=0.1," OPENMETRICS ";version=1.0.0;q=0.9", &exporter_openmetrics },
		{ OPENMETRICS ";version=1.0.0;q=0.1,text/plain;q=0.9", &exporter_prometheus },
		{ OPENMETRICS ";version=1.0.0;q=0.001,text/plain;q=0", &exporter_openmetrics },
		{ "*/*;q=0.5," OPENMETRICS ";version=1.0.0;q=0.4", &exporter_prometheus },
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void equal_weights_go_to_the_first(void **state)
{
	static const struct accept_case cases[] = {
		{ "text/plain," OPENMETRICS ";version=1.0.0", &exporter_prometheus },
		{ OPENMETRICS ";version=1.0.0,text/plain", &exporter_openmetrics },
		{ OPENMETRICS ";version=1.0.0;q=0.5,*/*;q=0.5", &exporter_openmetrics },
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void weight_zero_refuses(void **state)
{
	static const struct accept_case cases[] = {
		{ OPENMETRICS ";version=1.0.0;q=0", &exporter_prometheus },
		{ OPENMETRICS ";version=1.0.0;q=0.000,text/plain;q=0.1", &exporter_prometheus },
		{ "text/plain;q=0,*/*;q=0", &exporter_prometheus }, /* never 406 */
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void wildcards_mean_text(void **state)
{
	static const struct accept_case cases[] = {
		{ "*/*", &exporter_prometheus },
		{ "text/*", &exporter_prometheus },
		{ "text/*;q=0.9," OPENMETRICS ";version=1.0.0;q=0.8", &exporter_prometheus },
		{ "application/*;q=0.9," OPENMETRICS ";version=1.0.0;q=0.1",
		  &exporter_openmetrics },
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void unknown_types_and_versions_do_not_match(void **state)
{
	static const struct accept_case cases[] = {
		{ "application/json", &exporter_prometheus },
		{ "application/json,text/html;q=0.9", &exporter_prometheus },
		{ PROTOBUF, &exporter_prometheus },
		{ OPENMETRICS ";version=2.0.0", &exporter_prometheus },
		{ OPENMETRICS ";version=0.0.1", &exporter_prometheus },
		{ "text/plain;version=1.0.0;q=0.9," OPENMETRICS ";version=1.0.0;q=0.1",
		  &exporter_openmetrics },
		{ OPENMETRICS ";version=2.0.0;q=0.9," OPENMETRICS ";version=1.0.0;q=0.1",
		  &exporter_openmetrics },
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void spelling_is_free_where_the_standard_says_so(void **state)
{
	static const struct accept_case cases[] = {
		{ "Application/OpenMetrics-Text; Version=1.0.0; Q=0.5", &exporter_openmetrics },
		{ "  " OPENMETRICS "\t;  version=\"1.0.0\"  ", &exporter_openmetrics },
		{ OPENMETRICS ";version=1.0.0;charset=utf-8;escaping=underscores",
		  &exporter_openmetrics },
		{ OPENMETRICS, &exporter_openmetrics }, /* any version */
		{ ",, ," OPENMETRICS ";version=1.0.0,", &exporter_openmetrics },
		{ "x/y;p=\"," OPENMETRICS ",\"", &exporter_prometheus },
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void nonsense_gives_text(void **state)
{
	static const struct accept_case cases[] = {
		{ "", &exporter_prometheus },
		{ ";;;=,,,;q", &exporter_prometheus },
		{ "/", &exporter_prometheus },
		{ OPENMETRICS ";version=1.0.0;q=high", &exporter_prometheus },
		{ OPENMETRICS ";version=1.0.0;q=1.5", &exporter_prometheus },
		{ OPENMETRICS ";version=1.0.0;q=-1", &exporter_prometheus },
		{ OPENMETRICS ";version=\"1.0.0", &exporter_prometheus },
	};

	(void) state;
	assert_formats(cases, ARRAY_SIZE(cases));
}

static void several_lines_are_one_list(void **state)
{
	struct accept accept = { 0 };

	(void) state;
	accept_line(&accept, "text/plain;q=0.5");
	accept_line(&accept, OPENMETRICS ";version=1.0.0;q=0.6");
	accept_line(&accept, "text/plain;version=0.0.4;q=0.6");
	assert_ptr_equal(accept_exporter(&accept), &exporter_openmetrics);
}

static void gzip_is_used_when_it_is_offered(void **state)
{
	static const struct {
		const char *value;
		bool gzip;
	} cases[] = {
		{ "gzip", true },
		{ "identity", false },
		{ "", false },
		{ "GZip", true },
		{ "x-gzip", true },
		{ "deflate, gzip;q=1.0, *;q=0.5", true },
		{ "gzip, deflate, br, zstd", true },
		{ "br, zstd", false },
		{ "gzip;q=0", false },
		{ "gzip;q=0.000, identity", false },
		{ "gzip;q=0, *", false },
		{ "*", true },
		{ "*;q=0", false },
		{ "identity;q=0, *", true },
		{ "identity;q=1, gzip;q=0.5", false },
		{ "identity;q=0.5, gzip;q=0.5", true },
		{ "identity;q=0, gzip;q=0.1", true },
		{ "gzip;q=nonsense", false },
		{ "gzipped, agzip", false },
		{ " , ;, gzip ;q=0.8", true },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct accept_encoding accept = { 0 };

		accept_encoding_line(&accept, cases[i].value);
		if (accept_encoding_gzip(&accept) != cases[i].gzip)
			fail_msg("'%s'", cases[i].value);
	}
}

static void without_accept_encoding_nothing_is_compressed(void **state)
{
	struct accept_encoding accept = { 0 };

	(void) state;
	assert_false(accept_encoding_gzip(&accept));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_accept_text_is_sent),
		cmocka_unit_test(scrapers_get_what_they_prefer),
		cmocka_unit_test(the_highest_weight_wins),
		cmocka_unit_test(equal_weights_go_to_the_first),
		cmocka_unit_test(weight_zero_refuses),
		cmocka_unit_test(wildcards_mean_text),
		cmocka_unit_test(unknown_types_and_versions_do_not_match),
		cmocka_unit_test(spelling_is_free_where_the_standard_says_so),
		cmocka_unit_test(nonsense_gives_text),
		cmocka_unit_test(several_lines_are_one_list),
		cmocka_unit_test(gzip_is_used_when_it_is_offered),
		cmocka_unit_test(without_accept_encoding_nothing_is_compressed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
