/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Other people's parsers, where they are installed. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECKER_BYTES 4096

/* Feeds the text to a shell command and gives what it printed. Returns false, and says so, when
 * the command `probe` fails: then what `name` calls is not installed. */
static inline bool checker_run(const char *name, const char *probe, const char *command,
			       const char *text, char ret_output[CHECKER_BYTES])
{
	char line[1024], path[] = "/tmp/plimsoll-checker-XXXXXX";
	int fd;
	FILE *output;
	size_t length;

	snprintf(line, sizeof(line), "%s >/dev/null 2>&1", probe);
	if (system(line) != 0) {
		print_message("%s is not installed\n", name);
		return false;
	}

	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	snprintf(line, sizeof(line), "%s <%s 2>&1", command, path);
	output = popen(line, "r");
	assert_non_null(output);
	length = fread(ret_output, 1, CHECKER_BYTES - 1, output);
	ret_output[length] = '\0';
	pclose(output);
	unlink(path);
	return true;
}
