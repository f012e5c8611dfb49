#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The alert rules as promtool sees them; every metric that they and the dashboards ask for exists."""
import json
import os
import re
import shutil

import lab

try:
    import yaml
except ImportError:
    yaml = None

DASHBOARDS = os.path.join(lab.TOP, "dashboards")
ALERTS = os.path.join(DASHBOARDS, "alerts")
RULES = os.path.join(ALERTS, "plimsoll.rules.yaml")
TESTS = os.path.join(ALERTS, "plimsoll.rules.test.yaml")
GRAFANA = os.path.join(DASHBOARDS, "grafana", "plimsoll.json")

WANTED = {"ContainerUnhealthy", "ContainerOOMKilled", "ContainerRestartLoop",
          "ContainerMemoryNearLimit", "AgentDown", "AgentDegraded"}
OF_PROMETHEUS = {"up", "scrape_samples_scraped", "scrape_duration_seconds"}


def setup():
    if yaml is None:
        raise lab.Skip("python3-yaml is not installed")


def rules():
    with open(RULES) as f:
        return [rule for group in yaml.safe_load(f)["groups"] for rule in group["rules"]]


def promtool(*words):
    if not shutil.which("promtool"):
        raise lab.Skip("promtool is not installed")
    done = lab.run("promtool", *words, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def metrics():
    """Exposed names of metrics.def: name -> whether it is there without metrics.full."""
    with open(os.path.join(lab.TOP, "agent", "model", "metrics.def")) as f:
        rows = re.findall(r'^(METRIC|METRIC_MORE)\(\w+, \w+, \w+, \w+, "(\w+)"', f.read(), re.M)
    assert len(rows) > 100, len(rows)
    return {name: kind == "METRIC" for kind, name in rows}


def names_in(expression):
    """What could be a metric: a word that is no label matcher, function or keyword."""
    expression = re.sub(r'"[^"]*"', '""', expression)
    expression = re.sub(r"\{[^}]*\}", "{}", expression)
    expression = re.sub(r"\[[^]]*\]", "", expression)
    expression = re.sub(r"\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)", "",
                        expression)
    return {word for word in re.findall(r"\b[a-zA-Z_][a-zA-Z0-9_:]*\b(?!\s*\()", expression)
            if "_" in word or word == "up"}


def expressions():
    """Where it stands, and the expression."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    with open(GRAFANA) as f:
        dashboard = json.load(f)
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            inner = re.match(r"label_values\((.*), *\w+\)$", variable["query"]["query"])
            assert inner, variable
            yield "$" + variable["name"], inner.group(1)


def test_promtool_finds_nothing_wrong_with_the_rules():
    promtool("check", "rules", RULES)


def test_alerts_fire_when_they_should_and_else_not():
    promtool("test", "rules", TESTS)


def test_each_alert_is_tested_both_ways():
    with open(TESTS) as f:
        cases = [case for test in yaml.safe_load(f)["tests"] for case in test["alert_rule_test"]]
    fires = {case["alertname"] for case in cases if case["exp_alerts"]}
    rests = {case["alertname"] for case in cases if not case["exp_alerts"]}
    assert fires == rests == {rule["alert"] for rule in rules()} == WANTED, (fires, rests)


def test_each_alert_says_what_people_need():
    with open(os.path.join(ALERTS, "runbook.md")) as f:
        headings = {line[3:].strip() for line in f if line.startswith("## ")}
    assert headings == WANTED, headings ^ WANTED
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning"), rule["alert"]
        assert rule["annotations"]["summary"] and rule["annotations"]["description"], rule["alert"]
        path, anchor = rule["annotations"]["runbook_url"].split("#")
        assert os.path.exists(os.path.join(lab.TOP, path)), path
        assert anchor == rule["alert"].lower(), anchor


def test_each_metric_that_is_asked_for_is_exposed_by_default():
    known = metrics()
    for place, expression in expressions():
        names = names_in(expression) - OF_PROMETHEUS
        assert names or "up" in expression, "%s asks for nothing: %s" % (place, expression)
        for name in names:
            assert name in known, "%s: %s is not in metrics.def" % (place, name)
            assert known[name], "%s: %s needs metrics.full" % (place, name)


if __name__ == "__main__":
    lab.main()
