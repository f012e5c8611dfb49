/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* --format '{{...}}': the part of Go's template language that people use with docker.
 *
 *	{{.Name}} {{.A.B}} {{.}} {{$}}           fields, the value itself, the outermost value
 *	{{json .}} {{index .M "k"}} {{.X | upper}}  functions and pipes, see template_functions
 *	{{.Label "k"}}                           a label of the container
 *	{{if .X}} {{else if .Y}} {{else}} {{end}}   empty, 0, false and absent are no
 *	{{with .X}} {{else}} {{end}}             the same, and "." is .X inside
 *	{{range .L}} {{range $k, $v := .M}}      items of a list or an object, else {{else}}
 *	{{- x -}}  {{/ * comment * /}}           blanks beside it are dropped
 *	\t \n                                    in the text, as docker has them
 *
 * Nesting, output and the number of steps are bounded. Source: the documentation of Go's
 * text/template, and docker's "Format command and log output". */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct text;
struct template;

/* Returns 0, -ENOMEM, or -EINVAL with a sentence that names the place, as characters from 1. */
int template_parse(const char *source, struct template **ret_template, struct problem *ret_problem);
void template_free(struct template *template);

/* What a template is run over; borrowed. */
struct template_scope {
	json_t *dot;
	json_t *labels;     /* of {{.Label "k"}}; NULL: there are none */
	const char *absent; /* what null prints as; NULL: "<no value>" */
	bool strict;        /* printing a field that is not there is an error, not null */
};

/* Appends what comes out; values are visible text (escape.h). Returns 0, or -EINVAL with a
 * sentence; what was appended before that is worthless. */
int template_run(const struct template *template, const struct template_scope *scope,
		 struct text *ret_text, struct problem *ret_problem);

/* Whether every field that is read from the outermost value is known, as `knows` tells. Returns 0
 * or -EINVAL with a sentence that begins with the field's name; *ret_field is borrowed. */
int template_check(const struct template *template, bool (*knows)(const char *field),
		   const char **ret_field);

/* The head of a table: the same template over titles. It is not asked for lists and conditions,
 * only plain fields become their titles. */
void template_titles(const struct template *template, const char *(*title)(const char *field),
		     struct text *ret_text);

/* Names and what they do, NULL at the end; for help. */
bool template_function(size_t index, const char **ret_name, const char **ret_help);
