#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The API's socket: what Docker's own command line and SDK see there of the containers of several
engines, beside what the engine itself tells them; and what nobody should send."""
import grp
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import threading
import time

import lab
from lab import near, run, wait_for

docker = podman = agent = oci = port = None
IMAGE = "plimsoll-test:1"
WEB, EXITED, CREATED, SICK, PAUSED = ("plimsoll-api-" + name for name in (
    "web", "exited", "created", "sick", "paused"))
POD, RUNC = "plimsoll-api-pod", "plimsoll-api-runc"
SECRET = "correct-horse-battery"
# Another daemon may run containers here, too.
OURS = ("--filter", "label=io.plimsoll.engine=docker", "--filter", "name=^/?plimsoll-api-")


class Runc:
    """One container of runc alone."""

    def __init__(self):
        self.runtime = shutil.which("runc") or "/usr/sbin/runc"
        if not os.path.exists(self.runtime):
            raise lab.Skip("runc is not installed")
        self.directory = docker.directory + "/bundle"
        lab.busybox_root(self.directory + "/rootfs")
        run(self.runtime, "spec", "--bundle", self.directory)
        path = self.directory + "/config.json"
        with open(path) as f:
            spec = json.load(f)
        spec["process"].update(terminal=False, args=["sleep", "3600"])
        spec["process"].pop("rlimits", None)
        spec["linux"]["cgroupsPath"] = "/plimsoll-api/" + RUNC
        with open(path, "w") as f:
            json.dump(spec, f)
        subprocess.run([self.runtime, "run", "--detach", "--bundle", self.directory, RUNC],
                       check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def close(self):
        run(self.runtime, "delete", "--force", RUNC, check=False)
        for tree in [""] + os.listdir("/sys/fs/cgroup"):
            try:
                os.rmdir(os.path.join("/sys/fs/cgroup", tree, "plimsoll-api"))
            except OSError:
                pass  # not made there


def setup():
    global docker, podman, agent, oci, port
    docker = lab.Docker()
    port = str(lab.free_port())
    docker("volume", "create", "plimsoll-api-data")
    docker("run", "-d", "--name", WEB, "-m", "64m", "--label", "com.docker.compose.project=shop",
           "--label", "long=" + "x" * 300, "-e", "PASSWORD=" + SECRET, "-p", "127.0.0.1:%s:80" % port,
           "-p", "127.0.0.1::53/udp", "-v", "plimsoll-api-data:/data", "-v",
           docker.directory + ":/host:ro", "--restart", "on-failure:3", "--hostname", "harbour",
           "-w", "/tmp", IMAGE, "sh", "-c", "sleep 3600; echo '" + SECRET + "'")
    docker("run", "--name", EXITED, IMAGE, "sh", "-c", "exit 3", check=False)
    docker("create", "--name", CREATED, IMAGE, "true")
    docker("run", "-d", "--name", SICK, "--health-cmd", "false", "--health-interval", "1s",
           "--health-retries", "1", IMAGE, "sleep", "3600")
    docker("run", "-d", "--name", PAUSED, IMAGE, "sleep", "3600")
    docker("pause", PAUSED)
    podman = lab.Podman()
    podman.start(POD, "--network", "none", "-e", "PASSWORD=" + SECRET, IMAGE, "sleep", "3600")
    oci = Runc()
    agent = lab.Agent("runtimes: {docker: {data_roots: [%s], socket: %s}, "
                      "podman: {graph_roots: [%s]}}\n"
                      % (docker.data_root, docker.socket, podman.graph_root))
    agent.socket = agent.directory + "/run/plimsoll.sock"
    agent.next_round(3)


def teardown():
    if agent:
        code = agent.stop()
        if code != 0:
            print("plimsolld ended with %d: %s" % (code, agent.last_words))
    if oci:
        oci.close()
    if podman:
        podman.close()
    if docker:
        docker("unpause", PAUSED, check=False)
        docker("rm", "-f", "-v", WEB, check=False)
        docker("volume", "rm", "plimsoll-api-data", check=False)
        docker.close()


def ours(*words, check=True):
    """The stock command line on our socket."""
    return run("docker", "-H", "unix://" + agent.socket, *words, check=check,
               timeout=lab.PATIENCE).stdout.strip()


def refused(*words):
    done = run("docker", "-H", "unix://" + agent.socket, *words, check=False,
               timeout=lab.PATIENCE)
    assert done.returncode != 0, done.stdout
    return done.stderr.strip()


def raw(request, timeout=10):
    """Sends bytes, and reads until the server closes or is silent."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(timeout)
        s.connect(agent.socket)
        try:
            s.sendall(request)
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has seen enough
        got = b""
        try:
            while True:
                piece = s.recv(65536)
                if not piece:
                    break
                got += piece
        except OSError:
            pass
        return got


def fetch(path, method="GET", body=None, headers=None):
    """Status, headers, and the answer as JSON."""
    import http.client

    class Connection(http.client.HTTPConnection):
        def connect(this):
            this.sock = socket.socket(socket.AF_UNIX)
            this.sock.settimeout(lab.PATIENCE)
            this.sock.connect(agent.socket)
    connection = Connection("docker")
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        text = answer.read()
        got = {k.lower(): v for k, v in answer.getheaders()}
    finally:
        connection.close()
    if got.get("content-type") == "application/json" and text:
        return answer.status, got, json.loads(text)
    return answer.status, got, text


AGE = re.compile(r"(Less than a|About an?|\d+) (second|minute|hour)s?")


def ages(text):
    scale = {"second": 1, "minute": 60, "hour": 3600}
    return [(int(number) if number.isdigit() else number.startswith("About")) * scale[unit]
            for number, unit in AGE.findall(text)]


def alike(a, b):
    """The same, but for the seconds between two commands."""
    return (AGE.sub("AGE", a) == AGE.sub("AGE", b) and
            all(abs(x - y) <= max(2, lab.PATIENCE / 8, x / 2) for x, y in zip(ages(a), ages(b))))


def same(theirs, of_us, what, seconds=15):
    """What was just done may show a moment later."""
    end = time.monotonic() + seconds
    while True:
        a, b = theirs(), of_us()
        if alike(a, b):
            return
        if time.monotonic() > end:
            raise AssertionError("%s: the engine says\n%s\nwe say\n%s" % (what, a, b))
        time.sleep(0.3)


def sorted_lines(text):
    return "\n".join(sorted(text.splitlines()))


def test_docker_ps_is_the_engines():
    """Every column but SIZE, of running, paused, ended, created containers."""
    columns = ("{{.ID}}|{{.Image}}|{{.Command}}|{{.RunningFor}}|{{.Status}}|{{.State}}|{{.Names}}"
               "|{{.Ports}}|{{.Mounts}}|{{.LocalVolumes}}|{{.Networks}}")
    for words in (("ps",), ("ps", "-a"), ("ps", "-a", "--no-trunc")):
        same(lambda: sorted_lines(docker(*words, "--format", columns)),
             lambda: sorted_lines(ours(*words, *OURS, "--format", columns)),
             " ".join(words))


def test_newest_come_first():
    theirs = docker("ps", "-aq", "--no-trunc").split()
    of_us = ours("ps", "-aq", "--no-trunc", *OURS).split()
    assert theirs == of_us, (theirs, of_us)
    assert len(ours("ps", "-n", "2", "-q").split()) == 2


def test_docker_ps_filters_as_the_engine():
    web = docker("inspect", "-f", "{{.Id}}", WEB)
    for words in (["name=web"], ["name=^/?" + WEB + "$"], ["name=plimsoll-api-(web|sick)"],
                  ["id=" + web[:12]], ["id=" + web], ["label=com.docker.compose.project"],
                  ["label=com.docker.compose.project=shop"],
                  ["label=com.docker.compose.project=other"], ["status=exited"],
                  ["status=created"], ["status=paused"], ["status=running", "status=paused"],
                  ["exited=3"], ["exited=0"], ["ancestor=" + IMAGE],
                  ["ancestor=" + docker("inspect", "-f", "{{.Image}}", WEB)],
                  ["ancestor=nothing"], ["volume=plimsoll-api-data"], ["volume=/host"],
                  ["volume=/nowhere"], ["network=bridge"], ["network=none"], ["publish=80"],
                  ["publish=" + port], ["publish=%s-%s/tcp" % (port, port)],
                  ["publish=" + port + "/udp"], ["expose=80/tcp"], ["expose=50-60/udp"],
                  ["health=unhealthy"], ["health=none"], ["since=" + EXITED],
                  ["before=" + EXITED], ["name=web", "label=com.docker.compose.project=shop"]):
        filters = [x for word in words for x in ("--filter", word)]
        same(lambda: sorted_lines(docker("ps", "-a", "--format", "{{.Names}}", *filters)),
             lambda: sorted_lines("\n".join(
                 name for name in ours("ps", "-a", "--format", "{{.Names}}", *OURS[:2],
                                       *filters).splitlines()
                 if name.startswith("plimsoll-api-"))), " ".join(words))


INSPECTED = ("Id", "Created", "Path", "Args", "State.Status", "State.Running", "State.Paused",
             "State.Restarting", "State.OOMKilled", "State.Dead", "State.Pid", "State.ExitCode",
             "State.StartedAt", "State.FinishedAt", "Image", "Name", "RestartCount", "Driver",
             "Platform", "LogPath", "ResolvConfPath", "HostsPath", "HostnamePath",
             "Config.Hostname", "Config.Env", "Config.Cmd", "Config.Image", "Config.WorkingDir",
             "Config.Entrypoint", "Config.User", "Config.Tty", "HostConfig.Memory",
             "HostConfig.RestartPolicy", "HostConfig.NetworkMode", "HostConfig.NanoCpus",
             "HostConfig.Binds", "HostConfig.PortBindings", "HostConfig.LogConfig",
             "NetworkSettings.Ports", "NetworkSettings.IPAddress", "NetworkSettings.Gateway",
             "NetworkSettings.MacAddress")


def field(document, path):
    for key in path.split("."):
        document = document[key]
    return document


def test_docker_inspect_agrees_on_the_main_fields():
    for name in (WEB, EXITED, CREATED, SICK, PAUSED):
        theirs = json.loads(docker("inspect", name))[0]
        us = json.loads(ours("inspect", name))[0]
        for path in INSPECTED:
            a, b = field(theirs, path), field(us, path)
            if path == "HostConfig.NetworkMode" and a == "default":
                a = "bridge"  # the same, in the words of newer engines
            if path.endswith("At") or path == "Created":
                a, b = a[:26].rstrip("Z0"), b[:26].rstrip("Z0")  # digits of nanoseconds
            assert a == b, "%s of %s: the engine says %r, we say %r" % (path, name, a, b)
        labels = dict(us["Config"]["Labels"])
        assert labels.pop("io.plimsoll.engine") == "docker"
        assert labels == (theirs["Config"]["Labels"] or {}), labels
        mounts = [sorted(m["Destination"] for m in d["Mounts"]) for d in (theirs, us)]
        assert mounts[0] == mounts[1], mounts
        networks = [{n: (e["IPAddress"], e["NetworkID"])
                     for n, e in d["NetworkSettings"]["Networks"].items()} for d in (theirs, us)]
        assert networks[0] == networks[1], networks
        assert ("Health" in theirs["State"]) == ("Health" in us["State"]), us["State"]
        assert ("Healthcheck" in theirs["Config"]) == ("Healthcheck" in us["Config"])


def test_health_is_the_engines():
    wait_for(lambda: "(unhealthy)" in docker("ps", "--filter", "name=" + SICK), "the engine")
    wait_for(lambda: "(unhealthy)" in ours("ps", "--filter", "name=" + SICK), "us")
    health = json.loads(ours("inspect", SICK))[0]["State"]["Health"]
    assert health["Status"] == "unhealthy", health


def test_every_engines_containers_are_in_one_list():
    rows = dict(line.split("|") for line in ours(
        "ps", "--format", '{{.Names}}|{{.Label "io.plimsoll.engine"}}').splitlines())
    assert rows[WEB] == "docker" and rows[POD] == "podman" and rows[RUNC] == "runc", rows
    assert json.loads(ours("inspect", POD))[0]["Config"]["Image"].endswith(IMAGE)


def test_podmans_inspect_agrees_with_podman():
    theirs = json.loads(podman("inspect", POD))[0]
    us = json.loads(ours("inspect", POD))[0]
    assert us["Id"] == theirs["Id"]
    assert us["Name"].lstrip("/") == theirs["Name"].lstrip("/")
    assert us["State"]["Pid"] == theirs["State"]["Pid"], us["State"]
    assert us["State"]["Status"] == "running"
    assert "PASSWORD=" + SECRET in us["Config"]["Env"]
    assert [us["Path"]] + us["Args"] == ["sleep", "3600"], us


def test_an_id_that_is_a_name_gets_64_digits_that_work():
    full = ours("ps", "-q", "--no-trunc", "--filter", "name=" + RUNC)
    assert len(full) == 64 and int(full, 16), full
    for word in (full, full[:12], RUNC, "runc:" + RUNC, "runc:" + full[:10]):
        assert json.loads(ours("inspect", "--type", "container", word))[0]["Id"] == full, word


def test_lookups_that_fail_say_why():
    assert "No such container: nobody" in refused("inspect", "--type", "container", "nobody")
    assert "no such object" in refused("inspect", "nobody").lower()
    status, _, answer = fetch("/containers/%s/json" % ("0" * 64))
    assert status == 404 and "No such container" in answer["message"]
    ids = ours("ps", "-aq", "--no-trunc").split()
    double = next((a[:n] for n in range(1, 3) for a in ids
                   if sum(b.startswith(a[:n]) for b in ids) > 1), None)
    if double:  # one digit out of sixteen: most likely there is one
        status, _, answer = fetch("/containers/%s/json" % double)
        assert status == 400, answer
        assert answer["message"] == "multiple IDs found with provided prefix: " + double


def test_writes_name_the_engine():
    for words, part in ((("stop", WEB), "use docker to stop it"),
                        (("rm", "-f", POD), "use podman to remove it"),
                        (("restart", RUNC), "use runc to restart it"),
                        (("logs", POD), "use podman to read its logs"),
                        (("exec", POD, "true"), "use podman to run a command in it"),
                        (("pause", WEB), "use docker to pause it")):
        said = refused(*words)
        assert part in said and "Plimsoll does not change containers yet" in said, said
    assert "does not make or change" in refused("run", IMAGE, "true")
    assert "does not make or change" in refused("volume", "create", "x")
    assert docker("inspect", "-f", "{{.State.Running}}", WEB) == "true"


def test_info_and_version_are_understood():
    info = json.loads(ours("info", "--format", "{{json .}}"))
    assert info["ContainersRunning"] >= 4 and info["ContainersPaused"] == 1, info
    assert info["NCPU"] == os.sysconf("SC_NPROCESSORS_ONLN")
    theirs = json.loads(docker("info", "--format", "{{json .}}"))
    for key in ("MemTotal", "KernelVersion", "OperatingSystem", "Architecture", "Name", "OSType"):
        assert info[key] == theirs[key], (key, info[key], theirs[key])
    assert "Plimsoll" in ours("version")
    assert ours("version", "--format", "{{.Server.APIVersion}}") == "1.47"
    assert "io.plimsoll.engine=podman" in ours("info")


def test_images_networks_volumes_are_those_in_use():
    assert IMAGE in ours("images", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
    assert "bridge" in ours("network", "ls", "--format", "{{.Name}}").splitlines()
    bridge = json.loads(ours("network", "inspect", "bridge"))[0]
    theirs = json.loads(docker("network", "inspect", "bridge"))[0]
    assert bridge["Id"] == theirs["Id"] and bridge["Driver"] == "bridge"
    web = docker("inspect", "-f", "{{.Id}}", WEB)
    assert bridge["Containers"][web]["IPv4Address"] == theirs["Containers"][web]["IPv4Address"]
    assert "plimsoll-api-data" in ours("volume", "ls", "-q").splitlines()
    assert json.loads(ours("volume", "inspect", "plimsoll-api-data"))[0]["Mountpoint"] == \
        docker("volume", "inspect", "-f", "{{.Mountpoint}}", "plimsoll-api-data")
    assert "No such image" in refused("image", "inspect", "nothing:1")
    ours("system", "df")


def test_stats_agree_with_the_engine():
    """Of what rests: memory, limit, pids."""
    columns = "{{json .}}"

    def memory(command, *words):
        return {row["Name"]: row for row in map(json.loads, command(
            "stats", "--no-stream", "--format", columns, *words).splitlines())}

    def number(text):
        for unit, scale in (("GiB", 2 ** 30), ("MiB", 2 ** 20), ("KiB", 2 ** 10), ("B", 1)):
            if text.endswith(unit):
                return float(text[:-len(unit)]) * scale
        raise AssertionError(text)
    theirs, us = memory(docker, WEB, SICK), memory(ours, WEB, SICK)
    for name in (WEB,):
        (a, a_limit), (b, b_limit) = ([number(x) for x in row["MemUsage"].split(" / ")]
                                      for row in (theirs[name], us[name]))
        near(b, a, "memory of " + name, slack=64 * 4096)
        assert a_limit == b_limit, (a_limit, b_limit)
        assert theirs[name]["PIDs"] == us[name]["PIDs"], (theirs, us)
    assert POD in memory(ours) and RUNC in memory(ours)


def test_top_is_the_engines():
    for words in ((), ("-o", "pid,args")):
        theirs, us = docker("top", WEB, *words), ours("top", WEB, *words)
        assert theirs.splitlines()[0].split() == us.splitlines()[0].split(), (theirs, us)
        assert len(theirs.splitlines()) == len(us.splitlines()), (theirs, us)
    assert "sleep 3600" in ours("top", POD)


def test_events_are_told_as_they_happen():
    follower = subprocess.Popen(
        ["docker", "-H", "unix://" + agent.socket, "events", "--filter", "container=plimsoll-brief",
         "--format", "{{.Action}}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True)
    got = []
    reader = threading.Thread(target=lambda: got.extend(iter(follower.stdout.readline, "")))
    reader.start()
    try:
        time.sleep(1)
        docker("run", "--rm", "--name", "plimsoll-brief", IMAGE, "sleep", "2")
        wait_for(lambda: "start\n" in got and "destroy\n" in got, "start and destroy: %r" % got)
    finally:
        follower.terminate()
        reader.join()
        follower.wait()
    time.sleep(1.5)  # the client cuts its times to whole seconds
    past = ours("events", "--since", "60s", "--until", "0s", "--filter",
                "container=plimsoll-brief", "--format", "{{.Action}}").splitlines()
    assert past == [action.strip() for action in got], (past, got)


def test_docker_sdk_reads_all():
    import docker as sdk
    client = sdk.DockerClient(base_url="unix://" + agent.socket)
    try:
        assert client.ping()
        names = {c.name: c for c in client.containers.list(all=True)}
        assert {WEB, EXITED, CREATED, POD, RUNC} <= set(names), names
        assert [c.name for c in client.containers.list(filters={"name": "^/?" + WEB + "$"})] == [WEB]
        assert names[WEB].attrs["Config"]["Env"]
        assert names[WEB].stats(stream=False)["memory_stats"]
        assert client.info()["Containers"] >= 7 and client.version()["ApiVersion"] == "1.47"
        assert [n.name for n in client.networks.list()] and client.volumes.list()
        try:
            names[WEB].stop()
            raise AssertionError("it was stopped")
        except sdk.errors.APIError as error:
            assert error.status_code == 501 and "belongs to docker" in error.explanation
    finally:
        client.close()


def test_every_answer_has_dockers_headers():
    for path, status in (("/_ping", 200), ("/v1.24/info", 200), ("/nothing", 404),
                         ("/v1.99/info", 400), ("/containers/nobody/json", 404)):
        got, headers, _ = fetch(path)
        assert got == status, (path, got)
        assert headers["api-version"] == "1.47" and headers["ostype"] == "linux", headers
        assert headers["docker-experimental"] == "false" and "server" in headers, headers
        if status >= 400:
            assert headers["content-type"] == "application/json", headers
    assert fetch("/_ping", "HEAD")[0] == 200
    assert fetch("/_ping")[2] == b"OK"


def test_absurd_versions_are_refused_in_words():
    for version, part in (("1.48", "too new"), ("2.0", "too new"), ("1.23", "too old"),
                          ("1.9", "too old"), ("0.1", "too old"), ("9" * 400 + ".1", "too new"),
                          ("1.", "invalid"), ("...", "invalid")):
        status, _, answer = fetch("/v%s/containers/json" % version)
        assert status == 400 and part in answer["message"], (version, status, answer)


def test_filters_in_both_forms_and_broken():
    from urllib.parse import quote

    def names(filters):
        status, _, answer = fetch("/containers/json?all=1&filters=" + quote(filters))
        return sorted(c["Names"][0] for c in answer) if status == 200 else (status, answer["message"])
    assert names('{"name":["api-web"]}') == names('{"name":{"api-web":true}}') == ["/" + WEB]
    for broken in ("x", "[]", '{"name":"web"}', '{"name":[1]}', '{"nmae":["web"]}',
                   '{"name":["("]}', '{"name":["(?=x)"]}', '{"status":["asleep"]}',
                   '{"exited":["x"]}', '{"health":["well"]}', '{"publish":["x"]}',
                   '{"name":["%s"]}' % ("a" * 2000), "[" * 5000,
                   '{"label":[%s]}' % ",".join(['"x"'] * 2000)):
        status, message = names(broken)
        assert status == 400 and message, (broken[:40], status, message)
    assert names('{"since":["nobody"]}')[0] == 404


def test_a_viewer_sees_no_secret():
    """Another user, whom the administrator let in: no environment, no command line."""
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise lab.Skip("there is no user nobody")
    code = """
import http.client, os, socket, sys
os.setgroups([]); os.setgid(%d); os.setuid(%d)
class C(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX); self.sock.connect(sys.argv[1])
for path in sys.argv[2:]:
    c = C("x"); c.request("GET", path); sys.stdout.write(c.getresponse().read().decode() + "\\n")
""" % (nobody.pw_gid, nobody.pw_uid)

    def ask(*paths):
        return run("/usr/bin/python3", "-c", code, agent.socket, *paths, check=False)
    done = ask("/_ping")
    assert done.returncode != 0 and "Permission" in done.stderr, done
    for path in (agent.directory, agent.directory + "/run"):
        os.chmod(path, 0o755)
    os.chmod(agent.socket, 0o666)
    try:
        done = ask("/containers/json?all=1", "/containers/%s/json" % WEB, "/containers/%s/json" % POD,
                   "/system/df")
        assert done.returncode == 0 and WEB in done.stdout, done
        assert SECRET not in done.stdout, "a secret is shown"
        assert "sleep" not in done.stdout, "a command line is shown"
    finally:
        os.chmod(agent.socket, 0o660)


def test_socket_is_for_its_group_only():
    status = os.stat(agent.socket)
    assert status.st_mode & 0o777 == 0o660 and status.st_uid == 0, status
    try:
        assert status.st_gid == grp.getgrnam("plimsoll").gr_gid
    except KeyError:
        assert status.st_gid == 0


def test_own_routes_answer():
    status, _, answer = fetch("/plimsoll/v1/containers")
    assert status == 200 and {WEB, POD, RUNC} <= {c["name"] for c in answer["containers"]}
    assert fetch("/plimsoll/v1/version")[2]["api"] == "1.47"
    for path in ("doctor", "config"):
        assert fetch("/plimsoll/v1/" + path)[0] == 200
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(agent.socket)
        s.sendall(b"GET /plimsoll/v1/containers?stream=1 HTTP/1.1\r\nHost: x\r\n\r\n")
        got = b""
        while got.count(b'{"sequence"') < 3:
            piece = s.recv(65536)
            assert piece, got
            got += piece


def test_garbage_and_smuggling_are_refused():
    ping = b"GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"
    for garbage in (b"\r\n" * 100 + b"x", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n",
                    b"GET / HTTP/9.9\r\n\r\n", os.urandom(4096), b"A" * 100000, b"\x00" * 1000):
        answer = raw(garbage)
        assert b" 200 " not in answer.split(b"\r\n")[0], (garbage[:20], answer[:100])
    for request in (
            b"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + ping,
            b"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
            b"Content-Length: 36\r\n\r\n" + ping,
            b"POST /containers/create HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n" + ping,
            b"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length : 36\r\n\r\n" + ping,
            b"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + ping,
            b"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 0x24\r\n\r\n" + ping,
            b"POST /containers/create HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n" + ping,
            b"GET /containers%00/json HTTP/1.1\r\nHost: x\r\n\r\n" + ping):
        answer = raw(request)
        first = answer.split(b"\r\n")[0]
        assert not answer or b" 4" in first or b" 5" in first, (request, answer[:200])
        assert b"200 OK" not in answer, (request, answer)  # nobody took it for two requests
        assert b" 501 " not in first, (request, first)
    assert raw(b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\nHost: x\r\n\r\n").count(b" 200 ") == 0
    headers = b"".join(b"X-%d: y\r\n" % i for i in range(10000))
    answer = raw(b"GET /_ping HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
    assert b" 431 " in answer.split(b"\r\n")[0] or not answer, answer[:200]
    assert fetch("/_ping")[0] == 200


def test_bodies_are_bounded():
    body = b"x" * (3 << 20)
    status, _, answer = fetch("/containers/%s/stop" % WEB, "POST", body=b"{}")
    assert status == 501, answer
    answer = raw(b"POST /images/load HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body))
    assert b" 501 " in answer.split(b"\r\n")[0], answer[:200]
    chunks = b"".join(b"10000\r\n" + b"y" * 0x10000 + b"\r\n" for _ in range(40)) + b"0\r\n\r\n"
    answer = raw(b"POST /build HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert b" 501 " in answer.split(b"\r\n")[0], answer[:200]
    answer = raw(b"GET /info HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert b" 413 " in answer.split(b"\r\n")[0], answer[:200]


def test_slow_headers_end_at_a_deadline():
    """A byte a second keeps no connection."""
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(agent.socket)
        start = time.monotonic()
        try:
            while time.monotonic() - start < 20:
                s.sendall(b"G")
                time.sleep(0.5)
        except OSError:
            pass
        assert 4 < time.monotonic() - start < 9, time.monotonic() - start


def test_keep_alive_and_pipelines():
    ping = b"GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert raw(ping * 50 + last).count(b"HTTP/1.1 200 OK") == 51


def test_followers_that_leave_are_noticed():
    """Also while nothing happens: the descriptor is closed."""
    def sockets():
        count = 0
        for fd in os.listdir("/proc/%d/fd" % agent.process.pid):
            try:
                count += os.readlink("/proc/%d/fd/%s" % (agent.process.pid, fd)).startswith("socket:")
            except OSError:
                pass  # closed meanwhile
        return count
    time.sleep(1.5)  # connections of other tests are being closed
    before = sockets()
    clients = []
    for _ in range(20):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(10)
        s.connect(agent.socket)
        s.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in s.recv(4096)
        clients.append(s)
    assert sockets() >= before + 20
    for s in clients:
        s.close()
    wait_for(lambda: sockets() <= before, "20 followers to be forgotten", 5)


def test_many_connections_do_not_hold_it_up():
    idle = []
    try:
        for _ in range(600):
            s = socket.socket(socket.AF_UNIX)
            s.connect(agent.socket)
            idle.append(s)
        start = time.monotonic()
        assert fetch("/containers/json")[0] == 200
        assert time.monotonic() - start < 2
    finally:
        for s in idle:
            s.close()


def test_agent_still_samples_after_all_that():
    agent.next_round(2)
    assert agent.process.poll() is None


if __name__ == "__main__":
    lab.main()
