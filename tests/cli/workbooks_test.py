#!/usr/bin/python3
"""Real workbooks: the text cells that `nesgate extract` gives are those that Excel itself wrote as CSV.

Excel's CSV has lost what its code page lacks (it writes `_`), begins at the first used cell, and shows numbers as they are formatted.
So text cells are compared, and openpyxl says which they are and whether the CSV can be trusted: a cell counts where openpyxl,
with Excel's losses, has what the CSV has. There nothing may differ.
"""
import csv
import glob
import io
import json
import os
import subprocess
import unittest
import warnings

try:
    import openpyxl
except ImportError:
    openpyxl = None

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NESGATE = os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
FOLDER = os.path.join(os.environ.get("NESGATE_CORPUS", os.path.join(ROOT, "..", "shared", "corpus")), "documents", "excel")
CODE_PAGE = "cp1252"


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
    used = [(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    best = {}
    for origin in {(1, 1), (min(r for r, _ in used), min(c for _, c in used))} if used else {(1, 1)}:
        excel = excel_cells(path, origin)
        same = {at: text for at, text in texts.items() if excel.get(at) == lossy(text)}
        best = max(best, same, key=len)
    return best, len(texts)


def our_sheets(paths):
    out = subprocess.run([NESGATE, "extract", *paths], check=True, capture_output=True).stdout
    return {d["file"]: d for d in map(json.loads, out.splitlines())}


@unittest.skipUnless(openpyxl, "no openpyxl")
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


if __name__ == "__main__":
    unittest.main()
