#!/usr/bin/python3
"""The mailbox under our feet: another client, new UIDVALIDITY, servers that come and go. Nothing is lost, nothing doubled."""
import glob
import os
import random
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import form, person  # noqa: E402
from post import mail, outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES  # noqa: E402

OURS = ROLES["gateway"]


class MailboxTest(FlowCase):
    def until(self, wanted, what, seconds=20):
        end = time.monotonic() + seconds
        while not wanted():
            self.gateway.watch()
            self.assertLess(time.monotonic(), end, what + "\n" + self.gateway.log()[-2000:])
            time.sleep(0.1)

    def new_uidvalidity(self):
        self.sandbox.stop_dovecot()
        folder = os.path.join(self.sandbox.run, "mail", OURS, "Maildir")
        time.sleep(1.1)  # UIDVALIDITY is a time in seconds
        for pattern in ("dovecot-uidlist*", "dovecot.index*", "dovecot-uidvalidity*"):
            for path in glob.glob(os.path.join(folder, pattern)):
                os.unlink(path)
        self.sandbox.start_dovecot()

    def uidvalidity(self):
        with self.post.mailbox(OURS) as box:
            box.select(readonly=True)
            return box.response("UIDVALIDITY")[1][0]

    def test_uidvalidity_changes(self):
        self.request(person(1), person(2))
        self.send(mail(ROLES["stranger"], OURS, "merhaba", "merhaba\n"), self.post.from_outside)
        self.run_once()
        before, letters = self.uidvalidity(), len(self.rows("SELECT id FROM letter"))
        self.new_uidvalidity()
        self.assertNotEqual(self.uidvalidity(), before)
        self.run_once()
        self.assert_accounted()
        self.assertEqual(self.states(), ["requested", "requested"])
        self.assertEqual(len(self.rows("SELECT id FROM letter")), letters, "the same mails were answered again")

    def test_uidvalidity_changes_while_it_runs(self):
        self.gateway.run()
        self.post.submit(request_mail(form([person(1)])))
        asked = self.post.wait(ROLES["officer"], what="the question")
        self.new_uidvalidity()
        self.post.submit(outlook_reply(asked, ROLES["officer"], "ONAY"))
        self.post.wait(ROLES["ca"], what="the list", seconds=40)
        self.until(lambda: self.states() == ["submitted"], "submitted")
        self.assert_accounted()
        self.assertEqual(self.gateway.stop()[0], 0)

    def test_a_second_client(self):
        """It reads, flags, moves away and back, copies and deletes at random while we work."""
        chance = random.Random(7)
        self.gateway.run()
        for n in range(1, 7):
            self.post.submit(request_mail(form([person(n)]), subject="Form %d" % n))
        with self.post.mailbox(OURS) as box:
            box.create("Arsiv")
            for _ in range(60):
                box.select("INBOX")
                uids = box.uid("SEARCH", "ALL")[1][0].split()
                if uids:
                    self.meddle(box, chance, chance.choice(uids))
                time.sleep(0.02)
            self.put_back(box)
        self.until(lambda: len(self.states()) == 6, "six applications; now %s" % self.states())
        self.until(lambda: self.gateway.unaccounted() == 0, "unaccounted: 0")
        self.assertEqual(self.states(), ["requested"] * 6)
        self.assertEqual(len(self.arrived(ROLES["officer"], 6)), 6)
        self.assertEqual(self.gateway.stop()[0], 0)
        self.assert_accounted()

    @staticmethod
    def meddle(box, chance, uid):
        act = chance.choice(["read", "flag", "unflag", "move", "copy", "redeliver", "keyword"])
        if act == "read":
            box.uid("FETCH", uid, "(BODY[])")
        elif act == "flag":
            box.uid("STORE", uid, "+FLAGS", r"(\Flagged \Seen)")
        elif act == "unflag":
            box.uid("STORE", uid, "FLAGS", "()")
        elif act == "move":
            box.uid("MOVE", uid, "Arsiv")
        elif act == "copy":
            box.uid("COPY", uid, "INBOX")
        elif act == "keyword":
            box.uid("STORE", uid, "+FLAGS", "(Onemli)")
        else:
            got = box.uid("FETCH", uid, "(BODY.PEEK[])")[1]
            if got and isinstance(got[0], tuple):
                box.append("INBOX", None, None, got[0][1])

    @staticmethod
    def put_back(box):
        """What was moved away before we saw it comes back: the road can be finished."""
        box.select("Arsiv")
        for uid in box.uid("SEARCH", "ALL")[1][0].split():
            box.uid("MOVE", uid, "INBOX")

    def test_mail_is_moved_away_for_good(self):
        self.request(person(1))
        with self.post.mailbox(OURS) as box:
            box.create("Arsiv")
            box.select("INBOX")
            for uid in box.uid("SEARCH", "ALL")[1][0].split():
                box.uid("MOVE", uid, "Arsiv")
        self.run_once()
        self.assert_accounted()
        self.assertEqual(self.states(), ["requested"])

    def test_dovecot_restarts(self):
        self.gateway.run()
        self.post.submit(request_mail(form([person(1)])))
        asked = self.post.wait(ROLES["officer"], what="the question")
        self.sandbox.stop_dovecot()
        time.sleep(3)
        self.gateway.watch()
        self.sandbox.start_dovecot()
        self.post.submit(outlook_reply(asked, ROLES["officer"], "ONAY"))
        self.post.wait(ROLES["ca"], what="the list", seconds=60)
        self.until(lambda: self.states() == ["submitted"], "submitted")
        self.assertEqual(self.gateway.stop()[0], 0)

    def test_postfix_restarts(self):
        """While submission is down letters wait; nobody gets one twice."""
        self.gateway.run()
        m = request_mail(form([person(1)]))
        self.post.submit(m)
        self.arrived(OURS, 1)
        asked = self.post.wait(ROLES["officer"], what="the question")
        with self.post.mailbox(OURS) as box:
            raw = bytes(outlook_reply(asked, ROLES["officer"], "ONAY"))
            self.sandbox.stop_postfix()
            verdict = b"Authentication-Results: mx.kurum.test; auth=pass smtp.auth=yetkili@kurum.test; dmarc=pass header.from=kurum.test\r\n"
            box.append("INBOX", None, None, verdict + raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        self.until(lambda: self.states() in (["approved"], ["listed"]), "approved or listed")
        time.sleep(1)
        self.gateway.watch()
        self.sandbox.start_postfix()
        self.post.wait(ROLES["ca"], what="the list", seconds=100)
        self.until(lambda: self.states() == ["submitted"], "submitted")
        self.assertEqual(len(self.arrived("kisi1@kurum.test", 1)), 1)
        self.assertEqual(len(self.post.letters(ROLES["ca"])), 1)
        self.assertEqual(self.gateway.stop()[0], 0)

    def test_both_are_down_at_the_start(self):
        self.sandbox.stop_postfix()
        self.sandbox.stop_dovecot()
        self.gateway.run()
        time.sleep(1.5)
        self.gateway.watch()
        self.sandbox.start_dovecot()
        self.sandbox.start_postfix()
        self.post.submit(request_mail(form([person(1)])))
        self.post.wait(ROLES["officer"], what="the question", seconds=60)
        self.assertEqual(self.gateway.stop()[0], 0)

    def test_a_lone_mail_does_not_wait_for_a_search(self):
        """IDLE: the answer comes in well under a second although searches are minutes apart."""
        self.gateway.run()
        self.post.submit(request_mail(form([person(1)])))
        self.post.wait(ROLES["officer"], what="the first question")
        time.sleep(0.5)
        began = time.monotonic()
        self.post.submit(request_mail(form([person(2)]), manager=ROLES["manager2"]))
        self.post.wait(ROLES["manager2"], what="the receipt")
        self.assertLess(time.monotonic() - began, 3)
        self.assertEqual(self.gateway.stop()[0], 0)

    def tearDown(self):
        if not self.sandbox.processes("dovecot"):
            self.sandbox.start_dovecot()
        if not self.sandbox.processes("postfix"):
            self.sandbox.start_postfix()


if __name__ == "__main__":
    main()
