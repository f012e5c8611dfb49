#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What becomes of containers: states, exit codes, restarts, health and OOM kills, as Docker has them,
in the metrics and as events."""
import os
import time

import lab
from lab import wait_for

docker = agent = None
IMAGE = "plimsoll-test:1"
NAMES = ("plimsoll-old", "plimsoll-web", "plimsoll-sick", "plimsoll-loop", "plimsoll-oom")
STATES = {"created", "running", "paused", "restarting", "exited", "dead"}


def config(socket):
    return ("runtimes: {docker: {data_roots: [%s], socket: %s}}\n" % (docker.data_root, socket))


def setup():
    global docker, agent
    docker = lab.Docker()
    docker("run", "--name", NAMES[0], IMAGE, "sh", "-c", "exit 3", check=False)
    agent = lab.Agent(config(docker.socket), full=False)
    agent.next_round(2)


def teardown():
    if agent:
        agent.stop()
    if docker:
        docker.close()


def state(name, metrics=None):
    """The state that is 1; without metrics.full it is the only one that has a series."""
    series = (metrics or agent.metrics()).all("plimsoll_container_state", name=name)
    if not series:
        return None
    assert {l["state"] for l, _ in series} <= STATES | {"removing"}, series
    found = [l["state"] for l, v in series if v == 1]
    assert len(found) == 1, series
    return found[0]


def wait_state(name, wanted):
    wait_for(lambda: state(name) == wanted, "%s to be %s" % (name, wanted))


def value(metric, name):
    return agent.metrics().get(metric, name=name)


def events(name):
    return [e for e in agent.json("/api/v1/events")["events"] if e.get("name") == name]


def actions(name):
    return [e["type"] for e in events(name)]


def wait_actions(name, wanted):
    wait_for(lambda: actions(name) == wanted, "the events %r, not %r" % (wanted, actions(name)))


def test_what_ended_before_is_known_and_no_news():
    assert state(NAMES[0]) == "exited"
    assert value("plimsoll_container_last_exit_code", NAMES[0]) == 3
    finished = value("plimsoll_container_last_exit_timestamp_seconds", NAMES[0])
    assert abs(finished - time.time()) < 600, finished
    assert value("container_cpu_usage_seconds_total", NAMES[0]) is None
    assert actions(NAMES[0]) == [], actions(NAMES[0])


def test_life_is_told_from_creation_to_removal():
    """create, start, pause, unpause, kill, start again, rm: states, exit codes, restarts, events."""
    name = NAMES[1]
    docker("create", "--name", name, IMAGE, "sleep", "3600")
    wait_state(name, "created")
    assert value("plimsoll_container_health_status", name) == 1  # the only one: "none"
    docker("start", name)
    wait_state(name, "running")
    wait_for(lambda: value("container_cpu_usage_seconds_total", name) is not None, "its numbers")
    docker("pause", name)
    wait_state(name, "paused")
    docker("unpause", name)
    wait_state(name, "running")
    docker("kill", name)
    wait_state(name, "exited")
    wait_for(lambda: value("plimsoll_container_last_exit_code", name) == 137, "the exit code")
    wait_for(lambda: value("container_cpu_usage_seconds_total", name) is None, "its numbers to end")
    assert value("plimsoll_container_restarts_total", name) == 0
    docker("start", name)
    wait_state(name, "running")
    wait_for(lambda: value("plimsoll_container_restarts_total", name) == 1, "the restart")
    assert value("plimsoll_container_last_exit_code", name) == 137
    docker("rm", "-f", name)
    wait_for(lambda: "removed" in actions(name), "its removal")
    wait_for(lambda: state(name) is None, "its state to be gone")
    told = [a for a in actions(name) if a != "emptied"]
    assert told == ["created", "started", "paused", "unpaused", "died", "started", "restarted",
                    "died", "removed"], told
    ends = [e for e in events(name) if e["type"] == "died"]
    assert [e.get("exit_code") for e in ends] == [137, 137], ends


def test_restart_loop_is_counted():
    name = NAMES[3]
    docker("run", "-d", "--name", name, "--restart", "on-failure:3", IMAGE, "sh", "-c",
           "sleep 0.3; exit 4")
    wait_for(lambda: value("plimsoll_container_restarts_total", name) == 3, "three restarts")
    wait_state(name, "exited")
    wait_for(lambda: value("plimsoll_container_last_exit_code", name) == 4, "the exit code")
    told = actions(name)
    assert told.count("started") == 4 and told.count("restarted") == 3, told
    wait_for(lambda: actions(name).count("died") == 4, "four ends")


def health(name, the_agent=None):
    series = (the_agent or agent).metrics().all("plimsoll_container_health_status", name=name)
    return next((l["status"] for l, v in series if v == 1), None)


def test_health_comes_from_the_socket():
    """It is in no file; another agent without the socket does not know it."""
    name = NAMES[2]
    docker("run", "-d", "--name", name, "--health-cmd", "cat /tmp/well", "--health-interval", "1s",
           "--health-retries", "1", IMAGE, "sleep", "3600")
    wait_for(lambda: health(name) == "unhealthy", "the check to fail")
    docker("exec", name, "sh", "-c", ": >/tmp/well")
    wait_for(lambda: health(name) == "healthy", "the check to succeed")
    wait_for(lambda: "health" in actions(name), "the event")
    assert [e["health"] for e in events(name) if e["type"] == "health"][-1] == "healthy"
    with lab.Agent(config("none")) as blind:
        blind.next_round(2)
        assert health(name, blind) is None, "health without the socket"
        assert blind.metrics().get("plimsoll_container_state", name=name, state="running") == 1


def test_oom_kills_survive_a_restart():
    name = NAMES[4]
    docker("run", "-d", "--name", name, "-m", "16m", "--memory-swap", "16m", IMAGE, "sh", "-c",
           "while :; do tail /dev/zero; sleep 3600; done")
    wait_for(lambda: (value("plimsoll_container_oom_kills_total", name) or 0) >= 1, "an OOM kill")
    kills = value("plimsoll_container_oom_kills_total", name)
    assert value("container_oom_events_total", name) == kills
    assert "oom" in actions(name)
    docker("stop", "-t", "0", name)
    wait_state(name, "exited")
    assert value("plimsoll_container_oom_kills_total", name) == kills
    docker("start", name)
    wait_for(lambda: (value("plimsoll_container_oom_kills_total", name) or 0) > kills,
             "one more kill")
    docker("rm", "-f", name)
    wait_for(lambda: state(name) is None, "its state to be gone")
    docker("run", "-d", "--name", name, "-m", "64m", IMAGE, "sleep", "3600")
    wait_state(name, "running")
    assert value("plimsoll_container_oom_kills_total", name) > kills, "of the same name"


def test_a_running_container_has_at_most_45_series():
    count = {}
    for metric, labels, _ in agent.metrics().samples:
        if labels.get("name") in NAMES and "id" in labels:
            count.setdefault((labels["name"], labels["id"]), []).append(metric)
    assert len(count) >= 2, count
    for container, series in count.items():
        assert len(series) <= 45, "%r: %d series" % (container, len(series))


if __name__ == "__main__":
    lab.main()
