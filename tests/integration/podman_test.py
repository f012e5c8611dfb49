#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Podman's containers (of root): found, named, measured as Podman measures them; what has ended
with how it ended; health; pods."""
import datetime
import json
import os
import re

import lab
from lab import between, near, wait_for

podman = agent = None
NAMES = ("plimsoll-pod-busy", "plimsoll-pod-idle")
WRITER = "plimsoll-pod-writer"
ENDED, CHECKED, AGAIN = "plimsoll-pod-ended", "plimsoll-pod-checked", "plimsoll-pod-again"
POD, MEMBER = "plimsoll-pod", "plimsoll-pod-member"

# Infra containers take no --ulimit, and this host may not give what podman asks for.
LIMITS = """[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
"""


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
    podman.start(ENDED, "--network", "none", "plimsoll-test:1", "sh", "-c", "exit 7")
    # Checked when it is told to: there may be no systemd that has timers.
    podman.start(CHECKED, "--network", "none", "--health-cmd", "echo broken; test -e /tmp/fine",
                 "--health-interval", "disable", "--health-retries", "2", "plimsoll-test:1",
                 "sleep", "3600")
    podman.start(AGAIN, "--network", "none", "plimsoll-test:1", "sleep", "3600")
    start_pod()
    agent = lab.Agent(podman.config())
    agent.next_round(2)


def start_pod():
    conf = os.path.join(podman.directory, "containers.conf")
    with open(conf, "w") as f:
        f.write(LIMITS)
    if not lab.SYSTEM_ENGINES:
        os.environ["CONTAINERS_CONF"] = conf
    podman("pod", "create", "--name", POD, "--network", "none", "--infra-image",
           "localhost/plimsoll-test:1", "--infra-command", "sleep 3600")
    podman("run", "-d", "--pod", POD, "--name", MEMBER, "plimsoll-test:1", "sleep", "3600")
    os.environ.pop("CONTAINERS_CONF", None)


def teardown():
    if agent:
        agent.stop()
    if podman:
        podman("pod", "rm", "-f", "-t", "0", POD, check=False)
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
        metrics = agent.next_turn()
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
    metrics = agent.next_turn()
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


def state_of(name):
    """The state that is 1; None: the container is not there."""
    return next((l["state"] for l, v in agent.metrics().all("plimsoll_container_state", name=name)
                 if v == 1), None)


def health_of(name):
    return next((l["status"] for l, v in
                 agent.metrics().all("plimsoll_container_health_status", name=name) if v == 1), None)


def inspect(name, what):
    return json.loads(podman("inspect", "--format", "{{json .State.%s}}" % what, name))


def unix_time(text):
    """RFC 3339 with nanoseconds."""
    whole, fraction, zone = re.match(r"([^.]+)(\.\d+)?(Z|[+-]\d\d:\d\d)$", text).groups()
    zone = "+00:00" if zone == "Z" else zone
    return datetime.datetime.fromisoformat(whole + zone).timestamp() + float(fraction or 0)


def test_what_ended_before_the_agent_came_is_known():
    assert state_of(ENDED) == "exited"
    metrics = agent.metrics()
    assert metrics.get("plimsoll_container_last_exit_code", name=ENDED) == 7
    near(metrics.get("plimsoll_container_last_exit_timestamp_seconds", name=ENDED),
         unix_time(inspect(ENDED, "FinishedAt")), "end", share=0, slack=0.001)
    assert metrics.get("container_cpu_usage_seconds_total", name=ENDED) is None


def test_exit_code_is_known_after_a_stop_and_gone_with_a_start():
    podman("kill", "--signal", "KILL", AGAIN)
    wait_for(lambda: agent.metrics().get("plimsoll_container_last_exit_code", name=AGAIN) == 137,
             "the exit code")
    wait_for(lambda: state_of(AGAIN) == "exited", "it to have ended")
    podman("start", AGAIN)
    wait_for(lambda: state_of(AGAIN) == "running", "it to run again")
    metrics = agent.next_round()
    assert metrics.get("container_cpu_usage_seconds_total", name=AGAIN) is not None
    assert len(metrics.all("plimsoll_container_state", name=AGAIN, state="running")) == 1


def test_restart_is_counted():
    before = agent.metrics().get("plimsoll_container_restarts_total", name=AGAIN)
    podman("restart", "-t", "0", AGAIN)
    wait_for(lambda: (agent.metrics().get("plimsoll_container_restarts_total", name=AGAIN) or 0)
             > (before or 0), "the restart")


def test_health_follows_the_checks():
    assert health_of(CHECKED) == "starting", health_of(CHECKED)
    for _ in range(2):
        podman("healthcheck", "run", CHECKED, check=False)
    wait_for(lambda: health_of(CHECKED) == "unhealthy", "it to be unhealthy", 10)
    podman("exec", CHECKED, "sh", "-c", ": >/tmp/fine")
    podman("healthcheck", "run", CHECKED)
    wait_for(lambda: health_of(CHECKED) == "healthy", "it to be healthy", 10)
    assert health_of(NAMES[0]) == "none"


def test_pod_has_its_member_and_one_infra_container():
    metrics = agent.metrics()
    members = [l for l, _ in metrics.all("plimsoll_container_info", pod=POD)]
    assert len(members) == 2, members
    assert [l["name"] for l in members if not l["name"].endswith("-infra")] == [MEMBER], members
    for name in (l["name"] for l in members):
        assert len(metrics.all("container_cpu_usage_seconds_total", name=name)) == 1, name
    slices = [l["id"] for l, _ in metrics.all("container_last_seen")
              if re.search(r"libpod_pod_[0-9a-f]+(\.slice)?$", l.get("id", ""))]
    assert not slices, slices


def test_what_is_removed_leaves_only_traces_of_its_end():
    podman("rm", "-f", "-t", "0", NAMES[1])
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total",
                                         name=NAMES[1]) is None, "its series to end")
    metrics = agent.next_round(2)
    left = {n for n, l, _ in metrics.samples if l.get("name") == NAMES[1]}
    assert left - {"plimsoll_container_last_exit_code",
                   "plimsoll_container_last_exit_timestamp_seconds"} == {"container_last_seen"}, left


if __name__ == "__main__":
    lab.main()
