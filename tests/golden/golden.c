/* SPDX-License-Identifier: Apache-2.0 */

/* golden HOST FORMAT: samples a recorded host once and prints what an exporter makes of it.
 *
 * The clock stands still, so that every byte depends on the recorded files only. Containers get
 * their places in the order in which the directory lists them, which differs from one checkout to
 * the next: samples are therefore sorted within their family. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "census.h"
#include "exporters/exporter.h"
#include "model/snapshot.h"

#define RECORDED_NS 1795460000123456789ULL /* a moment after all recorded ones */
#define BOOTTIME_NS (3600 * NSEC_PER_SEC)
#define LINES_MAX   20000
#define DESCRIPTORS "1000" /* the budget must not depend on the machine */

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

static void print_sorted(char *text)
{
	static char *family[LINES_MAX];
	size_t count = 0;

	for (char *line = strtok(text, "\n");; line = strtok(NULL, "\n")) {
		if (line && line[0] != '#' && count < LINES_MAX) {
			family[count++] = line;
			continue;
		}
		qsort(family, count, sizeof(family[0]), compare_lines);
		for (size_t i = 0; i < count; i++)
			puts(family[i]);
		count = 0;
		if (!line)
			return;
		puts(line);
	}
}

static const struct exporter *find_exporter(const char *name)
{
	for (size_t i = 0; exporters[i]; i++)
		if (strcmp(exporters[i]->name, name) == 0)
			return exporters[i];

	return NULL;
}

static int sample_once(int root_fd, const struct config *config, struct snapshot **ret_snapshot)
{
	struct census census;
	int r;

	r = census_open(root_fd, config, &census);
	if (r < 0)
		return log_error(r, "cannot open the recorded host");
	census_rescan(&census);
	census_round(&census, BOOTTIME_NS, RECORDED_NS);

	*ret_snapshot = calloc(1, draft_bytes(census.draft));
	if (*ret_snapshot)
		(void) draft_write(census.draft, *ret_snapshot); /* its length is known */
	census_close(&census);
	return *ret_snapshot ? 0 : -ENOMEM;
}

int main(int argc, char **argv)
{
	CLEANUP(free_p) struct snapshot *snapshot = NULL;
	CLEANUP(close_p) int root_fd = -1;
	CLEANUP(config_fini) struct config config = { 0 };
	CLEANUP(text_fini) struct text text = { 0 };
	const struct exporter *exporter = argc == 3 ? find_exporter(argv[2]) : NULL;
	struct problem problem;

	if (!exporter) {
		fprintf(stderr, "golden HOST prometheus|openmetrics\n");
		return 2;
	}
	log_init(LOG_LEVEL_WARNING);
	root_fd = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
	clock_freeze(BOOTTIME_NS, RECORDED_NS);
	if (root_fd < 0 || config_defaults(&config) < 0 ||
	    config_parse("limits: {descriptors: " DESCRIPTORS "}\n",
			 strlen("limits: {descriptors: " DESCRIPTORS "}\n"), &config, &problem) < 0)
		return 1;
	if (sample_once(root_fd, &config, &snapshot) < 0)
		return 1;

	if (exporter->write(&(struct export){ .now = snapshot, .full = true }, &text) < 0 ||
	    text.overflowed)
		return 1;
	text_add(&text, "", 1);
	if (text.overflowed)
		return 1;
	print_sorted(text.bytes);
	return 0;
}
