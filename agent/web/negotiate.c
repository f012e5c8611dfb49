/* SPDX-License-Identifier: Apache-2.0 */

/* negotiate: header values against the table of what we can send. Pure functions. */

#include "web/negotiate.h"

#include <string.h>

#include "base/cleanup.h"
#include "exporters/exporter.h"
#include "web/header.h"

/* The first one is also what wildcards get, and who accepts nothing of this. OpenMetrics without
 * a version is taken for the only one we have; text 1.0.0 and OpenMetrics 0.0.1 are not offered:
 * a client that knows them knows one of these two as well. */
static const struct offer {
	const char *type;
	const char *range; /* the wildcard that covers it; NULL: only asked for by name */
	const char *version;
	const struct exporter *exporter;
} offers[] = {
	{ "text/plain", "text/*", "0.0.4", &exporter_prometheus },
	{ "application/openmetrics-text", NULL, "1.0.0", &exporter_openmetrics },
};

/* One element of Accept: "application/openmetrics-text;version=1.0.0;q=0.6". */
struct media_range {
	struct slice type;
	struct slice version; /* empty: not given */
	unsigned weight;      /* 0: refused, or not understood */
};

static struct media_range media_range_parse(struct slice element)
{
	struct media_range range = { .weight = WEIGHT_ONE };
	struct slice name, value;

	(void) piece_next(&element, ';', &range.type); /* an empty element has an empty type */
	while (parameter_next(&element, &name, &value)) {
		if (slice_is_nocase(name, "version"))
			range.version = value;
		else if (slice_is_nocase(name, "q") && weight_parse(value, &range.weight) < 0)
			range.weight = 0;
	}

	return range;
}

static bool offer_matches(const struct offer *offer, const struct media_range *range)
{
	if (offer->range &&
	    (slice_is_nocase(range->type, "*/*") || slice_is_nocase(range->type, offer->range)))
		return true;

	return slice_is_nocase(range->type, offer->type) &&
	       (range->version.length == 0 || slice_is_nocase(range->version, offer->version));
}

void accept_line(struct accept *accept, const char *value)
{
	struct slice rest = { value, strlen(value) }, element;

	while (piece_next(&rest, ',', &element)) {
		struct media_range range = media_range_parse(element);

		if (range.weight <= accept->weight)
			continue; /* ties go to the one that stands first */
		for (size_t i = 0; i < ARRAY_SIZE(offers); i++)
			if (offer_matches(&offers[i], &range))
				*accept = (struct accept){ offers[i].exporter, range.weight };
	}
}

const struct exporter *accept_exporter(const struct accept *accept)
{
	return accept->exporter ? accept->exporter : offers[0].exporter;
}

static void coding_set(struct accept_encoding *accept, struct slice name, unsigned weight)
{
	const struct {
		const char *name;
		struct coding_weight *coding;
	} codings[] = {
		{ "gzip", &accept->gzip },
		{ "x-gzip", &accept->gzip },
		{ "identity", &accept->identity },
		{ "*", &accept->any },
	};

	for (size_t i = 0; i < ARRAY_SIZE(codings); i++)
		if (slice_is_nocase(name, codings[i].name))
			*codings[i].coding = (struct coding_weight){ true, weight };
}

void accept_encoding_line(struct accept_encoding *accept, const char *value)
{
	struct slice rest = { value, strlen(value) }, element, coding, name, parameter;

	while (piece_next(&rest, ',', &element)) {
		unsigned weight = WEIGHT_ONE;

		if (!piece_next(&element, ';', &coding))
			continue;
		while (parameter_next(&element, &name, &parameter))
			if (slice_is_nocase(name, "q") && weight_parse(parameter, &weight) < 0)
				weight = 0;
		coding_set(accept, coding, weight);
	}
}

bool accept_encoding_gzip(const struct accept_encoding *accept)
{
	const struct coding_weight *gzip = accept->gzip.named ? &accept->gzip : &accept->any;

	if (!gzip->named || gzip->weight == 0)
		return false;

	return !accept->identity.named || gzip->weight >= accept->identity.weight;
}
