/* SPDX-License-Identifier: Apache-2.0 */

/* cli-pages DIRECTORY: writes man/plimsoll.1, man/plimsoll-COMMAND.1 for each command, and
 * completions/{bash,zsh,fish} below a directory that has both folders. */

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "packaging/man/pages.h"

static int failures;

static FILE *open_page(const char *directory, const char *name)
{
	char path[4096];
	FILE *file;

	(void) snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "we");
	if (!file) {
		perror(path);
		failures++;
	}
	return file;
}

static void close_page(FILE *file)
{
	if (ferror(file) | fclose(file)) {
		perror("cannot write");
		failures++;
	}
}

static void write_page(const char *directory, const struct command *command)
{
	char name[128];
	FILE *file;

	(void) snprintf(name, sizeof(name), "man/plimsoll%s%s.1", command ? "-" : "",
			command ? command->name : "");
	file = open_page(directory, name);
	if (!file)
		return;
	man_write(file, command);
	close_page(file);
}

static void write_completion(const char *directory, const char *shell, void (*write)(FILE *file))
{
	char name[64];
	FILE *file;

	(void) snprintf(name, sizeof(name), "completions/%s", shell);
	file = open_page(directory, name);
	if (!file)
		return;
	write(file);
	close_page(file);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: cli-pages DIRECTORY\n", stderr);
		return 2;
	}
	write_page(argv[1], NULL);
	for (size_t i = 0; commands[i]; i++)
		write_page(argv[1], commands[i]);
	write_completion(argv[1], "plimsoll.bash", bash_write);
	write_completion(argv[1], "_plimsoll", zsh_write);
	write_completion(argv[1], "plimsoll.fish", fish_write);

	return failures > 0;
}
