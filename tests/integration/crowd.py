# SPDX-License-Identifier: Apache-2.0
"""Many containers at once, cheaply: empty cgroups, and files as Docker would have written for them."""
import json
import os
import shutil
import tempfile

TREES = [t for t in ("unified", "cpu", "memory", "pids", "blkio")
         if os.path.isdir("/sys/fs/cgroup/" + t)] or [""]


class Crowd:
    """Containers shop-worker-0, 1, ... as long as the `with` lasts. config() shows them to an agent."""

    def __init__(self, count, name="plimsoll-crowd"):
        self.count, self.name, self.made = count, name, []

    def paths(self):
        for tree in TREES:
            base = os.path.join("/sys/fs/cgroup", tree, self.name)
            yield base
            yield base + "/docker"
            for i in range(self.count):
                yield "%s/docker/%064x" % (base, i + 1)

    def enable_controllers(self):
        for below in ("", self.name, self.name + "/docker"):
            path = os.path.join("/sys/fs/cgroup", below, "cgroup.subtree_control")
            if TREES == [""] and os.path.exists(path):
                with open(path, "w") as f:
                    f.write("+cpu +memory +io +pids")

    def make_metadata(self):
        """Docker's files for these containers: empty cgroups alone would not be taken for any."""
        for i in range(self.count):
            directory = "%s/containers/%064x" % (self.data_root, i + 1)
            os.makedirs(directory)
            with open(directory + "/config.v2.json", "w") as f:
                json.dump({"ID": "%064x" % (i + 1), "Name": "/shop-worker-%d" % i,
                           "Created": "2026-01-02T03:04:05Z",
                           "Config": {"Image": "shop/worker:1.2"}}, f)

    def config(self):
        return "runtimes: {docker: {data_roots: [%s]}}\n" % self.data_root

    def __enter__(self):
        self.data_root = tempfile.mkdtemp(prefix="plimsoll-crowd-")
        try:
            self.make_metadata()
            for path in self.paths():
                os.mkdir(path)
                self.made.append(path)
                if path.endswith("/docker"):
                    self.enable_controllers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for path in reversed(self.made):
            os.rmdir(path)
        shutil.rmtree(self.data_root)
