/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whether a request was meant for this agent.
 *
 * A web site that a user of this host visits may let its own name point to 127.0.0.1 (DNS
 * rebinding) and read our answers as its own; the browser then sends that name as Host. So a Host
 * that is a name has to be known: "localhost", or one given by --host. An address is always fine,
 * since only names can be rebound. */

#include <stdbool.h>

/* `names` ends with NULL; compared without regard to case and to a final dot. `host` may have a
 * port. NULL (HTTP/1.0 clients; no browser) is fine. */
bool host_is_ours(const char *host, const char *const *names);

/* The part of Host before ":port", an IPv6 address in its brackets: copied into ret_name. Returns
 * false when `host` is NULL or no host at all. */
#define HOST_BYTES 256 /* a DNS name has at most 253 characters */
bool host_name(const char *host, char ret_name[HOST_BYTES]);

/* Whether the page that asks, "scheme://host[:port]", comes from this same host and port. NULL is
 * fine: not asked for by another site's page. */
bool origin_is_ours(const char *origin, const char *host);
