# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus, with a directory and a port of its own."""
import json
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request

import lab


class Prometheus:
    def __init__(self, scrape_configs):
        """`scrape_configs` is the YAML below that key; scrapes happen each second."""
        if not shutil.which("prometheus"):
            raise lab.Skip("prometheus is not installed")
        self.directory = tempfile.mkdtemp(prefix="plimsoll-prometheus-")
        self.port = lab.free_port()
        with open(self.directory + "/prometheus.yml", "w") as f:
            f.write("global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
                    "scrape_configs:\n" + scrape_configs)
        self.log = open(self.directory + "/log", "wb")
        self.process = subprocess.Popen(
            ["prometheus", "--config.file", self.directory + "/prometheus.yml",
             "--storage.tsdb.path", self.directory + "/data",
             "--web.listen-address", "127.0.0.1:%d" % self.port],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def api(self, path, **arguments):
        """What is below "data"; None while it does not answer."""
        url = "http://127.0.0.1:%d/api/v1/%s?%s" % (self.port, path,
                                                   urllib.parse.urlencode(arguments))
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError("%s %r: %s" % (path, arguments, error.read().decode()))
        except OSError:
            return None

    def query(self, expression):
        """Labels and value of each series."""
        data = self.api("query", query=expression)
        return [(r["metric"], float(r["value"][1])) for r in data["result"]] if data else []

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)
