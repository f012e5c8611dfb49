/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers of LXC, and of what is built on it: Incus, LXD, Proxmox VE. Each keeps its files in
 * another way; lxc_homes.c knows where, lxc_config.c and lxc_dossier.c know how to read them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"
#include "containers/place.h"

struct dossier;
struct identity;

#define LXC_CONFIG_BYTES 262144 /* some kilobytes, of which mounts are most */
#define LXC_USERS_MAX    64     /* whose directories are kept open */
#define LXC_USER_ENTRIES 4096   /* of one user's directory that are looked at */

/* One line of a configuration: key, separator, value, without blanks and quotes around. */
struct lxc_line {
	struct slice key, value;
};

/* Takes the next line off the text; comments and what has no separator ('=', or Proxmox's ':') are
 * skipped. Returns false at the end. */
bool lxc_line_next(const char **cursor, char separator, struct lxc_line *ret_line);

/* For "lxc.net.0.type": takes the number's text and the rest. Returns whether the key is of a
 * network interface. */
bool lxc_net_key(struct slice key, struct slice *ret_number, struct slice *ret_rest);

/* The beginning of a text that is an IP address, up to a blank, "/" or ",". Returns its length, 0:
 * there is none. */
size_t lxc_address_length(struct slice text);

/* Fill what is still unknown: lxc.container.conf(5), and the file of a Proxmox node (pct.conf(5)).
 * Files that are included are not read. Return 0 or -ENOMEM. */
int lxc_config_parse(const char *text, struct identity *identity);
int lxc_node_parse(const char *text, struct identity *identity);

/* The same for the dossier. */
int lxc_config_inspect(const char *text, struct dossier *dossier);
int lxc_node_inspect(const char *text, struct dossier *dossier);

/* What the entries of a directory are. */
enum lxc_shape {
	LXC_HOMES,   /* NAME/config: lxc.lxcpath */
	LXC_DAEMON,  /* NAME, a directory or a link to one: Incus and LXD */
	LXC_STARTED, /* NAME/lxc.conf, which Incus and LXD write at a start and leave there */
	LXC_NODE,    /* NAME.conf: Proxmox */
};

/* Other users' directories, opened when a cgroup of theirs was seen. */
struct lxc_user {
	uint32_t uid;
	int fd; /* ~/.local/share/lxc; -1: there is none */
};

struct lxc_homes {
	struct places places; /* root's */
	struct lxc_user users[LXC_USERS_MAX];
	size_t user_count;
};

/* Returns 0 or -ENOMEM. */
int lxc_homes_init(struct lxc_homes *homes, const struct runtime_place *from);
void lxc_homes_fini(struct lxc_homes *homes);

/* Opens what is there now. Returns how many directories there are. */
size_t lxc_homes_refresh(struct lxc_homes *homes);

/* A user, root excluded, has a part of the cgroup tree. */
void lxc_homes_see_user(struct lxc_homes *homes, uint32_t uid);

/* Whether that user, 0 for root, has a container of this name. */
bool lxc_homes_have(const struct lxc_homes *homes, uint32_t uid, const char *name);

/* One file about a container; steps through all of them, the one that tells the name first. Start
 * with *cursor 0. Returns false at the end. */
struct lxc_file {
	int dir_fd;
	char path[300]; /* a name of 255 bytes, and what is added to it */
	enum lxc_shape shape;
};
bool lxc_homes_next(const struct lxc_homes *homes, uint32_t uid, const char *name, size_t *cursor,
		    struct lxc_file *ret_file);

/* Whether it is there; a link counts, wherever it leads. */
bool lxc_file_exists(const struct lxc_file *file);

/* Tells every container's name, running or not, of at most `max` entries in each directory. Returns
 * 0 or a negative errno. */
typedef void (*lxc_found)(uint32_t uid, const char *name, void *userdata);
int lxc_homes_list(const struct lxc_homes *homes, size_t max, lxc_found found, void *userdata);

/* Whether a change in a watched directory is one of a container; then its id (runtime.h) is set. */
bool lxc_homes_changed(const struct lxc_homes *homes, const char *directory, const char *name,
		       char *ret_id);
