/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a person may decide: one struct, made from defaults, then files, then flags.
 *
 *	config_defaults(&config);
 *	config_load_directory(CONFIG_DIRECTORY, &config, &problem);   or config_load(path, ...)
 *	options_apply(&options, &config, &problem);                   options.h
 *	config_check(&config, &problem);
 *
 * options_config() in options.h does all four. Every mistake is a negative errno together with
 * a struct problem, whose text is a whole sentence with file and line in it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/problem.h"

#define CONFIG_DIRECTORY  "/etc/plimsoll" /* plimsoll.yaml; conf.d/NAME.yaml by name */
#define CONFIG_FILE_BYTES (256UL * 1024)  /* a longer file is refused */
#define CONFIG_TEXT_BYTES 1024            /* a longer value is refused */

/* Owned; items ends with NULL, and is never NULL itself in a configuration that was made. */
struct strings {
	char **items;
	size_t count;
};

/* How many rows settings.def has: one plus for each. */
enum {
	SETTINGS_COUNT =
#define SETTING(member, key, type, fallback, min, max, reload, flag, help) +1
#include "settings.def"
#undef SETTING
};

/* Where a value was set. All zero: nowhere, it is the default. */
struct origin {
	char *source;  /* a file, or a flag with its dashes; owned */
	unsigned line; /* in the file; 0: a flag */
};

/* Members and rows of settings.def go together. Strings are owned and never NULL. */
struct config {
	uint64_t interval_ns;
	uint64_t rescan_ns;
	char *run_dir;
	char *state_dir;
	enum log_level log_level;
	struct {
		bool enabled;
		bool insecure;
		char *listen; /* config_listen_parse() understands it */
		char *user;
		struct strings hosts;
	} web;
	struct {
		bool enabled;
		char *socket;
		char *group;
		uint64_t connections;
	} api;
	struct {
		uint64_t retention_ns;
		uint64_t max;
	} events;
	struct {
		uint64_t containers;
		uint64_t descriptors; /* 0: automatic */
	} limits;
	struct {
		struct strings labels;
		bool label_info;
		bool full;
		uint64_t remember_ns;
	} metrics;
	struct {
		struct strings disable;
	} sensors;
	struct {
		struct strings disable;
		struct strings enable;
		struct {
			struct strings data_roots;
			char *socket; /* "none": do not ask */
		} docker;
		struct {
			struct strings graph_roots;
		} podman;
		struct {
			struct strings state_roots;
		} containerd, runc, crun;
		struct {
			struct strings roots;
		} crio, nspawn, nomad;
		struct {
			struct strings paths;
		} lxc;
	} runtimes;

	const char *reading; /* file that is being read now, for origins; NULL: none. Borrowed */
	struct origin origins[SETTINGS_COUNT];
};

enum setting_type {
	SETTING_DURATION, /* uint64_t, nanoseconds */
	SETTING_NUMBER,   /* uint64_t */
	SETTING_BOOL,
	SETTING_LEVEL,   /* enum log_level */
	SETTING_PATH,    /* char *, absolute */
	SETTING_LISTEN,  /* char * */
	SETTING_STRING,  /* char *, not empty */
	SETTING_STRINGS, /* struct strings */
	SETTING_PATHS,   /* struct strings, absolute */
	SETTING_TYPE_COUNT,
};

struct setting {
	const char *key;
	const char *fallback; /* the default, as a person would write it */
	const char *help;
	const char *flag; /* NULL: none */
	size_t offset;    /* of the member in struct config */
	uint64_t min, max;
	enum setting_type type;
	bool reloadable;
};

extern const struct setting settings[SETTINGS_COUNT];

static inline bool setting_is_list(const struct setting *setting)
{
	return setting->type == SETTING_STRINGS || setting->type == SETTING_PATHS;
}

/* Fills ret_config; the caller ends it with config_fini. Returns 0 or -ENOMEM. */
int config_defaults(struct config *ret_config);
void config_fini(struct config *config); /* a zeroed one is fine, too */

/* Puts the settings of one YAML text over those in `config`. Returns 0, -EINVAL with ret_problem
 * ("line 3: unknown key ..."), or -ENOMEM. When it fails, `config` is as before. */
int config_parse(const char *text, size_t length, struct config *config,
		 struct problem *ret_problem);

/* One file, which has to exist; or the files of a directory, each of which may be missing. Returns
 * 0, or a negative errno with ret_problem, which names the file; then `config` is still to be
 * ended, and has the settings of the files before. */
int config_load(const char *path, struct config *config, struct problem *ret_problem);
int config_load_directory(const char *directory, struct config *config,
			  struct problem *ret_problem);

/* Remembers that the setting stands in line `line` of `source`. No memory: it counts as default. */
void config_set_origin(struct config *config, const struct setting *setting, const char *source,
		       unsigned line);

/* One setting from its text; `name` is how the problem calls it ("--interval"). Returns 0, -EINVAL
 * with ret_problem, or -ENOMEM. When it fails, `config` is as before. */
int config_set(struct config *config, const struct setting *setting, const char *name,
	       const char *text, struct problem *ret_problem);

/* What only the whole tells: whether web.listen may be as it is. Returns 0, or -EINVAL with
 * ret_problem. */
int config_check(const struct config *config, struct problem *ret_problem);

/* Whether every item is one of `known` (NULL at the end), for sensors.disable and the like, whose
 * names only their own lists know. Returns 0, or -EINVAL with a sentence naming the nearest. */
int config_check_names(const struct strings *strings, const char *key, const char *const *known,
		       struct problem *ret_problem);

/* The directories set for a runtime, NULL at the end; NULL: none were set, or no such runtime. */
const char *const *config_places(const struct config *config, const char *runtime);

bool strings_contain(const struct strings *strings, const char *item);

/* Address of web.listen: IPv4:PORT, [IPv6]:PORT, or :PORT, which is [::]:PORT (a socket there takes
 * IPv4, too; on a host without IPv6 use INADDR_ANY instead). Returns 0 or -EINVAL. */
int config_listen_parse(const char *text, struct sockaddr_storage *ret_address,
			socklen_t *ret_length);
bool config_listen_is_loopback(const struct sockaddr_storage *address);

/* Names the settings that differ and need a new start, "a, b", in `ret_keys`, which ends with a
 * NUL byte and is cut if need be. Returns how many there are. */
size_t config_reload_differences(const struct config *now, const struct config *next,
				 char *ret_keys, size_t size);

/* Takes over the reloadable settings of `next`, which then holds the old ones. */
void config_reload(struct config *now, struct config *next);

struct json_out;

/* The member "settings" of an open JSON object: for each {key, value, default, origin, help,
 * reload}. A value is text as a person would write it, or a list of such; origin is "default",
 * "FILE:LINE" or "--flag". */
void config_write_json(const struct config *config, struct json_out *json);

/* Writes the commented configuration file with every default: packaging/plimsoll.yaml. */
void config_write_commented(FILE *file);
