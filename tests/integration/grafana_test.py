#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each expression of the Grafana dashboard has values, on a real Prometheus with real containers."""
import json
import math
import os
import re

import lab
import scraper
from lab import wait_for

DASHBOARD = os.path.join(lab.TOP, "dashboards", "grafana", "plimsoll.json")
PROJECT = "com.docker.compose.project"
RATE = "60s" if lab.SYSTEM_ENGINES else "10s"  # emulated guests are slow to scrape

agent = docker = prometheus = dashboard = None


def setup():
    global agent, docker, prometheus, dashboard
    with open(DASHBOARD) as f:
        dashboard = json.load(f)
    docker = lab.Docker()
    agent = lab.Agent("runtimes: {docker: {data_roots: [%s], socket: %s}}\n" %
                      (docker.data_root, docker.socket), full=False)
    # Limits, load, traffic, writes: so that each panel has something to show.
    docker("run", "-d", "--name", "shop-web", "--label", PROJECT + "=shop", "--cpus", "0.2",
           "--memory", "64m", "--health-cmd", "true", "--health-interval", "1s",
           "plimsoll-test:1", "sh", "-c",
           "ping -i 0.2 127.0.0.1 >/dev/null & "
           "while :; do dd if=/dev/zero of=/data/f bs=64k count=16 conv=fsync 2>/dev/null; "
           "dd if=/data/f of=/dev/null 2>/dev/null; done")
    docker("run", "-d", "--name", "lone", "plimsoll-test:1", "sleep", "1000")
    prometheus = scraper.Prometheus("""
  - job_name: plimsoll
    static_configs: [{targets: ["127.0.0.1:%d"]}]
""" % agent.port)
    wait_for(lambda: prometheus.query('count_over_time(container_cpu_usage_seconds_total'
                                      '{name="shop-web"}[60s]) > 6'), "some scrapes")


def teardown():
    if prometheus:
        prometheus.close()
    if agent:
        agent.stop()
    if docker:
        docker.close()


def panels():
    return [p for p in dashboard["panels"] if p["type"] != "row"]


def filled(expression, host=".+", project=".*", container=".+"):
    values = {"$__rate_interval": RATE, "$__range": "60s", "$host": host, "$project": project,
              "$container": container}
    for name, value in values.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


def assert_all_have_values(**variables):
    for panel in panels():
        for target in panel["targets"]:
            expression = filled(target["expr"], **variables)
            found = wait_for(lambda: prometheus.query(expression),
                             "values of '%s': %s" % (panel["title"], expression))
            assert all(math.isfinite(value) for _, value in found), (panel["title"], found)


def test_every_expression_has_values():
    assert_all_have_values()


def test_every_expression_has_values_for_one_project_and_container():
    assert_all_have_values(host="127.0.0.1:%d" % agent.port, project="shop", container="shop-web")


def test_a_project_leaves_others_out():
    for panel in panels():
        for target in panel["targets"]:
            if "$project" not in target["expr"]:
                continue
            of_project = filled(target["expr"], project="shop", container="lone")
            values = [v for _, v in prometheus.query(of_project)]
            assert values in ([], [0]), (panel["title"], of_project, values)


def test_figures_are_right():
    running = [t["expr"] for p in panels() if p["title"] == "Running" for t in p["targets"]][0]
    assert prometheus.query(filled(running, container="shop-web|lone"))[0][1] == 2
    share = [t["expr"] for p in panels() if p["title"] == "Memory beside its limit"
             for t in p["targets"]][0]
    values = prometheus.query(filled(share, container="shop-web|lone"))
    assert len(values) == 1 and 0 < values[0][1] < 1, values


def test_variables_offer_what_there_is():
    offered = {}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            series, label = re.match(r"label_values\((.*), *(\w+)\)$",
                                     variable["query"]["query"]).groups()
            offered[variable["name"]] = set(prometheus.api(
                "label/%s/values" % label, **{"match[]": filled(series)}))
    assert offered["host"] == {"127.0.0.1:%d" % agent.port}, offered
    assert "shop" in offered["project"] and {"shop-web", "lone"} <= offered["container"], offered


def test_the_dashboard_can_be_imported():
    assert dashboard["uid"] == "plimsoll-containers"
    ids = [p["id"] for p in dashboard["panels"]]
    assert len(ids) == len(set(ids)), "an id came twice"
    assert [v["name"] for v in dashboard["templating"]["list"]] == \
        ["datasource", "host", "project", "container"]
    for panel in panels():
        assert panel["title"] and panel["description"] and panel["targets"], panel["id"]
        for target in panel["targets"] + [panel]:
            assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in dashboard["panels"]]
    assert len(places) == len(set(places)), "panels lie on one another"


if __name__ == "__main__":
    lab.main()
