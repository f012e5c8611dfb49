#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Podman of ordinary users: containers of two users and of root at once, all of the same name, each
found, named and measured as its owner's; and a user who claims what is another one's.

In guests podman asks systemd for the cgroups. Where there are v1 controllers a user's container gets
none at all; there the test puts it where systemd would."""
import json
import os
import pwd
import shutil
import subprocess
import time

import lab
from lab import between, near, run, wait_for

podman = agent = None
users = []
NAME = "plimsoll-same-name"
HOSTILE = "plimsoll-hostile"
LABEL = "com.docker.compose.service"
LABEL_IN_METRICS = "container_label_com_docker_compose_service"
CHECKED, ENDED = "plimsoll-checked", "plimsoll-ended"
TREES = ["unified", "cpu", "cpuacct", "memory", "pids"] if not lab.PURE_V2 else [""]


class User:
    """A user of the system, made for this test, with a session."""

    def __init__(self, name, subids):
        self.name = name
        self.cgroups = []
        # Not /tmp: fuse-overlayfs or vfs, whichever podman takes, wants a real file system.
        self.home = "/var/tmp/" + name
        run("useradd", "--create-home", "--home-dir", self.home, "--shell", "/bin/sh", name)
        users.append(self)
        self.uid = pwd.getpwnam(name).pw_uid
        if not self.has_subids():
            run("usermod", "--add-subuids", "%d-%d" % (subids, subids + 65535),
                "--add-subgids", "%d-%d" % (subids, subids + 65535), name)
        self.run_dir = "/run/user/%d" % self.uid
        self.graph_root = self.home + "/.local/share/containers/storage"
        self.environment = {"HOME": self.home, "XDG_RUNTIME_DIR": self.run_dir, "USER": name,
                            "PATH": os.environ["PATH"], "LANG": "C.UTF-8",
                            "DBUS_SESSION_BUS_ADDRESS": "unix:path=%s/bus" % self.run_dir}
        self.base, self.limits = ["podman"], []
        self.open_session()
        tar = self.home + "/image.tar"
        shutil.copy(podman.directory + "/image.tar", tar)
        os.chown(tar, self.uid, self.uid)
        self("import", tar, "plimsoll-test:1")

    def has_subids(self):
        with open("/etc/subuid") as f:
            return any(line.startswith(self.name + ":") for line in f)

    def open_session(self):
        if lab.SYSTEM_ENGINES:
            run("loginctl", "enable-linger", self.name)
            wait_for(lambda: os.path.exists(self.run_dir + "/bus"), "the session's bus")
            return
        os.makedirs(self.run_dir, 0o700)
        os.chown(self.run_dir, self.uid, self.uid)
        self.base += ["--runtime", shutil.which("runc") or "/usr/sbin/runc",
                      "--cgroup-manager", "cgroupfs"]
        self.limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"]

    def run(self, *command, check=True):
        # A session of its own, and no descriptors of ours: what podman leaves running keeps them.
        with open(self.home + "/said", "w+") as said:
            done = subprocess.run(["setpriv", "--reuid", self.name, "--regid", self.name,
                                   "--init-groups", *command], env=self.environment, cwd=self.home,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said,
                                  universal_newlines=True, timeout=300)
            said.seek(0)
            if check and done.returncode != 0:
                raise AssertionError("%s: exit code %d: %s" % (" ".join(command), done.returncode,
                                                              said.read()[-500:]))
        return done.stdout.strip()

    def __call__(self, *words, check=True):
        return self.run(*self.base, *words, check=check)

    def start(self, name, *words):
        """Returns the container's id."""
        number = self("run", "-d", "--name", name, *self.limits, *words)
        pid = int(self("inspect", "--format", "{{.State.Pid}}", name))
        if not lab.PURE_V2 and pid > 0:
            self.place(number, pid)
        return number

    def place(self, number, pid):
        path = "user.slice/user-%d.slice/user@%d.service/user.slice/libpod-%s.scope" % (
            self.uid, self.uid, number)
        for tree in TREES:
            directory = os.path.join("/sys/fs/cgroup", tree, path)
            if os.path.isdir(os.path.join("/sys/fs/cgroup", tree)):
                os.makedirs(directory, exist_ok=True)
                with open(directory + "/cgroup.procs", "w") as f:
                    f.write(str(pid))
                self.cgroups.append(directory)

    def close(self):
        self("rm", "-f", "-t", "0", "-a", check=False)
        self("rmi", "-f", "-a", check=False)
        self.run("podman", "unshare", "rm", "-rf", self.graph_root, check=False)
        if lab.SYSTEM_ENGINES:
            run("loginctl", "disable-linger", self.name, check=False)
            run("systemctl", "stop", "user@%d.service" % self.uid, check=False)
        self.end_processes()
        for directory in self.cgroups:
            while directory.count("/") > 4:
                try:
                    os.rmdir(directory)
                except OSError:
                    break  # somebody else's is in it
                directory = os.path.dirname(directory)
        run("userdel", "--remove", self.name, check=False)
        shutil.rmtree(self.run_dir, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def end_processes(self):
        """The process that holds the user's namespace, and whatever else is left of this user."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.stat("/proc/" + pid).st_uid == self.uid:
                    os.kill(int(pid), 9)
            except OSError:
                pass  # it has just ended
        wait_for(lambda: not any(self.is_alive(pid) for pid in filter(str.isdigit,
                                                                      os.listdir("/proc"))),
                 "the processes of " + self.name)

    def is_alive(self, pid):
        try:
            with open("/proc/%s/status" % pid) as f:
                text = f.read()
        except OSError:
            return False
        return "\nUid:\t%d\t" % self.uid in text and "\nState:\tZ" not in text


def has_interface():
    """A user's container has one of its own by slirp4netns, which wants /dev/net/tun."""
    try:
        return shutil.which("slirp4netns") and os.stat("/dev/net/tun").st_mode & 0o006 == 0o006
    except OSError:
        return False


def setup():
    global podman, agent
    if os.geteuid() != 0:
        raise lab.Skip("making users needs root")
    for program in ("useradd", "newuidmap", "setpriv"):
        if not shutil.which(program):
            raise lab.Skip(program + " is not installed")
    podman = lab.Podman()
    anne, bert = User("plimsoll-anne", 700000), User("plimsoll-bert", 800000)
    for user in users:
        user.start(NAME, "--network", "none", "--label", LABEL + "=" + user.name,
                   "plimsoll-test:1", "sh", "-c", "while :; do :; done" if user is anne else "exec sleep 3600")
    anne.start(CHECKED, "--network", "slirp4netns" if has_interface() else "none",
               "--health-cmd", "false", "--health-interval", "disable", "--health-retries", "1",
               "plimsoll-test:1", "sleep", "3600")
    anne.start(ENDED, "--network", "none", "plimsoll-test:1", "sh", "-c", "sleep 1; exit 5")
    podman.start(NAME, "--network", "none", "plimsoll-test:1", "sleep", "3600")
    # The usual graph roots: root's of this test is a private one, which its configuration names.
    agent = lab.Agent(args=[])
    agent.next_round(2)


def teardown():
    if agent:
        agent.stop()
    for user in users:
        user.close()
    if podman:
        podman.close()


def of_user(user, metric, **labels):
    """Series whose cgroup is in the user's session."""
    return [(l, v) for l, v in agent.metrics().all(metric, **labels)
            if l.get("id", "").startswith("/user.slice/user-%d.slice/" % user.uid)]


def test_each_user_has_a_container_of_the_same_name():
    for user in users:
        found = of_user(user, "container_last_seen", name=NAME)
        assert len(found) == 1, (user.name, found)
        labels = found[0][0]
        assert labels[LABEL_IN_METRICS] == user.name, labels
        assert labels["image"].endswith("plimsoll-test:1"), labels
        info = of_user(user, "plimsoll_container_info", name=NAME)
        assert info[0][0]["runtime"] == "podman", info


def test_nothing_but_containers_is_named():
    """Neither conmon's scope nor crun's inner cgroup nor the user's own services."""
    for user in users:
        names = sorted(l["name"] for l, _ in of_user(user, "container_last_seen"))
        allowed = {NAME, CHECKED, ENDED} if user.name == "plimsoll-anne" else {NAME}
        assert set(names) <= allowed and len(names) == len(set(names)), names


def test_graph_roots_can_be_named():
    """Root's of this test is a private one, as anybody's may be."""
    roots = [podman.graph_root] + [user.graph_root for user in users]
    with lab.Agent("runtimes: {podman: {graph_roots: [%s]}}\n" % ", ".join(roots)) as other:
        found = [l for l, _ in other.next_round().all("container_last_seen", name=NAME)]
    owners = {l["id"].split("/")[2] if l["id"].startswith("/user.slice/") else "root":
              l.get(LABEL_IN_METRICS) for l in found}
    assert len(found) == 3, found
    assert owners == {"root": None, **{"user-%d.slice" % u.uid: u.name for u in users}}, owners


def test_cpu_is_measured():
    """One user's container is busy, the other one's rests."""
    metric = "container_cpu_usage_seconds_total"
    before = of_user(users[0], metric, name=NAME)[0][1]
    start = time.monotonic()
    wait_for(lambda: of_user(users[0], metric, name=NAME)[0][1] > before + 0.2, "CPU to be used")
    used = of_user(users[0], metric, name=NAME)[0][1] - before
    assert used <= 1.2 * (time.monotonic() - start) + 1, used
    rests = of_user(users[1], metric, name=NAME)[0][1]
    assert rests < before + used, rests


def test_memory_and_pids_are_measured():
    for user in users:
        memory = of_user(user, "container_memory_usage_bytes", name=NAME)
        # A process that was moved into its cgroup leaves behind what it had (v1).
        assert len(memory) == 1 and (memory[0][1] > 0 or not lab.PURE_V2), memory
        pids = of_user(user, "container_threads", name=NAME)
        assert [v for _, v in pids] == [1], pids


def test_network_is_measured():
    """A container of a user without network has one interface, lo, which nobody used."""
    for user in users:
        received = of_user(user, "container_network_receive_bytes_total", name=NAME)
        assert sum(v for _, v in received) == 0, received
    # slirp4netns or pasta: an interface of its own, which has said something (IPv6 neighbours)
    if not has_interface():
        raise lab.Skip("no interface for users' containers: /dev/net/tun is not open to users, or "
                       "slirp4netns is missing")
    sent = of_user(users[0], "container_network_transmit_packets_total", name=CHECKED)
    with_interface = json.loads(users[0]("inspect", CHECKED))[0]["State"]["Pid"]
    with open("/proc/%d/net/dev" % with_interface) as f:
        lines = [line.split() for line in f if ":" in line and "lo:" not in line]
    assert len(sent) == len(lines), (sent, lines)
    near(sum(v for _, v in sent), sum(float(line[10]) for line in lines), "packets", slack=5)


def test_health_of_a_users_container_is_known():
    users[0]("healthcheck", "run", CHECKED, check=False)
    wait_for(lambda: any(v == 1 for _, v in of_user(users[0], "plimsoll_container_health_status",
                                                    name=CHECKED, status="unhealthy")),
             "the failed check")


def test_how_a_users_container_ended_is_known():
    def code():
        found = agent.metrics().all("plimsoll_container_last_exit_code", name=ENDED)
        return found and found[0][1] == 5

    wait_for(code, "the exit code")
    state = agent.metrics().all("plimsoll_container_state", name=ENDED, state="exited")
    assert [v for _, v in state] == [1], state


def test_claim_of_another_users_container_changes_nothing():
    """Bert's files name a container of Anne's as theirs; so do those of a graph root that is
    somebody's with nothing but nonsense in it."""
    anne, bert = users
    number = anne("inspect", "--format", "{{.Id}}", NAME)
    driver = next(d for d in os.listdir(bert.graph_root) if d.endswith("-containers"))
    path = os.path.join(bert.graph_root, driver, "volatile-containers.json")
    claim = [{"id": number, "names": [HOSTILE], "metadata": json.dumps({"name": HOSTILE})}]
    with open(path, "w") as f:
        json.dump(claim, f)
    os.chown(path, bert.uid, bert.uid)
    agent.next_round(3)
    assert len(of_user(anne, "container_last_seen", name=NAME)) == 1
    assert not agent.metrics().all("container_last_seen", name=HOSTILE)
    os.unlink(path)


def test_files_of_podman_are_left_alone():
    for user in users:
        with_us = sorted(os.listdir(user.graph_root))
        agent.next_round(2)
        assert sorted(os.listdir(user.graph_root)) == with_us
        assert NAME in user("ps", "--format", "{{.Names}}")


if __name__ == "__main__":
    lab.main()
