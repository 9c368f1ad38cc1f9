#!/usr/bin/python3
"""`nesgate rules`: from a mail that no rule knows to a rule that knows it. All mails are made up."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NESGATE = os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
BUILT_IN = os.path.join(ROOT, "parsers", "kamusm.rules")
HEAD = "From: KAMU SM <bilgi@kamusm.gov.tr>\nTo: kisi1@kurum.test\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n"
FORWARD = ("From: kisi1@kurum.test\nTo: nes@kurum.test\nSubject: FW: x\nContent-Type: text/plain; charset=utf-8\n\nBilginize\n\n"
           "Gönderen: KAMU SM <bilgi@kamusm.gov.tr>\nKonu: %s\nKime: kisi1@kurum.test\n\n")
UNKNOWN = "Kartınızın 3. etabı"
TEXT = "[Deneme iletisi.]\n\nSayın Deneme Bir,\n\nKartınız 12 numaralı masadadır.\n"
with open(BUILT_IN) as f:
    RULES = f.read()
SECRET = "GIZLI-SIFRE-4711"


class RulesTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    def call(self, *arguments, status=0):
        clean = {k: v for k, v in os.environ.items() if k != "NESGATE_CONFIG"}
        p = subprocess.run([NESGATE, *arguments], capture_output=True, text=True, timeout=60, env=clean)
        self.assertEqual(p.returncode, status, p.stdout + p.stderr)
        return p

    def tried(self, *arguments):
        return [json.loads(line) for line in self.call("rules", "try", "--json", *arguments).stdout.splitlines()]

    def test_known_mails(self):
        a = self.write("a.eml", HEAD % "Kurye" + "Gönderi takip no: KP00000000001TR\n")
        b = self.write("b.eml", FORWARD % "Ön başvurunuz" + TEXT)
        first, second = self.tried(a, b)
        self.assertEqual((first["rule"], first["notice"]), ("shipped", "ca_shipped tracking_no=KP00000000001TR"))
        self.assertEqual((second["rule"], second["forwarded"]), ("opened", "yes"))
        self.assertEqual(second["notice"], "ca_opened name=deneme bir")
        self.assertNotIn("draft", {k: v for k, v in first.items() if v})

    def test_a_draft_becomes_a_rule(self):
        for head in (HEAD, FORWARD):
            mail = self.write("x.eml", head % UNKNOWN + TEXT)
            out = self.call("rules", "try", mail).stdout
            draft = out[out.index("\n\nrule ") + 2:]
            self.assertIn("event ?\n", draft)
            self.assertNotIn("12", draft, "numbers of the mail are not in the rule")
            own = RULES + "\n" + draft
            self.call("rules", "test", self.write("own.rules", own), status=65)
            rules = self.write("own.rules", own.replace("event ?", "event produced"))
            self.assertIn("bad: 0", self.call("rules", "test", rules).stdout)
            known = self.tried("--rules", rules, mail)[0]
            self.assertEqual((known["rule"], known["notice"].split()[0]), ("kartinizin_3_etabi", "ca_produced"))

    def test_strangers_have_no_rule(self):
        mail = self.write("x.eml", (HEAD % UNKNOWN + TEXT).replace("kamusm.gov.tr", "kamusm.gov.tr.baska.test"))
        self.assertEqual(self.tried(mail)[0]["kind"], "other")
        self.assertNotIn("event", self.call("rules", "try", mail).stdout)

    def test_built_in_rules_hold_their_examples(self):
        self.assertRegex(self.call("rules", "test").stdout, r"rules \d+, examples \d+, bad: 0")
        rows = [json.loads(line) for line in self.call("rules", "test", "--json").stdout.splitlines()]
        self.assertEqual({r["verdict"] for r in rows}, {"good"})

    def test_bad_rules(self):
        text = RULES
        for old, new, word in (("event opened", "event apened", "no such event: apened"), ("rule password", "rule secret\nevent opened\ntext x\nrule p", None),
                               ("event password", "event opened", "passwords"), ("example Sertifikanız üretildi", "example Bayram", "produced"),
                               ("subject kurye\n", "subject (\n", "line ")):
            self.assertIn(old, text)
            p = self.call("rules", "test", self.write("bad.rules", text.replace(old, new, 1)), status=65)
            self.assertIn(word or "no example", p.stdout + p.stderr)
        self.call("rules", "test", os.path.join(self.folder.name, "none"), status=65)
        self.call("rules", "try", os.path.join(self.folder.name, "none"), status=65)
        for wrong in (["try"], ["test", "a", "b"], ["other"], []):
            self.call("rules", *wrong, status=64)

    def test_a_mail_that_fits_two_rules(self):
        rule = "\nrule deneme_ikinci\nevent %s\nsubject üretildi\nexample Deneme ikinci üretildi |\n"
        for event, status in (("delivered", 65), ("produced", 0)):
            text = RULES + (rule % event).replace("subject üretildi", "subject üretildi\nsubject deneme ikinci")
            p = self.call("rules", "test", "--json", self.write("two.rules", text.replace("example Deneme ikinci üretildi |", "example Deneme ikinci |")),
                          status=status)
            rows = [json.loads(line) for line in p.stdout.splitlines()]
            said = {(r["rule"], r["also_fits"]) for r in rows if r.get("also_fits")}
            self.assertEqual(said, {("produced", "deneme_ikinci")} if status else set())

    def test_no_word_of_a_password(self):
        for head in (HEAD, FORWARD):
            for subject, text in (("KamuSM Başvuru Parolası", SECRET), ("Ön başvurunuz", "Parola: " + SECRET), ("Hesap", "Yeni şifre " + SECRET)):
                mail = self.write("x.eml", head % subject + text + "\n")
                self.assertNotIn(SECRET, self.call("rules", "try", mail).stdout)
                if subject != "Hesap":
                    facts = self.call("read", mail).stdout
                    self.assertNotIn(SECRET, facts)
                    self.assertEqual(json.loads(facts)["notice"]["event"], "ca_password")
                else:
                    self.assertIn("event password", self.call("rules", "try", mail).stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
