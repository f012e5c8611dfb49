/* SPDX-License-Identifier: Apache-2.0 */

/* syscalls: what is allowed, what is deadly, and EPERM for the rest.
 *
 * EPERM, since another C library may try a call that we do not know and do well without it. What
 * no library tries by itself while serving, but somebody would who took over the process, ends
 * it: the core sees SIGSYS and says so.
 *
 * Memory never becomes executable, mappings have no file behind them, and socket options are
 * those of TCP. */

#include "web/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "web/asan.h"

#define ARGUMENTS_MAX 2

struct rule {
	int call;
	unsigned count; /* of arguments compared; all must hold */
	struct scmp_arg_cmp arguments[ARGUMENTS_MAX];
};

/* clang-format off */
#define CALL(name)     { SCMP_SYS(name), 0, { { 0 } } }
#define IS(n, value)   { n, SCMP_CMP_EQ, (value), 0 }
#define HAS(n, bits)   { n, SCMP_CMP_MASKED_EQ, (bits), (bits) }
#define LACKS(n, bits) { n, SCMP_CMP_MASKED_EQ, (bits), 0 }

static const struct rule allowed[] = {
	/* connections */
	CALL(accept4),
	CALL(recvfrom),
	CALL(sendto),
	CALL(sendmsg),
	CALL(shutdown),
	CALL(close),
	{ SCMP_SYS(setsockopt), 1, { IS(1, IPPROTO_TCP) } },
	{ SCMP_SYS(fcntl), 1, { IS(1, F_GETFL) } }, /* libmicrohttpd checks what it is given */
	/* waiting: for clients, the core's pipe, signals, other threads */
	CALL(poll),
	CALL(ppoll),
	CALL(epoll_ctl),
	CALL(epoll_wait),
	CALL(epoll_pwait),
	CALL(read),
	CALL(write),
	CALL(futex),
	CALL(restart_syscall),
	CALL(rt_sigprocmask),
	CALL(clock_gettime),
	CALL(gettimeofday),
	CALL(time), /* where there is no vDSO */
	/* memory */
	{ SCMP_SYS(mmap), 2, { LACKS(2, PROT_EXEC), HAS(3, MAP_ANONYMOUS) } },
	{ SCMP_SYS(mprotect), 1, { LACKS(2, PROT_EXEC) } },
	CALL(mremap),
	CALL(munmap),
	CALL(madvise),
	CALL(brk),
	/* threads that begin and end, and the process's end */
	CALL(set_robust_list),
	CALL(rseq),
	{ SCMP_SYS(prctl), 1, { IS(0, PR_SET_NAME) } },
	CALL(exit),
	CALL(exit_group),
#if ADDRESS_SANITIZER /* threads that begin and end, and reports */
	CALL(sched_getaffinity),
	CALL(sigaltstack),
	CALL(getpid),
	CALL(gettid),
	CALL(sched_yield),
#endif
};

static const struct rule deadly[] = {
	CALL(execve),
	CALL(execveat),
	CALL(fork),
	CALL(vfork),
	CALL(clone),
	CALL(clone3),
	CALL(socket),
	CALL(socketpair),
	CALL(bind),
	CALL(listen),
	CALL(connect),
	CALL(kill),
	CALL(ptrace),
	CALL(process_vm_readv),
	CALL(process_vm_writev),
	CALL(pidfd_open),
	CALL(pidfd_getfd),
	CALL(pidfd_send_signal),
	CALL(setuid),
	CALL(setgid),
	CALL(setresuid),
	CALL(setresgid),
	CALL(setgroups),
	CALL(capset),
	CALL(unshare),
	CALL(setns),
	CALL(chroot),
	CALL(pivot_root),
	CALL(mount),
	CALL(umount2),
	CALL(open_by_handle_at),
	CALL(bpf),
	CALL(perf_event_open),
	CALL(io_uring_setup),
	CALL(userfaultfd),
	CALL(keyctl),
	CALL(init_module),
	CALL(finit_module),
	CALL(kexec_load),
	CALL(reboot),
};
/* clang-format on */

static int rules_add(scmp_filter_ctx filter, const struct rule *rules, unsigned count,
		     uint32_t action)
{
	for (unsigned i = 0; i < count; i++) {
		int r = seccomp_rule_add_array(filter, action, rules[i].call, rules[i].count,
					       rules[i].arguments);

		if (r < 0 && r != -EDOM) /* EDOM: this architecture has no such call */
			return r;
	}

	return 0;
}

static int filter_load(scmp_filter_ctx filter)
{
	int r;

	/* For threads that run already; and a decision tree, since every call passes here. */
	r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (r < 0)
		return r;
	(void) seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* slower without */

	r = rules_add(filter, allowed, ARRAY_SIZE(allowed), SCMP_ACT_ALLOW);
	if (r < 0)
		return r;
	r = rules_add(filter, deadly, ARRAY_SIZE(deadly), SCMP_ACT_KILL_PROCESS);
	if (r < 0)
		return r;

	return seccomp_load(filter);
}

int syscalls_restrict(struct syscalls_summary *ret_summary)
{
	scmp_filter_ctx filter;
	int r;

	if (seccomp_api_get() < 2) /* 2: filters for all threads at once, Linux 3.17 */
		return -EOPNOTSUPP;
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return -ENOMEM;

	r = filter_load(filter);
	seccomp_release(filter);
	if (r < 0)
		return r;

	*ret_summary = (struct syscalls_summary){ ARRAY_SIZE(allowed), ARRAY_SIZE(deadly) };
	return 0;
}
