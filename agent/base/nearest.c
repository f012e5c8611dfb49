/* SPDX-License-Identifier: Apache-2.0 */

/* nearest: edit distance with swaps of neighbours ("optimal string alignment"), which is how
 * fingers err. Three rows of the usual table are enough. */

#include "base/nearest.h"

#include <limits.h>
#include <string.h>

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned edit_distance(const char *a, const char *b)
{
	unsigned rows[3][NEAREST_BYTES + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];
	size_t a_length = strlen(a), b_length = strlen(b);

	if (a_length > NEAREST_BYTES || b_length > NEAREST_BYTES)
		return UINT_MAX;

	for (unsigned j = 0; j <= b_length; j++)
		row[j] = j;

	for (unsigned i = 1; i <= a_length; i++) {
		unsigned *oldest = before;

		before = above;
		above = row;
		row = oldest;
		row[0] = i;
		for (unsigned j = 1; j <= b_length; j++) {
			row[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = min(row[j], min(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min(row[j], before[j - 2] + 1);
		}
	}

	return row[b_length];
}

void nearest_try(struct nearest *nearest, const char *known)
{
	size_t length = strlen(nearest->word), known_length = strlen(known);
	unsigned distance = edit_distance(nearest->word, known);

	if (distance > (length > known_length ? length : known_length) / 3)
		return;
	if (nearest->match && nearest->distance <= distance)
		return;

	nearest->match = known;
	nearest->distance = distance;
}
