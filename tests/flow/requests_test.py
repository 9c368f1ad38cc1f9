#!/usr/bin/python3
"""Forms that are no forms, twice the same, too large: the sender hears what to do, and nothing is done twice."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import XLSX, form, mended, person, sheet_rows, tckn  # noqa: E402
from post import mail, outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES  # noqa: E402

MANAGER = ROLES["manager"]


def with_file(name, data, kind="application/octet-stream"):
    return mail(MANAGER, ROLES["gateway"], "E-imza talep formu", "Form ektedir.\n", files=[(name, data, kind)])


class RequestsTest(FlowCase):
    def answered(self, message, *words):
        """The manager gets exactly one answer, which holds the words; nothing is begun."""
        self.send(message)
        self.run_once()
        letter = self.post.wait(MANAGER, what="an answer")
        for word in words:
            self.assertIn(word, letter.text)
        self.assertEqual(len(self.post.letters(MANAGER)), 1)
        self.assertEqual(self.states(), [])
        self.assert_no_letter(ROLES["officer"])
        self.assert_accounted()
        return letter

    def test_no_form_at_all(self):
        self.send(mail(MANAGER, ROLES["gateway"], "E-imza talebi", "Birimimiz için e-imza istiyoruz.\n"))
        self.run_once()
        self.assertEqual(self.states(), [])
        self.assert_no_letter(ROLES["officer"])
        self.assert_accounted()

    def test_sheet_without_a_header(self):
        self.answered(with_file("liste.xlsx", form([{"A": "bu bir form değil"}], header=["A"], banner=False), XLSX), "bulunamamıştır")

    def test_form_without_rows(self):
        self.answered(with_file("liste.xlsx", form([]), XLSX))

    def test_broken_xlsx(self):
        self.answered(with_file("form.xlsx", form([person(1)])[:700], XLSX), "form.xlsx")

    def test_noise_named_xlsx(self):
        self.answered(with_file("form.xlsx", os.urandom(5000), XLSX), "form.xlsx")

    def test_pdf(self):
        self.answered(with_file("form.pdf", b"%PDF-1.4\n%nothing\n", "application/pdf"), "form.pdf")

    def test_encrypted_workbook(self):
        self.answered(with_file("form.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), XLSX), "form.xlsx")

    def test_only_wrong_rows(self):
        row = person(1)
        row["Kimlik No"] = "12345678901"
        self.send(request_mail(form([row])))
        self.run_once()
        receipt = self.post.wait(MANAGER, what="the receipt")
        self.assertIn("Deneme Bir", receipt.text)
        self.assertNotIn("12345678901", receipt.text + receipt.subject + receipt.html)
        self.assertEqual(self.states(), [])
        self.assert_no_letter(ROLES["officer"])

    def assert_signed(self, letter):
        """The signature covers the whole body, so the sheet too."""
        p = subprocess.run(["openssl", "cms", "-verify", "-CAfile", self.sandbox.path("pki", "ca.pem")], input=letter.raw,
                           capture_output=True)
        self.assertEqual(p.returncode, 0, p.stderr)
        self.assertIn(next(iter(letter.files)).encode(), p.stdout)

    def test_the_sheet_goes_back(self):
        wrong = person(2)
        wrong["Kimlik No"] = "12345678901"
        self.send(request_mail(form([person(1), wrong])))
        self.run_once()
        receipt = self.post.wait(MANAGER, what="the receipt")
        (name, data), = receipt.files.items()
        self.assertEqual(name, "talep-T-1-sonuc.xlsx")
        self.assertIn(name, receipt.text)
        self.assertNotIn("12345678901", receipt.text + receipt.html + receipt.subject)
        self.assertIn("12345678901", str(sheet_rows(data)))
        self.assert_signed(receipt)
        self.assertEqual(len(self.states()), 1)
        # The manager mends the red cell and answers with the sheet.
        answer = mail(MANAGER, ROLES["gateway"], "YNT: " + receipt.subject, "Düzeltilmiştir.\n", In_Reply_To=receipt.id,
                      References=receipt.id, files=[(name, mended(data, "12345678901", tckn(2)), XLSX)])
        self.send(answer)
        self.run_once()
        self.assertEqual(self.states(), ["requested", "requested"])
        self.assert_accounted()

    def test_nothing_to_mend(self):
        self.request(person(1))
        self.assertEqual(self.post.wait(MANAGER, what="the receipt").files, {})

    def test_the_same_mail_twice(self):
        m = request_mail(form([person(1), person(2)]))
        self.send(m)
        self.run_once()
        self.send(m)
        self.run_once()
        self.assertEqual(self.states(), ["requested", "requested"])
        self.assertEqual(len(self.post.letters(ROLES["officer"])), 1)
        self.assert_accounted()

    def test_the_same_mail_twice_in_one_look(self):
        m = request_mail(form([person(1), person(2)]))
        self.send(m)
        self.send(m)
        self.run_once()
        self.assertEqual(self.states(), ["requested", "requested"])
        self.assertEqual(len(self.post.letters(ROLES["officer"])), 1)

    def test_the_same_person_twice(self):
        self.request(person(1), person(2))
        self.send(request_mail(form([person(2), person(3)]), subject="Yeni form"))
        self.run_once()
        self.assertEqual(self.states(), ["requested"] * 3)
        self.arrived(MANAGER, 2)
        second = self.post.letters(MANAGER)[-1]
        self.assertIn("Zaten kayıtlı", second.text)
        self.assert_accounted()

    def test_the_same_person_twice_in_one_form(self):
        self.request(person(1), person(1))
        self.assertEqual(self.states(), ["requested"])

    def test_approval_twice(self):
        asked = self.request(person(1))
        for _ in range(2):
            self.send(outlook_reply(asked, ROLES["officer"], "ONAY"))
            self.run_once()
        self.assertEqual(self.states(), ["submitted"])
        self.assertEqual(len(self.arrived(ROLES["ca"], 1)), 1)
        self.assertEqual(len(self.arrived("kisi1@kurum.test", 1)), 1)
        self.assert_accounted()

    def test_refusal(self):
        asked = self.request(person(1))
        self.send(outlook_reply(asked, ROLES["officer"], "RED\nKadro dışı"))
        self.run_once()
        self.assert_no_letter(ROLES["ca"], "kisi1@kurum.test")
        self.assertEqual([r[0] for r in self.rows("SELECT state FROM application")], ["refused"])
        self.arrived(MANAGER, 2)

    def test_identity_numbers_are_not_logged(self):
        self.request(person(1))
        for command in (["list"], ["show", "A-1"], ["journal"], ["outbox"], ["status"]):
            p = self.gateway.call(*command)
            self.assertNotIn(tckn(1), p.stdout + p.stderr, command)
        self.assertNotIn(tckn(1), self.gateway.log())


class TicketTest(FlowCase):
    settings = {"ticket_required": "true"}

    def test_ticket(self):
        """Asked for when it is missing; the request waits for nothing else."""
        self.send(request_mail(form([person(1)])))
        self.run_once()
        asked = self.post.wait(MANAGER, what="the receipt")
        self.assertIn("destek kaydı numarası bulunamamıştır", " ".join(asked.text.split()))
        self.send(request_mail(form([person(2)]), subject="E-imza talep formu (BYS: 4711)"))
        self.run_once()
        told = self.post.wait(MANAGER, what="the receipt", after=[asked.id])
        self.assertRegex(told.text, r"Destek kaydı\s*: 4711")
        self.assertEqual(self.rows("SELECT coalesce(ticket, '-') FROM request ORDER BY id"), [("-",), ("4711",)])
        for letter, words in ((asked, "8812"), (told, "Talep No: 9999")):  # a number that is there is not written over
            self.send(outlook_reply(letter, MANAGER, words))
            self.run_once()
        self.assertEqual(self.rows("SELECT coalesce(ticket, '-') FROM request ORDER BY id"), [("8812",), ("4711",)])


class TooLargeTest(FlowCase):
    settings = {"imap__max_mail_kib": 128}

    def test_too_large(self):
        self.send(with_file("form.xlsx", form([person(1)]) + os.urandom(300000), XLSX))
        self.run_once()
        letter = self.post.wait(MANAGER, what="an answer")
        self.assertTrue(letter.text)
        self.assertEqual(self.states(), [])
        self.assertEqual(len(self.post.letters(ROLES["gateway"])), 1, "the mail stays on the server")
        self.assert_accounted()
        self.run_once()
        self.assertEqual(len(self.post.letters(MANAGER)), 1, "answered once")

    def test_small_beside_large(self):
        self.send(with_file("form.xlsx", os.urandom(300000), XLSX))
        self.request(person(1))
        self.assertEqual(self.states(), ["requested"])
        self.assert_accounted()


if __name__ == "__main__":
    main()
