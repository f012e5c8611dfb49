/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What an engine's containers look like: which cgroup paths are its containers, and in which of
 * its files a container's name, image and labels stand. No engine socket is used.
 *
 * Files belong to the engine, sometimes to an ordinary user: everything in them is hostile. They
 * are opened with fd_open_distrusted, and what is read is bounded and made valid UTF-8. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/condition.h"

#define IDENTITY_TEXT_BYTES   1024    /* name, image: longer ones are cut */
#define IDENTITY_LABEL_BYTES  256     /* one label's value; keys: 128 */
#define IDENTITY_LABELS_BYTES 8192    /* all labels of a container; the rest is left out */
#define METADATA_BYTES        1048576 /* a metadata file that is larger is not read */
#define RUNTIME_ID_BYTES      128  /* engines: 64 digits; runc: a file name, longer ones are cut */
#define RUNTIME_PATH_BYTES    4096 /* PATH_MAX */

/* What decorates a container. Heap strings, owned; NULL: unknown. */
struct identity {
	char *name;
	char *image;
	char *image_id;
	char *pod;
	char *detail;         /* why something is unknown, for people; NULL: all is known */
	char *labels;         /* pairs as ATTRIBUTE_LABELS; NULL: none */
	size_t labels_length; /* with the NUL of the empty key */
	uint64_t created_ns;  /* since 1970; 0: unknown */
	uint64_t started_ns;
	char *address;     /* IP address, the first one; NULL: none, or unknown */
	bool host_network; /* configured to use the host's network */
	bool infra;        /* holds the namespaces of its pod and does nothing else */
	bool has_owner;    /* rootless: run by this user, not by root */
	uint32_t owner_uid;
	struct condition condition;
};

void identity_fini(struct identity *identity);

/* Sets a string: valid UTF-8, cut to IDENTITY_TEXT_BYTES. Returns 0 or -ENOMEM. */
int identity_set(char **field, const char *value, size_t length);

/* Appends one label within the limits; others are left out silently, and so is a key that is
 * there already. Returns 0 or -ENOMEM. */
int identity_label(struct identity *identity, const char *key, const char *value);

/* Says why something is unknown; the first reason stays. No memory: it is not said. */
void identity_explain(struct identity *identity, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

bool identity_equal(const struct identity *a, const struct identity *b);

enum match_kind {
	MATCH_NONE,
	MATCH_CONTAINER, /* this cgroup carries the name; nothing below it does */
	MATCH_HELPER,    /* no container, and none below: the engine's own process, a mount unit */
};

struct match {
	enum match_kind kind;
	char id[RUNTIME_ID_BYTES];
};

/* What a change in a watched directory means. */
enum change_kind {
	CHANGE_NONE,
	CHANGE_CONTAINER, /* this container's files: `text` is its id */
	CHANGE_CGROUP,    /* the cgroup at `text` may have become a container */
	CHANGE_RECENT,    /* somebody's files: those look who came lately or lack metadata */
	CHANGE_ENGINE,    /* the engine's directory appeared: look at everything again */
};

struct change {
	enum change_kind kind;
	char text[RUNTIME_PATH_BYTES];
};

struct dossier;       /* dossier.h */
struct runtime_state; /* what one runtime remembers: open directories, databases */
struct watches;       /* watch.h */

struct runtime_place {
	int root_fd;               /* borrowed; directory that looks like "/" */
	const char *const *places; /* from the configuration, NULL at the end; or NULL */
	struct watches *watches;   /* borrowed; where a runtime asks to be told of changes */
};

struct runtime {
	const char *name;  /* attribute `runtime`, and the key below `runtimes:` in files */
	const char *where; /* where its files usually are, for the start-up report */
	bool optional;     /* only looked for when the configuration asks for it (runtimes.enable);
			    * else its cgroups are the next runtime's, or nobody's */
	bool outer;        /* its containers may have others' containers below them, which count in
			    * both; else nothing below a container is another one */

	/* Makes what later calls need; nothing is read yet. Returns 0 or -ENOMEM. */
	int (*open)(const struct runtime_place *place, struct runtime_state **ret_state);
	void (*close)(struct runtime_state *state);

	/* Looks again for the engine's directories, which may come, move and go at any time. Called
	 * at the start of each rescan. Returns 0, -ENOENT (this engine has no files here), or
	 * another negative errno. */
	int (*refresh)(struct runtime_state *state);

	/* Decides whether the cgroup at `path` is a container of this engine; ret_match is
	 * MATCH_NONE already. Runtimes are asked in the order of runtimes[]. */
	void (*match)(struct runtime_state *state, const char *path, struct match *ret_match);

	/* Reads what its files say about one container; `path` is NULL for one that has no cgroup.
	 * Returns 0, -ENOENT (no file yet), -EBADMSG
	 * (there, and not what the engine writes), or another negative errno, with `detail` set;
	 * what could be read is filled in all the same. `ret_identity` is empty before. */
	int (*describe)(struct runtime_state *state, const char *id, const char *path,
			struct identity *ret_identity);

	/* A number that is another one when describe may say something else; 0: nothing is there,
	 * or it cannot be told. Costs one stat or one small query. */
	uint64_t (*stamp)(struct runtime_state *state, const char *id, const char *path);

	/* Tells the id of every container that the engine's files know, running or not, at most
	 * `max` of them. describe, stamp and inspect take these ids with a path of NULL. NULL: its
	 * files know running ones only. Returns 0 or a negative errno. */
	int (*list)(struct runtime_state *state, size_t max,
		    void (*found)(const char *id, void *userdata), void *userdata);

	/* Reads all that the files tell (dossier.h). `ret_dossier` is empty before; what could be
	 * read is filled in also when it fails. NULL: no more than the identity is known. Returns
	 * as describe. */
	int (*inspect)(struct runtime_state *state, const char *id, const char *path,
		       struct dossier *ret_dossier);

	/* `name` came, went or was written in `directory`, one of those that this or any other
	 * runtime asked to watch, named as it was then. `ret_change` is CHANGE_NONE already. */
	void (*changed)(struct runtime_state *state, const char *directory, const char *name,
			struct change *ret_change);
};

/* Every runtime, in matching order, NULL at the end. One line in runtimes.c adds one. */
extern const struct runtime *const runtimes[];

/* What no engine's container can be, and the engines' helper processes: MATCH_HELPER or
 * MATCH_NONE, by the last component of the path. */
enum match_kind runtimes_helper(const char *path);
