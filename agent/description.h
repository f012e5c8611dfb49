/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What containers and the machine are called: the strings of their rows. */

struct roster;

/* Writes the strings of all rows anew, from the registry's identities. Done when somebody came,
 * went, or was renamed, and not in other rounds: it may allocate. */
void description_write(struct roster *roster);
