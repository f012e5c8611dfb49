#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Under systemd, with the unit that is shipped: readiness, watchdog, reload, stop."""
import http.client
import os
import re
import time

import lab
from lab import wait_for

UNIT = "plimsoll-test.service"
PATH = "/run/systemd/system/" + UNIT
port = 0


def setup():
    global port
    if not os.path.isdir("/run/systemd/system"):
        raise lab.Skip("systemd is not the manager here; the guests show it")
    port = lab.free_port()
    with open(os.path.join(lab.TOP, "packaging", "systemd", "plimsolld.service")) as f:
        unit = f.read()
    unit = re.sub(r"^ExecStart=.*$", "ExecStart=%s/plimsolld --listen 127.0.0.1:%d" %
                  (lab.BIN, port), unit, flags=re.M)
    with open(PATH, "w") as f:
        f.write(unit)
    lab.run("systemctl", "daemon-reload")


def teardown():
    if os.path.exists(PATH):
        lab.run("systemctl", "stop", UNIT, check=False)
        os.unlink(PATH)
        lab.run("systemctl", "daemon-reload", check=False)


def show(name):
    return lab.run("systemctl", "show", "-P", name, UNIT).stdout.strip()


def test_start_returns_when_it_is_ready():
    """Type=notify: when systemctl start is back, a scrape has numbers."""
    lab.run("systemctl", "start", UNIT)
    assert show("ActiveState") == "active"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=lab.PATIENCE)
    connection.request("GET", "/metrics")
    assert b"container_last_seen" in connection.getresponse().read()


def test_the_watchdog_is_served():
    first = show("WatchdogTimestampMonotonic")
    assert int(first) > 0, "no keep-alive was sent"
    wait_for(lambda: show("WatchdogTimestampMonotonic") != first, "the next keep-alive", 60)


def test_reload_keeps_it_running():
    pid = show("MainPID")
    lab.run("systemctl", "reload", UNIT)
    time.sleep(1)
    assert show("ActiveState") == "active" and show("MainPID") == pid


def test_stop_is_clean():
    lab.run("systemctl", "stop", UNIT)
    assert show("Result") == "success", show("Result")


if __name__ == "__main__":
    lab.main()
