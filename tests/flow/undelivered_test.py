#!/usr/bin/python3
"""Letters that do not arrive: the report of a server, what is held, and the way back; and programs that answer for absent people."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import form, person  # noqa: E402
from post import mail, opened_notice, outlook_reply, request_mail  # noqa: E402
from sandbox import FORMER, GONE as NOBODY, ROLES, SLOW  # noqa: E402

GATEWAY, MANAGER, OFFICER, GONE, NEW = (ROLES[r] for r in ("gateway", "manager", "officer", "applicant1", "applicant2"))


class UndeliveredTest(FlowCase):
    def submitted(self, address=GONE):
        """One application whose list KAMU SM's server has; the applicant's letter is on its way."""
        question = self.request(person(1, **{"Kurumsal E-posta": address}))
        self.send(outlook_reply(question, OFFICER, "ONAY"))
        self.run_once()
        self.assertEqual(self.states(), ["submitted"])

    def report(self, letter):
        """What a mail server far away says of the letter (RFC 3464), with an empty Return-Path."""
        said = ("--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.uzak.test\r\n\r\n"
                "Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
                "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: %s\r\nTo: %s\r\n\r\n--b--\r\n")
        head = ("From: MAILER-DAEMON@uzak.test\r\nTo: %s\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n")
        return (head % GATEWAY + said % (GONE, letter.id, GONE)).encode()

    def held(self):
        return [(r["name"], r["held"]) for r in self.gateway.records("outbox") if r.get("held")]

    def journal(self):
        return [r["event"] for r in self.gateway.records("journal", "A-1")]

    def dead(self):
        self.submitted()
        letter = self.post.wait(GONE, what="the letter that will be said not to have arrived")
        self.send(self.report(letter), how=lambda m: self.post.from_outside(m, sender="<>", to=[GATEWAY]))
        self.run_once()
        told = self.post.wait(MANAGER, lambda x: GONE in x.text, "the letter about the dead address")
        self.assertIn("Böyle bir adres yok", told.text)
        self.assertIn("auto-", told.message["Auto-Submitted"])
        self.assertIn(("dead", GONE), [(r["state"], r.get("reason")) for r in self.gateway.records("status")])
        return told

    def test_dead_address(self):
        told = self.dead()
        self.send(opened_notice(GONE, "Deneme Bir"), how=self.post.from_outside, to=[GATEWAY])
        self.run_once()
        self.assertEqual(self.states(), ["invited"])
        self.assertEqual(self.held(), [("invited", "address_dead")])
        answer = request_mail(form([{**person(1), "Kurumsal E-posta": NEW}]), subject="YNT: " + told.subject)
        answer["In-Reply-To"] = told.id
        self.send(answer)
        self.run_once()
        self.assertEqual(self.held(), [("invited", "readdressed")])
        self.post.wait(NEW, what="what the dead address had missed")
        self.assertEqual(self.states(), ["invited"])
        self.assertIn("readdressed", self.journal())
        self.assert_accounted()

    def test_refused_at_once(self):
        """Our own server knows that nobody has the address: there is no report, the refusal says it."""
        nobody = "kimse@" + GONE.split("@")[1]
        question = self.request({**person(1), "Kurumsal E-posta": nobody})
        self.send(outlook_reply(question, OFFICER, "ONAY"))
        self.run_once()
        self.assertEqual(self.held(), [("submitted", "address_dead")])
        told = self.post.wait(MANAGER, lambda x: nobody in x.text and "teslim" in x.text, "the letter about the dead address")
        self.assertIn("Böyle bir adres yok", told.text)
        self.assertIn(("dead", nobody), [(r["state"], r.get("reason")) for r in self.gateway.records("status")])
        self.assertNotIn("failed", [r["state"] for r in self.gateway.records("outbox")])
        answer = request_mail(form([{**person(1), "Kurumsal E-posta": NEW}]), subject="YNT: " + told.subject)
        answer["In-Reply-To"] = told.id
        self.send(answer)
        self.run_once()
        self.assertEqual(self.held(), [("submitted", "readdressed")])
        self.post.wait(NEW, what="what the dead address had missed")
        self.assertEqual(self.states(), ["submitted"])
        self.assert_accounted()

    def report_of_the_server(self, reason):
        """What Postfix itself sends back to the gateway."""
        report = self.post.wait(GATEWAY, lambda x: x.sender.lower().startswith("mailer-daemon@"), "the report of Postfix")
        self.run_once()
        read = next(r for r in self.gateway.records("inbox") if r["kind"] == "bounce")
        self.assertEqual(read["reason"], reason)
        return report

    def really_dead(self, address):
        self.submitted(address)
        report = self.report_of_the_server("address_dead")
        self.assertIn("User doesn't exist", report.raw.decode())
        self.assertIn("Original-Recipient: rfc822;" + address, report.raw.decode())
        self.assertIn("text/rfc822-headers", [p.get_content_type() for p in report.message.walk()], "a letter speaks of people")
        told = self.post.wait(MANAGER, lambda x: address in x.text, "the letter about the dead address")
        self.assertIn("Böyle bir adres yok", told.text)
        self.send(opened_notice(address, "Deneme Bir"), how=self.post.from_outside, to=[GATEWAY])
        self.run_once()
        self.assertEqual((self.states(), self.held()), (["invited"], [("invited", "address_dead")]))
        self.assert_accounted()

    def test_postfix_gives_back(self):
        """Taken by submission, refused by the mailbox's server a moment later."""
        self.really_dead(NOBODY)

    def test_postfix_gives_back_what_was_redirected(self):
        """The report's final recipient is not the one that was written to."""
        self.really_dead(FORMER)

    def test_postfix_is_late(self):
        self.sandbox.stop_postfix()
        self.sandbox.start_postfix(DELAY_WARNING="1s")
        self.addCleanup(self.sandbox.start_postfix, DELAY_WARNING="0h")
        self.addCleanup(self.sandbox.stop_postfix)
        self.submitted(SLOW)
        self.assertIn("Action: delayed", self.report_of_the_server("delayed").raw.decode())
        self.send(opened_notice(SLOW, "Deneme Bir"), how=self.post.from_outside, to=[GATEWAY])
        self.run_once()
        self.assertEqual((self.states(), self.held()), (["invited"], []), "late is not dead")
        self.assertNotIn("dead", [r["state"] for r in self.gateway.records("status")])
        self.assertEqual([x.subject for x in self.post.letters(MANAGER) if SLOW in x.text], [])

    def test_operator(self):
        self.dead()
        p = self.gateway.call("readdress", "A-1", NEW, "--by", "deneme")
        self.assertEqual(p.returncode, 0, p.stderr)
        self.run_once()
        self.post.wait(NEW, what="the letter to the address that the operator gave")
        self.assert_sentence(self.gateway.call("resume", "baska@kurum.test"), 65, "no dead address")
        self.assertEqual(self.gateway.call("resume", GONE).returncode, 0)
        self.assertNotIn("dead", [r["state"] for r in self.gateway.records("status")])

    def test_storm(self):
        """Too many letters of one kind within an hour: the rest waits for a person, who is called once."""
        self.gateway.config = self.configuration(storm_letters=2)
        for n in range(1, 5):
            self.send(request_mail(form([person(n)]), subject="Talep %d" % n))
            self.run_once()
        self.assertEqual(sorted(self.held()), [("approval", "storm")] * 2 + [("receipt", "storm")] * 2)
        self.assertEqual(len([x for x in self.post.letters(MANAGER) if x.sender == GATEWAY]), 2)
        alarms = [x for x in self.post.letters(OFFICER) if x.token is None]
        self.assertEqual(len(alarms), 2, "one for each kind")
        self.assertEqual(self.gateway.call("resume", "receipt", "--by", "deneme").returncode, 0)
        self.run_once()
        self.arrived(MANAGER, 4)

    def test_absence(self):
        self.submitted()
        letter = self.post.wait(GONE, what="the applicant's letter")
        self.send(mail("Deneme Bir <%s>" % GONE, GATEWAY, "Otomatik yanıt: " + letter.subject, "TAMAMLADIM. Ofis dışındayım.",
                       In_Reply_To=letter.id, References=letter.id, Auto_Submitted="auto-replied"))
        before = len(self.gateway.records("outbox"))
        self.run_once()
        self.assertEqual(self.states(), ["submitted"])
        self.assertIn("absence", self.journal())
        self.assertEqual(len(self.gateway.records("outbox")), before)
        self.assert_accounted()


if __name__ == "__main__":
    main()
