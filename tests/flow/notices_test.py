#!/usr/bin/python3
"""Notices of KAMU SM on real servers: forwarded, unknown, and with a password, of which no file keeps a byte. All are made up."""
import base64
import email.policy
import os
import quopri
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import FIRST, form, person  # noqa: E402
from post import ca_notice, mail, outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES, ROOT  # noqa: E402

ONE, TWO = ROLES["applicant1"], ROLES["applicant2"]
SECRET = "Gizli=Parola-4711"
CODINGS = ("8bit", "base64", "quoted-printable")


def shapes(word):
    """The word as it stands in a mail: plain, quoted-printable, and in base64 wherever in a group of three it begins."""
    found = {word.encode(), quopri.encodestring(word.encode())}
    for before in range(3):
        whole = base64.b64encode(b"x" * before + word.encode())
        found.add(whole[-(-before * 4 // 3):len(whole) // 4 * 4 - 4])
    return found


def forward(sender, notice, attached=False):
    """As an applicant forwards it: in his words, or as a file."""
    head = "Gönderen: %s\nGönderildi: 4 Haziran 2027 Cuma 01:40\nKime: %s\nKonu: %s\n\n" % (notice["From"], notice["To"], notice["Subject"])
    m = mail("Deneme <%s>" % sender, ROLES["gateway"], "İlt: " + str(notice["Subject"]),
             "Bilginize\n\n" + ("" if attached else head + notice.get_content()))
    if attached:
        m.add_attachment(notice)
    return m


def opened(to, name="Deneme Bir"):
    return ca_notice(to, name, "Adınıza ön başvuru yapılmıştır.", "NES ön başvurunuz açıldı")


def password(to=ONE, subject="KamuSM Başvuru Parolası", size=0, coding="8bit"):
    m = ca_notice(to, "Deneme Bir", "Başvuru parolanız: %s\n%s" % (SECRET, (SECRET + " ") * (size // len(SECRET))), subject)
    m.set_content(m.get_content(), cte=coding)
    return m


class NoticesTest(FlowCase):
    def submitted(self, *people):
        asked = self.request(*people or [person(1, FIRST), person(2, FIRST)])
        self.send(outlook_reply(asked, ROLES["officer"], "ONAY"))
        self.run_once()
        self.assertEqual(set(self.states()), {"submitted"})

    def state_of(self, n):
        return self.gateway.records("show", "A-%d" % n)[0]["state"]

    def dispositions(self, kind="ca_notice"):
        return [(r["disposition"], r["reason"]) for r in self.gateway.records("inbox") if r["kind"] == kind]

    def holding(self, word):
        """Files of the data folder, the database's log among them, that hold the word in any shape, also over the ends of lines."""
        found = []
        for folder, _, names in os.walk(self.sandbox.path("data")):
            for name in names:
                data = open(os.path.join(folder, name), "rb").read()
                joined = data.replace(b"=\r\n", b"").replace(b"\r\n", b"")
                found += [name for shape in shapes(word) if shape in data or shape in joined]
        return found

    def test_forward_of_the_applicant(self):
        self.submitted()
        self.send(forward(ONE, opened(ONE)))
        self.send(forward(TWO, opened(TWO, "Deneme İki"), attached=True))
        self.run_once()
        self.assertEqual([self.state_of(1), self.state_of(2)], ["invited", "invited"])
        self.assertEqual(self.rows("SELECT DISTINCT strength, by_role FROM journal WHERE event = 'ca_opened'"), [("told", "applicant")])
        self.post.wait(ONE, lambda x: x.token and "Başvurularım" in x.text, "the invitation")
        self.assert_accounted()

    def test_forward_of_others(self):
        self.submitted()
        self.send(forward(ROLES["manager"], opened(ONE)))
        self.send(forward(ROLES["stranger"], opened(ONE)), self.post.from_outside)
        self.send(forward(ONE, opened(ONE)), self.post.from_outside, sender=ROLES["stranger"])
        self.run_once()
        self.assertEqual(self.states(), ["submitted", "submitted"])
        self.assertEqual([r for _, r in self.dispositions()], ["told", "unknown_sender", "unknown_sender"])
        self.assertEqual(self.rows("SELECT application, strength, by_role FROM journal WHERE event = 'ca_opened'"), [(1, "told", "manager")])

    def test_unknown_one_becomes_a_rule(self):
        self.submitted()
        strange = ca_notice(ONE, "Deneme Bir", "Evrağınız 12. kattadır.", "Evrağınız hakkında 2")
        self.send(strange, self.post.from_outside)
        self.send(ca_notice(TWO, "Deneme İki", "Kartınız kuryededir.", "Kurye"), self.post.from_outside)
        self.run_once()
        self.assertEqual([r for _, r in self.dispositions()], ["ca_unrecognised", None])
        file = self.sandbox.path("strange.eml")
        open(file, "wb").write(strange.as_bytes())
        out = self.gateway.call("rules", "try", file).stdout
        rules = self.sandbox.path("own.rules")
        built_in = open(os.path.join(ROOT, "parsers", "kamusm.rules")).read()
        open(rules, "w").write(built_in + "\n" + out[out.index("\n\nrule ") + 2:].replace("event ?", "event opened"))
        self.assertIn("bad: 0", self.gateway.call("rules", "test", rules).stdout)
        p = self.gateway.call("replay", "--rules", rules)
        self.assertIn("notices 2, read differently: 1", p.stdout, p.stderr)
        differs = self.gateway.records("replay", "--rules", rules)
        self.assertEqual([(d["now"], d["then"].split()[0]) for d in differs], [("-", "ca_opened")])
        self.assertEqual(self.state_of(1), "submitted", "replay moves nothing")
        self.gateway.config = self.configuration("rules.conf", ca__rules='"%s"' % rules)
        self.assertEqual(self.gateway.call("release", differs[0]["mail"]).returncode, 0)
        self.run_once()
        self.assertEqual(self.state_of(1), "invited")

    def test_passwords_are_in_no_file(self):
        self.submitted()
        for m, how in ((password(), self.post.from_outside), (password(subject="Ön başvurunuz"), self.post.from_outside),
                       (password(TWO, size=1400000), self.post.from_outside), (password(size=30000), self.post.from_outside),
                       (password(coding="base64"), self.post.from_outside), (password(TWO, coding="quoted-printable"), self.post.from_outside),
                       (password(size=30000, coding="base64"), self.post.from_outside),
                       (forward(ONE, password()), self.post.submit), (forward(TWO, password(TWO), attached=True), self.post.submit),
                       (forward(ROLES["stranger"], password()), self.post.from_outside)):
            self.send(m, how)
        self.send(password(), self.post.from_outside, sender=ROLES["stranger"])  # not authenticated
        with_form = request_mail(form([person(3)]))
        with_form.add_attachment(password())
        self.send(with_form)
        p = self.run_once()
        self.assertEqual(self.dispositions(), [("noted", "ca_password")] * 11)
        self.assertEqual(self.states(), ["requested", "submitted", "submitted"], "the form beside a password counts")
        self.assertEqual(self.holding(SECRET), [])
        self.assertEqual(os.listdir(self.sandbox.path("data", "spool")), [])
        self.assertNotIn(SECRET, p.stderr)
        self.assertNotIn(SECRET, self.gateway.call("inbox", "--json").stdout + self.gateway.call("journal", "--json").stdout)
        self.assert_accounted()

    def test_ingested_password(self):
        """The same by a file; before it is read it lies in the data folder, so the search is known to find."""
        for n, coding in enumerate(CODINGS, 1):
            for size in (0, 30000):
                file = self.sandbox.path("password.eml")
                open(file, "wb").write(password(coding=coding, size=size).as_bytes(policy=email.policy.SMTP))
                self.assertEqual(self.gateway.call("ingest", file).returncode, 0)
                self.assertNotEqual(self.holding(SECRET), [], coding)
                self.run_once()
                self.assertEqual(self.holding(SECRET), [], coding)
            self.assertEqual(self.dispositions(), [("noted", "ca_password")] * 2 * n)

    def test_under_the_daemon(self):
        """The program runs on, with its database open: as soon as it is idle, its log holds nothing either."""
        self.gateway.run()
        for coding in CODINGS:
            self.send(password(coding=coding), self.post.from_outside)
        end = time.monotonic() + 20
        while (self.dispositions() != [("noted", "ca_password")] * 3 or self.holding(SECRET)) and time.monotonic() < end:
            time.sleep(0.2)
        self.assertEqual(self.dispositions(), [("noted", "ca_password")] * 3)
        self.assertIn("nesgate.db-wal", os.listdir(self.sandbox.path("data")))
        self.assertEqual(self.holding(SECRET), [])
        self.assertNotIn(SECRET, self.gateway.log())


if __name__ == "__main__":
    main()
