"""A test case on the real servers: one sandbox a file, mailboxes and gateway data empty before each test."""
import atexit
import contextlib
import fcntl
import os
import re
import shutil
import signal
import sqlite3
import sys
import time
import unittest

import roads
from gateway import Gateway
from people import form, person
from post import Post, request_mail
from sandbox import ROLES, ROOT, Sandbox, SandboxError

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))


class FlowCase(unittest.TestCase):
    settings = {}  # name in nesgate.conf → value as written there, for all tests of the class

    @classmethod
    def setUpClass(cls):
        folder = cls.own_folder(os.path.splitext(os.path.basename(sys.modules[cls.__module__].__file__))[0])
        Sandbox(folder).stop()
        shutil.rmtree(folder, ignore_errors=True)
        atexit.register(Sandbox(folder).stop)
        cls.sandbox = Sandbox(folder).start()
        cls.addClassCleanup(cls.sandbox.stop)
        cls.post = Post(cls.sandbox)

    @classmethod
    def own_folder(cls, name):
        """build/flow/NAME, or NAME-2 … when another run of the same tests stands there."""
        os.makedirs(os.path.join(BUILD, "flow"), exist_ok=True)
        for n in range(1, 20):
            folder = os.path.join(BUILD, "flow", name if n == 1 else "%s-%d" % (name, n))
            cls.lock = open(folder + ".lock", "w")
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(cls.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cls.addClassCleanup(cls.lock.close)
                return folder
            cls.lock.close()
        raise SandboxError("too many runs of %s at the same time" % name)

    def setUp(self):
        began = time.monotonic()
        self.addCleanup(lambda: print("%.1f s" % (time.monotonic() - began), file=sys.stderr, end=" "))
        self.empty(self.sandbox.path("data"))
        self.empty(os.path.join(self.sandbox.run, "mail"))
        self.gateway = Gateway(self.sandbox, self.configuration())
        self.post.watch = self.gateway.watch
        self.addCleanup(self.gateway.kill)
        self.addCleanup(self.check_promised)

    def check_promised(self):
        """The table of the roads says what this test carries: it has done so."""
        file = os.path.basename(sys.modules[self.__module__].__file__)
        moves, letters = roads.promised("tests/flow/%s %s" % (file, self._testMethodName))
        if moves or letters:
            done = {" ".join(row) for row in self.rows("SELECT from_state, event, by_role FROM journal WHERE from_state IS NOT NULL")}
            self.assertEqual(moves - done, set(), "no such step was gone")
            self.assertEqual(letters - {name for name, in self.rows("SELECT name FROM letter")}, set(), "no such letter was owed")

    @staticmethod
    def empty(folder):
        for name in os.listdir(folder):
            shutil.rmtree(os.path.join(folder, name)) if os.path.isdir(os.path.join(folder, name)) \
                else os.unlink(os.path.join(folder, name))

    def configuration(self, name="test.conf", **changes):
        """A copy of the sandbox's settings with changes: imap__port=1 for imap.port; None takes a line out."""
        text = open(self.sandbox.path("nesgate.conf")).read()
        for key, value in {**self.settings, **changes}.items():
            group, _, member = key.rpartition("__")
            line = "" if value is None else "%s = %s;" % (member, value)
            if group:
                inside = re.search(r"^%s = \{(.*?)\};" % group, text, re.M | re.S)
                body = re.sub(r"^\s*%s = .*?;" % member, "", inside.group(1), flags=re.M)
                text = text[:inside.start(1)] + body.rstrip() + " " + line + "\n" + text[inside.end(1):]
            else:
                text = re.sub(r"^%s = [^{]*?;\n" % member, "", text, flags=re.M) + line + "\n"
        path = self.sandbox.path(name)
        open(path, "w").write(text)
        return path

    # -- what many tests do ---------------------------------------------------------------------------------------

    def run_once(self, **environment):
        p = self.gateway.once(**environment)
        self.assertEqual(p.returncode, 0, "run --once: status %d\n%s" % (p.returncode, p.stderr[-3000:]))
        return p

    def arrived(self, user, count, seconds=10):
        """Waits until the mailbox holds that many mails: Postfix delivers a moment after it has accepted."""
        end = time.monotonic() + seconds
        while len(self.post.letters(user)) < count:
            self.assertLess(time.monotonic(), end, "%s has %d mails, not %d" % (user, len(self.post.letters(user)), count))
            time.sleep(0.05)
        return self.post.letters(user)

    def send(self, message, how=None, **kw):
        """Sends to the gateway and waits until it lies in its mailbox."""
        before = len(self.post.letters(ROLES["gateway"]))
        (how or self.post.submit)(message, **kw)
        self.arrived(ROLES["gateway"], before + 1)

    def request(self, *people, **kw):
        """A manager's form, through to the officer's question; returns that letter."""
        self.send(request_mail(form(people or [person(1)]), **kw))
        self.run_once()
        return self.post.wait(ROLES["officer"], what="the question for approval")

    def states(self):
        return sorted(r["state"] for r in self.gateway.records("list") if r.get("application"))

    def waiting(self):
        """Open items that wait on a manager: (ID, reason)."""
        return [(r["id"], r["reason"]) for r in self.gateway.records("list", "manager")]

    def rows(self, statement):
        """Straight from the database file; for what no command shows."""
        with sqlite3.connect("file:%s?mode=ro" % self.sandbox.path("data", "nesgate.db"), uri=True) as db:
            return db.execute(statement).fetchall()

    def assert_accounted(self):
        p = self.gateway.call("reconcile")
        self.assertIn("unaccounted: 0", p.stdout, p.stdout + p.stderr)
        self.assertEqual(p.returncode, 0)

    def assert_no_letter(self, *users):
        """After run --once nothing is owed any more, so a moment for Postfix is enough."""
        time.sleep(0.3)
        for user in users:
            self.assertEqual([x.subject for x in self.post.letters(user) if x.sender == ROLES["gateway"]], [],
                             "%s should have got no letter" % user)

    def assert_sentence(self, p, status, *words):
        """One clear sentence and the right exit status."""
        self.assertEqual(p.returncode, status, "%s\n%s" % (p.stderr, p.stdout))
        said = (p.stderr + p.stdout).lower()
        for word in words:
            self.assertIn(word.lower(), said)
        self.assertNotIn("traceback", said)


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    """Says the name of each test, so that a run that hangs shows where."""
    signal.signal(signal.SIGTERM, interrupted)
    unittest.main(module="__main__", verbosity=2, warnings="ignore")
