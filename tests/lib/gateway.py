"""The program under test: started, asked, stopped."""
import contextlib
import ctypes
import os
import signal
import subprocess
import time

from people import json_lines
from sandbox import ROOT

# $NESGATE: another program than the one of this build.
NESGATE = os.environ.get("NESGATE") or os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")


def die_with_parent():
    """A test that is killed leaves no gateway behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class GatewayDied(Exception):
    pass


class Gateway:
    def __init__(self, sandbox, config=None):
        self.sandbox = sandbox
        self.config = config or sandbox.path("nesgate.conf")
        self.process = None

    def run(self, *arguments, **environment):
        """Starts `nesgate run` in its own process group; its log lines go to DIR/log/nesgate.log."""
        log = open(self.sandbox.path("log", "nesgate.log"), "a")
        self.process = subprocess.Popen([NESGATE, "-c", self.config, "run", *arguments], stdin=subprocess.DEVNULL, stdout=log,
                                        stderr=log, start_new_session=True, env={**os.environ, **environment},
                                        preexec_fn=die_with_parent)
        return self.process

    def watch(self):
        if self.process and self.process.poll() is not None:
            last = self.log().strip().splitlines()[-3:]
            raise GatewayDied("nesgate ended by itself with status %d; its last words: %s" % (self.process.returncode, " / ".join(last)))

    def stop(self, seconds=10):
        """SIGTERM; gives (exit status, seconds it took). Whatever is left of the group is killed after."""
        if not self.process:
            return None, 0
        began = time.monotonic()
        self.process.terminate()
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        took = time.monotonic() - began
        self.kill()
        return status, took

    def kill(self):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def left_over(self):
        """Processes that still belong to the group of the last run."""
        out = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if os.getpgid(int(pid)) == self.process.pid and int(pid) != self.process.pid:
                    out.append(int(pid))
        return out

    def call(self, *arguments, seconds=60, **environment):
        return subprocess.run([NESGATE, "-c", self.config, *arguments], capture_output=True, text=True, timeout=seconds,
                              stdin=subprocess.DEVNULL, env={**os.environ, **environment})

    def once(self, seconds=60, **environment):
        """`run --once`: until nothing is left to do."""
        return self.call("run", "--once", seconds=seconds, **environment)

    def records(self, *arguments):
        p = self.call(*arguments, "--json")
        if p.returncode:
            raise AssertionError("nesgate %s: status %d, %s" % (" ".join(arguments), p.returncode, p.stderr.strip()))
        return json_lines(p.stdout)

    def unaccounted(self):
        """What `reconcile` says, as a number; -1 when it says nothing of the kind."""
        p = self.call("reconcile")
        for line in (p.stdout + p.stderr).splitlines():
            if "unaccounted:" in line:
                return int(line.split("unaccounted:")[1].split()[0])
        return -1

    def log(self):
        with contextlib.suppress(OSError):
            return open(self.sandbox.path("log", "nesgate.log"), errors="replace").read()
        return ""
