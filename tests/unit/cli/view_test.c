/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/escape.h"
#include "cli/keys.h"
#include "cli/view.h"

#define ROWS_MAX    60
#define COLUMNS_MAX 200

static const enum field fields[] = { FIELD_Name, FIELD_Condition, FIELD_CPUPerc, FIELD_PIDs };
static const struct columns columns = { .fields = fields, .count = ARRAY_SIZE(fields) };
static const struct format format = { .form = FORM_TABLE };

/* What a terminal would show: understands only the sequences that the view may use. */
struct screen {
	char lines[ROWS_MAX][COLUMNS_MAX];
};

/* 40 containers, c00 to c39; the CPU use grows with the number. */
static struct listing sample(void)
{
	struct text json = { 0 };
	struct listing listing;
	struct problem problem;

	TEXT_ADD(&json, "{\"time\":1700000000,\"containers\":[");
	for (int i = 0; i < 40; i++)
		text_add_format(&json,
				"%s{\"id\":\"id%02d\",\"name\":\"c%02d\",\"image\":\"%s\","
				"\"state\":\"running\",\"cpu\":{\"cores\":0.%02d},\"pids\":%d}",
				i > 0 ? "," : "", i, i, i % 2 ? "Nginx" : "redis", i, 100 - i);
	TEXT_ADD(&json, "]}");
	assert_int_equal(listing_parse(json.bytes, json.length, NAN, &listing, &problem), 0);
	text_fini(&json);
	return listing;
}

static void show(const struct text *frame, struct screen *screen)
{
	const char *c = frame->bytes, *end = c + frame->length;
	size_t row = 0, column = 0;

	memset(screen, 0, sizeof(*screen));
	while (c < end) {
		int number = 0;

		if (*c != '\033') {
			assert_true((unsigned char) *c >= ' ');
			assert_true(column + 1 < COLUMNS_MAX);
			screen->lines[row][column++] = *c++;
			continue;
		}
		assert_int_equal(c[1], '[');
		for (c += 2; strchr("0123456789;", *c); c++)
			if (*c != ';' && c[-1] != ';')
				number = 10 * number + (*c - '0');
		if (*c == 'H') {
			row = (size_t) number - 1;
			column = 0;
			assert_true(row < ROWS_MAX);
		} else {
			assert_true(*c == 'K' || *c == 'm');
		}
		c++;
	}
}

static void draw(struct view *view, struct screen *screen)
{
	struct text frame = { 0 };
	struct problem problem;

	assert_int_equal(view_draw(view, &frame, &problem), 0);
	show(&frame, screen);
	for (size_t i = 0; i < ROWS_MAX; i++) {
		size_t length = strlen(screen->lines[i]);

		assert_true(text_width(screen->lines[i], length) <= view->width);
		assert_true(length == 0 || i < view->rows);
	}
	text_fini(&frame);
}

static struct view view_of(struct listing *listing)
{
	struct problem problem;

	return (struct view){
		.listing = listing,
		.columns = &columns,
		.format = &format,
		.rows = 24,
		.width = 80,
		.order = order_find("cpu", &problem),
	};
}

static void press(struct view *view, const char *keys)
{
	for (; *keys != '\0'; keys++)
		assert_int_equal(view_key(view, *keys), VIEW_STAY);
}

static void it_fits_any_terminal(void **state)
{
	struct listing listing = sample();
	struct view view = view_of(&listing);
	struct screen screen;

	(void) state;
	for (view.rows = 1; view.rows < 45; view.rows += 3)
		for (view.width = 1; view.width < 100; view.width += 7)
			draw(&view, &screen);
	listing_fini(&listing);
}

static void keys_sort_and_turn_round(void **state)
{
	struct listing listing = sample();
	struct view view = view_of(&listing);
	struct screen screen;

	(void) state;
	draw(&view, &screen);
	assert_int_equal(strncmp(screen.lines[1], "NAME", 4), 0);
	assert_int_equal(strncmp(screen.lines[2], "c39", 3), 0);
	assert_non_null(strstr(screen.lines[2], "39.00%"));
	assert_non_null(strstr(screen.lines[0], "40 containers, by CPU"));
	assert_non_null(strstr(screen.lines[23], "1-21 of 40"));

	press(&view, "r");
	draw(&view, &screen);
	assert_int_equal(strncmp(screen.lines[2], "c00", 3), 0);
	press(&view, "N");
	draw(&view, &screen);
	assert_int_equal(strncmp(screen.lines[2], "c00", 3), 0);
	press(&view, "c");
	draw(&view, &screen);
	assert_int_equal(strncmp(screen.lines[2], "c39", 3), 0);
	press(&view, "p");
	draw(&view, &screen);
	assert_int_equal(strncmp(screen.lines[2], "c00", 3), 0);
	listing_fini(&listing);
}

static void it_scrolls_between_the_ends_and_not_beyond(void **state)
{
	struct listing listing = sample();
	struct view view = view_of(&listing);
	struct screen screen;
	static const struct {
		int key;
		const char *first;
	} rows[] = {
		{ KEY_UP, "c39" },   { KEY_DOWN, "c38" },    { KEY_PAGE_DOWN, "c20" },
		{ KEY_DOWN, "c20" }, { KEY_PAGE_UP, "c39" }, { KEY_END, "c20" },
		{ KEY_UP, "c21" },   { KEY_HOME, "c39" },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(view_key(&view, rows[i].key), VIEW_STAY);
		draw(&view, &screen);
		assert_int_equal(strncmp(screen.lines[2], rows[i].first, 3), 0);
	}
	listing_fini(&listing);
}

static void a_filter_takes_every_key_until_it_ends(void **state)
{
	struct listing listing = sample();
	struct view view = view_of(&listing);
	struct screen screen;

	(void) state;
	press(&view, "/qnginx"); /* q is text here */
	for (int i = 0; i < 6; i++)
		assert_int_equal(view_key(&view, KEY_BACKSPACE), VIEW_STAY);
	press(&view, "nginx");
	draw(&view, &screen);
	assert_non_null(strstr(screen.lines[0], "20 containers of 40"));
	assert_non_null(strstr(screen.lines[23], "/nginx_"));
	assert_int_equal(view_key(&view, KEY_ENTER), VIEW_STAY);
	press(&view, "r");
	draw(&view, &screen);
	assert_int_equal(strncmp(screen.lines[2], "c01", 3), 0);
	assert_int_equal(view_key(&view, KEY_ESCAPE), VIEW_STAY);
	draw(&view, &screen);
	assert_non_null(strstr(screen.lines[0], "40 containers"));

	press(&view, "/");
	for (int i = 0; i < 2 * VIEW_FILTER_BYTES; i++)
		press(&view, "x");
	draw(&view, &screen);
	assert_non_null(strstr(screen.lines[0], "0 containers of 40"));
	listing_fini(&listing);
}

static void keys_that_end_it(void **state)
{
	struct listing listing = { 0 };
	struct view view = view_of(&listing);

	(void) state;
	assert_int_equal(view_key(&view, 'q'), VIEW_QUIT);
	assert_int_equal(view_key(&view, KEY_INTERRUPT), VIEW_QUIT);
	assert_int_equal(view_key(&view, KEY_SUSPEND), VIEW_SUSPEND);
	press(&view, "/");
	assert_int_equal(view_key(&view, 'q'), VIEW_STAY);
	assert_int_equal(view_key(&view, KEY_INTERRUPT), VIEW_QUIT);
}

static void it_can_be_held_and_helps(void **state)
{
	struct listing listing = sample();
	struct view view = view_of(&listing);
	struct screen screen;

	(void) state;
	press(&view, " h");
	draw(&view, &screen);
	assert_non_null(strstr(screen.lines[0], "held still"));
	assert_non_null(strstr(screen.lines[23], "r reverse"));
	view.width = 120;
	(void) strcpy(view.message, "the agent\033[2J is gone");
	draw(&view, &screen);
	assert_non_null(strstr(screen.lines[0], "the agent\\x1b[2J is gone"));
	listing_fini(&listing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_fits_any_terminal),
		cmocka_unit_test(keys_sort_and_turn_round),
		cmocka_unit_test(it_scrolls_between_the_ends_and_not_beyond),
		cmocka_unit_test(a_filter_takes_every_key_until_it_ends),
		cmocka_unit_test(keys_that_end_it),
		cmocka_unit_test(it_can_be_held_and_helps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
