/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* --help, from the table of commands. */

#include "cli/command.h"
#include "cli/session.h"

void help_short(struct session *session); /* a bare `plimsoll` */
void help_all(struct session *session);
void help_command(struct session *session, const struct command *command);
