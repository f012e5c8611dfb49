/* SPDX-License-Identifier: Apache-2.0 */

/* commands: the list. The order is that of --help. */

#include "cli/commands.h"

const struct command *const commands[] = {
	&command_ps,     &command_stats,  &command_inspect, &command_events,
	&command_doctor, &command_config, &command_version, NULL,
};

const struct flag general_flags[] = {
	{ "socket", 0, "PATH", "socket of the agent [$PLIMSOLL_SOCKET or " SOCKET_DEFAULT "]" },
	{ "no-color", 0, NULL, "no colour; so does $NO_COLOR" },
	{ "help", 'h', NULL, "print this and end" },
	{ "version", 'V', NULL, "print the version and end" },
	{ 0 },
};
