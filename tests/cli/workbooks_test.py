#!/usr/bin/python3
"""Workbooks: the text cells that `nesgate extract` gives are those that Excel itself wrote as CSV; a large one costs little.

Excel's CSV has lost what its code page lacks (it writes `_`), begins at the first used cell, and shows numbers as they are formatted.
So text cells are compared, and openpyxl says which they are and whether the CSV can be trusted: a cell counts where openpyxl,
with Excel's losses, has what the CSV has. There nothing may differ.
"""
import csv
import email.message
import glob
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
import warnings

import openpyxl

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NESGATE = os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
FOLDER = os.path.join(os.environ.get("NESGATE_CORPUS", os.path.join(ROOT, "..", "shared", "corpus")), "documents", "excel")
CODE_PAGE = "cp1252"
ROWS, SECONDS, MIB = 5000, 1, 64  # of CPU and of memory, for as many people
SANITIZED = "asan" in NESGATE

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from measure import used  # noqa: E402
from people import XLSX, FIRST, form, person, tckn  # noqa: E402


def lossy(text):
    """As Excel's CSV has it."""
    return "".join(c if c.isascii() or c.encode(CODE_PAGE, "ignore") else "_" for c in one_line_end(text))


def one_line_end(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def excel_cells(path, origin):
    with open(path, encoding=CODE_PAGE, errors="replace", newline="") as f:
        rows = list(csv.reader(io.StringIO(f.read())))
    return {(r + origin[0], c + origin[1]): one_line_end(text) for r, row in enumerate(rows) for c, text in enumerate(row) if text}


def text_cells(sheet):
    return {(cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row
            if isinstance(cell.value, str) and cell.value and cell.data_type != "e"}


def trusted(sheet, path):
    """Text cells in which openpyxl agrees with Excel, and how many there are in all."""
    texts = text_cells(sheet)
    filled = [(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    best = {}
    for origin in {(1, 1), (min(r for r, _ in filled), min(c for _, c in filled))} if filled else {(1, 1)}:
        excel = excel_cells(path, origin)
        same = {at: text for at, text in texts.items() if excel.get(at) == lossy(text)}
        best = max(best, same, key=len)
    return best, len(texts)


def our_sheets(paths):
    out = subprocess.run([NESGATE, "extract", *paths], check=True, capture_output=True).stdout
    return {d["file"]: d for d in map(json.loads, out.splitlines())}


class Workbooks(unittest.TestCase):
    def test_text_is_what_excel_wrote(self):
        paths = sorted(glob.glob(os.path.join(FOLDER, "*.xlsx")))
        if not paths:
            print("skipped: no corpus of workbooks")
            return
        compared = exact = every = 0
        ours = our_sheets(paths)
        for path in paths:
            self.assertEqual(ours[path]["complaints"], [], path)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(path, data_only=True)
            whole = True
            for n, sheet in enumerate(book.worksheets):
                if not os.path.exists("%s.%d.csv" % (path, n)):
                    continue
                same, texts = trusted(sheet, "%s.%d.csv" % (path, n))
                rows = next(s["rows"] for s in ours[path]["sheets"] if s["name"] == sheet.title)
                for (r, c), text in same.items():
                    got = rows[r - 1][c - 1] if r <= len(rows) and c <= len(rows[r - 1]) else ""
                    self.assertEqual(one_line_end(got), one_line_end(text), "%s, %s, row %d, column %d" % (path, sheet.title, r, c))
                compared, every = compared + len(same), every + texts
                whole = whole and len(same) == texts
            exact += whole
        print("%d workbooks, in %d openpyxl is exact; %d of %d text cells compared, all equal" % (len(paths), exact, compared, every))
        self.assertGreater(exact, len(paths) * 3 // 4)
        self.assertGreater(compared, every * 95 // 100)

    def test_a_large_one_costs_little(self):
        people = [person(n % 9 + 1, FIRST, **{"Kimlik No": tckn(n), "Kurumsal E-posta": "kisi%d@kurum.test" % n}) for n in range(ROWS)]
        mail = email.message.EmailMessage()
        mail["From"], mail["Subject"] = "a@kurum.test", "Talep"
        mail.set_content("Ektedir.")
        mail.add_attachment(form(people), *XLSX.split("/"), filename="liste.xlsx")
        with tempfile.TemporaryDirectory() as folder:
            for command, name, content in (("extract", "liste.xlsx", form(people)), ("read", "liste.eml", mail.as_bytes())):
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(content)
                status, said, seconds, mib = used(NESGATE, command, f.name)
                print("%s: %d rows, %.2f s of CPU, %.0f MiB" % (command, ROWS, seconds, mib))
                self.assertEqual(status, 0)
                rows = json.loads(said)["request"]["rows"]
                self.assertEqual([r["tckn"] for r in rows], [p["Kimlik No"] for p in people])
                self.assertEqual({r["verdict"] for r in rows}, {"accepted"})
                if not SANITIZED:
                    self.assertLess(seconds, SECONDS)
                    self.assertLess(mib, MIB)


if __name__ == "__main__":
    unittest.main()
