/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll stats: who uses what. A live view on a terminal; once, or round after round, elsewhere.
 */

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/listing.h"
#include "cli/live.h"

static const struct flag flags[] = {
	{ "all", 'a', NULL, "also those that do not run" },
	{ "no-stream", 0, NULL, "once, not live" },
	{ "no-trunc", 0, NULL, "whole ids" },
	{ "filter", 'f', "KEY=VALUE",
	  "only those that match: name, id, image, engine, label, status, health, pod, project",
	  "name= id= image= engine= label= status= health= pod= project=" },
	{ "sort", 's', "ORDER",
	  "order: name, cpu, mem, net, io, pids, pressure, throttled, oom, started, engine, image, "
	  "state; numbers from the highest on [cpu when live, else name]",
	  "name cpu mem net io pids pressure throttled oom started engine image state" },
	{ "reverse", 'r', NULL, "the other way round" },
	{ "format", 0, "FORMAT", "table, json, jsonl, csv, or a template [table]",
	  "table json jsonl csv" },
	{ 0 },
};

static const struct example examples[] = {
	{ "stats", "live, the busiest first" },
	{ "stats --no-stream --sort mem", "once, the largest first" },
	{ "stats web db", "two of them" },
	{ "stats --filter project=shop", "those of a compose project" },
	{ "stats --no-stream --format json", "numbers as numbers, units in their names" },
	{ "stats --format csv >usage.csv", "a line for each container and round, until Ctrl-C" },
	{ "stats --no-stream --format 'table {{.Name}}\\t{{.CPUPerc}}\\t{{.MemUsage}}'",
	  "docker's placeholders" },
	{ 0 },
};

static const enum field column_fields[] = {
	FIELD_Name,      FIELD_Engine,      FIELD_Condition,      FIELD_CPUPerc,    FIELD_MemUsage,
	FIELD_MemPerc,   FIELD_NetRates,    FIELD_BlockRates,     FIELD_PIDs,       FIELD_OOMKills,
	FIELD_Throttled, FIELD_PressureCPU, FIELD_PressureMemory, FIELD_PressureIO, FIELD_Group,
};

struct stats {
	struct session *session;
	struct wanted wanted;
	struct columns columns;
	struct format format;
	int code;
	bool closed; /* nobody reads stdout any more */
};

static int write_once(struct stats *stats, const struct listing *listing)
{
	struct problem problem;
	size_t width = stats->columns.whole ? 0 : session_width(stats->session);

	if (listing_write(listing, &stats->columns, &stats->format, width, &stats->session->out,
			  &problem) < 0)
		return complain(EXIT_TROUBLE, "%s", problem.text);
	return session_flush(stats->session, &stats->closed);
}

static int on_document(char *line, size_t length, void *userdata)
{
	CLEANUP(listing_fini) struct listing listing = { 0 };
	struct stats *stats = userdata;
	struct problem problem;

	if (length == 0)
		return 0;
	if (wanted_take(&stats->wanted, line, length, &listing, &problem) < 0) {
		stats->code = complain(EXIT_TROUBLE, "%s", problem.text);
		return -EPROTO;
	}
	stats->code = write_once(stats, &listing);
	stats->columns.no_titles = true;
	return stats->code == EXIT_FINE && !stats->closed ? 0 : -EPIPE;
}

static int write_stream(struct stats *stats)
{
	CLEANUP(text_fini) struct text path = { 0 };
	struct problem problem;
	struct stream *stream;
	int r;

	wanted_path(&stats->wanted, true, &path);
	if (path.overflowed || stream_open(stats->session->socket_path, path.bytes, on_document,
					   stats, &stream, &problem) < 0)
		return complain(EXIT_TROUBLE, "cannot begin");
	while ((r = stream_wait(stream, NULL, 0, -1, &problem)) > 0)
		;
	stream_close(stream);

	if (stats->code != EXIT_FINE || stats->closed)
		return stats->code;
	return complain(EXIT_TROUBLE, "%s", r == 0 ? "the agent has ended" : problem.text);
}

/* A table is drawn on a terminal, and written once elsewhere; what programs read goes on. */
static int show(struct stats *stats, bool once)
{
	CLEANUP(listing_fini) struct listing listing = { 0 };
	bool table = stats->format.form == FORM_TABLE;
	struct problem problem;

	if (!once && !table)
		return write_stream(stats);
	once |= !stats->session->terminal;
	if (!once && !stats->wanted.order)
		stats->wanted.order = order_find("cpu", &problem);
	if (wanted_fetch(&stats->wanted, stats->session->socket_path, &listing, &problem) < 0)
		return complain(EXIT_TROUBLE, "%s", problem.text);
	if (once)
		return write_once(stats, &listing);
	return live_run(stats->session, &stats->wanted, &stats->columns, &stats->format, &listing);
}

static int run(struct session *session, const struct arguments *arguments)
{
	struct stats stats = {
		.session = session,
		.columns = {
			.fields = column_fields,
			.count = ARRAY_SIZE(column_fields),
			.key_fields = FIELD_COUNT,
			.whole = arguments_have(arguments, "no-trunc"),
		},
	};
	struct problem problem;
	int code;

	if (format_parse_fields(arguments_value(arguments, "format"), &stats.format, &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);
	if (wanted_parse(arguments, &stats.wanted, &problem) < 0) {
		format_fini(&stats.format);
		return complain(EXIT_USAGE, "%s", problem.text);
	}
	if (stats.format.form == FORM_TABLE || stats.format.form == FORM_TEMPLATE)
		wanted_ask_memory(&stats.wanted, session->socket_path);
	code = show(&stats, arguments_have(arguments, "no-stream"));
	wanted_fini(&stats.wanted);
	format_fini(&stats.format);

	return code;
}

const struct command command_stats = {
	.name = "stats",
	.summary = "show what containers use, live",
	.usage = "[NAME|ID...]",
	.operands = OPERANDS_CONTAINERS,
	.most = ARGUMENTS_OPERANDS,
	.flags = flags,
	.examples = examples,
	.notes =
		"Keys of the live view: c m n i p N sort by CPU, memory, network, block I/O,\n"
		"processes, name; r turns the order round; / filters; Space holds the list still;\n"
		"arrows, PgUp, PgDn, Home and End move; h shows keys; q or Ctrl-C ends.\n"
		"\n"
		"Numbers are of the agent's last round: nothing is measured for you. Memory is\n"
		"without inactive page cache, as in docker stats. NET I/O /S and BLOCK I/O /S are\n"
		"rates; docker's sums are the fields NetIO and BlockIO. Where stdout is no\n"
		"terminal, a table is written once; other formats go on until Ctrl-C.\n",
	.placeholder = field_placeholder,
	.run = run,
};
