/* SPDX-License-Identifier: Apache-2.0 */

/* answer: the cache of bodies. An entry is one format in one encoding; it refers to its newest
 * body, and requests refer to the bodies that they send. Only `lock` is held while rendering;
 * giving back takes no lock but the shelf's, for a moment. */

#include "web/answer.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "exporters/exporter.h"
#include "exporters/json_events.h"
#include "exporters/service_discovery.h"
#include "model/share.h"
#include "model/snapshot.h"
#include "web/gzip.h"
#include "web/shelf.h"
#include "web/view.h"

#define BODY_BYTES_MAX  (256UL << 20)       /* one text; 10,000 containers need some 80 MB */
#define ENTRY_UNUSED_NS (60 * NSEC_PER_SEC) /* then a format's memory is freed */

struct body {
	struct answer answer; /* first: a caller's answer is a body */
	atomic_uint references;
	struct answers *answers;
	struct shelf *shelf; /* where its memory goes; NULL: it is freed */
	struct text text;
	uint64_t sequence;
};

static const struct format {
	const struct exporter *exporter;
	bool rates; /* wants an older snapshot as well */
} formats[] = {
	{ &exporter_prometheus, false },     { &exporter_openmetrics, false },
	{ &exporter_json_containers, true }, { &exporter_json_container, true },
	{ &exporter_json_host, true },
};

enum encoding { ENCODING_PLAIN, ENCODING_GZIP, ENCODING_COUNT };

/* One format in one encoding: its newest body, and the memory for the next one. */
struct entry {
	struct body *newest;
	struct shelf shelf;
	uint64_t used_ns;
};

struct answers {
	pthread_mutex_t lock; /* guards view, gzip and entries, but for their shelves */
	struct view view;
	struct gzip gzip;
	struct entry entries[ARRAY_SIZE(formats)][ENCODING_COUNT];
	atomic_size_t bytes_alive;
	size_t bytes_max;
	bool full;
};

int answers_new(const struct share *share, size_t bytes_max, bool full,
		struct answers **ret_answers)
{
	struct answers *answers = calloc(1, sizeof(*answers));

	if (!answers || gzip_init(&answers->gzip) < 0) {
		free(answers);
		return -ENOMEM;
	}

	answers->lock = (pthread_mutex_t) PTHREAD_MUTEX_INITIALIZER;
	answers->bytes_max = bytes_max;
	answers->full = full;
	view_init(&answers->view, share);
	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++)
		for (unsigned encoding = 0; encoding < ENCODING_COUNT; encoding++)
			shelf_init(&answers->entries[i][encoding].shelf);

	*ret_answers = answers;
	return 0;
}

static struct body *body_ref(struct body *body)
{
	atomic_fetch_add(&body->references, 1);
	return body;
}

static void body_unref(struct body *body)
{
	if (!body || atomic_fetch_sub(&body->references, 1) > 1)
		return;

	atomic_fetch_sub(&body->answers->bytes_alive, body->text.length);
	if (body->shelf)
		shelf_give(body->shelf, &body->text);
	text_fini(&body->text);
	free(body);
}

void answer_unref(const struct answer *answer)
{
	body_unref((struct body *) answer);
}

static void entry_clear(struct entry *entry)
{
	body_unref(TAKE_PTR(entry->newest));
	shelf_clear(&entry->shelf);
}

void answers_free(struct answers *answers)
{
	if (!answers)
		return;

	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++)
		for (unsigned encoding = 0; encoding < ENCODING_COUNT; encoding++) {
			entry_clear(&answers->entries[i][encoding]);
			shelf_fini(&answers->entries[i][encoding].shelf);
		}
	assert(answers->bytes_alive == 0);

	gzip_fini(&answers->gzip);
	view_fini(&answers->view);
	(void) pthread_mutex_destroy(&answers->lock); /* fails only while locked: a bug */
	free(answers);
}

/* Makes a body of a finished text, which is taken in any case. `shelf` is where the memory goes
 * in the end; NULL: it is freed. */
static int body_new(struct answers *answers, const struct answer *answer, struct shelf *shelf,
		    struct text *text, struct body **ret_body)
{
	struct body *body = text->overflowed ? NULL : malloc(sizeof(*body));

	if (!body) {
		text_fini(text);
		return -ENOMEM;
	}

	*body = (struct body){
		.answer = *answer,
		.references = 1,
		.answers = answers,
		.shelf = shelf,
		.text = TAKE(*text, (struct text){ 0 }),
	};
	body->answer.bytes = body->text.bytes;
	body->answer.length = body->text.length;
	atomic_fetch_add(&answers->bytes_alive, body->text.length);
	*ret_body = body;
	return 0;
}

static bool is_full(const struct answers *answers)
{
	return atomic_load(&answers->bytes_alive) > answers->bytes_max;
}

static int render(struct answers *answers, const struct format *format, const char *container,
		  struct text *ret_text)
{
	struct export export = {
		.now = answers->view.now,
		.before = format->rates ? view_before(&answers->view) : NULL,
		.container = container,
		.full = answers->full,
	};

	return format->exporter->write(&export, ret_text);
}

/* Makes the entry's body that of the newest snapshot. The old one is let go first, so that its
 * memory can be used again when nobody sends it any more. */
static int entry_update(struct answers *answers, const struct format *format,
			enum encoding encoding)
{
	const struct answer answer = {
		.content_type = format->exporter->content_type,
		.gzip = encoding == ENCODING_GZIP,
		.boottime_ns = answers->view.now->boottime_ns,
	};
	struct entry *entries = answers->entries[format - formats];
	struct entry *entry = &entries[encoding];
	struct text text;
	int r = 0;

	entry->used_ns = clock_boottime_ns();
	if (entry->newest && entry->newest->sequence == answers->view.now->sequence)
		return 0;
	body_unref(TAKE_PTR(entry->newest));
	if (is_full(answers))
		return -EBUSY;

	if (encoding == ENCODING_GZIP)
		r = entry_update(answers, format, ENCODING_PLAIN);
	if (r < 0)
		return r;

	text = shelf_take(&entry->shelf, BODY_BYTES_MAX);
	if (encoding == ENCODING_GZIP)
		gzip_write(&answers->gzip, &entries[ENCODING_PLAIN].newest->text, &text);
	else
		r = render(answers, format, NULL, &text);
	if (r < 0) {
		shelf_give(&entry->shelf, &text);
		return r;
	}

	r = body_new(answers, &answer, &entry->shelf, &text, &entry->newest);
	if (r == 0)
		entry->newest->sequence = answers->view.now->sequence;
	return r;
}

/* A body for one request only, of a text that is taken in any case. */
static int body_for_one(struct answers *answers, const char *content_type, uint64_t boottime_ns,
			bool gzip, struct text *plain, struct body **ret_body)
{
	const struct answer answer = {
		.content_type = content_type,
		.gzip = gzip,
		.boottime_ns = boottime_ns,
	};
	struct text zipped = { .limit = BODY_BYTES_MAX };

	if (!gzip)
		return body_new(answers, &answer, NULL, plain, ret_body);

	gzip_write(&answers->gzip, plain, &zipped);
	zipped.overflowed |= plain->overflowed;
	text_fini(plain);
	return body_new(answers, &answer, NULL, &zipped, ret_body);
}

static int body_of_container(struct answers *answers, const struct format *format,
			     const char *container, enum encoding encoding, struct body **ret_body)
{
	struct text plain = { .limit = BODY_BYTES_MAX };
	int r;

	if (is_full(answers))
		return -EBUSY;
	r = render(answers, format, container, &plain);
	if (r < 0) {
		text_fini(&plain);
		return r;
	}

	return body_for_one(answers, format->exporter->content_type, answers->view.now->boottime_ns,
			    encoding == ENCODING_GZIP, &plain, ret_body);
}

static void forget_unused(struct answers *answers)
{
	uint64_t now_ns = clock_boottime_ns();

	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++)
		for (unsigned encoding = 0; encoding < ENCODING_COUNT; encoding++) {
			struct entry *entry = &answers->entries[i][encoding];

			if (entry->used_ns + ENTRY_UNUSED_NS < now_ns)
				entry_clear(entry);
		}
}

static int get_locked(struct answers *answers, const struct format *format, const char *container,
		      enum encoding encoding, struct body **ret_body)
{
	int r;

	r = view_refresh(&answers->view);
	if (r < 0)
		return r;
	forget_unused(answers);
	if (container)
		return body_of_container(answers, format, container, encoding, ret_body);

	r = entry_update(answers, format, encoding);
	if (r < 0)
		return r;
	*ret_body = body_ref(answers->entries[format - formats][encoding].newest);
	return 0;
}

static const struct format *format_find(const struct exporter *exporter)
{
	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++)
		if (formats[i].exporter == exporter)
			return &formats[i];

	assert(!"a route's exporter lacks its line in formats[]");
	abort();
}

int answers_get(struct answers *answers, const struct exporter *exporter, const char *container,
		bool gzip, const struct answer **ret_answer)
{
	struct body *body;
	int r;

	(void) pthread_mutex_lock(&answers->lock); /* cannot fail for a plain mutex */
	r = get_locked(answers, format_find(exporter), container,
		       gzip ? ENCODING_GZIP : ENCODING_PLAIN, &body);
	(void) pthread_mutex_unlock(&answers->lock);
	if (r < 0)
		return r;

	*ret_answer = &body->answer;
	return 0;
}

static int get_events_locked(struct answers *answers, uint64_t after, uint64_t limit, bool gzip,
			     struct body **ret_body)
{
	struct text plain = { .limit = BODY_BYTES_MAX };

	if (is_full(answers))
		return -EBUSY;
	json_events_write(share_events(answers->view.share), after, limit, &plain);
	return body_for_one(answers, "application/json", clock_boottime_ns(), gzip, &plain,
			    ret_body);
}

int answers_get_events(struct answers *answers, uint64_t after, uint64_t limit, bool gzip,
		       const struct answer **ret_answer)
{
	struct body *body;
	int r;

	(void) pthread_mutex_lock(&answers->lock);
	r = get_events_locked(answers, after, limit, gzip, &body);
	(void) pthread_mutex_unlock(&answers->lock);
	if (r == 0)
		*ret_answer = &body->answer;
	return r;
}

static int get_targets_locked(struct answers *answers, const char *host, bool gzip,
			      struct body **ret_body)
{
	struct text plain = { .limit = BODY_BYTES_MAX };
	int r;

	if (is_full(answers))
		return -EBUSY;
	if ((r = view_refresh(&answers->view)) < 0 ||
	    (r = service_discovery_write(answers->view.now, host, &plain)) < 0) {
		text_fini(&plain);
		return r;
	}

	return body_for_one(answers, "application/json", answers->view.now->boottime_ns, gzip,
			    &plain, ret_body);
}

int answers_get_targets(struct answers *answers, const char *host, bool gzip,
			const struct answer **ret_answer)
{
	struct body *body;
	int r;

	(void) pthread_mutex_lock(&answers->lock);
	r = get_targets_locked(answers, host, gzip, &body);
	(void) pthread_mutex_unlock(&answers->lock);
	if (r == 0)
		*ret_answer = &body->answer;
	return r;
}

int answers_newest(struct answers *answers, uint64_t *ret_boottime_ns, uint64_t *ret_interval_ns)
{
	int r;

	(void) pthread_mutex_lock(&answers->lock);
	r = view_refresh(&answers->view);
	if (r == 0) {
		*ret_boottime_ns = answers->view.now->boottime_ns;
		*ret_interval_ns = answers->view.now->interval_ns;
	}
	(void) pthread_mutex_unlock(&answers->lock);
	return r;
}
