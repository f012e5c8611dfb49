#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""storm.py CONTAINERS CONNECTIONS SCRAPERS: /metrics while strangers misbehave, and with many scrapers at once.

Prints "key value" lines for tests/bench/run. First CONNECTIONS that never finish their header come from
addresses of the whole loopback network, and each one that is ended comes again; then SCRAPERS ask in one
moment, several times. A 503 is an answer ("come again in a second"), and is counted."""
import contextlib
import multiprocessing
import os
import resource
import select
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import lab
from crowd import Crowd

RATE = 2500  # new slow connections per second
SECONDS = 8
BURSTS = 5


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def ask(port, source="127.0.0.1"):
    """Status, and how long the whole answer took."""
    start = time.monotonic()
    data = b""
    with socket.socket() as s:
        s.settimeout(30)
        s.bind((source, 0))
        with contextlib.suppress(ConnectionError):
            s.connect(("127.0.0.1", port))
            s.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
                      b"Connection: close\r\n\r\n")
            while True:
                more = s.recv(1 << 20)
                if not more:
                    break
                data = data or more
    return data[9:12].decode() or "none", time.monotonic() - start


def attack(port, count, ready, stop):
    """Keeps `count` connections that are slow to ask, as far as the server lets it."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    poll, sockets, opened = select.epoll(), {}, 0
    begin = time.monotonic()
    while not stop.is_set():
        while len(sockets) < count and opened < (time.monotonic() - begin) * RATE:
            s = socket.socket()
            s.setblocking(False)
            s.bind(("127.%d.%d.%d" % (1 + opened // 250 % 4, opened // 10 % 25, 1 + opened % 250), 0))
            s.connect_ex(("127.0.0.1", port))
            sockets[s.fileno()] = s
            poll.register(s, select.EPOLLOUT | select.EPOLLRDHUP)
            opened += 1
        for fd, events in poll.poll(0.01):
            if events & (select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP):
                poll.unregister(fd)
                sockets.pop(fd).close()
            else:
                with contextlib.suppress(OSError):
                    sockets[fd].send(b"GET /metrics HTTP/1.1\r\nX: ")
                poll.modify(fd, select.EPOLLRDHUP)
        if opened >= count:
            ready.set()


def scrape_for(port, seconds):
    answers = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answers.append(ask(port))
        time.sleep(0.05)
    return answers


def show(name, answers):
    latencies = [seconds for _, seconds in answers]
    print("%s_p50_ms %.1f" % (name, 1e3 * percentile(latencies, 0.5)))
    print("%s_p99_ms %.1f" % (name, 1e3 * percentile(latencies, 0.99)))
    for status in sorted({status for status, _ in answers}):
        print("%s_%s %d" % (name, status, sum(1 for s, _ in answers if s == status)))


def measure_slow(agent, count):
    quiet = scrape_for(agent.port, SECONDS / 2)
    show("quiet", quiet)
    ready, stop = multiprocessing.Event(), multiprocessing.Event()
    attacker = multiprocessing.Process(target=attack, args=(agent.port, count, ready, stop))
    attacker.start()
    ready.wait(60)
    stormy = scrape_for(agent.port, SECONDS)
    stop.set()
    attacker.join()
    show("slow_connections", stormy)
    print("ratio slow_connections_p99/quiet_p99 %.2f" %
          (percentile([s for _, s in stormy], 0.99) / percentile([s for _, s in quiet], 0.99)))


def measure_burst(agent, scrapers):
    answers, late = [], []
    for _ in range(BURSTS):
        threads = [threading.Thread(target=lambda: answers.append(ask(agent.port)))
                   for _ in range(scrapers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(1)
        late.append(agent.metrics().get("plimsoll_round_late_seconds"))
    show("burst", answers)
    served = [seconds for status, seconds in answers if status == "200"]
    print("burst_served_p99_ms %.1f" % (1e3 * percentile(served, 0.99)))
    print("burst_round_late_ms %.2f" % (1e3 * max(late)))
    print("burst_rounds_skipped %d" % agent.metrics().get("plimsoll_rounds_skipped_total"))


def main():
    containers, connections, scrapers = (int(word) for word in sys.argv[1:4])
    with Crowd(containers, "plimsoll-storm") as crowd:
        with lab.Agent(crowd.config(), interval="1s", full=False) as agent:
            agent.next_round(3)
            measure_slow(agent, connections)
            time.sleep(6)  # until the last slow ones are gone
            measure_burst(agent, scrapers)


if __name__ == "__main__":
    main()
