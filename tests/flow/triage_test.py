#!/usr/bin/python3
"""Mails that were meant as a form and hold none that can be read: one answer that says why and what to do, in words that
fit the case. And mails that were not meant as one: no such answer."""
import io
import os
import sys
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import XLSX, form, person  # noqa: E402
from post import mail  # noqa: E402
from sandbox import ROLES  # noqa: E402

MANAGER = ROLES["manager"]
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 200


def locked_zip():
    """An archive whose only file says that it is encrypted, in both of its headers."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("liste.xlsx", b"x" * 40)
    data = bytearray(out.getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def with_macros():
    out = io.BytesIO(form([person(1)]))
    with zipfile.ZipFile(out, "a") as z:
        z.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


class TriageTest(FlowCase):
    def told(self, files, text="Talep formu ektedir.\n", subject="E-imza talep formu"):
        """What the manager is answered; nothing is begun."""
        self.send(mail(MANAGER, ROLES["gateway"], subject, text, files=files))
        self.run_once()
        letter = self.post.wait(MANAGER, what="an answer")
        self.assertEqual(len(self.post.letters(MANAGER)), 1)
        self.assertEqual(self.states(), [])
        self.assert_no_letter(ROLES["officer"])
        self.assert_accounted()
        return letter

    def check(self, letter, subject, *words):
        self.assertTrue(letter.subject.startswith(subject), letter.subject)
        for word in words:
            self.assertIn(word, " ".join(letter.text.split()))
            self.assertIn(word, " ".join(letter.html.split()))

    def reason(self):
        return self.rows("SELECT disposition, reason FROM mail")

    def test_password(self):
        letter = self.told([("liste.zip", locked_zip(), "application/zip")])
        self.check(letter, "Gönderdiğiniz dosya parola korumalı", "liste.zip", "bu iletiyi yanıtlamanız yeterlidir")
        self.assertEqual(self.reason(), [("answered", "password")])

    def test_photo(self):
        letter = self.told([("IMG_1234.jpg", JPEG, "image/jpeg")])
        self.check(letter, "Gönderdiğiniz dosya bir fotoğraf", "IMG_1234.jpg", "Excel dosyasını")
        self.assertEqual(self.reason(), [("answered", "photo")])

    def test_macros(self):
        letter = self.told([("form.xlsm", with_macros(), XLSX)])
        self.check(letter, "Gönderdiğiniz dosya makro içeriyor", "form.xlsm", "Farklı Kaydet")

    def test_link(self):
        letter = self.told([], "Form burada: https://drive.google.com/file/d/1a/view?usp=sharing\n")
        self.check(letter, "Dosya yerine bağlantı gelmiş", "drive.google.com")
        self.assertNotIn("https://drive", letter.text + letter.html)

    def test_nothing_attached(self):
        letter = self.told([])
        self.check(letter, "İletinizde ekli dosya yok", "Ataç simgesiyle")

    def test_the_right_file_afterwards(self):
        letter = self.told([("IMG_1234.jpg", JPEG, "image/jpeg")])
        again = mail(MANAGER, ROLES["gateway"], "YNT: " + letter.subject, "Ekte.\n", files=[("form.xlsx", form([person(1)]), XLSX)],
                     In_Reply_To=letter.id, References=letter.id)
        self.send(again)
        self.run_once()
        self.assertEqual(self.states(), ["requested"])
        self.post.wait(ROLES["officer"], what="the question for approval")

    def test_thanks_are_not_answered(self):
        self.send(mail(MANAGER, ROLES["gateway"], "E-imza", "Talebimizi aldığınız için teşekkür ederiz.\n"))
        self.run_once()
        self.assert_no_letter(MANAGER)
        self.assertEqual(self.reason(), [("waits_for_person", "other")])

    def test_a_form_beside_a_picture(self):
        self.send(mail(MANAGER, ROLES["gateway"], "E-imza talep formu", "Form ektedir.\n",
                       files=[("imza.jpg", JPEG, "image/jpeg"), ("form.xlsx", form([person(1)]), XLSX)]))
        self.run_once()
        self.assertEqual(self.states(), ["requested"])


if __name__ == "__main__":
    main()
