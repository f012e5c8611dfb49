#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scrape.py COUNT SCRAPERS SECONDS: the whole agent under scrapers, with COUNT cgroups made for it.

Prints "key value" lines for tests/bench/run: latency of /metrics as clients see it, lateness of
rounds, CPU and memory of both processes."""
import http.client
import multiprocessing
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import lab
from crowd import Crowd

def scraper(port, seconds, encoding, queue):
    latencies = []
    end = time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    size = 0
    while time.monotonic() < end:
        start = time.monotonic()
        connection.request("GET", "/metrics", headers={"Accept-Encoding": encoding})
        size = len(connection.getresponse().read())
        latencies.append(time.monotonic() - start)
        time.sleep(max(0, 1 - (time.monotonic() - start)))
    queue.put((latencies, size))


def own_bytes(pid):
    """Resident, without pages of files: the program and its shared libraries (proc_pid_status(5))."""
    with open("/proc/%d/status" % pid) as f:
        kib = {line.split(":")[0]: int(line.split()[1]) for line in f if line.startswith("Rss")}
    return 1024 * (kib["RssAnon"] + kib["RssShmem"])


def rss_bytes(pid):
    with open("/proc/%d/statm" % pid) as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def web_cost(agent, web, encoding, seconds=8):
    """CPU of plimsoll-web for each round that is scraped once, in ms, and the answer's size."""
    queue = multiprocessing.Queue()
    start = cpu_seconds(web)
    worker = multiprocessing.Process(target=scraper, args=(agent.port, seconds, encoding, queue))
    worker.start()
    latencies, size = queue.get()
    worker.join()
    return 1e3 * (cpu_seconds(web) - start) / len(latencies), size


def measure(agent, count, scrapers, seconds):
    core = agent.process.pid
    with open("/proc/%d/task/%d/children" % (core, core)) as f:
        web = int(f.read().split()[0])
    agent.next_round(3)
    start = [cpu_seconds(core), cpu_seconds(web), time.monotonic()]
    queue = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=scraper, args=(agent.port, seconds, "identity", queue))
               for _ in range(scrapers)]
    for worker in workers:
        worker.start()
    late = {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        metrics = agent.metrics()
        late[metrics.get("plimsoll_rounds_total")] = metrics.get("plimsoll_round_late_seconds")
        time.sleep(0.4)
    results = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    spent = time.monotonic() - start[2]
    latencies = [l for result, _ in results for l in result]
    metrics = agent.metrics()
    print("containers %d" % metrics.get("plimsoll_containers"))
    print("scrapes_per_second %.1f" % (len(latencies) / spent))
    print("scrape_p50_ms %.1f" % (1e3 * percentile(latencies, 0.5)))
    print("scrape_p99_ms %.1f" % (1e3 * percentile(latencies, 0.99)))
    print("round_late_p99_ms %.2f" % (1e3 * percentile(list(late.values()), 0.99)))
    print("rounds_skipped %d" % metrics.get("plimsoll_rounds_skipped_total"))
    print("core_cpu_percent %.2f" % (100 * (cpu_seconds(core) - start[0]) / spent))
    print("web_cpu_percent %.2f" % (100 * (cpu_seconds(web) - start[1]) / spent))
    print("core_rss_mb %.1f" % (rss_bytes(core) / 1e6))
    print("core_own_mb %.1f" % (own_bytes(core) / 1e6))
    print("web_rss_mb %.1f" % (rss_bytes(web) / 1e6))
    for encoding in ("identity", "gzip"):
        cost, size = web_cost(agent, web, encoding)
        print("web_%s_ms_per_round %.1f" % (encoding, cost))
        print("web_%s_mb %.2f" % (encoding, size / 1e6))
    print("bytes_per_container %d" % (results[0][1] / max(1, count)))


def main():
    count, scrapers, seconds = (int(word) for word in sys.argv[1:4])
    with Crowd(count, "plimsoll-bench") as crowd:
        with lab.Agent(crowd.config(), interval="1s", full=False) as agent:
            measure(agent, count, scrapers, seconds)


if __name__ == "__main__":
    main()
