#!/usr/bin/python3
"""`nesgate simulate`: a year with everybody's end or open expectation, the same for the same seed; and that its rules can be broken."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NESGATE = os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
SETTINGS = """data = "data"; directory = "directory.csv"; institution = "Deneme"; office = "Deneme"; support = "x";
mail_domains = [ "kurum.test" ]; authserv_id = "x"; from = "nes@kurum.test"; paper_to = "Deneme";
imap = { host = "x"; user = "x"; password_file = "x"; }; smtp = { host = "x"; }; sign = { certificate = "x"; };
ca = { address = "liste@kamusm.gov.tr"; paper_address = "Deneme"; };
"""
FINAL = {"active", "refused", "withdrawn", "cancelled", "redirected", "superseded"}


class SimulateTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        self.scratch = os.path.join(self.folder, "tmp")
        os.mkdir(self.scratch)
        self.environment = {k: v for k, v in os.environ.items() if k != "NESGATE_CONFIG"} | {"TMPDIR": self.scratch}

    def tearDown(self):
        self.assertEqual(os.listdir(self.scratch), [])

    def settings(self, more=""):
        path = os.path.join(self.folder, "nesgate.conf")
        os.makedirs(os.path.join(self.folder, "data"), mode=0o700, exist_ok=True)
        with open(os.path.join(self.folder, "directory.csv"), "w") as f:
            f.write("address,role,unit,name,from,to\n")
        with open(path, "w") as f:
            f.write(SETTINGS + more)
        return path

    def call(self, *arguments, status=0):
        p = subprocess.run([NESGATE, *arguments], capture_output=True, text=True, timeout=300, env=self.environment)
        self.assertEqual(p.returncode, status, p.stdout[-3000:] + p.stderr)
        return p

    def simulated(self, *arguments, more="", status=0):
        return json.loads(self.call("-c", self.settings(more), "simulate", "--json", *arguments, status=status).stdout)

    def test_a_year(self):
        r = self.simulated("--days", "365", "--people", "200")
        self.assertEqual(r["violations"], [])
        self.assertEqual((r["people"], r["ended"] + r["waiting"] + r["not_asked"]), (200, 200))
        self.assertEqual((sum(r["states"].values()), sum(r["waits_on"].values())), (200, 200))
        self.assertEqual(r["ended"], sum(n for state, n in r["states"].items() if state in FINAL))
        self.assertEqual(r["ended"], r["waits_on"]["nobody"])
        self.assertEqual(sum(r["letters_by_kind"].values()), r["letters"])
        self.assertEqual((r["reminders"], r["manager_digests"]), (r["letters_by_kind"]["reminder"], r["letters_by_kind"]["manager_digest"]))
        self.assertGreater(r["states"]["active"], 100)
        self.assertGreater(r["reminders"], 50)
        self.assertGreater(len(r["letters_by_kind"]), 25)
        self.assertRegex(r["busiest_day"], r"^2026-\d\d-\d\d$")
        self.assertGreater(r["oldest"]["since"], "2026-01-01")

    def test_seeds(self):
        short = ("--days", "90", "--people", "60")
        first = self.call("-c", self.settings(), "simulate", *short).stdout
        self.assertIn("people by state", first)
        self.assertIn("\n0 violations\n", first)
        self.assertEqual(first, self.call("-c", self.settings(), "simulate", *short, "--seed", "1").stdout)
        self.assertNotEqual(first, self.call("-c", self.settings(), "simulate", *short, "--seed", "2").stdout)

    def test_how_lists_go(self):
        for more in ('submission = "portal";', 'submission = "officer-signed"; officer_certificate = "c.pem";',
                     'paper_by = "applicant";', 'approval = "digest"; list_days = ("tue");'):
            with self.subTest(more):
                subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                                "/CN=Deneme", "-keyout", os.devnull, "-out", os.path.join(self.folder, "c.pem")],
                               check=True, capture_output=True)
                r = self.simulated("--days", "150", "--people", "60", more=more)
                self.assertGreater(r["states"]["active"], 10)
                self.assertEqual("list_for_portal" in r["letters_by_kind"], "portal" in more)
                self.assertEqual("list_to_sign" in r["letters_by_kind"], "officer-signed" in more)
                self.assertEqual("manifest" in r["letters_by_kind"], "paper_by" not in more)

    def test_broken(self):
        """Letters that go out at any hour break a rule."""
        r = self.simulated("--days", "60", "--people", "60", more="work = { quiet = false; };", status=1)
        self.assertEqual({v["rule"] for v in r["violations"]}, {"outside_working_hours"})
        told = self.call("-c", self.settings("work = { quiet = false; };"), "simulate", "--days", "60", "--people", "60", status=1).stdout
        self.assertIn("\nviolation: outside_working_hours: ", told)
        self.assertTrue(told.endswith("%d violations\n" % len(r["violations"])), told[-200:])

    def test_rates(self):
        dead = self.simulated("--days", "150", "--people", "60", "--rate", "dead=0.5", "--rate", "forget=0,absent=0")
        kinds = dead["letters_by_kind"]
        self.assertGreater(kinds["address_dead"], 5)
        self.assertIn("forget       0.15", self.call("simulate", "--rate", "help").stdout)
        nobody = self.simulated("--days", "60", "--people", "40", "--rate", "forget=1", "--rate", "phone=0")
        self.assertEqual(nobody["states"].get("active", 0), 0)
        self.assertGreater(nobody["states"]["requested"], 5)

    def test_wrong_use(self):
        for wrong in (("--people", "0"), ("--days", "0"), ("--days", "x"), ("--seed", "-1"), ("--rate", "no=0.5"), ("--rate", "forget"),
                      ("--rate", "forget=2"), ("--rate", "forget=0.5x"), ("operand",)):
            with self.subTest(wrong):
                self.assertIn("usage: nesgate", self.call("simulate", *wrong, status=64).stderr)

    def test_interrupted(self):
        """What it made goes with it."""
        p = subprocess.Popen([NESGATE, "-c", self.settings(), "simulate", "--people", "5000"], env=self.environment,
                             stdout=subprocess.DEVNULL)
        deadline = time.time() + 60
        while not any(os.path.exists(os.path.join(self.scratch, d, "nesgate.db")) for d in os.listdir(self.scratch)):
            self.assertLess(time.time(), deadline)
            time.sleep(0.05)
        p.send_signal(signal.SIGINT)
        self.assertEqual(p.wait(60), -signal.SIGINT)


if __name__ == "__main__":
    unittest.main()
