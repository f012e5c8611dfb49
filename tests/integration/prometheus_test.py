#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus scrapes both formats; promtool finds nothing beyond cAdvisor's own sins."""
import http.server
import json
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse
import urllib.request

import lab
from lab import wait_for

agent = prometheus = directory = proxy = None
port = 0

# Names that break the rules and must stay, because dashboards ask for them.
ALLOWED = {"container_memory_failcnt", "container_hugetlb_failcnt"}


class TextOnly(http.server.BaseHTTPRequestHandler):
    """Passes a scrape on without the scraper's wishes: what comes back is text 0.0.4."""

    def do_GET(self):
        status, headers, body = agent.fetch(self.path, {"Accept": "text/plain;version=0.0.4"})
        self.send_response(status)
        self.send_header("Content-Type", headers["content-type"])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def setup():
    global agent, prometheus, directory, port, proxy
    agent = lab.Agent()
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TextOnly)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    if not shutil.which("prometheus"):
        return
    directory = tempfile.mkdtemp(prefix="plimsoll-prometheus-")
    port = lab.free_port()
    # Prometheus asks for OpenMetrics by itself; through the proxy it gets the older text.
    with open(directory + "/prometheus.yml", "w") as f:
        f.write("""global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: negotiated
    static_configs: [{targets: ["127.0.0.1:%d"]}]
  - job_name: text
    metrics_path: /metrics/cadvisor
    static_configs: [{targets: ["127.0.0.1:%d"]}]
""" % (agent.port, proxy.server_port))
    log = open(directory + "/log", "wb")
    prometheus = subprocess.Popen(
        ["prometheus", "--config.file", directory + "/prometheus.yml", "--storage.tsdb.path",
         directory + "/data", "--web.listen-address", "127.0.0.1:%d" % port],
        stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def teardown():
    if prometheus:
        prometheus.terminate()
        prometheus.wait(timeout=60)
        shutil.rmtree(directory, ignore_errors=True)
    if proxy:
        proxy.shutdown()
    if agent:
        agent.stop()


def query(expression):
    if not prometheus:
        raise lab.Skip("prometheus is not installed")
    url = "http://127.0.0.1:%d/api/v1/query?%s" % (
        port, urllib.parse.urlencode({"query": expression}))
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]["result"]
    except OSError:
        return []


def test_promtool_finds_only_what_cadvisor_does():
    if not shutil.which("promtool"):
        raise lab.Skip("promtool is not installed")
    done = subprocess.run(["promtool", "check", "metrics"], input=agent.metrics().text,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    found = {line.split()[0] for line in (done.stdout + done.stderr).splitlines() if line.strip()}
    assert found <= ALLOWED, found - ALLOWED


def test_prometheus_scrapes_without_an_error():
    wait_for(lambda: len([r for r in query("up") if r["value"][1] == "1"]) == 2,
             "two healthy targets")
    wait_for(lambda: query("max_over_time(scrape_samples_scraped[1m]) > 50"), "samples")


def test_both_formats_carry_the_same_series():
    def counts():
        found = {r["metric"]["job"]: r["value"][1]
                 for r in query("count by (job) ({__name__=~'container_.+|machine_.+'})")}
        return found if len(found) == 2 and found["negotiated"] == found["text"] else None
    wait_for(counts, "as many series from OpenMetrics as from text")


def test_a_rate_over_a_container_metric_has_a_value():
    wait_for(lambda: query('rate(container_cpu_usage_seconds_total{id="/",job="negotiated"}[30s])'
                           ' >= 0'), "a rate of the root cgroup's CPU time")


def test_types_reach_prometheus():
    if not prometheus:
        raise lab.Skip("prometheus is not installed")

    def types():
        with urllib.request.urlopen("http://127.0.0.1:%d/api/v1/metadata" % port) as answer:
            data = json.load(answer)["data"]
        # OpenMetrics names the family of a counter without its suffix
        return {n: {e["type"] for e in entries} for n, entries in data.items()}
    kinds = wait_for(types, "metadata")
    cpu = kinds.get("container_cpu_usage_seconds_total", kinds.get("container_cpu_usage_seconds"))
    assert cpu == {"counter"}, kinds


def test_negotiation_answers_what_was_asked_for():
    openmetrics = "application/openmetrics-text"
    default = ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
               "application/openmetrics-text;version=0.0.1;q=0.5,"
               "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
               "text/plain;version=0.0.4;q=0.3,*/*;q=0.2")
    for accept, wanted in ((None, "text/plain; version=0.0.4"), ("*/*", "text/plain; version=0.0.4"),
                           (default, openmetrics + "; version=1.0.0"),
                           ("application/json", "text/plain; version=0.0.4"),
                           ("text/plain;q=0.1," + openmetrics + ";version=1.0.0;q=0.9",
                            openmetrics + "; version=1.0.0")):
        status, headers, body = agent.fetch("/metrics", {"Accept": accept} if accept else {})
        assert status == 200 and headers["content-type"].startswith(wanted), (accept, headers)
        assert body.endswith(b"# EOF\n") == wanted.startswith(openmetrics), accept


def test_gzip_is_the_same_text_and_smaller():
    plain = agent.fetch("/metrics")
    packed = agent.fetch("/metrics", {"Accept-Encoding": "gzip"})
    assert packed[1].get("content-encoding") == "gzip"
    assert int(packed[1]["content-length"]) < int(plain[1]["content-length"]) / 3
    names = lambda body: sorted(set(re.findall(rb"^# TYPE (\S+)", body, re.M)))
    assert names(plain[2]) == names(packed[2])


def test_openmetrics_is_read_by_a_strict_parser():
    try:
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
    except ImportError:
        raise lab.Skip("python3-prometheus-client is not installed")
    _, _, body = agent.fetch("/metrics", {"Accept": "application/openmetrics-text;version=1.0.0"})
    families = list(text_string_to_metric_families(body.decode()))
    assert len(families) > 40, len(families)
    assert len({f.name for f in families}) == len(families), "a family came twice"


def test_no_series_comes_twice():
    seen = set()
    for name, labels, _ in agent.metrics().samples:
        key = (name, tuple(sorted(labels.items())))
        assert key not in seen, key
        seen.add(key)


if __name__ == "__main__":
    lab.main()
