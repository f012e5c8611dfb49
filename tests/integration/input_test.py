#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a person can do wrong: each gets one clear sentence, an exit code, and no crash."""
import http.client
import os
import shutil
import socket
import subprocess
import tempfile

import lab

directory = None


def setup():
    global directory
    directory = tempfile.mkdtemp(prefix="plimsoll-input-")


def teardown():
    shutil.rmtree(directory, ignore_errors=True)


def start(*arguments, config=None, before=()):
    """Exit code and what was said; the program is expected to end by itself."""
    command = [*before, os.path.join(lab.BIN, "plimsolld"), "--run-dir", directory + "/run",
               "--state-dir", directory + "/state"]
    if config is not None:
        path = directory + "/test.yaml"
        with open(path, "w") as f:
            f.write(config)
        command += ["--config", path]
    done = subprocess.run(command + list(arguments), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=lab.PATIENCE)
    return done.returncode, done.stdout.decode(errors="replace")


def refused(words, *arguments, code=1, **more):
    got, said = start(*arguments, **more)
    assert got == code, (got, said)
    for word in words:
        assert word in said, "%r is not in: %s" % (word, said)
    assert len(said.splitlines()) <= 2, said


def test_unknown_key_names_line_and_nearest():
    refused(["line 2", "intervall", "'interval'"], "--check-config",
            config="log_level: info\nintervall: 2s\n")


def test_wrong_type_names_the_key():
    refused(["interval", "line 1"], "--check-config", config="interval: [1, 2]\n")
    refused(["web.enabled", "line 1"], "--check-config", config="web: {enabled: perhaps}\n")


def test_value_out_of_range_names_the_range():
    refused(["interval", "100ms"], "--check-config", "--interval", "1ms")


def test_a_good_configuration_is_said_to_be_good():
    code, said = start("--check-config", config="interval: 2s\n")
    assert code == 0 and "fine" in said, said


def test_unknown_flag_names_the_nearest():
    refused(["--intervall", "--interval"], "--intervall=2s", code=2)


def test_unknown_sensor_is_named():
    refused(["sensors.disable", "memoryy"], "--check-config",
            config="sensors: {disable: [memoryy]}\n")


def test_missing_config_file_is_named():
    refused(["/nowhere.yaml"], "--config", directory + "/nowhere.yaml")


def test_public_address_needs_a_decision():
    refused(["0.0.0.0", "web.insecure"], "--check-config", "--listen", "0.0.0.0:9")


def test_busy_port_is_named():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        refused(["127.0.0.1:%d" % port, "--listen"], "--listen", "127.0.0.1:%d" % port)


def test_missing_parent_of_the_run_directory_is_named():
    refused([directory + "/a/b", "--run-dir"], "--run-dir", directory + "/a/b", "--no-web")


def test_second_agent_in_one_run_directory_is_refused():
    with lab.Agent() as first:
        refused(["another plimsolld", str(first.process.pid), "--run-dir"], "--no-web",
                "--run-dir", first.directory + "/run")


def test_no_cgroup_v2_says_how_to_get_it():
    if os.geteuid() != 0:
        raise lab.Skip("needs root")
    hidden = ["unshare", "--mount", "--propagation", "private", "sh", "-c",
              'umount -R /sys/fs/cgroup; exec "$@"', "sh"]
    refused(["cgroup v2", "mount"], "--no-web", before=hidden)


def test_without_root_it_runs_and_says_what_is_missing():
    if os.geteuid() != 0:
        raise lab.Skip("needs root to become somebody else")
    own = directory + "/unprivileged"
    os.mkdir(own)
    os.chmod(directory, 0o755)
    shutil.copytree(lab.BIN, own + "/bin")
    for path, folders, files in os.walk(own):
        for name in folders + files:
            os.chown(os.path.join(path, name), 65534, 65534)
    os.chown(own, 65534, 65534)
    port = lab.free_port()
    process = subprocess.Popen(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all",
         own + "/bin/plimsolld", "--run-dir", own + "/run", "--state-dir", own + "/state",
         "--listen", "127.0.0.1:%d" % port], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL)
    try:
        def ready():
            assert process.poll() is None, process.stdout.read()
            try:
                c = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                c.request("GET", "/readyz")
                return c.getresponse().status == 200
            except OSError:
                return False
        lab.wait_for(ready, "an unprivileged agent")
    finally:
        process.terminate()
        said = process.stdout.read().decode()
        assert process.wait(timeout=lab.PATIENCE) == 0, said
    assert "not root" in said, said


def test_run_directory_that_is_a_file_is_named():
    path = directory + "/file"
    open(path, "w").close()
    refused([path], "--run-dir", path, "--no-web")


if __name__ == "__main__":
    lab.main()
