#!/usr/bin/python3
"""Notices of KAMU SM on real servers: forwarded, unknown, and with a password, of which no file keeps a byte. All are made up."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import FIRST, form, person  # noqa: E402
from post import ca_notice, mail, outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES, ROOT  # noqa: E402

ONE, TWO = ROLES["applicant1"], ROLES["applicant2"]
SECRET = "Gizli-Parola-4711"


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


def password(to=ONE, subject="KamuSM Başvuru Parolası", size=0):
    m = ca_notice(to, "Deneme Bir", "Başvuru parolanız: %s\n%s" % (SECRET, (SECRET + " ") * (size // len(SECRET))), subject)
    m.set_content(m.get_content(), cte="8bit")
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
        """Files of the data folder that hold the word, plain."""
        found = []
        for folder, _, names in os.walk(self.sandbox.path("data")):
            found += [n for n in names if word.encode() in open(os.path.join(folder, n), "rb").read()]
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
                       (forward(ONE, password()), self.post.submit), (forward(TWO, password(TWO), attached=True), self.post.submit),
                       (forward(ROLES["stranger"], password()), self.post.from_outside)):
            self.send(m, how)
        self.send(password(), self.post.from_outside, sender=ROLES["stranger"])  # not authenticated
        with_form = request_mail(form([person(3)]))
        with_form.add_attachment(password())
        self.send(with_form)
        p = self.run_once()
        self.assertEqual(self.dispositions(), [("noted", "ca_password")] * 8)
        self.assertEqual(self.states(), ["requested", "submitted", "submitted"], "the form beside a password counts")
        self.assertEqual(self.holding(SECRET), [])
        self.assertEqual(os.listdir(self.sandbox.path("data", "spool")), [])
        self.assertNotIn(SECRET, p.stderr)
        self.assertNotIn(SECRET, self.gateway.call("inbox", "--json").stdout + self.gateway.call("journal", "--json").stdout)
        self.assert_accounted()

    def test_ingested_password(self):
        """The same by a file; before it is read it lies in the data folder, so the search is known to find."""
        file = self.sandbox.path("password.eml")
        open(file, "wb").write(password().as_bytes())
        self.assertEqual(self.gateway.call("ingest", file).returncode, 0)
        self.assertNotEqual(self.holding(SECRET), [])
        self.run_once()
        self.assertEqual(self.holding(SECRET), [])
        self.assertEqual(self.dispositions(), [("noted", "ca_password")])


if __name__ == "__main__":
    main()
