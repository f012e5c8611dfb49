#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""/api/v1/sd: a real Prometheus finds and scrapes containers that ask for it by their labels."""
import lab
import scraper
from lab import wait_for

SERVE = "mkdir -p /www && echo '%s 1' > /www/%s && exec httpd -f -p %d -h /www"

agent = docker = prometheus = None


def setup():
    global agent, docker, prometheus
    docker = lab.Docker()
    # Labels off: those that discovery needs are there all the same.
    agent = lab.Agent(docker.config() + "metrics: {label_info: false}\n", full=False)
    prometheus = scraper.Prometheus("""
  - job_name: containers
    http_sd_configs: [{url: "http://127.0.0.1:%d/api/v1/sd", refresh_interval: 1s}]
    relabel_configs:
      - {source_labels: [__meta_plimsoll_container_name], target_label: name}
      - {source_labels: [__meta_plimsoll_engine], target_label: engine}
      - {source_labels: [__meta_plimsoll_label_io_plimsoll_team], target_label: team}
""" % agent.port)


def teardown():
    if prometheus:
        prometheus.close()
    if agent:
        agent.stop()
    if docker:
        docker.close()


def start(name, network, metric, path, port, *labels):
    words = [w for label in labels for w in ("--label", label)]
    docker("run", "-d", "--name", name, "--network", network, *words, "plimsoll-test:1", "sh", "-c",
           SERVE % (metric, path, port))


def targets():
    return {t["labels"]["__meta_plimsoll_container_name"]: t for t in agent.json("/api/v1/sd")}


def up(name):
    return [labels for labels, value in prometheus.query('up{job="containers",name="%s"}' % name)
            if value == 1]


def test_nobody_who_asks_is_an_empty_list():
    assert agent.fetch("/api/v1/sd")[1]["content-type"] == "application/json"
    assert agent.json("/api/v1/sd") == []
    docker("run", "-d", "--name", "sd-silent", "plimsoll-test:1", "sleep", "1000")
    agent.next_round(3)
    assert agent.json("/api/v1/sd") == []


def test_one_on_the_hosts_network_is_scraped_where_the_agent_is():
    port = lab.free_port()
    start("sd-host", "host", "sd_host_works", "metrics", port, "prometheus.io/scrape=true",
          "prometheus.io/port=%d" % port, "io.plimsoll.team=blue", "com.example.private=x")
    target = wait_for(lambda: targets().get("sd-host"), "the target")
    assert target["targets"] == ["127.0.0.1:%d" % port], target
    labels = wait_for(lambda: up("sd-host"), "a scrape of it")[0]
    assert labels["engine"] == "docker" and labels["team"] == "blue", labels
    assert prometheus.query("sd_host_works")[0][1] == 1
    assert not any("private" in key for key in target["labels"]), target


def test_one_with_a_network_of_its_own_is_scraped_there():
    start("sd-own", "bridge", "sd_own_works", "stats", 8000, "io.plimsoll.scrape=true",
          "prometheus.io/port=8000", "prometheus.io/path=stats", "prometheus.io/scheme=http")
    target = wait_for(lambda: targets().get("sd-own"), "the target")
    address = docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                     "sd-own")
    assert target["targets"] == [address + ":8000"], (target, address)
    assert target["labels"]["__metrics_path__"] == "/stats", target
    wait_for(lambda: up("sd-own"), "a scrape of it")
    assert prometheus.query("sd_own_works")[0][1] == 1


def test_one_that_ends_leaves_the_list():
    wait_for(lambda: targets().get("sd-own"), "the target")
    docker("rm", "-f", "sd-own")
    wait_for(lambda: "sd-own" not in targets(), "its end")
    assert "sd-host" in targets()
    wait_for(lambda: not prometheus.query('up{name="sd-own"}'), "Prometheus to forget it")


def test_nonsense_in_labels_is_no_target():
    for i, labels in enumerate((("prometheus.io/scrape=true", "prometheus.io/port=99999"),
                                ("prometheus.io/scrape=true", "prometheus.io/port=80@evil"),
                                ("prometheus.io/scrape=true", "prometheus.io/scheme=file"),
                                ("prometheus.io/scrape=yes", "prometheus.io/port=80"))):
        start("sd-odd-%d" % i, "bridge", "odd", "metrics", 80, *labels)
    wait_for(lambda: {e["name"] for e in agent.json("/api/v1/containers")["containers"]} >=
             {"sd-odd-%d" % i for i in range(4)}, "the containers")
    assert not [name for name in targets() if name.startswith("sd-odd")], targets()


if __name__ == "__main__":
    lab.main()
