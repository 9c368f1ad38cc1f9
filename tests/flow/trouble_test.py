#!/usr/bin/python3
"""What goes wrong at an office: settings, keys, passwords, certificates, database, disk. One clear sentence, the right exit
status (69 service down, 75 try again, 78 configuration), nothing lost."""
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import form, person  # noqa: E402
from post import request_mail  # noqa: E402
from sandbox import ROLES  # noqa: E402

DOWN, AGAIN, CONFIG = 69, 75, 78


class SettingsTest(FlowCase):
    def refuses(self, status, *words, commands=(["check"], ["run", "--once"]), **settings):
        self.gateway.config = self.configuration(**settings)
        for command in commands:
            with self.subTest(command=command[0]):
                self.assert_sentence(self.gateway.call(*command), status, *words)

    def test_good(self):
        self.assert_sentence(self.gateway.call("check"), 0)

    def test_no_file(self):
        self.gateway.config = self.sandbox.path("nowhere.conf")
        self.assert_sentence(self.gateway.call("check"), CONFIG, "nowhere.conf")

    def test_unknown_setting(self):
        self.refuses(CONFIG, "imap_hots", "test.conf:", imap_hots='"x"')

    def test_grammar(self):
        path = self.configuration()
        open(path, "a").write("office = ;\n")
        self.gateway.config = path
        self.assert_sentence(self.gateway.call("check"), CONFIG, "test.conf:")

    def test_doubled_setting(self):
        path = self.configuration()
        open(path, "a").write('office = "a";\n')
        self.gateway.config = path
        self.assert_sentence(self.gateway.call("check"), CONFIG, "test.conf:")

    def test_missing_setting(self):
        self.refuses(CONFIG, "authserv_id", authserv_id=None)

    def test_wrong_kind(self):
        self.refuses(CONFIG, "readers", readers='"two"')

    def test_out_of_limits(self):
        self.refuses(CONFIG, "readers", readers="0")

    def test_wrong_word(self):
        self.refuses(CONFIG, "imap.security", imap__security='"plain"')

    def test_directory_missing(self):
        self.refuses(CONFIG, "nobody.csv", directory='"nobody.csv"')

    def test_directory_wrong_line(self):
        open(self.sandbox.path("wrong.csv"), "w").write("address,role,unit,name,from,to\na@kurum.test,king,,,,\n")
        self.refuses(CONFIG, "wrong.csv", "line 2", directory='"wrong.csv"')

    def test_key_missing(self):
        self.refuses(CONFIG, "nokey.pem", sign__key='"pki/nokey.pem"')

    def test_key_of_another_certificate(self):
        self.refuses(CONFIG, "does not belong", sign__key='"pki/gateway-ec.key"')

    def test_certificate_is_no_certificate(self):
        self.refuses(CONFIG, "env", sign__certificate='"env"')

    def test_secret_that_others_may_read(self):
        path = self.sandbox.path("secrets", "open")
        shutil.copy(self.sandbox.path("secrets", "password"), path)
        os.chmod(path, 0o644)
        self.refuses(CONFIG, "secrets/open", imap__password_file='"secrets/open"')


class ServersTest(FlowCase):
    refuses = SettingsTest.refuses

    def setUp(self):
        super().setUp()
        self.post.submit(request_mail(form([person(1)])))
        self.arrived(ROLES["gateway"], 1)

    def tearDown(self):
        self.sandbox.stop_dovecot()
        self.sandbox.start_dovecot()
        if not self.sandbox.processes("postfix"):
            self.sandbox.start_postfix()
        # Whatever it was: with good settings everything that waited is done.
        self.gateway.config = self.configuration()
        if self._testMethodName != "test_good":
            self.run_once()
            self.post.wait(ROLES["officer"], what="the question, once the trouble was over")
            self.assert_accounted()

    def test_wrong_imap_password(self):
        self.refuses(CONFIG, "password", ROLES["gateway"], "%s:%s" % ("localhost", self.sandbox.port("IMAPS")),
                     imap__password_file='"secrets/wrong-password"')

    def test_wrong_smtp_password(self):
        """Also without any letter to send: not when the first is owed."""
        self.refuses(CONFIG, "password", ROLES["gateway"], "%s:%s" % ("localhost", self.sandbox.port("SUBMISSION")),
                     smtp__password_file='"secrets/wrong-password"')

    def test_password_changes_under_the_daemon(self):
        """A login that was good and is refused now is waited for; `status` tells, and it is over when the file has the new one."""
        users = os.path.join(self.sandbox.run, "users")
        old = open(users).read()
        try:
            self.password_changes(users, old)
        finally:
            self.gateway.kill()
            self.overwrite(users, old)

    def password_changes(self, users, old):
        me, secret = ROLES["gateway"], self.sandbox.path("secrets", "changing")
        refused = "refuses the user name or password of " + me
        self.overwrite(secret, self.sandbox.password + "\n")
        self.gateway.config = self.configuration(imap__password_file='"secrets/changing"', smtp__password_file='"secrets/changing"')
        self.gateway.run()
        self.post.wait(ROLES["officer"], what="the question")
        before = len(self.gateway.log())
        self.overwrite(users, old.replace(me + ":{PLAIN}", me + ":{PLAIN}new-"))
        self.sandbox.stop_dovecot()
        self.sandbox.stop_postfix()
        self.sandbox.start_dovecot()
        self.sandbox.start_postfix()
        self.assertEqual(self.gateway.call("refuse", "A-1", "--by", "deneme", "--note", "deneme").returncode, 0)
        for which, port in ("imap", "IMAPS"), ("smtp", "SUBMISSION"):
            self.in_log('%s_trouble reason="localhost:%s %s' % (which, self.sandbox.port(port), refused), before)
        status = self.gateway.call("status").stdout
        self.assertEqual(status.count(refused), 2, status)
        self.overwrite(secret, "new-" + self.sandbox.password + "\n")
        for which in "imap", "smtp":
            self.in_log(which + "_trouble_over", before)
        self.assertEqual(self.gateway.log()[before:].count(refused), 2, "said more than once")
        self.assertNotIn(refused, self.gateway.call("status").stdout)
        self.assertEqual(self.gateway.stop()[0], 0)

    @staticmethod
    def overwrite(path, text):
        new = not os.path.exists(path)
        with open(path, "w") as f:
            f.write(text)
        if new:
            os.chmod(path, 0o600)

    def in_log(self, words, since, seconds=40):
        end = time.monotonic() + seconds
        while words not in self.gateway.log()[since:]:
            self.gateway.watch()
            self.assertLess(time.monotonic(), end, "no %r in the log: %s" % (words, self.gateway.log()[since:]))
            time.sleep(0.1)

    def test_wrong_token(self):
        path = self.sandbox.path("secrets", "old-token")
        with open(path, "w") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(self.sandbox.token(ROLES["gateway"], seconds=-5) + "\n")
        self.refuses(CONFIG, "token", ROLES["gateway"], imap__password_file=None, imap__token_file='"secrets/old-token"')

    def test_unknown_authority(self):
        self.refuses(CONFIG, "certificate", tls__ca_file='"pki/other-ca.pem"')

    def test_no_submission_server(self):
        self.sandbox.stop_postfix()
        self.refuses(DOWN, "localhost", commands=(["check"],))

    def test_wrong_host_name(self):
        self.sandbox.stop_dovecot()
        self.sandbox.start_dovecot("server-wrong-name")
        self.refuses(CONFIG, "name")

    def test_expired_certificate(self):
        self.sandbox.stop_dovecot()
        self.sandbox.start_dovecot("server-expired")
        self.refuses(CONFIG, "expired")

    def test_no_server(self):
        self.sandbox.stop_postfix()
        self.sandbox.stop_dovecot()
        self.refuses(DOWN, "localhost", commands=(["check"],))

    def test_submission_cannot_ask_for_passwords(self):
        """Postfix answers 454 to a good login while Dovecot is away: that is no reason to stop for good."""
        self.sandbox.stop_dovecot()
        self.refuses(DOWN, "454", commands=(["check"],))

    def test_no_such_folder(self):
        self.refuses(CONFIG, "Olmayan", commands=(["run", "--once"],), imap__folder='"Olmayan"')

    def test_unknown_name(self):
        self.refuses(DOWN, "yok.invalid", commands=(["check"],), imap__host='"yok.invalid"')


class DatabaseTest(FlowCase):
    def begin(self):
        self.request(person(1))
        return self.sandbox.path("data", "nesgate.db")

    def test_newer(self):
        path = self.begin()
        with sqlite3.connect(path) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute("PRAGMA user_version = %d" % (version + 1))
        for command in (["list"], ["check"], ["run", "--once"]):
            self.assert_sentence(self.gateway.call(*command), CONFIG, "newer")
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = %d" % version)
        self.assertEqual(self.states(), ["requested"])

    def test_not_a_database(self):
        path = self.begin()
        for name in os.listdir(self.sandbox.path("data")):
            if name.startswith("nesgate.db-"):
                os.unlink(self.sandbox.path("data", name))
        open(path, "wb").write(b"this is no database, only words" * 500)
        for command in (["list"], ["run", "--once"]):
            self.assert_sentence(self.gateway.call(*command), CONFIG, "nesgate.db")

    def test_locked(self):
        path = self.begin()
        self.send(request_mail(form([person(2)])))
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            p = self.gateway.call("approve", "A-1", seconds=90)
            self.assert_sentence(p, AGAIN)
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        self.run_once()
        self.assertEqual(self.states(), ["requested", "requested"])

    def test_locked_for_a_while_under_the_daemon(self):
        path = self.begin()
        self.gateway.run()
        holder = sqlite3.connect(path, isolation_level=None, timeout=20)
        holder.execute("BEGIN IMMEDIATE")
        self.post.submit(request_mail(form([person(2)])))
        time.sleep(3)
        self.gateway.watch()
        holder.execute("ROLLBACK")
        holder.close()
        self.arrived(ROLES["officer"], 2, seconds=40)
        self.assertEqual(self.gateway.stop()[0], 0)

    def small_disk(self):
        """The data folder on a file system of 3 MiB."""
        disk = self.sandbox.path("disk")
        os.makedirs(disk, exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "none", disk], capture_output=True).returncode:
            self.skipTest("no right to mount a small file system here")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        self.gateway.config = self.configuration(data='"%s"' % disk)
        self.run_once()
        return disk

    def test_full_disk(self):
        """No byte is left: the mail stays on the server until there is room."""
        filler = os.path.join(self.small_disk(), "filler")
        with open(filler, "wb", buffering=0) as f, contextlib.suppress(OSError):
            while True:
                f.write(bytes(4096))
        self.send(request_mail(form([person(1)])))
        self.assert_sentence(self.gateway.once(), AGAIN, "full")
        os.unlink(filler)
        self.finished()

    def test_disk_gets_full(self):
        """There is room for the database, but not for the mail that comes."""
        disk = self.small_disk()
        m = request_mail(form([person(1)]))
        m.add_attachment(os.urandom(4000000), maintype="image", subtype="png", filename="resim.png")
        self.send(m)
        before = len(self.gateway.log())
        self.gateway.run()
        end = time.monotonic() + 15
        while "full" not in self.gateway.log()[before:]:
            self.gateway.watch()
            self.assertLess(time.monotonic(), end, "no word about the full disk: " + self.gateway.log()[before:])
            time.sleep(0.1)
        subprocess.run(["mount", "-o", "remount,size=40m", disk], check=True)
        self.post.wait(ROLES["officer"], what="the question, once there was room", seconds=90)
        self.assertEqual(self.gateway.stop()[0], 0)
        self.finished()

    def finished(self):
        self.run_once()
        self.assertEqual(self.states(), ["requested"])
        self.post.wait(ROLES["officer"], what="the question")
        self.assert_accounted()

    def test_folder_of_the_data_is_missing(self):
        self.gateway.config = self.configuration(data='"%s"' % self.sandbox.path("new", "deeper"))
        p = self.gateway.call("list")
        self.assertIn(p.returncode, (AGAIN, CONFIG), p.stderr)
        self.assertTrue(p.stderr.strip())


def alive(pids):
    """Those that still run; a zombie does not."""
    out = []
    for pid in pids:
        with contextlib.suppress(OSError):
            if open("/proc/%d/stat" % pid).read().rpartition(")")[2].split()[0] != "Z":
                out.append(pid)
    return out


class EndTest(FlowCase):
    def ends(self, after, statuses=(0,)):
        self.gateway.run()
        time.sleep(after)
        self.gateway.watch()
        group = self.gateway.left_over()
        status, took = self.gateway.stop()
        self.assertIn(status, statuses)
        self.assertLess(took, 3)
        self.assertEqual(alive(group), [], "these outlived their supervisor")

    def test_sigterm_idle(self):
        self.ends(1.5)

    def test_sigterm_at_once(self):
        # Where it starts slowly its handlers do not stand yet, and nothing was begun: then the signal itself ends it.
        self.ends(0.1, (0, -signal.SIGTERM))

    def test_sigterm_while_servers_are_down(self):
        self.sandbox.stop_postfix()
        self.sandbox.stop_dovecot()
        try:
            self.ends(1.5)
        finally:
            self.sandbox.start_dovecot()
            self.sandbox.start_postfix()

    def test_sigterm_under_load(self):
        for n in range(1, 9):
            self.post.submit(request_mail(form([person(n)]), subject="Form %d" % n))
        self.ends(0.4)
        self.run_once()
        self.assertEqual(len(self.states()), 8)
        self.assertEqual(len(self.arrived(ROLES["officer"], 8)), 8)
        self.assert_accounted()

    def test_supervisor_killed(self):
        """The others do not go on without it, and the next start finishes the work."""
        self.gateway.run()
        time.sleep(1)
        group = self.gateway.left_over()
        os.kill(self.gateway.process.pid, signal.SIGKILL)
        self.gateway.process.wait()
        end = time.monotonic() + 5
        while alive(group):
            self.assertLess(time.monotonic(), end, "these outlived the supervisor: %s" % alive(group))
            time.sleep(0.1)
        self.gateway.process = None
        self.request(person(1))

    def test_two_at_once(self):
        """A second gateway on the same data says so and goes."""
        self.gateway.run()
        time.sleep(1)
        p = self.gateway.call("run", "--once", seconds=30)
        self.assertNotEqual(p.returncode, 0)
        self.assertTrue(p.stderr.strip())
        self.gateway.watch()
        self.assertEqual(self.gateway.stop()[0], 0)


if __name__ == "__main__":
    main()
