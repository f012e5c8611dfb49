#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Thousands of containers that live for a moment, one after another: nothing of them may stay."""
import json
import os
import shutil
import tempfile

import lab
from lab import wait_for

COUNT = 5000
TREE = "/sys/fs/cgroup" if lab.PURE_V2 else "/sys/fs/cgroup/unified"
BASE = TREE + "/plimsoll-churn"

agent = data_root = None


def setup():
    global agent, data_root
    if os.geteuid() != 0:
        raise lab.Skip("making cgroups needs root")
    data_root = tempfile.mkdtemp(prefix="plimsoll-churn-")
    os.mkdir(data_root + "/containers")
    os.makedirs(BASE + "/docker")
    agent = lab.Agent("runtimes: {docker: {data_roots: [%s]}}\nmetrics: {remember: 0s}\n" % data_root,
                      full=False)


def teardown():
    if agent:
        agent.stop()
    for path in (BASE + "/docker", BASE):
        if os.path.isdir(path):
            os.rmdir(path)
    if data_root:
        shutil.rmtree(data_root)


def live_and_die(number):
    """What dockerd does: files, cgroup; and both go."""
    identifier = "%064x" % (number + 1)
    directory = "%s/containers/%s" % (data_root, identifier)
    os.mkdir(directory)
    with open(directory + "/config.v2.json", "w") as f:
        json.dump({"ID": identifier, "Name": "/job-%d" % number, "State": {"Running": True},
                   "Config": {"Image": "job:1"}}, f)
    os.mkdir("%s/docker/%s" % (BASE, identifier))
    os.rmdir("%s/docker/%s" % (BASE, identifier))
    shutil.rmtree(directory)


def test_5000_short_lived_containers_leave_nothing():
    before = agent.next_round()
    for number in range(COUNT):
        live_and_die(number)
    after = wait_for(lambda: (lambda m: m if m.get("plimsoll_containers") == 0 else None)
                     (agent.next_round(2)), "all to be gone")
    came, went = (after.get("plimsoll_containers_%s_total" % word) for word in ("started", "ended"))
    assert came == went > 0, (came, went)
    assert after.sum("plimsoll_rows_refused_total") == 0
    assert not after.all("container_last_seen", image="job:1")
    assert after.get("plimsoll_open_descriptors") == before.get("plimsoll_open_descriptors")
    grown = after.get("plimsoll_resident_memory_bytes") - before.get("plimsoll_resident_memory_bytes")
    assert grown < 16 << 20, "%d bytes more" % grown


def test_one_that_stays_is_seen_after_them():
    identifier = "%064x" % (COUNT + 1)
    os.mkdir("%s/containers/%s" % (data_root, identifier))
    with open("%s/containers/%s/config.v2.json" % (data_root, identifier), "w") as f:
        json.dump({"ID": identifier, "Name": "/stays", "State": {"Running": True},
                   "Config": {"Image": "job:1"}}, f)
    os.mkdir("%s/docker/%s" % (BASE, identifier))
    try:
        wait_for(lambda: agent.metrics().get("container_last_seen", name="stays"), "it")
    finally:
        os.rmdir("%s/docker/%s" % (BASE, identifier))


if __name__ == "__main__":
    lab.main()
