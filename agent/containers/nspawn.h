/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What systemd-machined writes about a machine (KEY=VALUE), nspawn_machine.c. Its own comment says
 * that the file is private: keys that are not there, or say something else, are unknown. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/parse.h"

#define NSPAWN_MACHINE_BYTES 65536 /* a dozen lines */

struct nspawn_machine {
	struct slice class, service; /* of the text; empty: not told */
	struct slice root;           /* directory or image file that it was started from */
	pid_t leader;                /* 0: not told */
	uint64_t registered_ns;      /* since 1970; 0: not told */
};

/* Reads a file's text; what it says stays there. */
void nspawn_machine_parse(const char *text, struct nspawn_machine *ret_machine);

/* The machine's name that a unit of systemd-nspawn has in its own: "systemd-nspawn@NAME.service",
 * "machine-NAME.scope". Returns false when it is another unit, or a machine of libvirt. */
bool nspawn_unit_name(const char *unit, size_t length, char *ret_name, size_t size);
