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

#define IDENTITY_TEXT_BYTES   1024	   /* name, image: longer ones are cut */
#define IDENTITY_LABEL_BYTES  256	   /* one label's value; keys: 128 */
#define IDENTITY_LABELS_BYTES (8 * 1024)   /* all labels of a container; the rest is left out */
#define METADATA_BYTES	      (1024 * 1024) /* a metadata file that is larger is not read */

/* What decorates a container. Heap strings, owned; NULL: unknown. */
struct identity {
	char *name;
	char *image;
	char *image_id;
	char *pod;
	char *detail;	       /* why something is unknown, for people; NULL: all is known */
	char *labels;	       /* pairs as ATTRIBUTE_LABELS; NULL: none */
	size_t labels_length;  /* with the NUL of the empty key */
	uint64_t created_ns;   /* since 1970; 0: unknown */
	uint64_t started_ns;
	bool host_network;     /* configured to use the host's network */
};

void identity_fini(struct identity *identity);

/* Sets a string: valid UTF-8, cut to IDENTITY_TEXT_BYTES. Returns 0 or -ENOMEM. */
int identity_set(char **field, const char *value, size_t length);

/* Appends one label within the limits; others are left out silently. Returns 0 or -ENOMEM. */
int identity_label(struct identity *identity, const char *key, const char *value);

enum match_kind {
	MATCH_NONE,
	MATCH_CONTAINER, /* this cgroup carries the name; nothing below it does */
	MATCH_HELPER,	 /* the engine's own process (conmon, sandbox); never a container */
};

struct match {
	enum match_kind kind;
	char id[128];
};

struct runtime_state; /* what one runtime remembers: open directories, databases */

struct runtime_place {
	int root_fd;		   /* directory that looks like "/" */
	const char *const *places; /* directories from the configuration, NULL at the end; or NULL */
};

struct runtime {
	const char *name;  /* attribute `runtime`, and the key below `runtimes:` in the configuration */
	const char *where; /* where its files usually are, for the start-up report */

	/* Makes what later calls need. -ENOENT: this engine has no files here; it may come later,
	 * and open is called again at each rescan. Returns 0 or a negative errno. */
	int (*open)(const struct runtime_place *place, struct runtime_state **ret_state);
	void (*close)(struct runtime_state *state);

	/* Decides whether the cgroup at `path` is a container of this engine. `state` may be NULL:
	 * then by the path alone. Runtimes are asked in the order of runtimes[]. */
	void (*match)(struct runtime_state *state, const char *path, struct match *ret_match);

	/* Reads what its files say about one container. Returns 0, -ENOENT (no file yet), or a
	 * negative errno, with `detail` set; what could be read is filled in all the same. */
	int (*describe)(struct runtime_state *state, const char *id, const char *path,
			struct identity *ret_identity);

	/* Directories whose changes may change a description: fills up to `size` paths relative to
	 * root_fd that the registry watches; returns how many. NULL: none. */
	size_t (*watch)(struct runtime_state *state, const char *id, char (*ret_paths)[512],
			size_t size);
};

/* Every runtime, in matching order, NULL at the end. One line in runtimes.c adds one. */
extern const struct runtime *const runtimes[];
