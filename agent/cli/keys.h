/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a terminal sends for keys. Source: ECMA-48, and "XTerm Control Sequences". */

#include <stddef.h>

/* A byte of text is itself. */
enum key {
	KEY_NONE = 256, /* a sequence that means nothing to us */
	KEY_UP,
	KEY_DOWN,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_BACKSPACE,
	KEY_ENTER,
	KEY_ESCAPE,
	KEY_INTERRUPT, /* Ctrl-C */
	KEY_SUSPEND,   /* Ctrl-Z */
	KEY_REDRAW,    /* Ctrl-L */
};

/* Takes one key off `length` > 0 bytes. Returns how many bytes it was. */
size_t key_take(const char *bytes, size_t length, int *ret_key);
