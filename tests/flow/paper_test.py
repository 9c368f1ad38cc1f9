#!/usr/bin/python3
"""Wet-signed paper on the real servers: the week's manifest, its answers, the post, and what comes in after it."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import main  # noqa: E402
from people import FIRST, person, tckn  # noqa: E402
from sandbox import ROLES  # noqa: E402
from stroll import Stroll  # noqa: E402


class PaperTest(Stroll):
    settings = {"manifest_days": 4, "token_days": 200}

    def people_with_paper(self, count):
        self.submitted(*[person(n, FIRST) for n in range(1, count + 1)])
        for n in range(1, count + 1):
            self.reply(self.letter(self.user(n), "E-imza başvurunuz KAMU SM"), self.user(n), "ISLAK")
            self.assertEqual(self.state(n), "paper_due")

    def test_week(self):
        self.people_with_paper(3)
        manifest = self.manifest()
        for n in (1, 2, 3):
            self.assertIn(self.name(n), manifest.text)
            self.assertNotIn(tckn(n), manifest.text + manifest.html)
        number = next(line.split(".")[0] for line in manifest.text.splitlines() if self.name(3) in line)
        self.reply(manifest, ROLES["registry"], "%s HARİÇ TESLİM ALINDI" % number)
        self.assertEqual([self.state(n) for n in (1, 2, 3)], ["paper_in", "paper_in", "paper_due"])
        self.assertIn("KAMU SM’ye gönderileceği tarih", self.letter(self.user(1), "Islak imzalı formunuz teslim alındı").text)
        self.reply(manifest, ROLES["registry"], "KARGOYA VERDİM 123456789")
        self.assertEqual([self.state(n) for n in (1, 2, 3)], ["paper_sent", "paper_sent", "paper_due"])
        self.assertIn("123456789", self.letter(self.user(2), "Islak imzalı formunuz KAMU SM").text)
        # The third comes too late for this week's post, and hears it.
        self.reply(manifest, ROLES["registry"], "%s teslim alındı" % number)
        late = self.letter(self.user(3), "Islak imzalı formunuz teslim alındı")
        self.assertIn("bir sonraki haftanın gönderisine", " ".join(late.text.split()))
        self.reply(manifest, ROLES["registry"], "KARGOYA VERDİM 999999")
        self.letter(ROLES["registry"], "Yanıtınız işleme alınamadı")
        self.assertEqual(self.state(3), "paper_in")
        following = self.manifest(after=[manifest.id])
        self.assertNotIn("A-1", following.text)
        self.reply(following, ROLES["registry"], "Kargoya verildi, kargo no: 555555555")
        self.assertEqual(self.state(3), "paper_sent")
        self.notice(3, "Başvuru formunuz alındı", "Islak imzalı başvuru evrakınız merkezimize ulaşmıştır.")
        self.assertEqual(self.state(3), "filed")
        self.assert_accounted()

    def test_nobody_else_speaks_for_the_registry(self):
        self.people_with_paper(1)
        manifest = self.manifest()
        self.reply(manifest, ROLES["manager"], "HEPSİ TESLİM ALINDI")
        self.assertEqual(self.state(1), "paper_due")

    def test_the_office_posts(self):
        self.gateway.config = self.configuration(paper_by='"office"')
        self.people_with_paper(1)
        manifest = self.manifest(ROLES["officer"])
        self.reply(manifest, ROLES["officer"], "hepsi geldi")
        self.assertEqual(self.state(1), "paper_in")
        self.reply(manifest, ROLES["officer"], "KARGOYA VERDİM 123456789")
        self.assertEqual(self.state(1), "paper_sent")
        self.assert_no_letter(ROLES["registry"])

    def test_the_applicant_posts(self):
        self.gateway.config = self.configuration(paper_by='"applicant"')
        self.people_with_paper(1)
        due = self.letter(self.user(1), "Islak imzalı formunuz bekleniyor")
        self.assertIn("kendiniz", due.text)
        self.assertNotIn("Teslim yeri", due.text)
        self.reply(due, self.user(1), "KARGOYA VERDİM 24681012")
        self.assertEqual(self.state(1), "paper_sent")
        self.assertIn("24681012", self.letter(self.user(1), "Islak imzalı formunuz KAMU SM").text)
        self.assert_no_letter(ROLES["registry"])


if __name__ == "__main__":
    main()
