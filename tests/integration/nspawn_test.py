#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Containers of systemd-nspawn, and services when they are asked for; both need systemd as PID 1."""
import contextlib
import os
import shutil
import subprocess
import tempfile

import lab
from lab import between, near, wait_for

NAME = "plimsoll-nspawn"
OTHER = "plimsoll-other"
SERVICE = "plimsoll-test.service"
KEPT = "plimsoll-kept.service"

directory = agent = None
processes = {}


def unit_of(name):
    return "machine-%s.scope" % name.replace("-", "\\x2d")


def command(name, program, *words):
    return ["systemd-nspawn", "--quiet", "--machine=" + name,
            "--directory=" + directory + "/root", "--read-only", "--private-network",
            "--console=pipe", *words, "/bin/sh", "-c", program]


def start(name, program):
    with open(os.path.join(directory, name + ".log"), "wb") as log:
        processes[name] = subprocess.Popen(command(name, program), stdin=subprocess.DEVNULL,
                                           stdout=log, stderr=log)


def said(name):
    with open(os.path.join(directory, name + ".log"), errors="replace") as f:
        return f.read().strip()[-300:]


def stop(name):
    process = processes.pop(name, None)
    if process:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=lab.PATIENCE)
        if process.poll() is None:
            process.kill()


def found(name):
    def look():
        assert name not in processes or processes[name].poll() is None, said(name)
        return agent.metrics().all("plimsoll_container_info", name=name)
    return wait_for(look, name)


def show(unit, what):
    return lab.run("systemctl", "show", "--value", "-p", what, unit).stdout.strip()


def cgroup_file(path, name):
    with open("/sys/fs/cgroup" + path + "/" + name) as f:
        return f.read()


def setup():
    global directory, agent
    if not os.path.isdir("/run/systemd/system"):
        raise lab.Skip("systemd is not PID 1 here")
    if not shutil.which("systemd-nspawn"):
        raise lab.Skip("systemd-container is not installed")
    directory = tempfile.mkdtemp(prefix="plimsoll-nspawn-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    lab.busybox_root(directory + "/root")
    for name in ("run", "usr", "var", "root"):  # read-only: it cannot make them
        os.makedirs(os.path.join(directory, "root", name))
    with open(directory + "/root/etc/os-release", "w") as f:
        f.write("ID=plimsoll-test\n")
    agent = lab.Agent("runtimes: {enable: [systemd]}\n")


def teardown():
    if agent:
        agent.stop()
    for name in list(processes):
        stop(name)
    if directory:
        lab.run("systemctl", "stop", SERVICE, KEPT, check=False)
        shutil.rmtree(directory, ignore_errors=True)


def test_a_machine_is_found_by_its_name_and_told_from_its_supervisor():
    start(NAME, "for i in $(seq 20000); do :; done; exec sleep 3600")
    info = found(NAME)
    assert len(info) == 1, info
    labels = info[0][0]
    assert labels["runtime"] == "nspawn", labels
    assert labels["id"] == "/machine.slice/%s/payload" % unit_of(NAME), labels
    wait_for(lambda: agent.metrics().all("plimsoll_container_info", name=NAME,
                                         image=directory + "/root"), "its root to be known")


def test_machined_tells_when_it_began():
    since = wait_for(lambda: agent.metrics().get("container_start_time_seconds", name=NAME),
                     "the start time")
    said_us = int(lab.run("machinectl", "show", "--value", "-p", "TimestampMonotonic",
                          NAME).stdout)
    with open("/proc/uptime") as f, open("/proc/stat") as stat:
        boot = next(int(line.split()[1]) for line in stat if line.startswith("btime"))
    near(since, boot + said_us / 1e6, "start", slack=2)


def test_numbers_agree_with_the_cgroup_and_the_unit():
    path = "/machine.slice/%s/payload" % unit_of(NAME)
    usage = lambda: agent.next_round(2).get("container_cpu_usage_seconds_total", name=NAME)
    wait_for(lambda: usage() == usage() != 0, "the process to rest")
    kernel = dict(line.split() for line in cgroup_file(path, "cpu.stat").splitlines())
    near(usage(), int(kernel["usage_usec"]) / 1e6, "CPU", slack=0.01)
    assert usage() <= int(show(unit_of(NAME), "CPUUsageNSec")) / 1e9  # with the supervisor's
    near(agent.next_round(2).get("container_memory_usage_bytes", name=NAME),
         int(cgroup_file(path, "memory.current")), "memory", share=0.05)
    assert agent.metrics().get("container_processes", name=NAME) == 1


def test_a_unit_that_keeps_its_name_is_found_too():
    lab.run("systemd-run", "--quiet", "--unit=" + KEPT, "-p", "Delegate=yes",
            *command(OTHER, "exec sleep 3600", "--keep-unit"))
    info = found(OTHER)
    assert len(info) == 1 and info[0][0]["runtime"] == "nspawn", info
    assert info[0][0]["id"] == "/system.slice/%s/payload" % KEPT, info
    lab.run("systemctl", "stop", KEPT)
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total", name=OTHER) is None,
             "its series to end")


def test_services_are_there_when_they_are_asked_for():
    lab.run("systemd-run", "--quiet", "--unit=" + SERVICE, "sleep", "3600")
    labels = found(SERVICE)[0][0]
    assert labels["runtime"] == "systemd" and not labels.get("image"), labels
    assert labels["id"] == "/system.slice/" + SERVICE, labels
    assert agent.metrics().all("plimsoll_container_info", name="systemd-journald.service")
    low = agent.next_round(2).get("container_cpu_usage_seconds_total",
                                  name="systemd-journald.service")
    middle = int(show("systemd-journald.service", "CPUUsageNSec")) / 1e9
    high = agent.next_round(2).get("container_cpu_usage_seconds_total",
                                   name="systemd-journald.service")
    between(low, middle, high, "CPU of the journal", share=0.05)
    lab.run("systemctl", "stop", SERVICE)
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total", name=SERVICE)
             is None, "the service's series to end")


def test_services_are_not_there_unless_they_are_asked_for():
    with lab.Agent() as other:
        metrics = other.next_round(2)
        assert not metrics.all("plimsoll_container_info", runtime="systemd")
        assert metrics.all("plimsoll_container_info", name=NAME), "the machine is missing"


def test_it_goes_when_it_is_stopped():
    lab.run("machinectl", "terminate", NAME)
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total", name=NAME) is None,
             "its series to end")
    stop(NAME)


if __name__ == "__main__":
    lab.main()
