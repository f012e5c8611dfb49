/* SPDX-License-Identifier: Apache-2.0 */

/* view: a list that fits its terminal. Line 1 says what is seen, line 2 has the titles, the last
 * line has the keys or the filter that is typed.
 *
 * Sequences are those that every terminal since the VT100 knows: place the cursor, erase to the end
 * of the line, bold, inverse, eight colours. */

#include "cli/view.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/escape.h"
#include "cli/human.h"
#include "cli/keys.h"

#define FRAME_LINES 3 /* that are not rows of the list */

static const struct {
	const char *key, *help;
} view_keys[] = {
	{ "c m n i p N", "sort by CPU, memory, network, block I/O, processes, name" },
	{ "r", "the other way round" },
	{ "/", "only what has a text in its name, image, engine, pod or project" },
	{ "Space", "hold the list still" },
	{ "Up Down PgUp PgDn Home End", "move through the list" },
	{ "h", "keys in the last line" },
	{ "q Ctrl-C", "end" },
};

bool view_help(size_t index, const char **ret_key, const char **ret_help)
{
	if (index >= ARRAY_SIZE(view_keys))
		return false;
	*ret_key = view_keys[index].key;
	*ret_help = view_keys[index].help;
	return true;
}

static size_t page(const struct view *view)
{
	return view->rows > FRAME_LINES ? view->rows - FRAME_LINES : 1;
}

/* The filter takes every key but those that end it. */
static void type(struct view *view, int key)
{
	size_t length = strlen(view->filter);

	switch (key) {
	case KEY_ESCAPE:
		view->filter[0] = '\0';
		view->typing = false;
		break;
	case KEY_ENTER:
		view->typing = false;
		break;
	case KEY_BACKSPACE:
		while (length > 0 && ((unsigned char) view->filter[length - 1] & 0xc0) == 0x80)
			length--; /* all bytes of a character */
		view->filter[length > 0 ? length - 1 : 0] = '\0';
		break;
	default:
		if (key < KEY_NONE && length + 1 < sizeof(view->filter)) {
			view->filter[length] = (char) key;
			view->filter[length + 1] = '\0';
		}
	}
	view->first = 0;
}

static void move(struct view *view, int key)
{
	size_t step = key == KEY_UP || key == KEY_DOWN ? 1 : page(view);

	if (key == KEY_HOME)
		view->first = 0;
	else if (key == KEY_END)
		view->first = SIZE_MAX / 2; /* view_draw stops at the last page */
	else if (key == KEY_UP || key == KEY_PAGE_UP)
		view->first -= step < view->first ? step : view->first;
	else
		view->first += step;
}

static void sort_by(struct view *view, const struct order *order)
{
	view->reverse = false;
	view->order = order;
	view->first = 0;
}

enum view_wish view_key(struct view *view, int key)
{
	if (key == KEY_INTERRUPT)
		return VIEW_QUIT;
	if (key == KEY_SUSPEND)
		return VIEW_SUSPEND;
	if (view->typing) {
		type(view, key);
		return VIEW_STAY;
	}
	for (const struct order *order = orders; order->name; order++)
		if (order->key != 0 && order->key == key) {
			sort_by(view, order);
			return VIEW_STAY;
		}

	switch (key) {
	case 'q':
		return VIEW_QUIT;
	case KEY_ESCAPE:
		view->filter[0] = '\0';
		view->help = false;
		break;
	case 'r':
		view->reverse = !view->reverse;
		break;
	case 'h':
	case '?':
		view->help = !view->help;
		break;
	case ' ':
		view->paused = !view->paused;
		break;
	case '/':
		view->typing = true;
		view->filter[0] = '\0';
		break;
	case KEY_UP:
	case KEY_DOWN:
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN:
	case KEY_HOME:
	case KEY_END:
		move(view, key);
		break;
	default:
		break;
	}
	return VIEW_STAY;
}

/* Letters in either case; only ASCII's, as in names of containers. */
static bool has_text(const struct container *container, const char *filter)
{
	static const enum container_string looked_at[] = { STRING_NAME,    STRING_IMAGE,
							   STRING_ENGINE,  STRING_POD,
							   STRING_PROJECT, STRING_ID };

	for (size_t i = 0; i < ARRAY_SIZE(looked_at); i++)
		if (strcasestr(container->strings[looked_at[i]], filter))
			return true;
	return false;
}

/* The containers that the filter leaves, in a list of its own that borrows from the first. */
static int filtered(const struct view *view, struct listing *ret_listing)
{
	struct listing listing = { .time = view->listing->time };

	listing.items = calloc(view->listing->count + 1, sizeof(*listing.items));
	if (!listing.items)
		return -1;
	for (size_t i = 0; i < view->listing->count; i++)
		if (view->filter[0] == '\0' || has_text(&view->listing->items[i], view->filter))
			listing.items[listing.count++] = view->listing->items[i];

	*ret_listing = listing;
	return 0;
}

/* Ends a line: what the last frame had behind it is erased. */
static void end_line(struct text *frame)
{
	TEXT_ADD(frame, "\033[K");
}

static void begin_line(struct text *frame, size_t row)
{
	text_add_format(frame, "\033[%zu;1H", row);
}

static void add_line(const struct view *view, size_t row, enum style style, const struct text *line,
		     struct text *frame)
{
	struct text cut = { 0 };

	if (row > view->rows)
		return;
	begin_line(frame, row);
	if (line->length > 0)
		(void) text_add_cut(&cut, line->bytes, line->length, view->width);
	text_add_styled(frame, view->colour, style, cut.length > 0 ? cut.bytes : "", cut.length);
	end_line(frame);
	text_fini(&cut);
}

static void draw_first(const struct view *view, size_t shown, struct text *frame)
{
	CLEANUP(text_fini) struct text line = { 0 };
	char time[HUMAN_BYTES];

	text_add_format(&line, "%s", human_time(view->listing->time, time));
	text_add_format(&line, "  %zu container%s", shown, shown == 1 ? "" : "s");
	if (shown != view->listing->count)
		text_add_format(&line, " of %zu", view->listing->count);
	text_add_format(&line, ", by %s", view->order->help);
	if (view->reverse)
		TEXT_ADD(&line, ", reversed");
	if (view->paused)
		TEXT_ADD(&line, "  [held still: Space goes on]");
	if (view->message[0] != '\0') {
		TEXT_ADD(&line, "  ");
		text_add_visible_string(&line, view->message);
	}
	add_line(view, 1, view->message[0] != '\0' ? STYLE_WARNING : STYLE_PLAIN, &line, frame);
}

static void draw_last(const struct view *view, size_t shown, struct text *frame)
{
	CLEANUP(text_fini) struct text line = { 0 };
	size_t end = view->first + page(view);

	if (view->typing || view->filter[0] != '\0') {
		text_add_format(&line, "/");
		text_add_visible_string(&line, view->filter);
		text_add_string(&line,
				view->typing ? "_  Enter: keep, Esc: all" : "  (Esc: all again)");
	} else if (view->help) {
		TEXT_ADD(&line, "c CPU m mem n net i I/O p pids N name | r reverse | / filter | "
				"Space hold | q quit");
	} else {
		TEXT_ADD(&line, "q quit  h keys");
		if (shown > page(view))
			text_add_format(&line, "  %zu-%zu of %zu", view->first + 1,
					end < shown ? end : shown, shown);
	}
	add_line(view, view->rows, STYLE_FAINT, &line, frame);
}

static void draw_rows(const struct view *view, const struct listing *listing,
		      const struct table *table, struct text *frame)
{
	struct table_layout layout;
	CLEANUP(text_fini) struct text line = { 0 };

	table_lay_out(table, view->width, &layout);
	table_add_row(table, &layout, 0, &line);
	add_line(view, 2, STYLE_BOLD, &line, frame);
	for (size_t i = 0; i < page(view); i++) {
		size_t row = view->first + i;

		line.length = 0;
		if (row < listing->count && row + 1 < table_rows(table))
			table_add_row(table, &layout, row + 1, &line);
		if (i + FRAME_LINES < view->rows)
			add_line(view, 3 + i,
				 row < listing->count ? container_style(&listing->items[row])
						      : STYLE_PLAIN,
				 &line, frame);
	}
}

int view_draw(struct view *view, struct text *ret_frame, struct problem *ret_problem)
{
	CLEANUP(table_fini) struct table table = { 0 };
	CLEANUP(listing_fini) struct listing shown = { 0 };
	int r;

	listing_sort(view->listing, view->order, view->reverse);
	(void) snprintf(ret_problem->text, sizeof(ret_problem->text), "out of memory");
	if (filtered(view, &shown) < 0)
		return -1;
	r = listing_tabulate(&shown, view->columns, view->format, &table, ret_problem);
	if (r < 0)
		return r;
	if (view->first + page(view) > shown.count)
		view->first = shown.count > page(view) ? shown.count - page(view) : 0;

	draw_first(view, shown.count, ret_frame);
	draw_rows(view, &shown, &table, ret_frame);
	draw_last(view, shown.count, ret_frame);
	return 0;
}
