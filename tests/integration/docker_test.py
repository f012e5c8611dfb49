#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Docker's containers: found, named, measured as Docker measures them, and gone when they end."""
import os
import time

import lab
from lab import between, near, wait_for

docker = agent = None
NAMES = ("plimsoll-busy", "plimsoll-writer", "plimsoll-hostnet", "plimsoll-idle", "plimsoll-sharer")


def setup():
    global docker, agent
    docker = lab.Docker()
    image = "plimsoll-test:1"
    docker("run", "-d", "--name", NAMES[0], "--cpus", "0.5", "-m", "64m", "--pids-limit", "100",
           image, "sh", "-c", "while :; do :; done")
    # Since Linux 6.10 the v1 controller counts I/O only where a limit is set: one that never binds.
    docker("run", "-d", "--name", NAMES[1], "-v", docker.directory + ":/data",
           "--device-write-bps", lab.device_of(docker.directory) + ":10gb", image, "sh", "-c",
           "dd if=/dev/zero of=/data/x bs=64k count=320 oflag=direct 2>/dev/null; "
           ": >/data/done; exec sleep 3600")
    docker("run", "-d", "--name", NAMES[2], "--network", "host", image, "sleep", "3600")
    docker("run", "-d", "--name", NAMES[3], "--label", "com.docker.compose.project=shop",
           "--label", 'odd="quoted"\\ label', image, "sleep", "3600")
    docker("run", "-d", "--name", NAMES[4], "--network", "container:" + NAMES[3], image, "sleep",
           "3600")
    agent = lab.Agent(docker.config())
    agent.next_round(2)


def teardown():
    if agent:
        agent.stop()
    if docker:
        docker.close()


def stats(name):
    return docker.api("/containers/%s/stats?stream=0&one-shot=1" % name)


def test_each_container_carries_its_name_once():
    """One series per container and metric; engine's helpers and inner cgroups carry no name."""
    metrics = agent.metrics()
    for name in NAMES:
        series = metrics.all("container_cpu_usage_seconds_total", name=name)
        assert len(series) == 1, "%s: %d series" % (name, len(series))
        assert series[0][0]["image"] == "plimsoll-test:1", series
        assert docker("inspect", "-f", "{{.Id}}", name) in series[0][0]["id"], series


def test_identity_is_read_from_files_only():
    """The agent has no descriptor of an engine's socket."""
    pid = agent.process.pid
    for fd in os.listdir("/proc/%d/fd" % pid):
        target = os.readlink("/proc/%d/fd/%s" % (pid, fd))
        assert "docker.sock" not in target, target
    with open("/proc/net/unix") as unix:
        assert not any(docker.socket in line and "%d" % pid in line for line in unix)


def test_cpu_agrees_with_the_engine():
    name = "container_cpu_usage_seconds_total"
    before = agent.next_round().get(name, name=NAMES[0])
    theirs = stats(NAMES[0])["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
    after = agent.next_round().get(name, name=NAMES[0])
    between(before, theirs, after, "CPU seconds")
    assert after > before, "a busy loop uses CPU"


def test_throttling_agrees_with_the_engine():
    names = ("container_cpu_cfs_periods_total", "container_cpu_cfs_throttled_periods_total")
    before = agent.next_round()
    theirs = stats(NAMES[0])["cpu_stats"]["throttling_data"]
    after = agent.next_round()
    for name, value in zip(names, (theirs["periods"], theirs["throttled_periods"])):
        between(before.get(name, name=NAMES[0]), value, after.get(name, name=NAMES[0]), name)
    assert after.get(names[0], name=NAMES[3]) is None, "no quota, no periods"


def test_containers_that_rest_agree_exactly():
    """What sleeps stands still: memory, pids, network, block I/O of one moment.

    Pausing would do, too, but runc gives up freezing what is in the middle of direct I/O, or what
    the CPU quota holds back."""
    wait_for(lambda: os.path.exists(docker.directory + "/done"), "the writer to be done")
    os.sync()
    for name in (NAMES[1], NAMES[3]):
        metrics = agent.next_turn()
        theirs = stats(name)
        compare_memory(metrics, theirs, name)
        near(metrics.get("container_threads", name=name), theirs["pids_stats"]["current"], "pids")
        if "networks" in theirs:
            compare_network(metrics, theirs, name)
        compare_block_io(metrics, theirs, name)


def test_memory_and_pids_of_a_running_container_agree():
    """The busy loop allocates nothing."""
    metrics = agent.next_round()
    theirs = stats(NAMES[0])
    compare_memory(metrics, theirs, NAMES[0])
    near(metrics.get("container_threads", name=NAMES[0]), theirs["pids_stats"]["current"], "pids")
    compare_network(metrics, theirs, NAMES[0])


def compare_memory(metrics, theirs, name):
    memory = theirs["memory_stats"]
    inactive = memory["stats"].get("total_inactive_file", memory["stats"].get("inactive_file"))
    page_slack = 64 * 4096  # the kernel charges in batches of 64 pages
    near(metrics.get("container_memory_usage_bytes", name=name), memory["usage"], "memory",
         slack=page_slack)
    near(metrics.get("container_memory_working_set_bytes", name=name), memory["usage"] - inactive,
         "working set", slack=page_slack)
    near(metrics.get("container_memory_rss", name=name),
         memory["stats"].get("total_rss", memory["stats"].get("anon")), "rss", slack=page_slack)


def compare_network(metrics, theirs, name):
    for interface, numbers in theirs["networks"].items():
        for ours, key in (("receive_bytes", "rx_bytes"), ("receive_packets", "rx_packets"),
                          ("transmit_bytes", "tx_bytes"), ("transmit_packets", "tx_packets")):
            near(metrics.get("container_network_%s_total" % ours, name=name, interface=interface),
                 numbers[key], key, slack=200 if "bytes" in key else 2)


def compare_block_io(metrics, theirs, name):
    rows = theirs["blkio_stats"]["io_service_bytes_recursive"] or []
    written = sum(r["value"] for r in rows if r["op"].lower() == "write")
    if written:
        near(metrics.sum("container_fs_writes_bytes_total", name=name), written, "bytes written")
    read = sum(r["value"] for r in rows if r["op"].lower() == "read")
    if read:
        near(metrics.sum("container_fs_reads_bytes_total", name=name), read, "bytes read")


def test_block_io_of_a_writer_is_counted():
    assert stats(NAMES[1])["blkio_stats"]["io_service_bytes_recursive"], "the engine sees none"
    assert agent.metrics().sum("container_fs_writes_bytes_total", name=NAMES[1]) >= 320 * 65536


def test_limits_are_those_that_were_set():
    metrics = agent.metrics()
    get = lambda name: metrics.get(name, name=NAMES[0])
    assert get("container_spec_memory_limit_bytes") == 64 << 20
    assert get("plimsoll_container_cpu_limit_cores") == 0.5
    assert get("container_spec_cpu_quota") == 0.5 * get("container_spec_cpu_period")
    assert get("container_threads_max") == 100
    assert metrics.get("container_spec_memory_limit_bytes", name=NAMES[3]) == 0
    assert metrics.get("plimsoll_container_cpu_limit_cores", name=NAMES[3]) is None


def test_host_network_is_not_counted_as_the_containers():
    metrics = agent.metrics()
    assert metrics.sum("container_network_receive_bytes_total", name=NAMES[2]) is None
    assert metrics.get("plimsoll_container_info", name=NAMES[2], network="host") == 1


def test_a_shared_network_is_counted_once():
    metrics = agent.metrics()
    assert metrics.sum("container_network_receive_bytes_total", name=NAMES[3]) is not None
    assert metrics.sum("container_network_receive_bytes_total", name=NAMES[4]) is None
    assert metrics.get("plimsoll_container_info", name=NAMES[4],
                       network="shared:" + NAMES[3]) == 1


def test_labels_go_where_they_should():
    """Allow-listed labels on each series, the others through one info metric, quotes and all."""
    metrics = agent.metrics()
    assert metrics.get("container_last_seen", name=NAMES[3],
                       container_label_com_docker_compose_project="shop")
    assert metrics.get("plimsoll_container_label_info", name=NAMES[3],
                       label_odd='"quoted"\\ label') == 1


def test_by_default_a_container_has_few_series():
    """Those that dashboards and alerts ask for, its labels included; metrics.full adds others."""
    with lab.Agent(docker.config(), full=False) as other:
        other.next_round(2)
        few = [n for n, l, _ in other.metrics().samples if l.get("name") == NAMES[0]]
    many = [n for n, l, _ in agent.metrics().samples if l.get("name") == NAMES[0]]
    assert len(few) <= 46 < len(many), (len(few), len(many))
    assert set(few) < set(many), set(few) - set(many)


def test_a_new_container_is_seen_at_the_next_round():
    docker("run", "-d", "--name", "plimsoll-new", "plimsoll-test:1", "sleep", "3600")
    metrics = agent.next_round(2)
    assert metrics.get("container_last_seen", name="plimsoll-new")


def test_renaming_is_followed():
    docker("rename", NAMES[3], "plimsoll-renamed")
    wait_for(lambda: agent.metrics().get("container_last_seen", name="plimsoll-renamed"),
             "the new name")
    assert agent.metrics().get("container_last_seen", name=NAMES[3]) is None
    docker("rename", "plimsoll-renamed", NAMES[3])


def test_what_ended_leaves_only_last_seen():
    docker("rm", "-f", NAMES[0])
    ended = time.time()
    wait_for(lambda: agent.metrics().get("container_cpu_usage_seconds_total",
                                         name=NAMES[0]) is None, "its series to end")
    metrics = agent.next_round(2)
    left = [n for n, l, _ in metrics.samples if l.get("name") == NAMES[0]]
    assert left == ["container_last_seen", "plimsoll_container_last_exit_code",
                    "plimsoll_container_last_exit_timestamp_seconds"], left
    seen = metrics.get("container_last_seen", name=NAMES[0])
    assert abs(seen - ended) < 20, "last seen %s, ended %s" % (seen, ended)
    assert agent.next_round().get("container_last_seen", name=NAMES[0]) == seen, "frozen"
    assert metrics.get("plimsoll_containers_ended_total") >= 1


if __name__ == "__main__":
    lab.main()
