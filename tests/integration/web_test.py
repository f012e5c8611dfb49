#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""plimsoll-web as strangers use it: slowly, too often, and with requests that are none."""
import contextlib
import os
import resource
import socket
import struct
import threading
import time

import lab
from crowd import Crowd
from lab import wait_for

REQUEST_SECONDS, ANSWER_SECONDS = 5, 30
PER_ADDRESS = 64
SLACK = 3  # sweeps are half a second apart, and machines are busy

agent = crowd = None
web = idle = 0  # process id of plimsoll-web; its sockets when nobody is connected


def setup():
    global agent, crowd, web, idle
    if lab.SYSTEM_ENGINES:
        raise lab.Skip("what is pinned here is no matter of the kernel; it runs natively")
    crowd = Crowd(400)  # with every metric, an answer of several MB
    crowd.__enter__()
    agent = lab.Agent(crowd.config(), interval="1s")
    web = web_pid()
    time.sleep(1)  # until the connections made so far are closed
    idle = sockets_of_web()


def teardown():
    if agent:
        agent.stop()
    if crowd:
        crowd.__exit__()


def web_pid():
    core = agent.process.pid
    with open("/proc/%d/task/%d/children" % (core, core)) as f:
        return int(f.read().split()[0])


def connect(source="127.0.0.1", receive_buffer=None):
    s = socket.socket()
    if receive_buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    s.settimeout(ANSWER_SECONDS + 2 * SLACK)
    s.bind((source, 0))
    s.connect(("127.0.0.1", agent.port))
    return s


def read_all(s):
    """What comes until the server closes or falls silent."""
    data = b""
    with contextlib.suppress(ConnectionError, socket.timeout):
        while True:
            more = s.recv(65536)
            if not more:
                break
            data += more
    return data


def exchange(raw):
    """All that comes back for these bytes until the server closes or falls silent."""
    with connect() as s:
        with contextlib.suppress(ConnectionError):
            s.sendall(raw)
        s.settimeout(1)
        return read_all(s)


def sockets_of_web():
    count = 0
    for name in os.listdir("/proc/%d/fd" % web):
        with contextlib.suppress(OSError):
            count += os.readlink("/proc/%d/fd/%s" % (web, name)).startswith("socket:")
    return count


def still_serves():
    status, _, body = agent.fetch("/metrics")
    assert status == 200 and body.endswith(b"\n"), status
    assert web_pid() == web, "plimsoll-web was started anew"


def closed_after(s, trickle=None):
    """Seconds until the server closes; `trickle` is sent each half second meanwhile."""
    start = time.monotonic()
    s.settimeout(0.5)
    while time.monotonic() - start < ANSWER_SECONDS:
        try:
            if trickle:
                s.send(trickle)
            if s.recv(1000) == b"":
                break
        except socket.timeout:
            continue
        except ConnectionError:
            break
    return time.monotonic() - start


def test_a_header_has_five_seconds_whatever_trickles_in():
    for trickle in (None, b"x"):
        with connect() as s:
            s.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ")
            seconds = closed_after(s, trickle)
            assert REQUEST_SECONDS - 1 < seconds < REQUEST_SECONDS + SLACK, seconds


def test_a_second_request_has_five_seconds_of_its_own():
    with connect() as s:
        for _ in range(3):
            time.sleep(REQUEST_SECONDS / 2)
            s.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert s.recv(10000).startswith(b"HTTP/1.1 200")
        seconds = closed_after(s)
        assert REQUEST_SECONDS - 1 < seconds < REQUEST_SECONDS + SLACK, seconds


def test_an_answer_that_is_not_taken_is_given_up():
    """By libmicrohttpd, after 15 s in which nothing moves, and by us after 30 s in any case."""
    readers = [connect("127.0.0.3", 4096) for _ in range(20)]
    slow = connect("127.0.0.6", 16384)
    try:
        for s in readers + [slow]:
            s.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_for(lambda: sockets_of_web() > idle + len(readers), "the readers")
        start = time.monotonic()
        length, data = 0, b""
        while time.monotonic() < start + ANSWER_SECONDS + 10:
            more = b""
            with contextlib.suppress(ConnectionError):
                more = slow.recv(16384)
            if not more:
                break
            length += len(more)
            data = (data + more)[:2000]
            time.sleep(0.2)
            if time.monotonic() < start + REQUEST_SECONDS + SLACK:
                assert sockets_of_web() > idle + len(readers), "given up too early"
        wanted = int(data.split(b"Content-Length: ")[1].split(b"\r")[0])
        assert wanted > 3e6, "the answer is too small for this test: %d" % wanted
        assert length < wanted, "all of it came"
        wait_for(lambda: sockets_of_web() <= idle, "the readers' end", SLACK)
    finally:
        for s in readers + [slow]:
            s.close()
    still_serves()


def test_one_address_has_64_connections_and_the_oldest_gives_way():
    waiting = []
    try:
        for _ in range(PER_ADDRESS):
            waiting.append(connect("127.0.0.4"))
        time.sleep(0.5)
        with connect("127.0.0.4") as s:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert read_all(s).startswith(b"HTTP/1.1 200")
        assert waiting[0].recv(1000) == b"", "the oldest did not give way"
        assert sockets_of_web() <= idle + PER_ADDRESS + 2
    finally:
        for s in waiting:
            s.close()


def test_those_that_are_served_do_not_give_way():
    readers = [connect("127.0.0.5", 4096) for _ in range(PER_ADDRESS)]
    try:
        for s in readers:
            s.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(1)
        with connect("127.0.0.5") as s:
            answer = read_all(s)
            assert answer.startswith(b"HTTP/1.1 503") and b"Retry-After: 1" in answer, answer
        still_serves()  # from another address
    finally:
        for s in readers:  # at once, and not after half a minute
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()


def test_a_storm_of_slow_connections_leaves_room_for_scrapes():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(3000, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    slow = []
    try:
        for i in range(count):  # 60 from each of 50 addresses: three times what there is room for
            with contextlib.suppress(ConnectionError):
                s = connect("127.0.7.%d" % (1 + i % 50))
                slow.append(s)
                s.send(b"GET /metrics HTTP/1.1\r\n")
        time.sleep(0.2)  # nobody gives way within his first 50 ms
        for _ in range(5):
            still_serves()
    finally:
        for s in slow:
            s.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    still_serves()


def test_200_scrapes_at_once_are_answered_or_asked_to_retry():
    statuses = []

    def scrape():
        with connect() as s:
            s.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
                      b"Connection: close\r\n\r\n")
            statuses.append(read_all(s)[9:12])
    first = agent.metrics().get("plimsoll_rounds_total")
    threads = [threading.Thread(target=scrape) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == 200 and set(statuses) <= {b"200", b"503"}, set(statuses)
    assert statuses.count(b"200") >= PER_ADDRESS / 2, statuses.count(b"200")
    assert agent.next_round().get("plimsoll_rounds_total") > first


def test_smuggled_requests_are_not_answered():
    inner = b"GET /api/v1/host HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for length in (b"Content-Length: %d" % len(inner),
                   b"Content-Length: 5\r\nTransfer-Encoding: chunked",
                   b"Transfer-Encoding: chunked\r\nContent-Length: 0",
                   b"Transfer-Encoding: identity, chunked",
                   b"Content-Length: 0\r\nContent-Length: %d" % len(inner),
                   b"Content-Length: -1", b"Content-Length: +0", b"Content-Length: 0,0",
                   b"Content-Length: 18446744073709551617", b"Content-Length : 0"):
        answer = exchange(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + length + b"\r\n\r\n"
                          + b"0\r\n\r\n" + inner)
        assert b'"host"' not in answer, (length, answer)
        assert answer.count(b"HTTP/1.1 2") <= (1 if b" :" in length else 0), (length, answer)
    still_serves()


def test_odd_requests_are_refused_or_understood_in_one_way():
    wanted = {  # what may begin the answer; b"" is a closed connection
        b"GET /healthz HTTP/1.1\nHost: localhost\n\n": (b"HTTP/1.1 200", b"HTTP/1.1 400", b""),
        b"GET /healthz HTTP/1.1\r\nHost: local\r\n host\r\n\r\n": (b"HTTP/1.1 4", b""),
        b"GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 4",),
        b"GET http://localhost/metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n": (b"HTTP/1.1 421",),
        b"GET /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n": (b"HTTP/1.1 4",),
        b"GET /metrics HTTP/1.1\r\n\r\n": (b"HTTP/1.1 4",),
        b"GET /metrics\r\n\r\n": (b"HTTP/1.1 4", b""),
        # The path ends at a NUL; no right depends on paths.
        b"GET /\x00metrics HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 ", b""),
        b"GET /%00metrics HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 ",),
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 404",),
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 4",),
        b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 405",),
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 405",),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n": (b"HTTP/1.1 4", b"HTTP/1.1 505", b""),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500): (b"HTTP/1.1 4", b""),
        b"\x00" * 2000: (b"HTTP/1.1 4", b""),
        b"\r\n" * 2000: (b"HTTP/1.1 4", b""),
        b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n": (b"HTTP/1.1 4", b""),
        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n" +
        b"".join(b"a%d: b\r\n" % i for i in range(10000)) + b"\r\n": (b"HTTP/1.1 4", b""),
        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70000 + b"\r\n\r\n":
            (b"HTTP/1.1 4", b""),
    }
    for request, answers in wanted.items():
        answer = exchange(request)
        assert any(answer.startswith(a) if a else answer == b"" for a in answers), \
            (request[:100], answer[:200])
    still_serves()


def test_headers_of_50_kb_are_read():
    answer = exchange(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Filler: " + b"x" * 50000 +
                      b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200"), answer[:100]


def test_another_sites_pages_get_nothing():
    """DNS rebinding shows in Host, a page's own request in Origin."""
    for path in ("/metrics", "/api/v1/containers", "/api/v1/events", "/api/v1/sd", "/"):
        for host in ("evil.example", "evil.example:%d" % agent.port, "localhost.evil.example",
                     "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "[::1", "a b"):
            assert agent.fetch(path, {"Host": host})[0] in (400, 421), (path, host)
        if path == "/":
            continue  # holds no data
        for origin in ("http://evil.example", "null", "https://127.0.0.1:%d.evil.example" % agent.port,
                       "file://", "http://127.0.0.1:1"):
            status = agent.fetch(path, {"Origin": origin})[0]
            assert status == 403, (path, origin, status)
        own = "http://127.0.0.1:%d" % agent.port
        assert agent.fetch(path, {"Origin": own})[0] == 200, path


def test_events_are_numbered_and_can_be_followed():
    first = agent.json("/api/v1/events")
    assert first["newest"] >= crowd.count and first["missed"] == 0, first["newest"]
    assert [e["number"] for e in first["events"]] == list(range(1, len(first["events"]) + 1))
    started = [e for e in first["events"]
               if e["type"] == "started" and e["name"].startswith("shop-worker-")]
    assert len({e["name"] for e in started}) == crowd.count, len(started)
    assert {e["engine"] for e in started} == {"docker"} and started[0]["action"] == "start"

    some = agent.json("/api/v1/events?after=5&limit=3")["events"]
    assert [e["number"] for e in some] == [6, 7, 8]
    for path in [p for p in crowd.made if p.endswith("%064x" % crowd.count)]:
        os.rmdir(path)
        crowd.made.remove(path)
    after = first["newest"]
    name = "shop-worker-%d" % (crowd.count - 1)
    wait_for(lambda: [e for e in agent.json("/api/v1/events?after=%d" % after)["events"]
                      if e["type"] == "died" and e["name"] == name], "the end of one container")
    assert agent.json("/api/v1/events?after=%d" % 10**9)["events"] == []
    assert agent.fetch("/api/v1/events?after=-1")[0] == 400


def test_an_address_that_others_reach_needs_consent():
    for listen in ("0.0.0.0:0", ":11876", "[::]:11876", "192.0.2.1:80"):
        refused = lab.run(os.path.join(lab.BIN, "plimsolld"), "--check-config", "--config",
                          agent.config, "--listen", listen, check=False)
        assert refused.returncode != 0 and "insecure" in refused.stderr, (listen, refused)


if __name__ == "__main__":
    lab.main()
