#!/usr/bin/python3
"""Files made to harm: each is answered as what it is, in little time and memory, and no other file and no socket is touched.

The files of other projects are read when they are there (NESGATE_CORPUS, else ../shared/corpus); archives that say two things
and documents with a DOCTYPE are made here.
"""
import fnmatch
import glob
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("BUILD", "build")
NESGATE = os.path.join(ROOT, BUILD, "nesgate")
HOSTILE = os.path.join(os.environ.get("NESGATE_CORPUS", os.path.join(ROOT, "..", "shared", "corpus")), "documents", "hostile")
SECONDS, MIB = 1, 50
SANITIZED = "asan" in BUILD  # which takes many times the memory, and time

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from measure import used  # noqa: E402

# Kind of file by its name, and what may be said of it. The first that fits counts; None: it is read, or not of a kind that is.
CLASSES = [
    ("LICENSE*", None),
    ("harmless-clean.doc", {"format_doc"}),
    ("harmless-clean*", None),
    ("54764*", {"xml_doctype"}),
    ("*HasEntities*", {"xml_doctype"}),
    ("ExternalEntity*", {"xml_doctype"}),
    ("duplicate-filename*", {"zip_duplicate_part"}),
    ("poc-xmlbomb*", {"zip_bomb"}),
    ("poc-shared-strings*", {"too_much_text"}),
    ("xxe_in_schema*", {"external_schema"}),
    ("*.doc.zip", {"zip_encrypted"}),
    ("*encrypt*.xls*", {"encrypted"}),
    ("*encrypt*.???[mx]", {"encrypted"}),
    ("encrypted.doc", {"encrypted"}),
    ("*encrypt*", {"encrypted", "format_unsupported"}),
    ("password.xls", {"encrypted"}),
    ("dde-test.xlsb", {"format_xlsb"}),
    ("dde-test*", {"dde_link"}),
    ("dde-in-csv*", {"format_unsupported"}),
]


def local(name, data, **other):
    said = {"flags": 0, "method": 0, "crc": zlib.crc32(data), "size": len(data), **other}
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, said["flags"], said["method"], 0, 0x21, said["crc"], said["size"], said["size"],
                       len(name), 0) + name + data


def central(name, data, at):
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0, 0,
                       0, 0, 0, at) + name


def archive(parts, before_directory=b"", before_end=b"", comment=b"", behind=b""):
    """`parts`: pairs of what stands before the data with it, and the function that gives the directory's entry for its place."""
    body = directory = b""
    for written, entry in parts:
        directory += entry(len(body))
        body += written
    body += before_directory
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(parts), len(parts), len(directory), len(body), len(comment))
    return body + directory + before_end + end + comment + behind


def two_faced():
    name, one, other = b"a.csv", b"TC;Ad\n1;2\n", b"TC;Ad\n9;9\n"

    def entry(at):
        return central(name, one, at)

    well = (local(name, one), entry)
    second = archive([(local(name, other), lambda at: central(name, other, at))])
    yield "two local names", archive([(local(b"b.csv", one), entry)])
    yield "one name twice", archive([well, (local(name, other), lambda at: central(name, other, at))])
    yield "one name in two cases", archive([well, (local(b"A.csv", other), lambda at: central(b"A.csv", other, at))])
    yield "another size", archive([(local(name, one, size=5), entry)])
    yield "another checksum", archive([(local(name, one, crc=5), entry)])
    yield "another method", archive([(local(name, one, method=8), entry)])
    yield "one part, two entries", archive([well, (b"", lambda at: central(b"b.csv", one, 0))])
    yield "a part that the directory hides", archive([well], before_directory=local(b"b.csv", other))
    yield "bytes before the end record", archive([well], before_end=b"x" * 40)
    yield "bytes behind the end", archive([well], behind=b"x")
    yield "an archive behind the end", archive([well], behind=second)
    yield "an archive in the comment", archive([well], comment=second)
    yield "cut", archive([well])[:-1]


LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join("<!ENTITY a%d '%s'>" % (n, "&a%d;" % (n - 1) * 10) for n in range(1, 10)) + "]>"
DOCTYPES = {
    "laughs": LAUGHS,
    "file": "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    "net": "<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]>",
    "parameter": "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'> %x;]>",
    "subset": "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'>",
}
WORKBOOK = "<workbook xmlns:r='r'><sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>"
RELATIONS = "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='s.xml'/></Relationships>"
SHEET = "%s<worksheet><sheetData><row><c t='str'><v>&a9;&x;</v></c></row></sheetData></worksheet>"
PACKAGES = {
    "xlsx": {"xl/workbook.xml": WORKBOOK, "xl/_rels/workbook.xml.rels": RELATIONS, "xl/s.xml": SHEET},
    "docx": {"word/document.xml": "%s<document><body><p><r><t>&a9;&x;</t></r></p></body></document>"},
    "ods": {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "%s<a>&a9;&x;</a>"},
    "odt": {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "%s<a>&a9;&x;</a>"},
}


def package(parts, doctype):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            z.writestr(name, text % doctype if "%s" in text else text)
    return out.getvalue()


def codes(output):
    return {c["code"] for c in json.loads(output)["complaints"]}


class Hostile(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="nesgate-hostile-")
        self.addCleanup(shutil.rmtree, self.folder)

    def answer(self, path, content=None):
        if content is not None:
            path = os.path.join(self.folder, path)
            with open(path, "wb") as f:
                f.write(content)
        status, output, seconds, mib = used(NESGATE, "extract", path)
        self.assertEqual(status, 0, path)
        if not SANITIZED:
            self.assertLess(seconds, SECONDS, path)
            self.assertLess(mib, MIB, path)
        return codes(output)

    def corpus(self):
        files = [p for p in glob.glob(os.path.join(HOSTILE, "**"), recursive=True) if os.path.isfile(p)]
        if not files:
            print("skipped: no corpus of hostile files")
        return files

    def test_each_class_of_the_corpus(self):
        for path in self.corpus():
            name = os.path.basename(path)
            allowed = next((c for pattern, c in CLASSES if fnmatch.fnmatchcase(name, pattern)), set())
            with self.subTest(name):
                said = self.answer(path)
                if allowed is None:
                    self.assertEqual(said, set())
                else:
                    self.assertTrue(said and said <= allowed, said)

    def test_archives_that_say_two_things(self):
        for what, content in two_faced():
            with self.subTest(what):
                said = self.answer("a.zip", content)
                self.assertEqual(len(said), 1)
                self.assertLessEqual(said, {"zip_ambiguous", "zip_damaged", "zip_duplicate_part"})

    def test_every_document_ends_at_a_doctype(self):
        for kind, parts in PACKAGES.items():
            for what, doctype in DOCTYPES.items():
                with self.subTest(kind=kind, doctype=what):
                    self.assertEqual(self.answer("a." + kind, package(parts, doctype)), {"xml_doctype"})
            with self.subTest(kind=kind, doctype="none"):
                self.assertNotIn("xml_doctype", self.answer("a." + kind, package(parts, "")))

    def test_rows_that_look_like_headers(self):
        """Hundreds of headings in a row, hundreds of such rows: each cell is looked up once."""
        header = ["TC", "Ad", "Kart Okuyucu"]
        same, other = ["Yedek"] * 509, ["Yedek (%d)" % n for n in range(509)]
        for what, first, below in ("same", same, same), ("other", other, other):
            rows = [header + first] + [["x", "Deneme", "Kart Okuyucu"] + below] * 400
            with self.subTest(what):
                said = self.answer("a.csv", "\n".join(map(";".join, rows)).encode())
                self.assertEqual(said, set())

    def test_no_other_file_and_no_socket(self):
        """Once the file is open nothing else is opened, asked for, connected to or started."""
        log = os.path.join(self.folder, "trace")
        trace = ["strace", "-f", "-o", log, "-e", "trace=%file,%network,%process"]
        if SANITIZED or not shutil.which("strace") or subprocess.run([*trace, "true"], capture_output=True).returncode:
            print("skipped: no strace that may be used here")
            return
        files = self.corpus()
        for kind, parts in PACKAGES.items():
            for what, doctype in DOCTYPES.items():
                files.append(os.path.join(self.folder, "%s.%s" % (what, kind)))
                with open(files[-1], "wb") as f:
                    f.write(package(parts, doctype))
        for path in files:
            with self.subTest(os.path.basename(path)):
                subprocess.run([*trace, NESGATE, "extract", path], check=True, capture_output=True)
                with open(log, errors="replace") as f:
                    calls = [re.sub(r"^\d+ +", "", line) for line in f]
                begin = next(n for n, call in enumerate(calls) if call.startswith("open") and path in call)
                rest = [c for c in calls[begin + 1:] if not re.match(r'exit_group\(|\+\+\+ exited|newfstatat\(\d+, "",', c)]
                self.assertEqual(rest, [])


if __name__ == "__main__":
    unittest.main()
