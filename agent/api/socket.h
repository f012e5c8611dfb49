/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The socket's file: whose it is, and that nobody gets in before it is all set. */

#include <sys/types.h>

/* Root's, when there is no such group, which is logged. */
gid_t socket_group(const char *name);

/* Replaces a socket that was left there, binds (0660 root:group) and listens. Returns a descriptor
 * that the caller closes, or a negative errno, which was logged; then no file is left. */
int socket_listen(const char *path, gid_t group);
