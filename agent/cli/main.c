/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll: the command. Takes its line apart, finds the row of the table, runs it.
 *
 * Exit codes: 0 all is well, 1 something failed, 2 the command line is wrong. */

#include <curl/curl.h>
#include <locale.h>
#include <signal.h>

#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/help.h"

static int help(struct session *session, const struct command *command)
{
	if (command)
		help_command(session, command);
	else
		help_all(session);
	return session_flush(session, NULL);
}

static int run(struct session *session, const struct arguments *arguments)
{
	const char *socket_path = arguments_value(arguments, "socket");
	const struct command *command = arguments->command;
	struct problem problem;

	if (socket_path)
		session->socket_path = socket_path;
	if (arguments_have(arguments, "no-color"))
		session->colour = false;

	if (arguments_have(arguments, "help"))
		return help(session, command);
	if (arguments_have(arguments, "version")) {
		text_add_string(&session->out, "plimsoll " PLIMSOLL_VERSION "\n");
		return session_flush(session, NULL);
	}
	if (!command) {
		help_short(session);
		return session_flush(session, NULL);
	}
	if (arguments_check(arguments, &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);

	return command->run(session, arguments);
}

int main(int argc, char **argv)
{
	CLEANUP(session_fini) struct session session;
	struct arguments arguments;
	struct problem problem;
	int code;

	(void) setlocale(LC_CTYPE, ""); /* for regular expressions; numbers stay as they are */
	(void) signal(SIGPIPE, SIG_IGN);
	session_init(&session);
	if (arguments_parse(argc, argv, &arguments, &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);
	(void) curl_global_init(CURL_GLOBAL_NOTHING); /* no TLS: the socket is local */
	code = run(&session, &arguments);
	curl_global_cleanup();

	return code;
}
