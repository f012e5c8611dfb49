/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which of our formats a client gets, by its Accept and Accept-Encoding headers.
 *
 *	struct accept accept = { 0 };
 *
 *	accept_line(&accept, "text/plain;version=0.0.4;q=0.3, ...");	(for each such header line)
 *	exporter = accept_exporter(&accept);
 *
 * A client that accepts nothing we have gets text format 0.0.4, never an error: Prometheus can
 * always read it. Sources: RFC 9110 section 12.5; Prometheus, "Scrape protocol content
 * negotiation". */

#include <stdbool.h>

struct exporter;

struct accept {
	const struct exporter *exporter; /* best so far; NULL: nothing matched yet */
	unsigned weight;
};

void accept_line(struct accept *accept, const char *value);
const struct exporter *accept_exporter(const struct accept *accept);

struct coding_weight {
	bool named;
	unsigned weight; /* thousandths */
};

struct accept_encoding {
	struct coding_weight gzip, identity, any;
};

void accept_encoding_line(struct accept_encoding *accept, const char *value);

/* Whether to answer with gzip: it was offered, and is not liked less than identity. */
bool accept_encoding_gzip(const struct accept_encoding *accept);
