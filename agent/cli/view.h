/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The live view without its terminal: keys change it, and it draws a frame of so many rows and
 * columns. Both are pure, so that tests can press keys and read the screen. */

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "base/text.h"
#include "cli/format.h"
#include "cli/listing.h"

#define VIEW_FILTER_BYTES 64

struct view {
	struct listing *listing; /* borrowed; sorted in place */
	const struct columns *columns;
	const struct format *format;
	bool colour;
	size_t rows, width; /* of the terminal */

	const struct order *order;
	bool reverse;
	bool help;
	bool paused;
	bool typing;                    /* the filter */
	char filter[VIEW_FILTER_BYTES]; /* shown: names, images, ... that have this in them */
	size_t first;                   /* row of the list at the top */
	char message[200];              /* why there is nothing new; "": there is */
};

enum view_wish { VIEW_STAY, VIEW_QUIT, VIEW_SUSPEND };

/* One key (keys.h). */
enum view_wish view_key(struct view *view, int key);

/* Appends a frame: what the terminal is to be sent. */
int view_draw(struct view *view, struct text *ret_frame, struct problem *ret_problem);

/* For --help: keys and what they do, by index. */
bool view_help(size_t index, const char **ret_key, const char **ret_help);
