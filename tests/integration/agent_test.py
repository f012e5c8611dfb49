#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""plimsolld and plimsoll-web as processes: start, stop, reload, rights, and being killed."""
import http.client
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

import lab
from lab import wait_for

agent = None


def setup():
    global agent
    agent = lab.Agent()


def teardown():
    if agent:
        agent.stop()


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        return [int(word) for word in f.read().split()]


def status(pid):
    with open("/proc/%s/status" % pid) as f:
        return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)


def web_pid():
    pids = children(agent.process.pid)
    assert len(pids) == 1, pids
    return pids[0]


def test_every_route_answers():
    for path, kind in (("/", "text/html"), ("/metrics", "text/plain"), ("/healthz", "text/plain"),
                       ("/readyz", "text/plain"), ("/api/v1/containers", "application/json"),
                       ("/api/v1/host", "application/json")):
        code, headers, body = agent.fetch(path)
        assert code == 200 and headers["content-type"].startswith(kind) and body, (path, code)
        head = agent.fetch(path, method="HEAD")
        assert head[0] == 200 and not head[2], path
    assert agent.fetch("/nowhere")[0] == 404
    assert agent.fetch("/metrics", method="POST")[0] == 405
    assert agent.fetch("/api/v1/containers/nobody")[0] == 404


def test_the_start_report_tells_a_newcomer_what_was_found():
    said = agent.said()
    for word in ("cgroups", "engines", "containers", "sampling", "http://127.0.0.1:"):
        assert word in said, said


def test_one_thread_samples_and_the_one_beside_it_has_no_rights():
    """What may wait for a disk is the other's."""
    tasks = "/proc/%d/task" % agent.process.pid
    names = {}
    for task in os.listdir(tasks):
        with open("%s/%s/comm" % (tasks, task)) as f:
            names[f.read().strip()] = "%d/task/%s" % (agent.process.pid, task)
    assert sorted(names) == ["plimsoll-store", "plimsolld"], names
    assert int(status(names["plimsoll-store"])["CapEff"], 16) == 0
    assert status(names["plimsoll-store"])["NoNewPrivs"] == "1"


def test_the_core_listens_on_no_network():
    pid = agent.process.pid
    inodes = set()
    for fd in os.listdir("/proc/%d/fd" % pid):
        match = re.match(r"socket:\[(\d+)\]", os.readlink("/proc/%d/fd/%s" % (pid, fd)))
        if match:
            inodes.add(match.group(1))
    listening = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with open("/proc/net/" + table) as f:
            listening += [line for line in f if line.split()[9] in inodes]
    # It keeps the socket that it bound for plimsoll-web, so that a restart refuses nobody.
    assert len(listening) == 1 and ":%04X " % agent.port in listening[0], listening


def test_the_core_keeps_few_capabilities():
    if os.geteuid() != 0:
        raise lab.Skip("needs root")
    bits = int(status(agent.process.pid)["CapEff"], 16)
    # DAC_READ_SEARCH, KILL, SETGID, SETUID, SETPCAP, SYS_PTRACE
    allowed = sum(1 << bit for bit in (2, 5, 6, 7, 8, 19))
    assert bits & ~allowed == 0, "%x" % bits
    assert int(status(agent.process.pid)["CapBnd"], 16) & ~allowed == 0


def test_the_web_process_has_no_right_at_all():
    if os.geteuid() != 0:
        raise lab.Skip("needs root")
    said = status(web_pid())
    assert set(said["Uid"].split()) & {"0", str(os.geteuid())} == set(), said["Uid"]
    assert len(set(said["Uid"].split())) == 1 and said["Groups"].strip() == "", said
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(said[kind], 16) == 0, (kind, said[kind])
    assert said["NoNewPrivs"] == "1" and said["Seccomp"] == "2", said


def test_the_web_process_inherits_only_what_it_needs():
    kinds = {}
    pid = web_pid()
    for fd in os.listdir("/proc/%d/fd" % pid):
        target = os.readlink("/proc/%d/fd/%s" % (pid, fd))
        kind = re.sub(r":?\[\d+\]", "", target)
        kinds.setdefault(kind, []).append(fd)
    strange = set(kinds) - {"socket", "pipe", "anon_inode:[eventpoll]",
                            "anon_inode:[eventfd]", "anon_inode:[signalfd]", "/dev/null",
                            agent.log_path, "/memfd:plimsoll-snapshot (deleted)"}
    assert not strange, kinds


def test_web_killed_is_started_again_and_no_connection_is_refused():
    old = web_pid()
    rounds = agent.metrics().get("plimsoll_rounds_total")
    os.kill(old, signal.SIGKILL)
    connection = http.client.HTTPConnection("127.0.0.1", agent.port, timeout=lab.PATIENCE)
    connection.request("GET", "/metrics")  # waits in the socket's queue meanwhile
    text = connection.getresponse().read().decode()
    assert web_pid() != old
    assert lab.Metrics(text).get("plimsoll_rounds_total") >= rounds, "sampling went on"


def test_web_that_cannot_be_started_is_tried_again():
    """As while an upgrade replaces the programs."""
    programs = tempfile.mkdtemp(prefix="plimsoll-test-bin-")
    before, lab.BIN = lab.BIN, programs + "/bin"
    try:
        shutil.copytree(before, lab.BIN)
        with lab.Agent() as other:
            web = lab.BIN + "/plimsoll-web"
            os.rename(web, web + ".away")
            os.kill(children(other.process.pid)[0], signal.SIGKILL)
            wait_for(lambda: "cannot find plimsoll-web" in other.said(), "a start that fails")
            os.rename(web + ".away", web)
            wait_for(other.is_ready, "plimsoll-web to be back")
    finally:
        lab.BIN = before
        shutil.rmtree(programs)


def test_core_killed_takes_web_with_it():
    other = lab.Agent()
    pid = children(other.process.pid)[0]
    other.process.kill()
    wait_for(lambda: not os.path.exists("/proc/%d" % pid), "plimsoll-web to end")
    other.stop()


def test_sigterm_ends_cleanly():
    other = lab.Agent()
    pids = children(other.process.pid)
    assert other.stop() == 0, other.last_words
    assert not any(os.path.exists("/proc/%d" % pid) for pid in pids)
    assert "stopping" in other.last_words, other.last_words


def test_sighup_reads_the_configuration_again():
    other = lab.Agent("log_level: info\n")
    try:
        with open(other.config, "w") as f:
            f.write("log_level: debug\nmetrics: {remember: 1m}\n")
        other.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "configuration read again" in other.said(), "the reload")
        assert "metrics.remember" in other.said(), other.said()  # needs a restart, and says so
        with open(other.config, "w") as f:
            f.write("log_levle: debug\n")
        other.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "log_levle" in other.said(), "the complaint")
        assert other.is_ready(), "a bad file does not end it"
    finally:
        other.stop()


def test_rounds_are_on_time():
    """At 0.5 s: as many rounds as the clock allows, none left out on an idle machine."""
    first = agent.metrics()
    start = time.monotonic()
    last = agent.next_round(6)
    spent = time.monotonic() - start
    rounds = last.get("plimsoll_rounds_total") - first.get("plimsoll_rounds_total")
    assert rounds <= spent / 0.5 + 2, (rounds, spent)
    assert last.get("plimsoll_rounds_skipped_total") is not None


def test_descriptors_stay_flat():
    count = lambda: len(os.listdir("/proc/%d/fd" % agent.process.pid))
    agent.next_round(2)
    before = count()
    agent.next_round(6)
    assert count() <= before + 2, (before, count())


def test_after_kill_9_the_next_agent_starts_in_the_same_directory():
    """kill -9 leaves nothing that keeps the next agent from starting."""
    other = lab.Agent()
    run_dir = other.directory + "/run"
    other.process.kill()
    other.process.wait()
    third = subprocess.Popen([os.path.join(lab.BIN, "plimsolld"), "--run-dir", run_dir,
                              "--state-dir", other.directory + "/state", "--no-web"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(1)
    assert third.poll() is None, third.stderr.read()
    third.terminate()
    assert third.wait(timeout=lab.PATIENCE) == 0
    other.stop()


if __name__ == "__main__":
    lab.main()
