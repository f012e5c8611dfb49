#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The plimsoll command on a real agent: every command and format, exit codes, pipes and terminals."""
import contextlib
import csv
import glob
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import lab
from lab import Skip, wait_for

docker = agent = None
WEB, BUSY, GONE = "plimsoll-cli-web", "plimsoll-cli-busy", "plimsoll-cli-gone"
# What no output may ever hold unless it is a terminal: escapes, other controls, marks of direction.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]")
GENERATED = os.path.join(os.path.dirname(lab.BIN), "generated")


def setup():
    global docker, agent
    docker = lab.Docker()
    image = "plimsoll-test:1"
    docker("run", "-d", "--name", WEB, "-m", "64m", "--label", "app=front",
           "--label", "evil=\x1b[31m\u202eevil", image, "sleep", "3600")
    docker("run", "-d", "--name", BUSY, "--cpus", "0.3", image, "sh", "-c",
           "while :; do :; done")
    docker("run", "-d", "--name", GONE, image, "sh", "-c", "exit 7")
    agent = lab.Agent(docker.config())
    agent.next_round(2)


def teardown():
    if agent:
        agent.stop()
    if docker:
        docker.close()


def socket_path():
    return os.path.join(agent.directory, "run", "plimsoll.sock")


def plimsoll(*words, code=0, socket=None, env=None, **more):
    """Runs the command, not on a terminal; whatever it prints is fit for one."""
    done = subprocess.run([os.path.join(lab.BIN, "plimsoll"), *words],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=lab.PATIENCE,
                          env={**os.environ, "PLIMSOLL_SOCKET": socket or socket_path(),
                               "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})},
                          stdin=subprocess.DEVNULL, **more)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert done.returncode == code, "%s: exit code %d, %s%s" % (words, done.returncode, out, err)
    for text in (out, err):
        found = UNSAFE.search(text)
        assert not found, "%s: %r in %r" % (words, found.group(), text[:2000])
    if code == 2:
        assert not out and err.startswith("plimsoll: "), (words, out, err)
    return out if code == 0 else err


def names(out):
    return sorted(line.split()[0] for line in out.splitlines()[1:])


def test_ps_shows_what_runs_and_with_all_what_has_ended():
    out = plimsoll("ps")
    assert out.splitlines()[0].split() == ["NAME", "ENGINE", "IMAGE", "STATUS", "CONTAINER", "ID",
                                           "POD/PROJECT"], out
    assert WEB in names(out) and BUSY in names(out) and GONE not in names(out), out
    assert re.search(WEB + r"\s+docker\s+plimsoll-test:1\s+Up ", out), out
    out = plimsoll("ps", "-a")
    assert re.search(GONE + r"\s+docker\s+plimsoll-test:1\s+Exited \(7\) .* ago", out), out
    assert names(plimsoll("ps", "-a", "--filter", "status=exited", "--filter", "name=cli-")) == [GONE]


def test_ps_filters_names_and_ids():
    identity = docker("inspect", "-f", "{{.Id}}", WEB)
    assert plimsoll("ps", "-q", "--filter", "label=app=front") == identity[:12] + "\n"
    assert plimsoll("ps", "-q", "--no-trunc", WEB) == identity + "\n"
    assert plimsoll("ps", "--format", "{{.Name}}", identity[:10]) == WEB + "\n"
    assert plimsoll("ps", "-q", "--filter", "engine=podman", "--filter", "name=" + WEB) == ""
    assert "no such container: " + WEB + "x; did you mean '" + WEB + "'?" in \
        plimsoll("ps", WEB + "x", code=1)


def test_formats_of_stats_are_what_they_say():
    out = plimsoll("stats", "--no-stream", "--format", "json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert isinstance(rows[BUSY]["cpu_cores"], float), rows[BUSY]
    assert rows[WEB]["memory_limit_bytes"] == 64 << 20, rows[WEB]
    assert isinstance(rows[WEB]["pids"], int) and rows[WEB]["labels"]["app"] == "front"

    lines = plimsoll("stats", "--no-stream", "--format", "jsonl", WEB, BUSY).splitlines()
    assert sorted(json.loads(line)["name"] for line in lines) == sorted((WEB, BUSY))

    table = list(csv.DictReader(io.StringIO(plimsoll("stats", "--no-stream", "--format", "csv"))))
    row = [r for r in table if r["name"] == WEB][0]
    assert row["memory_limit_bytes"] == str(64 << 20) and row["engine"] == "docker", row
    assert json.loads(row["labels"])["app"] == "front"

    out = plimsoll("stats", "--no-stream", "--format", "table {{.Name}}\t{{.PIDs}}", WEB)
    assert re.fullmatch(r"NAME\s+PIDS\n%s\s+1\n" % WEB, out), repr(out)


def test_docker_s_placeholders_agree_with_docker():
    form = "{{.Name}} {{.ID}} {{.PIDs}} {{.MemUsage}}"
    theirs = docker("stats", "--no-stream", "--format", form, WEB)
    ours = plimsoll("stats", "--no-stream", "--format", form, WEB).strip()
    pattern = r"(\S+) (\S+) (\d+) ([\d.]+)([KMG]?i?B) / ([\d.]+)([KMG]iB)"
    a, b = re.fullmatch(pattern, theirs), re.fullmatch(pattern, ours)
    assert a and b, (theirs, ours)
    assert a.group(1, 2, 3, 6, 7) == b.group(1, 2, 3, 6, 7), (theirs, ours)
    assert docker("ps", "--filter", "name=" + WEB, "--format", "{{.ID}} {{.Names}} {{.Image}} "
                  "{{.State}}") == plimsoll("ps", "--filter", "name=" + WEB, "--format",
                                            "{{.ID}} {{.Names}} {{.Image}} {{.State}}").strip()


def test_sort_puts_the_highest_first():
    ours = ("--filter", "name=plimsoll-cli-", "--format", "{{.Name}}", "--no-stream")
    assert plimsoll("stats", "--sort", "cpu", *ours).split() == [BUSY, WEB]
    assert plimsoll("stats", "--sort", "cpu", "-r", *ours).split() == [WEB, BUSY]
    assert plimsoll("stats", "--sort", "name", *ours).split() == [BUSY, WEB]


def test_stats_goes_on_round_after_round_and_ends_quietly_with_its_reader():
    process = subprocess.Popen([os.path.join(lab.BIN, "plimsoll"), "--socket", socket_path(),
                                "stats", "--format", "csv", WEB], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    lines = [process.stdout.readline().decode() for _ in range(4)]
    assert lines[0].startswith("name,id,engine") and not any("name,id" in l for l in lines[1:])
    assert all(line.startswith(WEB + ",") for line in lines[1:]), lines
    process.stdout.close()
    assert process.wait(timeout=lab.PATIENCE) == 0
    assert process.stderr.read() == b""


def test_inspect_prints_what_it_finds_and_fails_for_the_rest():
    identity = docker("inspect", "-f", "{{.Id}}", WEB)
    answer = json.loads(plimsoll("inspect", WEB))
    assert len(answer) == 1 and answer[0]["Id"] == identity, answer
    assert plimsoll("inspect", "-f", "{{.Id}} {{.State.Status}}", WEB, BUSY).splitlines()[0] == \
        identity + " running"
    assert plimsoll("inspect", "-f", '{{index .Config.Labels "app"}}', identity[:12]) == "front\n"
    done = subprocess.run([os.path.join(lab.BIN, "plimsoll"), "--socket", socket_path(), "inspect",
                           WEB, WEB + "x"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 1 and json.loads(done.stdout)[0]["Id"] == identity
    assert b"did you mean '" + WEB.encode() + b"'?" in done.stderr
    assert "did you mean 'Status'?" in plimsoll("inspect", "-f", "{{.State.Sttaus}}", WEB, code=1)


def test_hostile_labels_come_out_harmless():
    for words in (("ps", "--format", "{{.Labels}}"), ("ps", "--format", '{{.Label "evil"}}'),
                  ("ps", "--format", "json"), ("ps", "--format", "csv"),
                  ("ps", "--format", "table {{.Name}}\t{{.Labels}}"), ("inspect", WEB),
                  ("inspect", "-f", "{{json .Config.Labels}}", WEB),
                  ("inspect", "-f", "{{.Config.Labels}}", WEB)):
        plimsoll(*words)
    assert json.loads(plimsoll("ps", "--format", "json", WEB))[0]["labels"]["evil"] == \
        "\x1b[31m\u202eevil"
    assert plimsoll("ps", "--format", '{{.Label "evil"}}', WEB) == "\\x1b[31m\\u202eevil\n"


def test_events_of_the_past_and_as_they_come():
    process = subprocess.Popen([os.path.join(lab.BIN, "plimsoll"), "--socket", socket_path(),
                                "events", "--filter", "event=start", "--filter", "event=die",
                                "--filter", "container=plimsoll-cli-short", "--format",
                                "{{.Action}} {{.Actor.Attributes.name}}"], stdout=subprocess.PIPE)
    time.sleep(0.5)
    begin = time.time()
    docker("run", "--name", "plimsoll-cli-short", "plimsoll-test:1", "sh", "-c", "sleep 2; exit 3",
           check=False)
    seen = [process.stdout.readline().decode().strip() for _ in range(2)]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=lab.PATIENCE) == -signal.SIGINT
    assert seen == ["start plimsoll-cli-short", "die plimsoll-cli-short"], seen
    out = plimsoll("events", "--since", "%.3f" % begin, "--until", "0s", "--filter", "event=die",
                   "--filter", "container=plimsoll-cli-short")
    assert re.search(r"die\s+plimsoll-cli-short\s+\(exit code 3,", out), out
    lines = plimsoll("events", "--since", "5m", "--until", "0s", "--format", "json").splitlines()
    assert all(json.loads(line)["Type"] == "container" for line in lines) and lines


def test_doctor_config_and_version():
    answer = json.loads(plimsoll("doctor", "--format", "json"))
    states = {check["state"] for check in answer["checks"]}
    assert states <= {"live", "degraded", "impossible", "off"} and "live" in states, states
    for check in answer["checks"]:
        assert check["state"] in ("live", "off") or check["why"], check
    out = plimsoll("doctor")
    assert "SOURCE" in out and "The agent itself: " in out, out
    assert plimsoll("doctor", "-f", "{{.version}}").strip() == answer["version"]

    out = plimsoll("config", "show", "--origin")
    assert re.search(r"^interval\s+500ms\s+--interval$", out, re.M), out
    assert re.search(r"^metrics\.full\s+true\s+%s:\d+$" % re.escape(agent.config), out, re.M), out
    changed = json.loads(plimsoll("config", "show", "--changed", "--format", "json"))
    assert "interval" in [s["key"] for s in changed]
    assert "rescan" not in [s["key"] for s in changed]
    assert plimsoll("version", "-f", "{{.Agent.version}}").strip() == answer["version"]


def test_mistakes_are_code_2_and_get_a_suggestion():
    for words, sentence in ((("stast",), "did you mean 'stats'?"),
                            (("ps", "--fromat", "x"), "did you mean '--format'?"),
                            (("ps", "--format", "jsn"), "did you mean 'json'?"),
                            (("ps", "--format", "{{.Nmae}}"), "did you mean '.Name'?"),
                            (("ps", "--format", "{{.Name"), "'{{' without '}}'"),
                            (("ps", "--filter", "nmae=x"), "did you mean 'name'?"),
                            (("stats", "--sort", "cpuu"), "did you mean 'cpu'?"),
                            (("config", "shwo"), "did you mean 'config show'?"),
                            (("events", "--since", "yesterday"), "is no time"),
                            (("inspect",), "needs more"), (("version", "x"), "too much"),
                            (("ps", "--socket"), "needs a value")):
        assert sentence in plimsoll(*words, code=2), words


def test_help_is_for_every_command_and_begins_with_examples():
    assert "Commands:" in plimsoll() and "Exit codes:" in plimsoll("--help")
    for command in re.findall(r"^  ([a-z]+)", plimsoll(), re.M):
        out = plimsoll(command, "-h")
        assert out.index("Examples:") < out.index("Flags:"), command
        assert max(map(len, out.splitlines())) <= 100, command


def test_what_is_wrong_with_the_socket_is_said():
    assert "is plimsolld running?" in plimsoll("ps", socket="/nonexistent/s", code=1)
    assert "is plimsolld running?" in plimsoll("stats", socket="/nonexistent/s", code=1)
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        stale = os.path.join(directory, "s")
        server = socket.socket(socket.AF_UNIX)
        server.bind(stale)
        assert "nobody listens" in plimsoll("ps", socket=stale, code=1)
        out = plimsoll("doctor", socket=stale, code=1)
        assert "nobody listens" in out and "mode " in out, out
        server.listen()

        def hang_up():
            connection = server.accept()[0]
            connection.recv(4096)
            connection.close()
        threading.Thread(target=hang_up, daemon=True).start()
        out = plimsoll("ps", socket=stale, code=1)
        assert "ended in the middle" in out, out
        server.close()
    if os.geteuid() == 0:
        with contextlib.ExitStack() as stack:
            # The programs may lie where nobody else can go; the socket's directory too.
            copy = stack.enter_context(tempfile.TemporaryDirectory())
            os.chmod(copy, 0o755)
            shutil.copy(os.path.join(lab.BIN, "plimsoll"), copy)
            server = stack.enter_context(socket.socket(socket.AF_UNIX))
            server.bind(copy + "/s")
            os.chmod(copy + "/s", 0o660)
            server.listen()
            done = subprocess.run([copy + "/plimsoll", "--socket", copy + "/s", "ps"], user=65534,
                                  group=65534, extra_groups=[], stderr=subprocess.PIPE, cwd="/")
            assert done.returncode == 1 and b"join the group" in done.stderr, done.stderr


def test_a_full_disk_is_said_and_a_closed_pipe_is_not():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([os.path.join(lab.BIN, "plimsoll"), "--socket", socket_path(), "ps"],
                              stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1 and b"No space left" in done.stderr, done
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([os.path.join(lab.BIN, "plimsoll"), "--socket", socket_path(), "ps"],
                          stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 0 and done.stderr == b"", done


class Screen:
    """A terminal of its own, by tmux."""

    def __init__(self, width=80, height=24):
        if not shutil.which("tmux"):
            raise Skip("tmux is not installed")
        self.name = "plimsoll-cli-%d" % os.getpid()
        self("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height),
             "env PS1='ready> ' PLIMSOLL_SOCKET=%s PATH=%s:$PATH sh" % (socket_path(), lab.BIN))
        self.wait("ready>")

    def __call__(self, *words):
        return lab.run("tmux", "-L", self.name, *words).stdout

    def keys(self, *words):
        self("send-keys", *words)

    def text(self):
        return self("capture-pane", "-p")

    def wait(self, pattern):
        return wait_for(lambda: re.search(pattern, self.text(), re.M), "%r on the screen:\n%s" %
                        (pattern, self.text()))

    def size(self, width, height):
        self("resize-window", "-x", str(width), "-y", str(height))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self("kill-server")


def test_live_view_sorts_filters_resizes_and_gives_the_terminal_back():
    with Screen() as screen:
        screen.keys("stty -a >%s/before; plimsoll stats" % agent.directory, "Enter")
        screen.wait(r"^NAME +.*CPU %")
        assert "ready>" not in screen.text(), "the other screen"
        screen.wait(r"^%s +" % BUSY)
        lines = screen.text().splitlines()
        assert lines[2].startswith(BUSY) and all(len(line) <= 80 for line in lines), lines
        screen.keys("N", "r")
        screen.wait(r"by name, reversed")
        assert screen.text().index(WEB) < screen.text().index(BUSY)
        screen.keys("/", "WEB")
        screen.wait(r"^/WEB_")
        assert BUSY not in screen.text() and WEB in screen.text()
        screen.keys("Escape", "h")
        screen.wait(r"r reverse")
        screen.size(40, 8)
        wait_for(lambda: len(screen.text().splitlines()) <= 8 and WEB[:10] in screen.text() and
                 max(map(len, screen.text().splitlines())) <= 40, "a small screen")
        screen.size(160, 30)
        screen.wait(r"MEM %.*BLOCK I/O /S.*PIDS")
        screen.keys("q")
        screen.wait(r"^ready>")
        screen.keys("stty -a >%s/after; clear" % agent.directory, "Enter")
        wait_for(lambda: os.path.exists(agent.directory + "/after"), "stty")
        time.sleep(0.2)
        with open(agent.directory + "/before") as before, open(agent.directory + "/after") as after:
            strip = lambda text: re.sub(r"(rows|columns) \d+;", "", text)
            assert strip(before.read()) == strip(after.read())


def test_live_view_survives_signals_and_an_agent_that_goes_away():
    other = lab.Agent(docker.config())
    path = os.path.join(other.directory, "run", "plimsoll.sock")
    try:
        with Screen() as screen:
            screen.keys("plimsoll --socket %s stats" % path, "Enter")
            screen.wait(r"^%s +" % BUSY)
            screen.keys("C-z")
            screen.wait(r"ready>")
            screen.keys("fg; echo code $?", "Enter")
            screen.wait(r"^%s +" % BUSY)
            assert other.stop() == 0
            screen.wait(r"ended|nobody listens|no socket|is plimsolld running")
            assert BUSY in screen.text(), "the last numbers stay"
            screen.keys("C-c")
            screen.wait(r"^code 0")
    finally:
        if other.process.poll() is None:
            other.stop()


def test_no_colour_and_dumb_terminals_are_obeyed():
    """On a terminal: what is sent to it is recorded by script(1)."""
    if not shutil.which("script"):
        raise Skip("script is not installed")

    def recorded(words, env):
        command = "%s --socket %s %s" % (os.path.join(lab.BIN, "plimsoll"), socket_path(), words)
        return subprocess.run(["script", "-qec", command, "/dev/null"], stdout=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, env={**os.environ, **env},
                              timeout=lab.PATIENCE).stdout
    assert b"\x1b[" in recorded("doctor", {"TERM": "xterm"})
    assert b"\x1b" not in recorded("doctor", {"TERM": "xterm", "NO_COLOR": "1"})
    assert b"\x1b" not in recorded("doctor --no-color", {"TERM": "xterm"})
    assert b"\x1b" not in recorded("stats", {"TERM": "dumb"}), "once, without a live view"


def test_manual_pages_are_without_a_warning():
    if not shutil.which("groff"):
        raise Skip("groff is not installed")
    pages = glob.glob(GENERATED + "/man/*.1")
    if not pages:
        raise Skip("they are beside the programs in a build directory only")
    assert len(pages) == 1 + len(re.findall(r"^  [a-z]+", plimsoll(), re.M)), pages
    for page in pages:
        done = lab.run("groff", "-ww", "-z", "-man", "-Tutf8", page)
        assert not done.stderr, done.stderr


def complete(shell, words):
    """What a shell offers for a line; names come from the real agent."""
    env = {**os.environ, "PLIMSOLL_SOCKET": socket_path(), "PATH": lab.BIN + ":/usr/bin:/bin"}
    if shell == "bash":
        script = ("source %s/completions/plimsoll.bash; COMP_WORDS=(%s); "
                  "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _plimsoll; "
                  "printf '%%s\\n' \"${COMPREPLY[@]}\"" % (GENERATED, words))
        command = ["bash", "--norc", "-c", script]
    else:
        line = words.replace("''", "").replace("'", "")
        command = ["fish", "--no-config", "-c", "source %s/completions/plimsoll.fish; "
                   "complete -C '%s'" % (GENERATED, line)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
                          universal_newlines=True, timeout=lab.PATIENCE)
    assert done.returncode == 0 and not done.stderr, done
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def test_shells_complete_commands_flags_values_and_names():
    if not os.path.exists(GENERATED + "/completions/plimsoll.bash"):
        raise Skip("they are beside the programs in a build directory only")
    for shell in ("bash", "fish"):
        if not shutil.which(shell):
            continue
        assert "stats" in complete(shell, "plimsoll st"), shell
        assert "--format" in complete(shell, "plimsoll ps --fo"), shell
        assert "cpu" in complete(shell, "plimsoll stats --sort ''"), shell
        assert complete(shell, "plimsoll inspect plimsoll-cli-w") == [WEB], shell
        assert complete(shell, "plimsoll config ''") == ["show"], shell
    start = time.monotonic()
    plimsoll("ps", "-a", "--format", "{{.Name}}")
    assert time.monotonic() - start < (0.5 if lab.SYSTEM_ENGINES else 0.2), "names take too long"


def test_completion_of_a_hostile_name_runs_nothing():
    if not os.path.exists(GENERATED + "/completions/plimsoll.bash"):
        raise Skip("they are beside the programs in a build directory only")
    with tempfile.TemporaryDirectory() as directory:
        with open(directory + "/plimsoll", "w") as fake:
            fake.write("#!/bin/sh\nprintf '%%s\\n' '$(touch %s/pwned)' 'a b' '`touch %s/pwned`'\n" %
                       (directory, directory))
        os.chmod(directory + "/plimsoll", 0o755)
        script = ("PATH=%s:$PATH; source %s/completions/plimsoll.bash; "
                  "COMP_WORDS=(plimsoll inspect ''); COMP_CWORD=2; _plimsoll; "
                  "printf '%%s\\n' \"${COMPREPLY[@]}\"" % (directory, GENERATED))
        out = lab.run("bash", "--norc", "-c", script).stdout.splitlines()
        assert out == ["\\$\\(touch\\ %s/pwned\\)" % directory, "a\\ b",
                       "\\`touch\\ %s/pwned\\`" % directory], out
        assert not os.path.exists(directory + "/pwned")


if __name__ == "__main__":
    lab.main()
