#!/usr/bin/python3
"""All letters as pictures on one contact sheet, build/letters/letters.png: somebody should look at them now and then.

The HTML is that of the golden files, which tests/unit/templates/catalog_test holds equal to what the program writes.
"""
import glob
import html
import os
import re
import shutil
import struct
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOLDEN = os.path.join(ROOT, "tests", "unit", "templates", "golden")
FOLDER = os.path.join(ROOT, os.environ.get("BUILD", "build"), "letters")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDTH = 3400
PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 12px; columns: 8; column-gap: 10px; font: 15px Arial, sans-serif; background: #fff }
article { zoom: .6; break-inside: avoid; margin: 0 0 18px; border: 2px solid #98a2b3 }
h1 { margin: 0; padding: 6px 10px; font-size: 17px; background: #fde68a } h1 small { display: block; font-weight: normal }
</style>%s<script>document.documentElement.dataset.height = document.documentElement.scrollHeight</script>"""


def samples():
    return sorted(os.path.basename(p)[:-len(".html")] for p in glob.glob(os.path.join(GOLDEN, "*.html")))


def slurp(name):
    with open(os.path.join(GOLDEN, name), encoding="utf-8") as f:
        return f.read()


def article(name):
    subject = slurp(name + ".txt").split("\n", 1)[0].split(": ", 1)[1]
    body = re.search(r"<body[^>]*>(.*)</body>", slurp(name + ".html"), re.S).group(1)
    return "<article><h1>%s<small>%s</small></h1>%s</article>\n" % (html.escape(name), html.escape(subject), body)


def browse(*options):
    return subprocess.run([BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
                           "--user-data-dir=" + os.path.join(FOLDER, "profile"), *options, "file://" + os.path.join(FOLDER, "letters.html")],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, check=True).stdout.decode()


class LettersTest(unittest.TestCase):
    def setUp(self):
        os.makedirs(FOLDER, exist_ok=True)
        with open(os.path.join(FOLDER, "letters.html"), "w", encoding="utf-8") as f:
            f.write(PAGE % "".join(map(article, samples())))

    def test_every_letter_is_on_the_sheet(self):
        shown = {name.split("-")[0] for name in samples()}
        letters = {os.path.basename(p)[:-len(".mail")] for p in glob.glob(os.path.join(ROOT, "templates", "tr", "*.mail"))}
        self.assertEqual(letters, shown)

    @unittest.skipUnless(BROWSER, "skipped: there is no chromium")
    def test_picture(self):
        picture = os.path.join(FOLDER, "letters.png")
        size = "--window-size=%d,%%d" % WIDTH
        height = int(re.search(r'data-height="(\d+)"', browse(size % 1000, "--dump-dom")).group(1))
        browse(size % height, "--screenshot=" + picture)
        with open(picture, "rb") as f:
            head = f.read(24)
        self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(struct.unpack(">II", head[16:24]), (WIDTH, height))
        self.assertGreater(os.path.getsize(picture), 20000 * len(samples()) // 4, "letters are missing from the picture")


if __name__ == "__main__":
    unittest.main()
