#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Podman's containers (of root): found, named, and measured as Podman measures them."""
import json
import os
import re

import lab
from lab import between, near, wait_for

podman = agent = None
NAMES = ("plimsoll-pod-busy", "plimsoll-pod-idle")
WRITER = "plimsoll-pod-writer"


def setup():
    global podman, agent
    podman = lab.Podman()
    podman.start(NAMES[0], "--cpus", "0.5", "-m", "64m", "--pids-limit", "50", "--network", "none",
                 "plimsoll-test:1", "sh", "-c", "while :; do :; done")
    podman.start(NAMES[1], "--network", "none", "--label", "com.docker.compose.service=db",
                 "plimsoll-test:1", "sleep", "3600")
    # With a network of its own; the write limit never binds, see docker_test.
    podman.start(WRITER, "-v", podman.directory + ":/data", "--device-write-bps",
                 lab.device_of(podman.directory) + ":10gb", "plimsoll-test:1", "sh", "-c",
                 "dd if=/dev/zero of=/data/x bs=64k count=320 oflag=direct 2>/dev/null; "
                 ": >/data/done; exec sleep 3600")
    agent = lab.Agent(podman.config())
    agent.next_round(2)


def teardown():
    if agent:
        agent.stop()
    if podman:
        podman.close()


def stats(name):
    """Podman's own numbers; units are part of its strings."""
    return json.loads(podman("stats", "--no-stream", "--no-trunc", "--format", "json", name))[0]


def seconds(text):
    """"1m2.5s", "26.634754ms"."""
    total = 0.0
    for number, unit in re.findall(r"([0-9.]+)(h|ms|m|us|µs|ns|s)", text):
        total += float(number) * {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6,
                                  "ns": 1e-9}[unit]
    return total


def size(text):
    number, unit = re.match(r"([0-9.]+)([kMGT]?i?B)", text.strip()).groups()
    step = 1024 if "i" in unit else 1000
    return float(number) * step ** "BkMGT".index(unit[0])


def test_each_container_carries_its_name_once():
    """The scope does; crun's inner cgroup and the scope of conmon do not."""
    metrics = agent.metrics()
    for name in NAMES:
        series = metrics.all("container_cpu_usage_seconds_total", name=name)
        assert len(series) == 1, "%s: %d series" % (name, len(series))
        assert series[0][0]["image"].endswith("plimsoll-test:1"), series
    named = [l for l, _ in metrics.all("container_last_seen") if "conmon" in l.get("id", "")]
    assert not named, named


def test_cpu_agrees_with_the_engine():
    name = "container_cpu_usage_seconds_total"
    before = agent.next_round().get(name, name=NAMES[0])
    theirs = seconds(stats(NAMES[0])["cpu_time"])
    after = agent.next_round().get(name, name=NAMES[0])
    between(before, theirs, after, "CPU seconds")
    assert after > before, "a busy loop uses CPU"


def test_memory_and_pids_agree_with_the_engine():
    for name in NAMES:
        theirs = stats(name)
        metrics = agent.next_round()
        used, limit = theirs["mem_usage"].split("/")
        # podman subtracts nothing from memory.current; its string has three digits
        near(metrics.get("container_memory_usage_bytes", name=name), size(used), "memory",
             slack=64 * 4096)
        near(metrics.get("container_threads", name=name), int(theirs["pids"]), "pids")
        if name == NAMES[0]:
            near(metrics.get("container_spec_memory_limit_bytes", name=name), size(limit),
                 "memory limit")


def test_network_and_block_io_agree_with_the_engine():
    """Of a container that rests. Podman prints four digits at most."""
    wait_for(lambda: os.path.exists(podman.directory + "/done"), "the writer to be done")
    os.sync()
    metrics = agent.next_round(2)
    theirs = stats(WRITER)
    sums = [metrics.sum("container_%s_total" % name, name=WRITER) or 0 for name in
            ("network_receive_bytes", "network_transmit_bytes", "fs_reads_bytes",
             "fs_writes_bytes")]
    said = [size(part) for key in ("net_io", "block_io") for part in theirs[key].split("/")]
    if int(re.search(r"(\d+)\.", podman("--version")).group(1)) < 5:
        said[:2] = said[1::-1]  # it calls received what was sent (seen in 4.3)
    # one late neighbour discovery more, on either side
    for ours, engine, what, slack in zip(sums, said, ("received", "sent", "read", "written"),
                                         (300, 300, 4096, 4096)):
        near(ours, engine, what, slack=slack)
    assert sums[3] >= 320 * 65536, sums


def test_labels_are_read():
    if not os.path.exists(podman.graph_root + "/db.sql"):
        raise lab.Skip("this podman keeps labels in BoltDB only, which it locks (before 4.8)")
    assert agent.metrics().get("container_last_seen", name=NAMES[1],
                               container_label_com_docker_compose_service="db")


def test_runtime_is_podman():
    info = agent.metrics().all("plimsoll_container_info", name=NAMES[0])
    assert len(info) == 1 and info[0][0]["runtime"] == "podman", info


def test_the_engines_database_is_left_alone():
    """Podman's files are read only: no lock, no journal of ours beside them."""
    before = sorted(os.listdir(podman.graph_root))
    agent.next_round(2)
    assert sorted(os.listdir(podman.graph_root)) == before
    podman("ps")


def test_what_ended_leaves_only_last_seen():
    podman("rm", "-f", "-t", "0", NAMES[1])
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total",
                                         name=NAMES[1]) is None, "its series to end")
    metrics = agent.next_round(2)
    left = [n for n, l, _ in metrics.samples if l.get("name") == NAMES[1]]
    assert left == ["container_last_seen"], left


if __name__ == "__main__":
    lab.main()
