/* SPDX-License-Identifier: Apache-2.0 */

/* event_table: types and health are stored as words, so that a later order of the enums, or an
 * older program, reads them right; what it does not know it leaves out. */

#include "store/event_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/database.h"

/* Of the query's rows; and but for the number, those of the insert's parameters, from 1. */
enum column {
	COLUMN_NUMBER,
	COLUMN_TIME,
	COLUMN_TYPE,
	COLUMN_INSTANCE,
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_IMAGE,
	COLUMN_RUNTIME,
	COLUMN_CPU_USAGE,
	COLUMN_EXIT_CODE,
	COLUMN_DURATION,
	COLUMN_HEALTH,
	COLUMN_LABELS,
};

/* SQLite's integers are signed: the few unsigned numbers above that come back as they were. */
static void bind_u64(sqlite3_stmt *statement, int index, uint64_t value)
{
	(void) sqlite3_bind_int64(statement, index, (sqlite3_int64) value); /* index is ours */
}

/* The text stays where it is until the statement is reset. Without memory it is NULL, and the
 * table refuses that. */
static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	(void) sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static int add_one(struct database *database, const struct stored_event *stored)
{
	sqlite3_stmt *add = database->statements[STATEMENT_ADD];
	const struct event *event = &stored->event;

	(void) sqlite3_clear_bindings(add); /* exit_code is NULL unless it is bound */
	bind_u64(add, COLUMN_TIME, event->realtime_ns);
	bind_text(add, COLUMN_TYPE, event_type_name(event->type));
	bind_u64(add, COLUMN_INSTANCE, event->instance);
	bind_text(add, COLUMN_ID, event->id);
	bind_text(add, COLUMN_NAME, event->name);
	bind_text(add, COLUMN_IMAGE, event->image);
	bind_text(add, COLUMN_RUNTIME, event->runtime);
	bind_u64(add, COLUMN_CPU_USAGE, event->cpu_usage_ns);
	if (event->has_exit_code)
		(void) sqlite3_bind_int(add, COLUMN_EXIT_CODE, event->exit_code);
	bind_u64(add, COLUMN_DURATION, event->duration_ns);
	bind_text(add, COLUMN_HEALTH, health_status_name(event->health));
	(void) sqlite3_bind_blob64(add, COLUMN_LABELS, stored->labels, stored->labels_length,
				   SQLITE_STATIC);
	return database_run(database, STATEMENT_ADD);
}

int event_table_add(struct database *database, const struct stored_event *const *events,
		    size_t count)
{
	int r = database_run(database, STATEMENT_BEGIN);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = add_one(database, events[i]);
	if (r == 0)
		r = database_run(database, STATEMENT_COMMIT);
	/* A full disk may have rolled back already. */
	if (r < 0 && !sqlite3_get_autocommit(database->sqlite)) {
		(void) sqlite3_step(database->statements[STATEMENT_ROLLBACK]);
		(void) sqlite3_reset(database->statements[STATEMENT_ROLLBACK]);
	}
	return r;
}

static void copy_text(sqlite3_stmt *row, enum column column, char *ret_text, size_t size)
{
	const unsigned char *text = sqlite3_column_text(row, column);

	memccpy(ret_text, text ? (const char *) text : "", '\0', size);
	ret_text[size - 1] = '\0';
}

/* EVENT_TYPE_COUNT: it is of a later version. */
static enum event_type type_of(const char *name)
{
	for (enum event_type i = 0; i < EVENT_TYPE_COUNT; i++)
		if (strcmp(event_type_name(i), name) == 0)
			return i;

	return EVENT_TYPE_COUNT;
}

static bool read_event(sqlite3_stmt *row, struct event *ret_event)
{
	char word[32];

	copy_text(row, COLUMN_TYPE, word, sizeof(word));
	*ret_event = (struct event){
		.number = (uint64_t) sqlite3_column_int64(row, COLUMN_NUMBER),
		.realtime_ns = (uint64_t) sqlite3_column_int64(row, COLUMN_TIME),
		.type = type_of(word),
		.instance = (uint64_t) sqlite3_column_int64(row, COLUMN_INSTANCE),
		.cpu_usage_ns = (uint64_t) sqlite3_column_int64(row, COLUMN_CPU_USAGE),
		.has_exit_code = sqlite3_column_type(row, COLUMN_EXIT_CODE) != SQLITE_NULL,
		.exit_code = sqlite3_column_int(row, COLUMN_EXIT_CODE),
		.duration_ns = (uint64_t) sqlite3_column_int64(row, COLUMN_DURATION),
	};
	copy_text(row, COLUMN_ID, ret_event->id, sizeof(ret_event->id));
	copy_text(row, COLUMN_NAME, ret_event->name, sizeof(ret_event->name));
	copy_text(row, COLUMN_IMAGE, ret_event->image, sizeof(ret_event->image));
	copy_text(row, COLUMN_RUNTIME, ret_event->runtime, sizeof(ret_event->runtime));
	copy_text(row, COLUMN_HEALTH, word, sizeof(word));
	ret_event->health = health_status_parse(word);
	return ret_event->type != EVENT_TYPE_COUNT;
}

/* What is being gathered: where labels begin is said when all are there. */
struct gathering {
	struct stored_event *events;
	size_t count, capacity;
	struct text labels;
};

static int make_room(struct gathering *gathering)
{
	size_t capacity = 2 * gathering->capacity + 64;
	struct stored_event *grown;

	if (gathering->count < gathering->capacity)
		return 0;
	grown = reallocarray(gathering->events, capacity, sizeof(*grown));
	if (!grown)
		return -ENOMEM;

	gathering->events = grown;
	gathering->capacity = capacity;
	return 0;
}

/* Behind the next text; NULL: it does not end in time. */
static const char *behind_text(const char *text, const char *end)
{
	const char *nul = memchr(text, '\0', (size_t) (end - text));

	return nul ? nul + 1 : NULL;
}

/* Whether these are pairs that end with an empty key, whatever is in the file. */
static bool is_pairs(const char *labels, size_t length)
{
	const char *end = labels + length;

	while (labels && labels < end && *labels) {
		labels = behind_text(labels, end);
		if (labels)
			labels = behind_text(labels, end);
	}
	return labels && labels + 1 == end;
}

/* Returns 1, or 0 when there is no more room in the answer. */
static int gather(struct gathering *gathering, sqlite3_stmt *row)
{
	const char *labels = sqlite3_column_blob(row, COLUMN_LABELS);
	size_t length = (size_t) sqlite3_column_bytes(row, COLUMN_LABELS);
	struct event event;

	if (!read_event(row, &event))
		return 1;
	if (!labels || !is_pairs(labels, length)) {
		labels = "";
		length = 1;
	}
	if (gathering->labels.length + length > EVENT_ANSWER_LABEL_BYTES)
		return 0;
	if (make_room(gathering) < 0 || !text_reserve(&gathering->labels, length))
		return -ENOMEM;
	text_add(&gathering->labels, labels, length);

	gathering->events[gathering->count++] =
		(struct stored_event){ .event = event, .labels_length = length };
	return 1;
}

static void finish(struct gathering *gathering, bool turn, struct event_answer *ret_answer)
{
	struct stored_event *events = gathering->events;
	const char *labels = gathering->labels.bytes;

	for (size_t i = 0; i < gathering->count; i++) {
		events[i].labels = labels;
		labels += events[i].labels_length;
	}
	for (size_t i = 0, j = turn ? gathering->count : 0; i + 1 < j; i++) {
		struct stored_event swapped = events[--j];

		events[j] = events[i];
		events[i] = swapped;
	}
	*ret_answer = (struct event_answer){ events, gathering->count, gathering->labels.bytes };
}

/* A number as SQLite has it: those that no row can have are its ends. */
static sqlite3_int64 bound(uint64_t value, uint64_t none)
{
	return value == 0 || value > INT64_MAX ? (sqlite3_int64) none : (sqlite3_int64) value;
}

int event_table_query(struct database *database, const struct event_query *query,
		      struct event_answer *ret_answer)
{
	sqlite3_stmt *rows = database->statements[query->oldest ? STATEMENT_QUERY_OLDEST
								: STATEMENT_QUERY_NEWEST];
	size_t limit =
		query->limit && query->limit < STORE_QUERY_MAX ? query->limit : STORE_QUERY_MAX;
	struct gathering gathering = { 0 };
	int r = 1, code = SQLITE_DONE;

	(void) sqlite3_bind_int64(rows, 1,
				  query->since_ns > INT64_MAX ? INT64_MAX
							      : (int64_t) query->since_ns);
	(void) sqlite3_bind_int64(rows, 2, bound(query->until_ns, INT64_MAX));
	(void) sqlite3_bind_int64(rows, 3,
				  query->after > INT64_MAX ? INT64_MAX : (int64_t) query->after);
	(void) sqlite3_bind_int64(rows, 4, (sqlite3_int64) limit);
	while (r > 0 && (code = sqlite3_step(rows)) == SQLITE_ROW)
		r = gather(&gathering, rows);
	if (r >= 0)
		r = database_result(database, code);
	(void) sqlite3_reset(rows); /* repeats the error of the step */

	if (r < 0) {
		free(gathering.events);
		text_fini(&gathering.labels);
		return r;
	}
	finish(&gathering, !query->oldest, ret_answer);
	return 0;
}

void event_answer_fini(struct event_answer *answer)
{
	free(answer->events);
	free(answer->labels);
	*answer = (struct event_answer){ 0 };
}

static int forget(struct database *database, enum statement statement, uint64_t value,
		  unsigned limit)
{
	sqlite3_stmt *prepared = database->statements[statement];
	int r;

	(void) sqlite3_bind_int64(prepared, 1, bound(value, INT64_MAX));
	(void) sqlite3_bind_int64(prepared, 2, limit);
	r = database_run(database, statement);
	return r < 0 ? r : sqlite3_changes(database->sqlite);
}

int event_table_forget(struct database *database, uint64_t older_than_ns, uint64_t max_events,
		       unsigned limit)
{
	int old = older_than_ns > 0 ? forget(database, STATEMENT_FORGET_OLD, older_than_ns, limit)
				    : 0;
	int many = old >= 0 ? forget(database, STATEMENT_FORGET_MANY, max_events, limit) : old;

	return many < 0 ? many : old + many;
}
