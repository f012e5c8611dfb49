#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Containers that runc or crun started directly, without an engine."""
import json
import os
import shutil
import subprocess
import tempfile

import lab
from lab import wait_for

directory = agent = runtime = None
ID = "plimsoll-oci"


def oci(*words, check=True):
    return lab.run(runtime, *words, check=check).stdout


def make_bundle():
    """A bundle whose process burns some CPU and rests then; the runtime's template, made smaller."""
    lab.busybox_root(directory + "/rootfs")
    lab.run(runtime, "spec", "--bundle", directory)
    path = directory + "/config.json"
    with open(path) as f:
        spec = json.load(f)
    spec["process"].update(terminal=False, args=[
        "sh", "-c", "for i in $(seq 2000); do :; done; exec sleep 3600"])
    spec["process"].pop("rlimits", None)
    spec["linux"]["cgroupsPath"] = "/plimsoll-test/" + ID
    spec["linux"]["resources"]["memory"] = {"limit": 32 << 20}
    spec["linux"]["resources"]["cpu"] = {"quota": 20000, "period": 100000}
    spec["annotations"] = {"org.example.team": "harbour"}
    with open(path, "w") as f:
        json.dump(spec, f)


def setup():
    global directory, agent, runtime
    # crun before 1.9 refuses hybrid hosts; runc serves both
    runtime = shutil.which("runc") or ("/usr/sbin/runc" if os.path.exists("/usr/sbin/runc") else None)
    if lab.PURE_V2:
        runtime = shutil.which("crun") or runtime
    if not runtime:
        raise lab.Skip("neither runc nor crun is installed")
    directory = tempfile.mkdtemp(prefix="plimsoll-oci-")
    make_bundle()
    agent = lab.Agent()


def teardown():
    if agent:
        agent.stop()
    if runtime and directory:
        oci("delete", "--force", ID, check=False)
        shutil.rmtree(directory, ignore_errors=True)
    for tree in ("", "unified", "memory", "cpu", "cpuacct", "pids", "blkio", "freezer", "devices",
                 "cpuset", "systemd"):
        try:
            os.rmdir(os.path.join("/sys/fs/cgroup", tree, "plimsoll-test"))
        except OSError:
            pass  # not made there


def start():
    # The container keeps its output: pipes that somebody waits for would never end.
    subprocess.run([runtime, "run", "--detach", "--bundle", directory, ID], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_it_is_found_when_it_starts_and_named_by_its_id():
    start()
    wait_for(lambda: agent.metrics().get("container_last_seen", name=ID), "the container")
    info = agent.next_round(2).all("plimsoll_container_info", name=ID)
    assert len(info) == 1 and info[0][0]["runtime"] == os.path.basename(runtime), info
    assert info[0][0]["id"].endswith("/plimsoll-test/" + ID), info


def test_its_numbers_are_there():
    metrics = agent.next_round(2)
    assert metrics.get("container_cpu_usage_seconds_total", name=ID) > 0
    assert metrics.get("container_spec_memory_limit_bytes", name=ID) == 32 << 20
    assert metrics.get("plimsoll_container_cpu_limit_cores", name=ID) == 0.2
    assert metrics.get("container_threads", name=ID) == 1
    assert metrics.get("container_processes", name=ID) == 1


def test_pausing_shows():
    # What the CPU quota holds back cannot be frozen, and runc gives up: let it rest first.
    usage = lambda: agent.next_round(2).get("container_cpu_usage_seconds_total", name=ID)
    wait_for(lambda: usage() == usage(), "the process to rest")
    oci("pause", ID)
    try:
        wait_for(lambda: agent.metrics().get("plimsoll_container_frozen", name=ID) == 1,
                 "frozen to become 1")
        states = {c["name"]: c["state"] for c in agent.json("/api/v1/containers")["containers"]}
        assert states[ID] == "paused", states
    finally:
        oci("resume", ID)


def test_it_goes_when_it_is_deleted():
    oci("delete", "--force", ID)
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total", name=ID) is None,
             "its series to end")
    assert agent.next_round(2).get("container_last_seen", name=ID)


if __name__ == "__main__":
    lab.main()
