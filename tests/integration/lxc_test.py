#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Containers of LXC, with a lxc.lxcpath of their own and no network."""
import contextlib
import os
import shutil
import subprocess
import tempfile

import lab
from lab import near, wait_for

NAME = "plimsoll-lxc"
HELD = "plimsoll-lxc-7"  # ends like a further try of LXC
NODE = "plimsoll-7101"   # as on Proxmox
UNIFIED = "/sys/fs/cgroup" if lab.PURE_V2 else "/sys/fs/cgroup/unified"

directory = agent = None
had_pivot = set()


def trees():
    return [UNIFIED] if lab.PURE_V2 else [
        os.path.join("/sys/fs/cgroup", name) for name in os.listdir("/sys/fs/cgroup")
        if os.path.isdir("/sys/fs/cgroup/" + name) and not os.path.islink("/sys/fs/cgroup/" + name)]


def lxc(command, name, *words, check=True):
    return lab.run("lxc-" + command, "-P", directory, "-n", name, *words, check=check).stdout


def make(name, program, *lines):
    home = os.path.join(directory, name)
    os.makedirs(home)
    with open(home + "/config", "w") as f:
        f.write("\n".join(["lxc.uts.name = " + name,
                           "lxc.rootfs.path = dir:%s/root" % directory,
                           "lxc.net.0.type = empty",
                           "lxc.apparmor.profile = unconfined",
                           "lxc.init.cmd = /bin/sh /data/%s.sh" % name, *lines]) + "\n")
    with open("%s/root/data/%s.sh" % (directory, name), "w") as f:
        f.write(program + "\n")


def start(name):
    # The monitor keeps its output: pipes that somebody waits for would never end.
    with open(directory + "/log", "ab") as log:
        subprocess.run(["lxc-start", "-P", directory, "-n", name, "-d"], check=True,
                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    lxc("wait", name, "-s", "RUNNING", "-t", str(lab.PATIENCE))


def monitors():
    """Processes that look after containers of ours; they go some time after these."""
    pids = lab.run("pgrep", "-f", "lxc monitor. %s " % directory, check=False).stdout.split()
    return [pid for pid in pids if os.path.exists("/proc/" + pid)]


def found(name):
    """Its info once it has a cgroup; a stopped one has none."""
    return wait_for(lambda: [(labels, value) for labels, value in
                             agent.metrics().all("plimsoll_container_info", name=name)
                             if labels.get("id")], name)


def ours(metric, name):
    return agent.next_round(2).get(metric, name=name)


def setup():
    global directory, agent
    if not shutil.which("lxc-start"):
        raise lab.Skip("lxc is not installed")
    had_pivot.update(tree for tree in trees() if os.path.exists(tree + "/lxc.pivot"))
    directory = tempfile.mkdtemp(prefix="plimsoll-lxc-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    lab.busybox_root(directory + "/root")
    make(NAME, "for i in $(seq 20000); do :; done; exec sleep 3600")
    make(HELD, "exec sleep 3600")
    make(NODE, "exec sleep 3600", "lxc.cgroup.dir.container = lxc/" + NODE,
         "lxc.cgroup.dir.container.inner = ns", "lxc.cgroup.dir.monitor = lxc.monitor/" + NODE)
    agent = lab.Agent("runtimes: {lxc: {paths: [%s]}}\n" % directory)


def teardown():
    if agent:
        agent.stop()
    if not directory:
        return
    for name in (NAME, HELD, NODE):
        lxc("stop", name, "-k", check=False)
    wait_for(lambda: not monitors(), "the monitors to end")
    for tree in trees():
        for name in ["lxc.payload." + NAME, "lxc", "lxc.monitor"] + [
                "lxc.monitor." + name for name in (NAME, HELD, NODE)] + [
                "lxc.pivot"] * (tree not in had_pivot):
            with contextlib.suppress(OSError):  # not there, or somebody else's
                os.rmdir(os.path.join(tree, name))
    shutil.rmtree(directory, ignore_errors=True)


def test_containers_that_never_started_are_listed():
    for name in (NAME, HELD, NODE):
        wait_for(lambda: agent.metrics().get("plimsoll_container_state", name=name, state="exited")
                 == 1, name + " to be listed")
    assert not agent.metrics().all("container_last_seen", name=NAME)


def test_a_started_container_is_found_by_its_name():
    start(NAME)
    info = found(NAME)
    assert len(info) == 1, info
    labels = info[0][0]
    assert labels["runtime"] == "lxc" and labels["id"] == "/lxc.payload." + NAME, labels
    assert labels["image"] == directory + "/root", labels
    assert not agent.metrics().get("plimsoll_container_host_network", name=NAME)


def test_numbers_agree_with_lxc_info():
    # Its program has come to rest: nothing moves between the two looks.
    usage = lambda: ours("container_cpu_usage_seconds_total", NAME)
    wait_for(lambda: usage() == usage() != 0, "the process to rest")
    said = {key.strip(): value.strip() for key, _, value in
            (line.partition(":") for line in lxc("info", NAME, "-S", "-H").splitlines())}
    cpu, memory = said.get("CPU use"), said.get("Memory use")
    if not cpu:  # of cgroup v1 only
        stat = dict(line.split() for line in lxc("cgroup", NAME, "cpu.stat").splitlines() if line)
        cpu = 1000 * int(stat["usage_usec"])
    near(usage(), int(cpu) / 1e9, "CPU", slack=0.01)
    near(ours("container_memory_usage_bytes", NAME),
         int(memory or lxc("cgroup", NAME, "memory.current")), "memory", share=0.05)
    assert ours("container_threads", NAME) == 1
    assert ours("container_processes", NAME) == 1


def test_what_it_makes_below_is_no_other_container():
    inner = os.path.join(UNIFIED, "lxc.payload." + NAME, "system.slice", "ssh.service")
    os.makedirs(inner)
    try:
        seen = agent.next_round(2).all("container_last_seen")
        assert [labels["name"] for labels, _ in seen if "lxc" in labels["id"]] == [NAME], seen
    finally:
        os.rmdir(inner)
        os.rmdir(os.path.dirname(inner))


def test_freezing_shows():
    lxc("freeze", NAME)
    try:
        wait_for(lambda: agent.metrics().get("plimsoll_container_frozen", name=NAME) == 1,
                 "frozen to become 1")
    finally:
        lxc("unfreeze", NAME)
    wait_for(lambda: agent.metrics().get("plimsoll_container_frozen", name=NAME) == 0,
             "frozen to become 0")


def test_a_command_run_by_lxc_execute_is_found():
    name = "plimsoll-lxc-command"
    make(name, "true")
    process = subprocess.Popen(["lxc-execute", "-P", directory, "-n", name, "--", "/bin/sleep",
                                "3600"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        if process.poll() is None:
            labels = wait_for(lambda: process.poll() is not None or agent.metrics().all(
                "plimsoll_container_info", name=name), name)
        if process.poll() is not None:
            raise lab.Skip("lxc-execute needs its own init in the container (init.lxc.static)")
        assert labels[0][0]["runtime"] == "lxc", labels
    finally:
        lxc("stop", name, "-k", check=False)
        process.wait(timeout=lab.PATIENCE)


def test_it_goes_when_it_is_stopped_and_comes_beside_what_was_left():
    lxc("stop", NAME, "-k")
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total", name=NAME) is None,
             "its series to end")
    assert agent.metrics().get("plimsoll_container_state", name=NAME, state="exited") == 1
    for tree in trees():
        os.makedirs(os.path.join(tree, "lxc.payload." + NAME), exist_ok=True)
    start(NAME)
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total", name=NAME)
             is not None, "its series to begin again")
    info = found(NAME)
    assert [labels["id"] for labels, _ in info] == ["/lxc.payload.%s-1" % NAME], info


def test_a_name_that_ends_with_a_number_keeps_it():
    start(HELD)
    info = found(HELD)
    assert [labels["id"] for labels, _ in info] == ["/lxc.payload." + HELD], info


def test_proxmox_layout_is_read_above_the_inner_cgroup():
    start(NODE)
    info = found(NODE)
    assert [labels["id"] for labels, _ in info] == ["/lxc/" + NODE], info
    assert os.path.isdir(os.path.join(UNIFIED, "lxc", NODE, "ns"))
    assert ours("container_threads", NODE) == 1


if __name__ == "__main__":
    lab.main()
