/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* "Did you mean ...?": the known word that a mistyped one is nearest to.
 *
 *	struct nearest nearest = { .word = "intervall" };
 *
 *	for each known word
 *		nearest_try(&nearest, word);
 *	if (nearest.match)
 *		...
 */

#define NEAREST_BYTES 64 /* longer words have no neighbours: nobody mistypes into one of ours */

struct nearest {
	const char *word;
	const char *match; /* borrowed; NULL: none is near enough */
	unsigned distance; /* of match */
};

/* Keeps `known` as match if it is nearer than what was tried before: at most a third of the
 * longer word may differ. */
void nearest_try(struct nearest *nearest, const char *known);

/* Edits that lead from one word to the other: insert, delete or replace a byte, or swap two
 * neighbours. UINT_MAX when a word is longer than NEAREST_BYTES. */
unsigned edit_distance(const char *a, const char *b);
