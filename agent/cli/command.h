/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The commands as a table: what parses a command line, writes --help, the manual pages and the
 * completions of shells is all made from these rows (help.c, packaging/man, packaging/completions).
 * A new command is a file with one `struct command` and a line in commands.c. */

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct session;
struct arguments;

struct flag {
	const char *name;  /* long, without dashes */
	char letter;       /* 0: none */
	const char *value; /* what --help calls it; NULL: takes none */
	const char *help;
	const char *words; /* values that shells may offer, separated by blanks; NULL: none */
};

enum operands {
	OPERANDS_NONE,
	OPERANDS_CONTAINERS, /* names or ids; shells offer those of `plimsoll ps -a` */
	OPERANDS_WORDS,      /* one of `words` */
};

struct example {
	const char *line; /* without "plimsoll " */
	const char *what;
};

struct command {
	const char *name;
	const char *alias;   /* NULL: none */
	const char *summary; /* half a sentence, in lower case */
	const char *usage;   /* operands as --help shows them; NULL: none */
	enum operands operands;
	const char *words;              /* OPERANDS_WORDS, separated by blanks */
	unsigned fewest, most;          /* operands */
	const struct flag *flags;       /* the end has no name; NULL: none but the general ones */
	const struct example *examples; /* the end has no line */

	/* Appends paragraphs, each ended by a line feed: what flags and columns mean. NULL: none.
	 */
	const char *notes;

	/* "Placeholders of --format": name and help by index, NULL at the end. NULL: has none. */
	bool (*placeholder)(size_t index, const char **ret_name, const char **ret_help);

	/* Returns an exit code; whatever is wrong was said. */
	int (*run)(struct session *session, const struct arguments *arguments);
};

/* Every command, NULL at the end; and the flags that all of them take. */
extern const struct command *const commands[];
extern const struct flag general_flags[];

#define ARGUMENTS_FLAGS 64

/* A parsed command line; all borrowed from argv. */
struct arguments {
	const struct command *command; /* NULL: none was given */
	struct {
		const struct flag *flag;
		const char *value; /* NULL: takes none */
	} given[ARGUMENTS_FLAGS];  /* in the order of the command line */
	size_t given_count;
	char *const *operands;
	size_t operand_count;
};

/* Takes a command line apart. Returns 0, or -EINVAL with a sentence: an unknown command or flag
 * (and the nearest known one), a value that is missing or too much, too many flags. Whether the
 * number of operands fits is asked by arguments_check, since --help goes with any. */
int arguments_parse(int argc, char **argv, struct arguments *ret_arguments,
		    struct problem *ret_problem);
int arguments_check(const struct arguments *arguments, struct problem *ret_problem);

bool arguments_have(const struct arguments *arguments, const char *flag);

/* The last value given for a flag; NULL: none. */
const char *arguments_value(const struct arguments *arguments, const char *flag);

/* By name or alias; NULL: none. */
const struct command *command_find(const char *word);

/* "; did you mean 'PREFIXx'?" for the nearest of words that end with NULL, or "". Static. */
const char *suggestion(const char *word, const char *const *known, const char *prefix);
