#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The README's first command: packaging/quickstart --demo, as a newcomer starts and stops it."""
import http.client
import os
import shutil
import signal
import subprocess
import tempfile

import lab
from lab import wait_for

NAMES = {"demo-busy", "demo-memory", "demo-idle"}
QUICKSTART = os.path.join(lab.TOP, "packaging", "quickstart")
directory = process = None
port = 0


def setup():
    global directory, process, port
    if not shutil.which("cmake"):
        raise lab.Skip("nothing to build with; guests get programs that are built")
    if os.path.exists("/var/lib/plimsoll-demo"):
        raise lab.Skip("somebody's demo runs on this machine")
    directory = tempfile.mkdtemp(prefix="plimsoll-test-")
    port = lab.free_port()
    # In a session of its own: Ctrl-C reaches the whole foreground group, and nobody else.
    process = subprocess.Popen(
        [QUICKSTART, "--demo", "--", "--listen", "127.0.0.1:%d" % port, "--run-dir",
         directory + "/run", "--state-dir", directory + "/state"], stdin=subprocess.DEVNULL,
        stdout=open(directory + "/log", "wb"), stderr=subprocess.STDOUT, start_new_session=True)


def teardown():
    if process and process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(lab.PATIENCE)
    if directory:
        shutil.rmtree(directory, ignore_errors=True)


def said():
    with open(directory + "/log", errors="replace") as f:
        return f.read()


def metrics():
    assert process.poll() is None, "quickstart ended: " + said()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=lab.PATIENCE)
    try:
        connection.request("GET", "/metrics")
        return lab.Metrics(connection.getresponse().read().decode())
    except OSError:
        return lab.Metrics("")
    finally:
        connection.close()


def names():
    return {labels.get("name") for labels, _ in metrics().all("container_cpu_usage_seconds_total")}


def test_the_demos_containers_show_up():
    wait_for(lambda: NAMES <= names(), "the three containers; it said: " + said(), 180)


def test_the_busy_one_is_throttled():
    wait_for(lambda: metrics().sum("container_cpu_cfs_throttled_periods_total", name="demo-busy"),
             "throttled periods")


def test_the_memory_one_grows():
    def used():
        return metrics().sum("container_memory_usage_bytes", name="demo-memory") or 0
    first = used()
    wait_for(lambda: used() > first + 4e6, "4 MB more")


def test_the_output_says_what_to_do_next():
    for words in ("demo-busy", "127.0.0.1:%d" % port, "Ctrl-C"):
        assert words in said(), said()


def test_ctrl_c_removes_everything():
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(lab.PATIENCE) == 0, said()
    assert not os.path.exists("/var/lib/plimsoll-demo")
    assert not NAMES & set(os.listdir("/run/runc"))
    for mount_point, directories, _ in os.walk("/sys/fs/cgroup"):
        assert "plimsoll-demo" not in directories, mount_point


if __name__ == "__main__":
    lab.main()
