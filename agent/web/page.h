/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The web page: the files of dashboards/web/, which the build turns into arrays
 * (dashboards/embed.cmake). */

#include <stddef.h>

struct page_file {
	const char *path; /* in URLs: "/" for index.html, "/app.js", ... */
	const char *content_type;
	const char *etag; /* quoted; changes with the content */
	const unsigned char *bytes;
	size_t length;
};

/* Ends with a NULL path. */
extern const struct page_file page_files[];
