#!/usr/bin/python3
"""The command line on files alone: no server. Results on stdout, sentences on stderr, exit statuses after sysexits."""
import json
import mailbox
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from people import form, person  # noqa: E402

NESGATE = os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
MAIL = b"From: a@b.test\r\nTo: c@b.test\r\nSubject: =?iso-8859-9?Q?=DEi=FEli?=\r\nMessage-ID: <%d@b.test>\r\n\r\nMerhaba\r\n"
SETTINGS = """
data = "data"; directory = "directory.csv"; institution = "Deneme"; office = "Deneme"; support = "destek@kurum.test";
mail_domains = [ "kurum.test" ]; authserv_id = "mx.kurum.test"; from = "gw@example.test"; paper_to = "Deneme";
imap: { host = "localhost"; port = 1; user = "x"; password_file = "password"; };
smtp: { host = "localhost"; port = 1; user = "x"; password_file = "password"; };
sign: { certificate = "pki/mail-p256.pem"; key = "pki/mail-p256.key"; anchors = "pki/ca.pem"; };
ca: { address = "ca@kamusm.test"; domains = [ "kamusm.test" ]; paper_address = "Deneme"; };
"""


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = tempfile.mkdtemp(prefix="nesgate-cli-")
        cls.addClassCleanup(shutil.rmtree, cls.pki)
        subprocess.run([os.path.join(ROOT, "tests", "pki", "make"), cls.pki], check=True, capture_output=True)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="nesgate-cli-")
        self.addCleanup(shutil.rmtree, self.folder)
        os.symlink(self.pki, self.path("pki"))
        self.write("nesgate.conf", SETTINGS)
        self.write("directory.csv", "a@kurum.test,manager,Birim,,,\nb@kurum.test,officer,,,,\nc@kurum.test,registry,,,,\n")
        self.write("password", "word\n")
        os.chmod(self.path("password"), 0o600)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return self.path(name)

    def call(self, *arguments, stdin=b"", **environment):
        clean = {k: v for k, v in os.environ.items() if k != "NESGATE_CONFIG"}
        return subprocess.run([NESGATE, *arguments], input=stdin, capture_output=True, timeout=60, env={**clean, **environment})

    def ask(self, *arguments):
        return self.call("-c", self.path("nesgate.conf"), *arguments)

    def assert_status(self, p, status):
        self.assertEqual(p.returncode, status, (p.stdout + p.stderr).decode(errors="replace"))
        return p

    def test_wrong_use(self):
        for line in ([], ["nothing"], ["--nothing"], ["list", "--nothing"], ["show"], ["approve"], ["event", "A-1"]):
            p = self.assert_status(self.call(*line), 64)
            self.assertEqual(p.stdout, b"")
            self.assertTrue(p.stderr)

    def test_help_of_every_command(self):
        names = [line.split()[0] for line in self.call("--help").stdout.decode().split("\n\n")[1].splitlines()]
        self.assertGreaterEqual(len(names), 23)
        for name in names:
            p = self.assert_status(self.call(name, "--help"), 0)
            self.assertIn(b"usage: nesgate [-c FILE] " + name.encode(), p.stdout)
            self.assertEqual(p.stderr, b"")

    def test_blank_form(self):
        form, named = self.path("form.xlsx"), self.path("named.xlsx")
        self.assert_status(self.call("form", form, NESGATE_CONFIG=self.path("nesgate.conf")), 0)
        self.assert_status(self.ask("form", named), 0)
        first = open(form, "rb").read()
        self.assertEqual(first, open(named, "rb").read(), "both were made with the same settings")
        p = self.assert_status(self.call("form", form), 65)
        self.assertIn(b"--force", p.stderr)
        self.assertEqual(open(form, "rb").read(), first, "nothing is written over unasked")
        self.assert_status(self.call("form", "--force", form), 0)
        bare = open(form, "rb").read()
        if not os.path.exists("/etc/nesgate/nesgate.conf"):
            self.assertNotEqual(bare, first)
        self.assertEqual(self.assert_status(self.call("form", "-"), 0).stdout, bare)
        self.assert_status(self.call("form", self.path("none", "form.xlsx")), 65)
        self.assert_status(self.call("-c", self.path("none.conf"), "form", "-"), 78)
        for name in (form, named):
            facts = json.loads(self.assert_status(self.call("extract", name), 0).stdout)
            self.assertEqual(facts["request"]["form_version"], 1)
            self.assertEqual(facts["request"]["rows"], [])
            self.assertEqual([c["code"] for c in facts["complaints"]], ["form_empty"])

    def test_missing_settings(self):
        for place in (["-c", self.path("none.conf"), "list"], ["list", "--config=" + self.path("none.conf")]):
            p = self.assert_status(self.call(*place), 78)
            self.assertIn(b"none.conf", p.stderr)
        p = self.assert_status(self.call("list", NESGATE_CONFIG=self.path("other.conf")), 78)
        self.assertIn(b"other.conf", p.stderr)

    def test_wrong_setting_names_its_line(self):
        self.write("nesgate.conf", SETTINGS + "\nnothing = 1;\n")
        p = self.assert_status(self.ask("list"), 78)
        self.assertRegex(p.stderr, rb"nesgate\.conf:\d+: .*nothing")

    def test_read(self):
        one, two = self.write("1.eml", MAIL % 1), self.write("2.eml", MAIL % 2)
        p = self.assert_status(self.call("read", one, two), 0)
        lines = [json.loads(line) for line in p.stdout.decode().splitlines()]
        self.assertEqual([x["file"] for x in lines], [one, two])
        self.assertEqual([x["subject"] for x in lines], ["Şişli"] * 2)
        self.assertEqual(lines[0]["signature"]["verdict"], "none")
        self.assertEqual(lines[0]["reply"]["text"].strip(), "Merhaba")

    def test_read_standard_input(self):
        p = self.assert_status(self.call("read", "-", stdin=MAIL % 1), 0)
        self.assertEqual(json.loads(p.stdout)["file"], "-")

    def test_one_bad_file_of_three(self):
        good = self.write("1.eml", MAIL % 1)
        p = self.assert_status(self.call("read", good, self.path("none.eml"), good), 65)
        self.assertEqual(len(p.stdout.splitlines()), 2)
        self.assertIn(b"none.eml", p.stderr)

    def test_read_any_bytes(self):
        for n, data in enumerate((b"", b"\0" * 5000, b"From x\n", bytes(range(256)) * 40)):
            p = self.assert_status(self.call("read", self.write("%d.eml" % n, data)), 0)
            self.assertIn("kind", json.loads(p.stdout))

    def test_wrong_rules_and_anchors(self):
        mail = self.write("1.eml", MAIL % 1)
        self.assert_status(self.call("read", "--rules", self.write("rules", "no such [ rule\n"), mail), 65)
        self.assert_status(self.call("read", "--rules", self.path("none"), mail), 65)
        self.assert_status(self.call("read", "--anchors", self.path("none"), mail), 65)

    def signed(self, key="mail-p256", sender="gw@example.test"):
        body = self.write("body", b"Content-Type: text/plain\r\n\r\nMerhaba\r\n")
        out = self.path("signed.eml")
        subprocess.run(["openssl", "cms", "-sign", "-in", body, "-signer", self.path("pki", key + ".pem"), "-inkey",
                        self.path("pki", key + ".key"), "-from", sender, "-out", out, "-md", "sha256"], check=True)
        return out

    def verify(self, *options, **kw):
        p = self.call("verify", *options, "--json", self.signed(**kw))
        return p.returncode, json.loads(p.stdout)

    def test_verify(self):
        anchors = ("--anchors", self.path("pki", "ca.pem"))
        status, good = self.verify(*anchors)
        self.assertEqual((status, good["verdict"], good["covers"], good["from_matches"]), (0, "valid", "whole", True))
        self.assertIn("gw@example.test", good["signers"])
        status, other = self.verify(*anchors, sender="x@example.test")
        self.assertEqual((status, other["verdict"], other["from_matches"]), (0, "valid", False))
        status, bad = self.verify("--anchors", self.path("pki", "other.pem"))
        self.assertEqual((status, bad["verdict"]), (65, "untrusted"))
        self.assertTrue(bad["reason"])
        self.assertEqual(self.verify(*anchors, "--at", "2099-01-01")[1]["verdict"], "untrusted")

    def test_verify_with_lists_of_revoked(self):
        anchors = ("--anchors", self.path("pki", "ca.pem"))
        self.assertEqual(self.verify(*anchors, "--crls", self.path("pki", "clean.crl"))[1]["verdict"], "valid")
        self.assertEqual(self.verify(*anchors, "--crls", self.path("pki", "revoked.crl"))[1]["verdict"], "untrusted")

    def test_verify_takes_the_anchors_of_the_settings(self):
        p = self.assert_status(self.ask("verify", self.signed()), 0)
        self.assertIn(b"valid", p.stdout)

    def test_extract(self):
        sheet = self.write("form.xlsx", form([person(1)]))
        p = self.assert_status(self.call("extract", sheet), 0)
        got = json.loads(p.stdout)
        self.assertEqual(got["format"], "xlsx")
        self.assertEqual(got["sheets"][0]["name"], "Sayfa1")
        self.assertEqual(len(got["request"]["rows"]), 1)

    def test_ingest_once(self):
        self.write("1.eml", MAIL % 1)
        box = mailbox.mbox(self.path("two.mbox"))
        for n in (2, 3):
            box.add(mailbox.mboxMessage(MAIL % n))
        box.close()
        folder = mailbox.Maildir(self.path("dir"))
        folder.add(MAIL % 4)
        paths = [self.path(n) for n in ("1.eml", "two.mbox", "dir")]
        p = self.assert_status(self.ask("ingest", *paths), 0)
        self.assertIn(b"4 stored, 0 known", p.stdout)
        p = self.assert_status(self.ask("ingest", "--json", *paths), 0)
        self.assertEqual(json.loads(p.stdout), {"stored": 0, "known": 4})
        self.assertEqual(len(self.assert_status(self.ask("inbox", "--json"), 0).stdout.splitlines()), 4)
        self.assert_status(self.ask("ingest", self.path("none")), 65)

    def test_park_and_release(self):
        self.assert_status(self.ask("ingest", self.write("1.eml", MAIL % 1)), 0)
        row = json.loads(self.ask("inbox", "--json").stdout)
        p = self.assert_status(self.ask("park", row["mail"], "--by", "deneme", "--note", "later", "--json"), 0)
        self.assertIn("parked", json.loads(p.stdout).values())
        self.assert_status(self.ask("release", row["mail"]), 0)
        self.assertNotIn(b"parked", self.ask("inbox", "--json").stdout)
        self.assert_status(self.ask("release", "999"), 65)
        self.assert_status(self.ask("release", "x"), 64)

    def test_views_of_an_empty_database(self):
        self.assert_status(self.ask("ingest", self.write("1.eml", MAIL % 1)), 0)
        for view in ("status", "list", "outbox", "inbox", "journal"):
            self.assert_status(self.ask(view), 0)
            for line in self.assert_status(self.ask(view, "--json"), 0).stdout.splitlines():
                json.loads(line)
        for name in ("A-7", "T-7", "L-7"):
            self.assertIn(name.encode(), self.assert_status(self.ask("show", name), 65).stderr)
        self.assert_status(self.ask("show", "nonsense"), 64)
        self.assert_status(self.ask("approve", "A-7"), 65)
        self.assert_status(self.ask("preview", "receipt", "7"), 65)

    def test_no_server(self):
        self.assert_status(self.ask("ingest", self.write("1.eml", MAIL % 1)), 0)
        self.assert_status(self.ask("reconcile"), 69)
        p = self.assert_status(self.ask("check"), 69)
        says = {line.split()[1]: line.split()[0] for line in p.stdout.decode().splitlines()}
        self.assertEqual({k for k, v in says.items() if v == "FAIL"}, {"imap", "smtp"}, p.stdout)
        self.assertEqual(len(says), 13)

    def test_check_finds(self):
        os.chmod(self.path("password"), 0o644)
        p = self.assert_status(self.ask("check", "--json"), 78)
        bad = [x["check"] for x in map(json.loads, p.stdout.splitlines()) if x["verdict"] == "fail"]
        self.assertIn("secrets", bad)
        self.write("nesgate.conf", SETTINGS.replace("gw@example.test", "nobody@example.test"))
        self.assertRegex(self.ask("check").stdout, rb"FAIL  key .*nobody@example\.test")

    def test_explain(self):
        p = self.assert_status(self.call("explain", "requested"), 0)
        self.assertIn(b"waits on the office", p.stdout)
        self.assertIn(b"approve (approved)", p.stdout)
        self.assertIn(b"default: 993", self.call("explain", "imap.port").stdout)
        self.assert_status(self.call("explain", "nothing_of_that_name"), 65)
        every = [json.loads(line) for line in self.call("explain", "--all", "--json").stdout.splitlines()]
        self.assertTrue({"state", "event", "error", "setting", "letter", "complaint"} <= {x["kind"] for x in every})
        self.assertTrue(all(x["sentence"] for x in every))

    def test_words_of_forms(self):
        self.assertRegex(self.call("explain", "Yenileme").stdout.decode(), r"^form kind: renewal: written as 3 \| Yenileme")
        self.assertIn("form tckn: written as Kimlik No | ", self.call("explain", "tc KİMLİK no").stdout.decode())
        self.write("nesgate.conf", SETTINGS + 'headings = "own.table";')
        self.write("own.table", "# ours\ntckn = Personel Kodu\n")
        self.assertRegex(self.ask("explain", "tckn").stdout.decode(), r"Kimlik No \|.* \| Personel Kodu\.")
        self.assertRegex(self.ask("check").stdout, rb"ok +rules ")
        self.write("own.table", "# ours\ntckn = Personel Kodu\nkinds = 3\n")
        self.assertRegex(self.ask("check").stdout, rb'FAIL +rules +.*headings, line 3: "kinds" is no field')
        self.assertIn(b"Kimlik No", self.ask("explain", "tckn").stdout)  # explained all the same

    def test_manual_pages_are_troff(self):
        for page in ("nesgate.1", "nesgate.conf.5"):
            text = self.assert_status(self.call("explain", "--man", page), 0).stdout
            self.assertTrue(text.startswith(b".TH"))
            if shutil.which("groff"):
                p = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z"], input=text, capture_output=True)
                self.assertEqual(p.stderr, b"")

    def test_example_settings(self):
        with open(os.path.join(ROOT, "gateway", "dist", "nesgate.conf.example")) as f:
            example = f.read()
        settings = [x["word"] for x in map(json.loads, self.call("explain", "--all", "--json").stdout.splitlines())
                    if x["kind"] == "setting"]
        for name in settings:
            self.assertRegex(example, r"(?m)^\s*(#: )?%s = " % name.split(".")[-1])
        # As it stands, and with every default written out.
        example = example.replace("/var/lib/nesgate", self.path("data"))
        written = "\n".join(line.replace("#: ", "") for line in example.splitlines() if "token_file" not in line and "officer_" not in line)
        for text in (example, written):
            p = self.call("-c", self.write("example.conf", text), "check")
            self.assertRegex(p.stdout, rb"^ok +settings", p.stdout + p.stderr)

    def test_workflow(self):
        self.assertTrue(self.assert_status(self.call("workflow", "--dot"), 0).stdout.startswith(b"digraph"))
        self.assertIn("requested", [json.loads(x)["state"] for x in self.call("workflow", "--json").stdout.splitlines()])

    def test_closed_reader_and_full_disk(self):
        p = subprocess.run("%s workflow | true" % NESGATE, shell=True, capture_output=True)
        self.assertEqual(p.stderr, b"")
        with open("/dev/full", "wb") as full:
            p = subprocess.run([NESGATE, "workflow"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(p.returncode, 75)
        self.assertIn(b"could not be written", p.stderr)


if __name__ == "__main__":
    unittest.main()
