# SPDX-License-Identifier: Apache-2.0
"""What the integration tests share: an agent of their own, engines of their own, and results.

A test file has functions test_*; each pins the behaviour its name and first line say. setup() and
teardown() surround them. Everything made here is removed at the end, also after a failure.

Environment: PLIMSOLL_BIN is the directory of the programs (default: build/bin);
PLIMSOLL_SYSTEM_ENGINES=1 uses the engines of the system, as in guests; else private ones are started.
"""
import contextlib
import gzip
import http.client
import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("PLIMSOLL_BIN", os.path.join(TOP, "build", "bin"))
SYSTEM_ENGINES = os.environ.get("PLIMSOLL_SYSTEM_ENGINES") == "1"
PURE_V2 = os.path.exists("/sys/fs/cgroup/cgroup.controllers")
# Emulated guests are some twenty times slower than the machine they run on.
PATIENCE = 120 if SYSTEM_ENGINES else 30


class Skip(Exception):
    """This host cannot show it; the message says why."""


def run(*command, check=True, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True, **more)
    if check and done.returncode != 0:
        raise AssertionError("%s: exit code %d: %s" % (" ".join(command), done.returncode,
                                                      done.stderr.strip()[-500:]))
    return done


def wait_for(condition, what, seconds=None):
    """Polls a condition, which is some other process's progress; returns its first true value."""
    end = time.monotonic() + (seconds or PATIENCE)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited in vain for " + what)
        time.sleep(0.1)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')


class Metrics:
    """A parsed scrape."""

    def __init__(self, text):
        self.text = text
        self.samples = []
        for line in text.splitlines():
            if line.startswith("#") or not line:
                continue
            match = SAMPLE.match(line)
            assert match, "no sample: " + line
            labels = {k: v.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
                      for k, v in LABEL.findall(match.group(2) or "")}
            self.samples.append((match.group(1), labels, float(match.group(3))))

    def all(self, metric, /, **labels):
        return [(l, v) for n, l, v in self.samples
                if n == metric and all(l.get(k) == w for k, w in labels.items())]

    def get(self, metric, /, **labels):
        """The only value; None when absent."""
        found = self.all(metric, **labels)
        assert len(found) < 2, "%s%r: %d series" % (metric, labels, len(found))
        return found[0][1] if found else None

    def sum(self, metric, /, **labels):
        found = self.all(metric, **labels)
        return sum(v for _, v in found) if found else None


class Agent:
    """plimsolld with directories and a port of its own."""

    def __init__(self, config="", args=(), wait=True, interval="0.5s", full=True):
        self.directory = tempfile.mkdtemp(prefix="plimsoll-test-")
        self.port = free_port()
        self.config = os.path.join(self.directory, "plimsoll.yaml")
        with open(self.config, "w") as f:
            f.write(config)
            if full:
                f.write("metrics: {full: true}\n")
        self.log_path = os.path.join(self.directory, "log")
        self.log = open(self.log_path, "wb")
        command = [os.path.join(BIN, "plimsolld"), "--config", self.config,
                   "--run-dir", self.directory + "/run", "--state-dir", self.directory + "/state",
                   "--listen", "127.0.0.1:%d" % self.port, "--interval", interval, *args]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log,
                                        stdin=subprocess.DEVNULL)
        if wait:
            try:
                wait_for(self.is_ready, "the agent to be ready:\n" + self.said())
            except AssertionError:
                self.stop()
                raise

    def said(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def is_ready(self):
        assert self.process.poll() is None, "plimsolld ended: " + self.said()
        try:
            return self.fetch("/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def fetch(self, path, headers=None, method="GET"):
        """Status, headers (lower case), body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            body = answer.read()
            got = {k.lower(): v for k, v in answer.getheaders()}
        finally:
            connection.close()
        if got.get("content-encoding") == "gzip" and body:
            body = gzip.decompress(body)
        return answer.status, got, body

    def metrics(self):
        status, _, body = self.fetch("/metrics")
        assert status == 200, "/metrics answered %d" % status
        return Metrics(body.decode("utf-8"))

    def json(self, path):
        status, _, body = self.fetch(path)
        assert status == 200, "%s answered %d" % (path, status)
        return json.loads(body)

    def next_round(self, more=1):
        """Waits until the snapshot is newer by whole rounds; returns its metrics."""
        first = self.metrics().get("plimsoll_rounds_total")
        return wait_for(lambda: (lambda m: m if m.get("plimsoll_rounds_total") >= first + more
                                 else None)(self.metrics()), "the next round")

    def next_turn(self):
        """Waits until all sensors have looked at idle containers, too: every ten seconds."""
        first = self.metrics()
        rounds = math.ceil(10 / first.get("plimsoll_interval_seconds"))
        return self.next_round(rounds + 1)

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.log.close()
        self.last_words = self.said()
        shutil.rmtree(self.directory, ignore_errors=True)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def busybox_root(directory):
    """A root file system that can run a shell; directory is made."""
    busybox = shutil.which("busybox") or "/bin/busybox"
    if not os.path.exists(busybox):
        raise Skip("busybox-static is not installed")
    os.makedirs(directory + "/bin")
    for name in ("dev", "proc", "sys", "tmp", "etc", "data"):
        os.makedirs(os.path.join(directory, name))
    shutil.copy(busybox, directory + "/bin/busybox")
    for applet in ("sh", "sleep", "dd", "cat", "head", "tail", "wget", "nc", "mkdir", "rm", "ping",
                   "seq", "true", "sync", "httpd"):
        os.symlink("busybox", os.path.join(directory, "bin", applet))
    return directory


def image_tar(directory):
    root = busybox_root(os.path.join(directory, "image"))
    tar = os.path.join(directory, "image.tar")
    run("tar", "-C", root, "-cf", tar, ".")
    return tar


def device_of(path):
    """The block device that a path's file system lies on."""
    number = os.stat(path).st_dev
    name = os.path.basename(os.path.realpath("/sys/dev/block/%d:%d" % (os.major(number),
                                                                      os.minor(number))))
    return "/dev/" + name


def remove_engine(directory, cgroup):
    """A private engine's directory, the mounts that it left there, and its empty parent cgroups."""
    with open("/proc/self/mountinfo") as f:
        mounts = [line.split()[4] for line in f]
    for path in sorted((m for m in mounts if m.startswith(directory + "/")), reverse=True):
        run("umount", path, check=False)
    shutil.rmtree(directory, ignore_errors=True)
    if SYSTEM_ENGINES:
        return
    for tree in [""] + os.listdir("/sys/fs/cgroup"):
        for name in (cgroup + "/conmon", cgroup):
            with contextlib.suppress(OSError):  # not there, or somebody else's containers in it
                os.rmdir(os.path.join("/sys/fs/cgroup", tree, name))


class Docker:
    """A dockerd: a private one here, the system's in guests. Containers are named by the tests."""

    def __init__(self):
        if not shutil.which("dockerd") or not shutil.which("docker"):
            raise Skip("docker.io is not installed")
        # Not /tmp, which may be memory: block I/O is to be seen.
        self.directory = tempfile.mkdtemp(prefix="plimsoll-dockerd-", dir="/var/tmp")
        self.process = None
        self.data_root = "/var/lib/docker"
        self.socket = "/run/docker.sock"
        if not SYSTEM_ENGINES:
            self.start_private()
        wait_for(lambda: run("docker", "-H", "unix://" + self.socket, "version",
                             check=False).returncode == 0, "dockerd")
        run("docker", "-H", "unix://" + self.socket, "import", image_tar(self.directory),
            "plimsoll-test:1")

    def start_private(self):
        self.data_root = self.directory + "/data"
        self.socket = self.directory + "/docker.sock"
        self.log = open(self.directory + "/log", "wb")
        self.process = subprocess.Popen(
            ["dockerd", "--data-root", self.data_root, "--exec-root", self.directory + "/exec",
             "-H", "unix://" + self.socket, "--pidfile", self.directory + "/pid"],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def __call__(self, *words, check=True):
        return run("docker", "-H", "unix://" + self.socket, *words, check=check).stdout.strip()

    def api(self, path):
        """GET on the engine's socket, as JSON."""
        class Connection(http.client.HTTPConnection):
            def connect(this):
                this.sock = socket.socket(socket.AF_UNIX)
                this.sock.settimeout(60)
                this.sock.connect(self.socket)
        connection = Connection("docker")
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def config(self):
        """YAML that lets an agent find this engine."""
        return "runtimes: {docker: {data_roots: [%s]}}\n" % self.data_root

    def close(self):
        ours = self("ps", "-aq", "--filter", "ancestor=plimsoll-test:1", check=False).split()
        if ours:
            self("rm", "-f", *ours, check=False)
        if self.process:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=60)
            self.log.close()
        remove_engine(self.directory, "docker")


class Podman:
    """Podman of root; here with storage of its own and runc, since crun refuses hybrid hosts."""

    def __init__(self):
        if not shutil.which("podman"):
            raise Skip("podman is not installed")
        self.directory = tempfile.mkdtemp(prefix="plimsoll-podman-", dir="/var/tmp")
        self.graph_root = "/var/lib/containers/storage"
        self.base = ["podman"]
        self.limits = []
        if not SYSTEM_ENGINES:
            self.graph_root = self.directory + "/root"
            self.base += ["--root", self.graph_root, "--runroot", self.directory + "/run",
                          "--runtime", shutil.which("runc") or "/usr/sbin/runc",
                          "--cgroup-manager", "cgroupfs"]
            # podman asks for more than a host without CAP_SYS_RESOURCE may give
            self.limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"]
        self("import", image_tar(self.directory), "plimsoll-test:1")

    def __call__(self, *words, check=True):
        return run(*self.base, *words, check=check).stdout.strip()

    def start(self, name, *words):
        return self("run", "-d", "--name", name, *self.limits, *words)

    def config(self):
        return "runtimes: {podman: {graph_roots: [%s]}}\n" % self.graph_root

    def close(self):
        self("rm", "-f", "-a", "-t", "0", check=False)
        self("rmi", "-f", "plimsoll-test:1", check=False)
        remove_engine(self.directory, "libpod_parent")


def near(ours, theirs, what, share=0.02, slack=0):
    """Within 2 % (or another share) of the engine's number, or within `slack` of it."""
    assert ours is not None, "%s: absent, the engine says %s" % (what, theirs)
    assert abs(ours - theirs) <= max(share * abs(theirs), slack), \
        "%s: %s, the engine says %s" % (what, ours, theirs)


def between(low, middle, high, what, share=0.02):
    """The engine's counter, read between two of ours."""
    assert low is not None and high is not None, what + ": absent"
    assert low * (1 - share) <= middle <= high * (1 + share), \
        "%s: %s, then the engine's %s, then %s" % (what, low, middle, high)


def main():
    """Runs the calling file's tests; prints one line for each and the sum."""
    module = sys.modules["__main__"]
    name = os.path.splitext(os.path.basename(module.__file__))[0]
    tests = [(n, f) for n, f in vars(module).items() if n.startswith("test_")]
    counts = {"ok": 0, "FAIL": 0, "skip": 0}

    def say(verdict, test, why=""):
        counts[verdict] += 1
        print("%s %s.%s%s" % (verdict, name, test, ": " + why if why else ""), flush=True)

    try:
        try:
            getattr(module, "setup", lambda: None)()
        except Skip as skip:
            for test, _ in tests:
                say("skip", test[5:], str(skip))
            tests = []
        except Exception as error:
            traceback.print_exc()
            say("FAIL", "setup", str(error).splitlines()[0] if str(error) else repr(error))
            tests = []
        for test, function in tests:
            try:
                function()
                say("ok", test[5:])
            except Skip as skip:
                say("skip", test[5:], str(skip))
            except Exception as error:
                traceback.print_exc()
                say("FAIL", test[5:], str(error).splitlines()[0] if str(error) else repr(error))
    finally:
        getattr(module, "teardown", lambda: None)()
    print("%d passed, %d failed, %d skipped" % (counts["ok"], counts["FAIL"], counts["skip"]))
    sys.exit(1 if counts["FAIL"] else 0)
