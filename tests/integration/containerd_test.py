#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""containerd without Kubernetes: containers of ctr, by a containerd of our own."""
import contextlib
import glob
import json
import os
import shutil
import subprocess
import tempfile

import lab
from lab import between, near, wait_for

directory = daemon = agent = None
NAMESPACE = "plimsoll-ctr"
BUSY, IDLE, DOCKERS = "plimsoll-busy", "plimsoll.idle_1", "plimsoll-dockers"
CONFIG = """version = 2
root = "{0}/root"
state = "{0}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "{0}/sock"
[ttrpc]
  address = "{0}/sock.ttrpc"
"""


def ctr(*words, namespace=NAMESPACE, check=True):
    return lab.run("ctr", "--address", directory + "/sock", "--namespace", namespace, *words,
                   check=check)


def start(name, *words, namespace=NAMESPACE, options=()):
    ctr("run", "--detach", "--rootfs", *options, directory + "/rootfs", name, *words,
        namespace=namespace)


def setup():
    global directory, daemon, agent
    if not shutil.which("containerd") or not shutil.which("ctr"):
        raise lab.Skip("containerd is not installed")
    directory = tempfile.mkdtemp(prefix="plimsoll-ctr-")
    lab.busybox_root(directory + "/rootfs")
    with open(directory + "/config.toml", "w") as f:
        f.write(CONFIG.format(directory))
    with open(directory + "/log", "wb") as log:
        daemon = subprocess.Popen(["containerd", "--config", directory + "/config.toml"],
                                  stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    wait_for(lambda: ctr("version", check=False).returncode == 0, "containerd")
    # The state directory is there, the namespaces are not: they are noticed when they come.
    agent = lab.Agent("runtimes: {containerd: {state_roots: [%s/state]}}\n" % directory)
    start(BUSY, "/bin/sh", "-c", "while :; do :; done",
          options=["--memory-limit", str(64 << 20), "--label", "com.docker.compose.service=db"])
    start(IDLE, "/bin/sleep", "3600")
    start(DOCKERS, "/bin/sleep", "3600", namespace="moby")
    wait_for(lambda: len(infos(agent.metrics())) == 2, "both containers")
    agent.next_round(2)


def teardown():
    if agent:
        agent.stop()
    if daemon:
        for namespace, names in ((NAMESPACE, (BUSY, IDLE)), ("moby", (DOCKERS,))):
            for name in names:
                ctr("task", "rm", "--force", name, namespace=namespace, check=False)
                ctr("container", "rm", name, namespace=namespace, check=False)
        daemon.terminate()
        daemon.wait(timeout=lab.PATIENCE)
    if directory:
        lab.remove_engine(directory, NAMESPACE)
    for path in (glob.glob("/sys/fs/cgroup/" + NAMESPACE) + glob.glob("/sys/fs/cgroup/moby") +
                 glob.glob("/sys/fs/cgroup/*/" + NAMESPACE) + glob.glob("/sys/fs/cgroup/*/moby") +
                 ["/run/containerd/runc/" + NAMESPACE, "/run/containerd/runc/moby"]):
        with contextlib.suppress(OSError):  # not there, or somebody else's containers in it
            os.rmdir(path)


def infos(metrics):
    """Labels of what is shown of our containers, whatever engine they are said to be of."""
    return [l for l, _ in metrics.all("plimsoll_container_info")
            if l.get("container_id") in (BUSY, IDLE, DOCKERS)]


def stats(name):
    """containerd's own numbers: CPU in seconds, memory, processes. v1 and v2 have other words."""
    said = json.loads(ctr("task", "metrics", "--format", "json", name).stdout)
    cpu, memory = said["cpu"], said["memory"]
    if "usage_usec" in cpu:
        return cpu["usage_usec"] / 1e6, memory["usage"], said["pids"]["current"]
    return cpu["usage"]["total"] / 1e9, memory["usage"]["usage"], said["pids"]["current"]


def test_each_container_is_shown_once():
    """With its id as its name; runc's state of it makes no second one."""
    shown = sorted((l["name"], l["container_id"], l["runtime"], l["id"])
                   for l in infos(agent.metrics()))
    assert shown == [(name, name, "containerd", "/%s/%s" % (NAMESPACE, name))
                     for name in (BUSY, IDLE)], shown


def test_dockers_namespace_is_left_to_docker():
    metrics = agent.metrics()
    left = [l for n, l, _ in metrics.samples if l.get("id", "").startswith("/moby/")]
    assert not left, left


def test_labels_are_read():
    assert agent.metrics().get("container_last_seen", name=BUSY,
                               container_label_com_docker_compose_service="db")


def test_cpu_agrees_with_the_engine():
    name = "container_cpu_usage_seconds_total"
    before = agent.next_round().get(name, name=BUSY)
    theirs = stats(BUSY)[0]
    after = agent.next_round().get(name, name=BUSY)
    between(before, theirs, after, "CPU seconds")
    assert after > before, "a busy loop uses CPU"


def test_memory_and_processes_agree_with_the_engine():
    for name in (BUSY, IDLE):
        _, memory, processes = stats(name)
        metrics = agent.next_round()
        near(metrics.get("container_memory_usage_bytes", name=name), memory, "memory",
             slack=64 * 4096)
        near(metrics.get("container_threads", name=name), processes, "processes")
    assert metrics.get("container_spec_memory_limit_bytes", name=BUSY) == 64 << 20


def test_state_is_running_without_exit_code():
    metrics = agent.metrics()
    assert metrics.get("plimsoll_container_state", name=BUSY, state="running") == 1
    assert metrics.get("plimsoll_container_last_exit_code", name=BUSY) is None


def test_killed_container_is_gone():
    ctr("task", "kill", "--signal", "SIGKILL", IDLE)
    wait_for(lambda: "STOPPED" in ctr("task", "ls").stdout, "the task to end")
    ctr("task", "rm", IDLE)
    ctr("container", "rm", IDLE)
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total", name=IDLE) is None,
             "its series to end")
    metrics = agent.next_round(2)
    assert metrics.get("container_memory_usage_bytes", name=IDLE) is None
    # containerd has it in no file: it is unknown, which is not 0
    assert metrics.get("plimsoll_container_last_exit_code", name=IDLE) is None
    assert metrics.get("container_cpu_usage_seconds_total", name=BUSY), "the other one stays"


if __name__ == "__main__":
    lab.main()
