/* SPDX-License-Identifier: Apache-2.0 */

/* config_walk: one pass over the events of a YAML text, along the schema.
 *
 * libcyaml loads by schema, but says what is wrong only through its log: in words that differ
 * between its versions, with the line of the mapping around an unknown key, and without notice of
 * a key that is there twice. So every shape is checked here first, where libyaml gives each event
 * with its line; libcyaml is then left with texts that it can load.
 *
 * The walk is also the bound on hostile texts: it stops at the first event that does not fit, so
 * nesting is at most as deep as settings.def, and aliases are refused before anything is expanded.
 *
 * Source: YAML 1.1, libyaml's yaml.h (yaml_parser_parse). */

#include "config_walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "config_kind.h"
#include "config_problem.h"
#include "base/nearest.h"

struct walk {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one, owned */
	const char *text;
	struct schema *schema;
	struct problem *problem;
};

static unsigned event_line(const struct walk *walk)
{
	return (unsigned) walk->event.start_mark.line + 1;
}

/* A byte that is no character has no mark yet, only an offset. */
static unsigned error_line(const struct walk *walk)
{
	unsigned line = 1;

	if (walk->parser.error != YAML_READER_ERROR)
		return (unsigned) walk->parser.problem_mark.line + 1;

	for (size_t i = 0; i < walk->parser.problem_offset; i++)
		line += walk->text[i] == '\n';
	return line;
}

static int not_yaml(struct walk *walk)
{
	const yaml_parser_t *parser = &walk->parser;
	char context[96] = "";

	if (parser->context)
		(void) snprintf(context, sizeof(context), " %s (from line %zu)", parser->context,
				parser->context_mark.line + 1);

	return problem_set(walk->problem, error_line(walk), "this is not YAML: %s%s",
			   parser->problem ? parser->problem : "it cannot be read", context);
}

static int walk_next(struct walk *walk)
{
	yaml_event_delete(&walk->event);
	if (!yaml_parser_parse(&walk->parser, &walk->event))
		return walk->parser.error == YAML_MEMORY_ERROR ? -ENOMEM : not_yaml(walk);
	if (walk->event.type == YAML_ALIAS_EVENT)
		return problem_set(walk->problem, event_line(walk),
				   "aliases ('*name') are not allowed here; repeat the value");

	return 0;
}

/* The text of a scalar goes on as a C string, which would end at a NUL byte ("\0" in quotes). */
static int scalar_check(struct walk *walk)
{
	if (memchr(walk->event.data.scalar.value, '\0', walk->event.data.scalar.length))
		return problem_set(walk->problem, event_line(walk),
				   "there is a NUL character here");
	return 0;
}

static const char *scalar_text(const struct walk *walk)
{
	return (const char *) walk->event.data.scalar.value;
}

/* What YAML calls null. Without quotes and tag only: "" and !!str are texts. */
static bool is_null(const yaml_event_t *event)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	if (event->type != YAML_SCALAR_EVENT || event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp((const char *) event->data.scalar.value, words[i]) == 0)
			return true;

	return false;
}

/* " below 'web'"; nothing for the outermost mapping. */
#define PLACE_BYTES (SCHEMA_PATH_BYTES + 16)
static const char *below(const struct schema_group *group, char buffer[PLACE_BYTES])
{
	(void) snprintf(buffer, PLACE_BYTES, group->path[0] ? " below '%s'" : "%s", group->path);
	return buffer;
}

/* Suggests a neighbour in the same mapping; else the mapping where such a key belongs. */
static int unknown_key(struct walk *walk, const struct schema_group *group)
{
	const char *name = scalar_text(walk), *dot = strrchr(name, '.');
	struct nearest here = { .word = name }, there = { .word = dot ? dot + 1 : name };
	char shown[QUOTED_BYTES], place[PLACE_BYTES], home_place[PLACE_BYTES];
	const struct schema_group *home;

	for (size_t i = 0; i < group->count; i++)
		nearest_try(&here, group->keys[i].name);
	home = schema_group_with(walk->schema, &there);

	quoted(name, shown);
	below(group, place);
	if (here.match)
		return problem_set(walk->problem, event_line(walk),
				   "unknown key '%s'%s; did you mean '%s'?", shown, place,
				   here.match);
	if (home)
		return problem_set(walk->problem, event_line(walk),
				   "unknown key '%s'%s; did you mean '%s'%s?", shown, place,
				   there.match,
				   home->path[0] ? below(home, home_place) : " at the left margin");
	return problem_set(walk->problem, event_line(walk), "unknown key '%s'%s", shown, place);
}

/* The bound on items belongs here: libcyaml copies a list for each item that it adds. */
static int walk_item(struct walk *walk, const struct setting *setting, size_t number)
{
	if (walk->event.type != YAML_SCALAR_EVENT || is_null(&walk->event))
		return problem_set(walk->problem, event_line(walk),
				   "each item of '%s' has to be %s", setting->key,
				   kinds[setting->type].expects);
	if (number > setting->max)
		return problem_set(walk->problem, event_line(walk),
				   "'%s' may have %llu items at most", setting->key,
				   (unsigned long long) setting->max);

	return scalar_check(walk);
}

static int walk_list(struct walk *walk, const struct setting *setting)
{
	size_t number = 0;
	int r;

	if (walk->event.type != YAML_SEQUENCE_START_EVENT)
		return problem_set(walk->problem, event_line(walk),
				   "'%s' has to be a list: [a, b], or lines that begin with '- '; "
				   "[] is the empty list",
				   setting->key);

	while ((r = walk_next(walk)) == 0 && walk->event.type != YAML_SEQUENCE_END_EVENT) {
		r = walk_item(walk, setting, ++number);
		if (r < 0)
			break;
	}

	return r;
}

static int walk_scalar(struct walk *walk, const struct setting *setting)
{
	if (is_null(&walk->event))
		return problem_set(walk->problem, event_line(walk), "'%s' has no value",
				   setting->key);
	if (walk->event.type != YAML_SCALAR_EVENT)
		return problem_set(walk->problem, event_line(walk), "'%s' has to be %s, not a %s",
				   setting->key, kinds[setting->type].expects,
				   walk->event.type == YAML_SEQUENCE_START_EVENT ? "list"
										 : "mapping");
	return scalar_check(walk);
}

static int walk_group(struct walk *walk, struct schema_group *group);

static struct schema_key *key_named(struct schema_group *group, const char *name)
{
	for (size_t i = 0; i < group->count; i++)
		if (strcmp(group->keys[i].name, name) == 0)
			return &group->keys[i];

	return NULL;
}

/* The current event is a key; afterwards it is the end of the key's value. */
static int walk_key(struct walk *walk, struct schema_group *group)
{
	struct schema_key *key;
	int r;

	if (walk->event.type != YAML_SCALAR_EVENT)
		return problem_set(walk->problem, event_line(walk),
				   "a key has to be a word, not a list or a mapping");
	r = scalar_check(walk);
	if (r < 0)
		return r;
	key = key_named(group, scalar_text(walk));
	if (!key)
		return unknown_key(walk, group);
	if (key->line > 0)
		return problem_set(walk->problem, event_line(walk),
				   "'%s' is there twice, first in line %u", key->name, key->line);

	key->line = event_line(walk);
	r = walk_next(walk);
	if (r < 0)
		return r;
	return key->group                      ? walk_group(walk, key->group)
	       : setting_is_list(key->setting) ? walk_list(walk, key->setting)
					       : walk_scalar(walk, key->setting);
}

/* The current event begins the mapping; afterwards it is the mapping's end. Comes back to itself
 * as often as the schema is deep. */
static int walk_group(struct walk *walk, struct schema_group *group)
{
	char place[PLACE_BYTES];
	int r;

	if (is_null(&walk->event))
		return 0;
	if (walk->event.type != YAML_MAPPING_START_EVENT)
		return problem_set(walk->problem, event_line(walk),
				   "settings like 'key: value' are expected here%s",
				   below(group, place));

	while ((r = walk_next(walk)) == 0 && walk->event.type != YAML_MAPPING_END_EVENT) {
		r = walk_key(walk, group);
		if (r < 0)
			break;
	}

	return r;
}

/* The current event begins the stream; afterwards it is its end. */
static int walk_stream(struct walk *walk, bool *ret_empty)
{
	bool empty = true;
	int r;

	r = walk_next(walk);
	if (r == 0 && walk->event.type == YAML_DOCUMENT_START_EVENT) {
		r = walk_next(walk);
		if (r < 0)
			return r;
		empty = is_null(&walk->event);
		r = walk_group(walk, &walk->schema->groups[0]);
		if (r == 0)
			r = walk_next(walk); /* the document's end */
		if (r == 0)
			r = walk_next(walk);
	}
	if (r == 0 && walk->event.type != YAML_STREAM_END_EVENT)
		r = problem_set(walk->problem, event_line(walk),
				"a second YAML document begins here; one file has one");
	if (r == 0)
		*ret_empty = empty;

	return r;
}

int config_walk(const char *text, size_t length, struct schema *schema, bool *ret_empty,
		struct problem *ret_problem)
{
	struct walk walk = { .text = text, .schema = schema, .problem = ret_problem };
	int r;

	if (!yaml_parser_initialize(&walk.parser))
		return -ENOMEM;
	yaml_parser_set_input_string(&walk.parser, (const unsigned char *) text, length);

	r = walk_next(&walk); /* the stream's start */
	if (r == 0)
		r = walk_stream(&walk, ret_empty);

	yaml_event_delete(&walk.event);
	yaml_parser_delete(&walk.parser);
	return r;
}
