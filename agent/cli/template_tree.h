/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A parsed template: what template.c and expression.c make and template_run.c walks. */

#include <jansson.h>
#include <stddef.h>

#include "base/problem.h"
#include "cli/template.h"

#define TEMPLATE_DEPTH     32 /* blocks, or parentheses, in each other */
#define TEMPLATE_NAMES     16 /* of a path: .A.B.C */
#define TEMPLATE_ARGUMENTS 8

struct evaluation;

struct function {
	const char *name;
	unsigned fewest, most; /* arguments */
	const char *help;
	/* The arguments are borrowed; a new reference, or NULL after evaluation_fail. */
	json_t *(*call)(struct evaluation *evaluation, json_t *const *arguments, size_t count);
};

const struct function *function_find(const char *name, size_t length);

enum expression_kind {
	EXPRESSION_LITERAL,
	EXPRESSION_PATH, /* names below `base`, a variable, or "." */
	EXPRESSION_CALL,
	EXPRESSION_LABEL, /* .Label "k": arguments[0] */
};

struct expression {
	enum expression_kind kind;
	size_t at;                   /* in the source, from 0 */
	json_t *literal;             /* LITERAL; owned */
	char *variable;              /* PATH: "" is "$"; NULL: none; owned */
	struct expression *base;     /* PATH: what stood in parentheses; NULL: none; owned */
	char *names[TEMPLATE_NAMES]; /* owned */
	size_t names_count;
	const struct function *function;                  /* CALL */
	struct expression *arguments[TEMPLATE_ARGUMENTS]; /* owned */
	size_t arguments_count;
};

void expression_free(struct expression *expression);

enum node_kind { NODE_TEXT, NODE_PRINT, NODE_IF, NODE_WITH, NODE_RANGE };

struct node {
	enum node_kind kind;
	char *text; /* TEXT; owned */
	size_t length;
	struct expression *expression;
	char *key, *value; /* variables of RANGE; NULL: none; owned */
	struct node *body, *otherwise;
	struct node *next;
};

struct template
{
	struct node *first;
};

/* Where the parser is. */
struct reader {
	const char *source;
	size_t at;
	size_t end;   /* of the action that is read */
	size_t after; /* behind its "}}" */
	bool trim;    /* it takes blanks behind it away */
	unsigned depth;
	struct problem *problem;
};

/* "format, character N: SENTENCE". Returns -EINVAL. */
int reader_fail(struct reader *reader, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void reader_skip_blanks(struct reader *reader);

/* The next character; NUL at the end of the action. */
char reader_next(const struct reader *reader);
bool reader_at_name(const struct reader *reader); /* it may be part of a name */

/* Takes a word off, if it is the next one and ends there. */
bool reader_take_word(struct reader *reader, const char *word);

/* Takes a variable's name ("$x", without the dollar) off; NULL: there is none, or no memory. */
char *reader_take_variable(struct reader *reader);

/* A text in quotes, a number: new references. Return 0 or -EINVAL with a sentence. */
int literal_string(struct reader *reader, json_t **ret_literal);
int literal_number(struct reader *reader, json_t **ret_literal);

/* A pipeline up to the end of the action or to a closing parenthesis; both are left unread. */
int expression_parse(struct reader *reader, struct expression **ret_expression);
