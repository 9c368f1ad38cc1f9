#!/usr/bin/python3
"""The table of tests/lib/roads.py: nothing in it is empty, every step of the documents is in it, and everything named exists.
That a flow test carries what the table says of it, it shows itself when it ends (tests/lib/flowcase.py)."""
import glob
import json
import os
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from roads import ROWS, STEPS  # noqa: E402

NESGATE = os.environ.get("NESGATE") or os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
SHARED = os.path.join(ROOT, "..", "shared")
# Lines of the page that are about the page, not about the road.
NO_STEPS = ("Üniversitemiz imza yetkisi bulunan akademik ve idari personeli için", "adresini ziyaret edebilirsiniz",
            "Elektronik İmza Başvuru Süreci (İlk Başvuru ve Yenileme)", "Elektronik İmza Başvurusunun Tamamlanması",
            "A ) Islak İmzalı olarak", "E-İmza Pin Oluşturma / Kilit Çözme Süreci", "Başvuru Talimatı ve Islak İmza ile")


def slurp(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def steps_of(row):
    return set(row[0].split()) - {"rule"}


class RoadsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        p = subprocess.run([NESGATE, "workflow", "--json"], capture_output=True, text=True, check=True)
        cls.edges = {"%(state)s %(event)s %(by)s" % e: e for e in map(json.loads, p.stdout.splitlines())}

    def test_no_hole(self):
        for steps, what, edges, letters, tests in ROWS:
            self.assertTrue(steps and what and letters and tests, what)

    def test_steps_of_the_workflow(self):
        for row in ROWS:
            self.assertEqual(set(row[2]) - set(self.edges), set(), row[1])

    def test_letters(self):
        known = {os.path.basename(p)[:-len(".mail")] for p in glob.glob(os.path.join(ROOT, "templates", "tr", "*.mail"))}
        for row in ROWS:
            self.assertEqual(set(row[3]) - known, set(), row[1])
        self.assertEqual(known - {letter for row in ROWS for letter in row[3]}, set(), "a letter that no step of the road has")

    def test_tests(self):
        for row in ROWS:
            flows = [test for test in row[4] if test.startswith("tests/flow/")]
            self.assertTrue(flows, "%s: no flow on real servers" % row[1])
            for test in row[4]:
                path, name = test.split(" ")
                text = slurp(path)
                pattern = r"^    def %s\(self" if path.endswith(".py") else r"^static void %s\("
                self.assertTrue(re.search(pattern % name, text, re.M), "%s: there is no test %s" % (row[1], test))
                if path.endswith(".c"):
                    self.assertTrue(re.search(r"\b%s\b" % name, text[text.index("int main("):]), "%s: %s is not run" % (row[1], test))

    def test_every_state_has_its_way_in(self):
        """No state is reached only by hand, as far as the road goes."""
        reached = {self.edges[e]["to"] for row in ROWS for e in row[2]} | {"requested", "superseded"}
        self.assertEqual({s for e in self.edges.values() for s in (e["state"], e["to"])}, reached)

    def test_steps_of_the_documents(self):
        """Each has its row, whether or not the documents are there."""
        self.assertEqual({s for row in ROWS for s in steps_of(row) if not s[0].isdigit()}, set(STEPS))

    def test_steps_of_the_domain(self):
        path = os.path.join(SHARED, "DOMAIN.md")
        if not os.path.exists(path):
            self.skipTest("skipped: the domain's table is not there")
        road = slurp(path).split("## The road of one application")[1].split("\n## ")[0]
        wanted = set(re.findall(r"^\| (\d+[a-c]?) \|", road, re.M))
        self.assertTrue(wanted)
        self.assertEqual(wanted, {s for row in ROWS for s in steps_of(row) if s[0].isdigit()})

    def test_every_line_of_the_documents(self):
        """Every line of some length is a step, or is known to be none; and the steps' words are really theirs."""
        files = sorted(glob.glob(os.path.join(SHARED, "seeds", "*.txt")))
        if not files:
            self.skipTest("skipped: the documents are not there")
        lines = [" ".join(line.split()) for path in files for line in slurp(path).splitlines()]
        words = [*STEPS.values(), *NO_STEPS]
        self.assertEqual([line for line in lines if len(line) > 40 and not any(w in line for w in words)], [])
        self.assertEqual([w for w in words if not any(w in line for line in lines)], [])


if __name__ == "__main__":
    unittest.main()
