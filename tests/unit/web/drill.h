/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What somebody tries who has taken over plimsoll-web. Each action returns what its call returned:
 * negative is refused, with errno. Arguments are such that nothing happens if one got through. */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* What plimsoll-web has open, and memory of its own. */
struct assets {
	int socket_fd, listen_fd, snapshot_fd;
	void *page;
};

static struct assets assets;

#define TRY(name, call) \
	static long name(void) \
	{ \
		return call; \
	}

TRY(open_shadow, open("/etc/shadow", O_RDONLY))
TRY(open_world_readable, open("/etc/passwd", O_RDONLY))
TRY(create_file, open("/tmp/plimsoll-sandbox-test", O_WRONLY | O_CREAT, 0600))
TRY(open_proc, open("/proc/self/mem", O_RDWR))
TRY(open_cgroup_tree, open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY))
TRY(open_anonymous_file, syscall(SYS_memfd_create, "x", 0))
TRY(make_directory, mkdir("/tmp/plimsoll-sandbox-test", 0700))
TRY(remove_file, unlink("/tmp/plimsoll-sandbox-test"))
TRY(open_by_handle, syscall(SYS_open_by_handle_at, -1, NULL, 0))
TRY(make_tcp_socket, socket(AF_INET, SOCK_STREAM, 0))
TRY(make_unix_socket, socket(AF_UNIX, SOCK_STREAM, 0))
TRY(make_netlink_socket, socket(AF_NETLINK, SOCK_RAW, 0))
TRY(listen_again, listen(assets.socket_fd, 1))
TRY(duplicate_descriptor, fcntl(assets.listen_fd, F_DUPFD, 20))
TRY(control_device, syscall(SYS_ioctl, STDERR_FILENO, 0x5412 /* TIOCSTI */, "x"))
TRY(make_process, syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL))
TRY(make_thread, syscall(SYS_clone3, NULL, 0))
TRY(trace, ptrace(PTRACE_ATTACH, getppid(), NULL, NULL))
TRY(end_init, kill(1, 0)) /* 0: only asks whether it could */
TRY(end_parent, syscall(SYS_tgkill, getppid(), getppid(), 0))
TRY(hold_process, syscall(SYS_pidfd_open, 1, 0))
TRY(become_root, syscall(SYS_setresuid, 0, 0, 0))
TRY(become_dumpable, syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0))
TRY(make_user_namespace, unshare(CLONE_NEWUSER))
TRY(enter_namespace, setns(assets.socket_fd, 0))
TRY(mount_something, mount("none", "/tmp", "tmpfs", 0, NULL))
TRY(unmount_something, umount2("/tmp/plimsoll-sandbox-test", MNT_DETACH))
TRY(change_root, chroot("/"))
TRY(load_bpf, syscall(SYS_bpf, 0, NULL, 0))
TRY(make_io_uring, syscall(SYS_io_uring_setup, 1, NULL))
TRY(handle_page_faults, syscall(SYS_userfaultfd, 0))
TRY(use_keys, syscall(SYS_keyctl, 0, 0, 0, 0, 0))
TRY(load_module, syscall(SYS_init_module, NULL, 0, ""))
TRY(reboot_host, syscall(SYS_reboot, 0, 0, 0, NULL))   /* wrong magic: harmless if it got through */
TRY(set_host_name, syscall(SYS_sethostname, NULL, -1)) /* no length that is possible */
TRY(make_memory_executable, mprotect(assets.page, 4096, PROT_READ | PROT_EXEC))
/* write itself is allowed: here it is the seal of the memory that refuses. */
TRY(write_snapshot, write(assets.snapshot_fd, "x", 1))

static long stat_file(void)
{
	struct stat status;

	return stat("/etc/passwd", &status);
}

static long read_link(void)
{
	char target[64];

	return readlink("/proc/self/exe", target, sizeof(target));
}

static long make_socket_pair(void)
{
	int fds[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static long connect_out(void)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_port = htons(22),
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return connect(assets.socket_fd, (const struct sockaddr *) &address, sizeof(address));
}

static long bind_port(void)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return bind(assets.socket_fd, (const struct sockaddr *) &address, sizeof(address));
}

static long change_socket_option(void)
{
	const int on = 1;

	return setsockopt(assets.listen_fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
}

static long execute(void)
{
	char *const arguments[] = { NULL };

	return execve("/bin/sh", arguments, arguments);
}

static long read_other_memory(void)
{
	struct iovec place = { assets.page, 8 };

	return process_vm_readv(getppid(), &place, 1, &place, 1, 0);
}

static long gain_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { .effective = ~0U, .permitted = ~0U } };

	return syscall(SYS_capset, &header, data);
}

static long watch_performance(void)
{
	struct perf_event_attr event = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(event) };

	return syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
}

static long map_executable_memory(void)
{
	void *start = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return start == MAP_FAILED ? -1 : 0;
}

static long map_snapshot_writable(void)
{
	void *start = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, assets.snapshot_fd, 0);

	return start == MAP_FAILED ? -1 : 0;
}

static const struct action {
	const char *name;
	long (*act)(void);
} actions[] = {
#define ACTION(name) \
	{ \
#name, name \
	}
	ACTION(open_shadow),
	ACTION(open_world_readable),
	ACTION(create_file),
	ACTION(open_proc),
	ACTION(open_cgroup_tree),
	ACTION(open_anonymous_file),
	ACTION(stat_file),
	ACTION(read_link),
	ACTION(make_directory),
	ACTION(remove_file),
	ACTION(open_by_handle),
	ACTION(make_tcp_socket),
	ACTION(make_unix_socket),
	ACTION(make_netlink_socket),
	ACTION(make_socket_pair),
	ACTION(connect_out),
	ACTION(bind_port),
	ACTION(listen_again),
	ACTION(change_socket_option),
	ACTION(duplicate_descriptor),
	ACTION(control_device),
	ACTION(execute),
	ACTION(make_process),
	ACTION(make_thread),
	ACTION(trace),
	ACTION(read_other_memory),
	ACTION(end_init),
	ACTION(end_parent),
	ACTION(hold_process),
	ACTION(become_root),
	ACTION(gain_capabilities),
	ACTION(become_dumpable),
	ACTION(make_user_namespace),
	ACTION(enter_namespace),
	ACTION(mount_something),
	ACTION(unmount_something),
	ACTION(change_root),
	ACTION(load_bpf),
	ACTION(watch_performance),
	ACTION(make_io_uring),
	ACTION(handle_page_faults),
	ACTION(use_keys),
	ACTION(load_module),
	ACTION(reboot_host),
	ACTION(set_host_name),
	ACTION(make_memory_executable),
	ACTION(map_executable_memory),
	ACTION(map_snapshot_writable),
	ACTION(write_snapshot),
};
