/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One command per file; commands.c is the list. */

#include "cli/command.h"
#include "cli/session.h"

#define ARGUMENTS_OPERANDS 4096 /* names on a command line */

extern const struct command command_config;
extern const struct command command_doctor;
extern const struct command command_events;
extern const struct command command_inspect;
extern const struct command command_ps;
extern const struct command command_stats;
extern const struct command command_version;
