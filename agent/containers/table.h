/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* uthash as used here: no memory leaves the element outside of the table, with hh.tbl NULL (so it
 * must have been NULL before), instead of ending the program. Source: uthash's user guide,
 * "Out of memory". */

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define TABLE_HAS(element, handle) ((element)->handle.tbl != NULL)
