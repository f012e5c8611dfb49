/* SPDX-License-Identifier: Apache-2.0 */

/* sandbox: rights given up at start. Sources: capabilities(7), prctl(2), cap-ng(3). */

#include "web/sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/log.h"
#include "web/connections.h"
#include "web/landlock.h"
#include "web/syscalls.h"

/* The soft limit is often 1024, which the listening sockets would take from the connections. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= CONNECTIONS_FDS)
		return;

	limit.rlim_cur = limit.rlim_max < CONNECTIONS_FDS ? limit.rlim_max : CONNECTIONS_FDS;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		log_warning(-errno, "cannot raise the limit of open descriptors; fewer clients "
				    "can connect at a time");
}

/* Ids, groups, capabilities with the bounding set: in the order that libcap-ng knows. */
static int change_identity(const struct sandbox_identity *identity)
{
	int r;

	capng_clear(CAPNG_SELECT_ALL);
	r = capng_change_id((int) identity->uid, (int) identity->gid,
			    CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT);
	if (r < 0)
		return log_error(errno > 0 ? -errno : -EPERM,
				 "cannot become uid %u, gid %u (libcap-ng says %d)", identity->uid,
				 identity->gid, r);

	return 0;
}

/* Without root there is no bounding set to clear; no_new_privs makes it meaningless. */
static int drop_capabilities(void)
{
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_apply(CAPNG_SELECT_CAPS) < 0 || capng_apply(CAPNG_SELECT_AMBIENT) < 0)
		return log_error(-EPERM, "cannot drop capabilities");

	return 0;
}

static int check_identity(void)
{
	uid_t real, effective, saved;

	if (getresuid(&real, &effective, &saved) < 0)
		return log_error(-errno, "cannot get my user id");
	if (real == 0 || effective == 0 || saved == 0)
		return log_error(-EPERM, "refusing to serve as root: give --uid and --gid");
	if (capng_get_caps_process() < 0 ||
	    capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
		return log_error(-EPERM, "refusing to serve with capabilities");

	return 0;
}

static void log_landlock(int version)
{
	if (version < 0)
		log_info("sandbox: this kernel has no Landlock; seccomp refuses files and sockets");
	else
		log_info("sandbox: Landlock version %d denies every file%s%s", version,
			 version >= 4 ? ", TCP bind and connect" : "",
			 version >= 6 ? ", signals and abstract sockets" : "");
}

int sandbox_drop_rights(const struct sandbox_identity *identity)
{
	int r;

	raise_descriptor_limit();
	r = identity->given ? change_identity(identity) : drop_capabilities();
	if (r < 0)
		return r;
	r = check_identity();
	if (r < 0)
		return r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return log_error(-errno, "cannot give up privileges for good");

	log_landlock(landlock_deny_all());
	return 0;
}

int sandbox_shut(void)
{
	struct syscalls_summary summary;
	int r;

	r = syscalls_restrict(&summary);
	if (r == -EOPNOTSUPP) {
		log_warning(r, "sandbox: this kernel has no seccomp filters; serving without");
		return 0;
	}
	if (r < 0)
		return log_error(r, "cannot install the seccomp filter");

	log_info("sandbox: seccomp allows %u system calls, ends this process at %u, and refuses "
		 "the rest with EPERM",
		 summary.allowed, summary.deadly);
	return 0;
}
