#!/usr/bin/python3
"""Fields of real fillable PDF files as an independent reader (qpdf) gives them."""
import json
import os
import shutil
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NESGATE = os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
FORMS = os.path.join(os.environ.get("NESGATE_CORPUS", os.path.join(ROOT, "../shared/corpus")), "documents/pdf-forms")


def fields_of_qpdf(path):
    out = subprocess.run(["qpdf", "--json", "--json-key=acroform", path], capture_output=True, check=False).stdout
    fields = json.loads(out)["acroform"]["fields"]
    return {f["fullname"]: f["value"] for f in fields if f["value"] not in (None, "", "u:", "/Off", [])}


def is_same(theirs, ours):
    """Of a button that is on we say what it means, not its name in the file."""
    if isinstance(theirs, list):
        return ours == ", ".join(v.removeprefix("u:") for v in theirs)
    return bool(ours) if theirs.startswith("/") else ours == theirs.removeprefix("u:")


class Fields(unittest.TestCase):
    def test_as_qpdf(self):
        if not shutil.which("qpdf") or not os.path.isdir(FORMS):
            print("skipped: no qpdf or no", FORMS)
            return
        wrong, filled = [], 0
        for name in sorted(n for n in os.listdir(FORMS) if n.endswith(".pdf")):
            path = os.path.join(FORMS, name)
            run = subprocess.run([NESGATE, "extract", path], capture_output=True, check=True)
            self.assertEqual(run.stderr, b"", name)
            ours = json.loads(run.stdout)["fields"]
            for field, value in fields_of_qpdf(path).items():
                filled += 1
                if not is_same(value, ours.get(field)):
                    wrong.append((name, field, value, ours.get(field)))
        self.assertLessEqual(len(wrong), filled * 0.05, wrong)
        print(f"{filled - len(wrong)} of {filled} filled fields are as qpdf gives them")


if __name__ == "__main__":
    unittest.main()
