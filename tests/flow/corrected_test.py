#!/usr/bin/python3
"""Corrected and repeated sheets: bad rows wait for the good ones, only what changed is changed, two units are both told."""
import datetime
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import form, person, tckn  # noqa: E402
from post import mail, outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES  # noqa: E402

MANAGER, MANAGER2, OFFICER = ROLES["manager"], ROLES["manager2"], ROLES["officer"]
PHONE = "Cep telefonu"


class CorrectedTest(FlowCase):
    def sheet(self, *people, manager=MANAGER, answers=None, header=None):
        """Sends a form; gives the receipt."""
        before = [x.id for x in self.post.letters(manager)]
        message = request_mail(form(people, header=header) if header else form(people), manager=manager)
        if answers:
            message["In-Reply-To"] = answers.id
        self.send(message)
        self.run_once()
        return self.post.wait(manager, what="the receipt", after=before)

    def two_good_two_bad(self):
        bad = person(4)
        bad["Kimlik No"] = str(int(tckn(4)) + 1)
        return self.sheet(person(1), person(2), person(3, **{"Kurumsal E-posta": ""}), bad)

    def test_corrected_sheet(self):
        receipt = self.two_good_two_bad()
        self.assertEqual(self.states(), ["requested"] * 2)
        self.assertEqual(self.waiting(), [("P-1", "email_missing"), ("P-2", "tckn_check_digit")])
        self.assertIn("düzeltilmiş form gelinceye kadar bekler", receipt.text)
        corrected = self.sheet(person(3), person(4), answers=receipt)
        self.assertEqual(corrected.text.count("T-1 numaralı talepte bekleyen satırın yerine geçmiştir."), 2)
        self.assertEqual(self.states(), ["requested"] * 4)
        self.assertEqual(self.waiting(), [])
        again = self.sheet(person(3), person(4))
        self.assertEqual(again.text.count("bilgilerde değişiklik yoktur"), 2)
        self.assertEqual(self.states(), ["requested"] * 4)
        self.assertEqual(len(self.arrived(OFFICER, 2)), 2, "nothing new is nothing to approve")
        self.assert_accounted()

    def test_changed_phone(self):
        header = ["Kimlik No", "Ad", "Soyad", "Doğum Tarihi", "Kurumsal E-posta", "Başvuru Türü", PHONE]
        self.sheet(person(1), person(2))
        receipt = self.sheet(person(1, **{PHONE: "0500 111 22 33"}), person(2), header=header)
        self.assertIn("Güncellenen bilgiler: cep telefonu", receipt.text)
        self.assertEqual(receipt.text.count("bilgilerde değişiklik yoktur"), 1)
        first, anew = self.arrived(OFFICER, 2)
        self.assertIn("değişen bilgiler: cep telefonu", " ".join(anew.text.split()))
        self.assertNotIn("Deneme İki", anew.text)
        self.send(outlook_reply(first, OFFICER, "ONAY"))
        self.run_once()
        self.assertEqual(self.states(), ["requested", "submitted"], "the answer to the old facts is not one to the new")
        self.send(outlook_reply(anew, OFFICER, "ONAY"))
        self.run_once()
        self.assertEqual(self.states(), ["submitted"] * 2)
        late = self.sheet(person(1, **{PHONE: "0500 111 22 44"}), header=header)
        self.assertIn("Farklı olan bilgiler: cep telefonu", late.text)
        facts = {f["fact"]: f["value"] for f in self.gateway.records("show", "A-1")[0]["facts"]}
        self.assertEqual(facts["phone"], "+90 500 111 22 33")
        self.assertIn("phone", self.gateway.call("journal", "A-1").stdout)
        self.assert_accounted()

    def test_changed_after_approval(self):
        """The office has approved, and the list's day is not yet: what it approved is not what would be sent."""
        in_two_days = (datetime.date.today() + datetime.timedelta(days=2)).strftime("%a").lower()
        self.gateway.config = self.configuration(list_days='( "%s" )' % in_two_days)
        header = ["Kimlik No", "Ad", "Soyad", "Doğum Tarihi", "Kurumsal E-posta", "Başvuru Türü", PHONE]
        self.sheet(person(1))
        asked = self.arrived(OFFICER, 1)[0]
        self.send(outlook_reply(asked, OFFICER, "ONAY"))
        self.run_once()
        self.assertEqual(self.states(), ["approved"])
        self.sheet(person(1, **{PHONE: "0500 111 22 33"}), header=header)
        self.assertEqual(self.states(), ["requested"])
        self.post.wait(OFFICER, lambda x: "değişen bilgiler: cep telefonu" in " ".join(x.text.split()), "the question anew")

    def test_two_units(self):
        first = self.sheet(person(1), person(2))
        second = self.sheet(person(1), manager=MANAGER2)
        self.assertEqual(self.states(), ["requested"] * 2)
        self.assertIn("Bu kişi için önce şu birim başvurmuştur", second.text)
        self.assertIn("A-1", second.text)
        told = self.arrived(MANAGER, 2)[1]
        self.assertIn("Deneme Bir, başvuru no A-1", told.text)
        self.assertIn(MANAGER2, told.text)
        self.assertEqual(str(told.message["In-Reply-To"]).strip(), first.id)
        self.assertNotIn(tckn(1), told.text + told.html)
        self.sheet(person(1), manager=MANAGER2)
        self.assertEqual(len(self.arrived(MANAGER, 2)), 2, "told once")
        self.assertEqual(len(self.post.letters(OFFICER)), 1)

    def test_mail_that_could_not_be_read(self):
        photo = mail(MANAGER, ROLES["gateway"], "E-imza talep formu", "Form ektedir.\n",
                     files=[("form.jpg", b"\xff\xd8\xff\xe0" + os.urandom(60000), "image/jpeg")])
        self.send(photo)
        self.run_once()
        letter = self.post.wait(MANAGER, what="the letter that it could not be read")
        self.assertRegex(letter.subject, r"\[NG-1-")
        self.assertEqual([r[0] for r in self.waiting()], ["P-1"])
        self.assertIn("P-1", self.gateway.call("list").stdout)
        self.assertIn("form_awaited", self.gateway.call("status").stdout)
        self.assertIn("form_awaited", self.gateway.call("explain", "P-1").stdout)
        receipt = self.sheet(person(1), answers=letter)
        self.assertIn("okunamayan iletinin yerine bu form", " ".join(receipt.text.split()))
        self.assertEqual(self.waiting(), [])
        self.assertEqual(self.gateway.records("show", "P-1")[0]["state"], "settled")
        self.assert_accounted()

    def test_closed_by_hand(self):
        self.two_good_two_bad()
        p = self.gateway.call("close", "P-1", "--note", "telefonla vazgeçildi")
        self.assertEqual(p.returncode, 0, p.stderr)
        self.assertEqual([r[0] for r in self.waiting()], ["P-2"])
        self.assertEqual([x["pending"] for x in self.gateway.records("show", "T-1")[0]["waits"]], ["P-2"])
        self.assertEqual(self.gateway.call("close", "P-1").returncode, 65)
        self.assertEqual(self.gateway.call("close", "P-9").returncode, 65)
        self.assertEqual(self.gateway.call("approve", "T-1").returncode, 0)
        self.assertEqual(self.states(), ["approved"] * 2)


if __name__ == "__main__":
    main()
