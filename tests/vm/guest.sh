#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs in a guest, as root under systemd, started by the kernel's command line; the guest powers off
# when it ends. First the guest itself: a failure there is one of the laboratory, not of Plimsoll.

set -uo pipefail

exec >/dev/ttyS1 2>&1 </dev/null
cd /plimsoll/tree || exit 1
# shellcheck source=tests/harness/report.sh
. tests/harness/report.sh

export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
export PLIMSOLL_BIN=$PWD/build/bin PLIMSOLL_CACHE=/plimsoll/out PLIMSOLL_SYSTEM_ENGINES=1
work=$(mktemp -d)

# What depends on the kernel, on engines or on systemd. The rest (command line, web, alerts, what is
# typed) is the same everywhere, and runs on the developer's machine.
of_the_kernel=(agent api containerd discovery docker lxc nspawn oci podman podman_rootless state systemd)

# check NAME COMMAND...
check() {
	local name=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		report_ok "$name"
	else
		report_fail "$name" "status $?"
		tail -n 10 "$work/log" | report_detail
	fi
}

cgroup_is_pure_v2() {
	[[ $(stat --file-system --format=%T /sys/fs/cgroup) == cgroup2fs ]]
}

make_image() {
	local applet
	mkdir -p "$work/root/bin"
	cp "$(command -v busybox)" "$work/root/bin/busybox"
	for applet in sh echo sleep; do
		ln -s busybox "$work/root/bin/$applet"
	done
	tar -C "$work/root" -cf "$work/image.tar" .
}

# Without a network: nothing but the engine itself is asked about.
engine_runs_containers() {
	"$1" import "$work/image.tar" guest-check:1 &&
		[[ $("$1" run --rm --network none guest-check:1 /bin/echo hello) == hello ]] &&
		"$1" rmi guest-check:1
}

demo_leaves_nothing() {
	packaging/demo start || return 1
	[[ $(runc list -q | grep -c '^demo-') -eq 3 ]] || return 1
	[[ -d /sys/fs/cgroup/plimsoll-demo/demo-busy ]] || return 1
	packaging/demo stop || return 1
	[[ -z $(runc list -q) && ! -e /sys/fs/cgroup/plimsoll-demo && ! -e /var/lib/plimsoll-demo ]]
}

# Its closing line is looked for here, since the host adds up what both have said.
run_integration() {
	local chosen
	if [[ ! -x tests/integration/run ]]; then
		report_fail integration "tests/integration/run is missing"
		return
	fi
	read -ra chosen </plimsoll/tests
	[[ ${#chosen[@]} -gt 0 ]] || chosen=("${of_the_kernel[@]}")
	tests/integration/run "${chosen[@]}" 2>&1 | tee "$work/log"
	grep -qE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$work/log" ||
		report_fail integration "ended without its closing line"
}

# systemd would wait for them while powering off.
kill_containers() {
	docker ps --quiet --no-trunc | xargs --no-run-if-empty docker kill
	podman kill --all
} >/dev/null 2>&1

systemctl start dbus docker
make_image
check "cgroup v2 alone" cgroup_is_pure_v2
check "docker runs containers" engine_runs_containers docker
check "podman runs containers" engine_runs_containers podman
check "the demo comes and goes" demo_leaves_nothing
run_integration
kill_containers
echo "guest: end"
