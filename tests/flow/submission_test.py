#!/usr/bin/python3
"""How a list reaches KAMU SM: signed by an officer's card as a file, typed in by hand, on set days, and not at all. That the
gateway signs alone is the road of road_test.py."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from card import Card  # noqa: E402
from flowcase import FlowCase, main  # noqa: E402
from people import XLSX, mended, person, sheet_rows, tckn  # noqa: E402
from post import mail, outlook_reply  # noqa: E402
from sandbox import ROLES, ROOT  # noqa: E402

OFFICER, CA, APPLICANT = ROLES["officer"], ROLES["ca"], "kisi1@kurum.test"
BINARY = "application/octet-stream"


class SubmissionCase(FlowCase):
    def asked(self, name, *people):
        """From the form to the officer's letter about the list."""
        question = self.request(*people)
        self.send(outlook_reply(question, OFFICER, "ONAY"))
        self.run_once()
        letter = self.post.wait(OFFICER, lambda x: name in x.subject, "the letter about the list", after=[question.id])
        self.seen = [question.id, letter.id]
        self.assertEqual(set(self.states()), {"listed"})
        self.assert_no_letter(CA)
        self.assertNotIn(tckn(1), letter.text + letter.html + letter.subject)
        return letter

    def answer(self, letter, words, files=()):
        reply = outlook_reply(letter, OFFICER, words)
        for name, data, kind in files:
            maintype, _, subtype = kind.partition("/")
            reply.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
        self.send(reply)
        self.run_once()

    def told(self, words):
        """The next letter to the officer says so."""
        letter = self.post.wait(OFFICER, after=self.seen, what="an answer to the officer")
        self.seen.append(letter.id)
        self.assertIn(words, " ".join(letter.text.split()))
        return letter

    def submitted(self, count=1):
        self.assertEqual(set(self.states()), {"submitted"})
        self.post.wait(APPLICANT, what="the notice to the applicant")
        self.assertEqual(len(self.arrived(CA, 1)), 1)
        self.assert_accounted()


class OfficerSignedTest(SubmissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.sandbox.path("cards")
        cls.root = Card(folder, "root")
        cls.card = Card(folder, "officer", issuer=cls.root)
        cls.other = Card(folder, "other", issuer=cls.root)
        cls.late = Card(folder, "late", days=-1, issuer=cls.root)
        with open(os.path.join(folder, "officers.pem"), "w") as f:
            f.write(open(cls.late.path("pem")).read() + open(cls.card.path("pem")).read())
        cls.settings = {"submission": '"officer-signed"', "officer_certificate": '"cards/officers.pem"',
                        "officer_anchors": '"cards/root.pem"'}

    def list_to_sign(self):
        letter = self.asked("İmzanız bekleniyor", person(1))
        self.assertEqual(list(letter.files), ["L-1.xlsx"])
        return letter, letter.files["L-1.xlsx"]

    def test_detached(self):
        letter, plain = self.list_to_sign()
        self.answer(letter, "İmzaladım, ektedir.", [("L-1.xlsx", plain, XLSX), ("L-1.xlsx.p7s", self.card.detached(plain), BINARY)])
        self.submitted()
        sent = self.post.wait(CA)
        self.assertEqual(list(sent.files), ["L-1.xlsx", "L-1.xlsx.p7s"])
        self.assertEqual(sent.files["L-1.xlsx"], plain)
        self.assertEqual(sheet_rows(plain)[1][0], tckn(1))
        self.assertEqual([r["signed"] for r in self.gateway.records("show", "L-1")], ["L-1.xlsx.p7s"])
        # The same mail's file once more: it has gone.
        self.answer(letter, "Yine", [("imzali.p7s", self.card.detached(plain, "sha512"), "application/pkcs7-signature")])
        self.told("daha önce KAMU SM’ye iletilmiştir")
        self.assertEqual(len(self.arrived(CA, 1)), 1)

    def test_enveloping(self):
        letter, plain = self.list_to_sign()
        signed = self.card.enveloping(plain, "sha384")
        self.answer(letter, "", [("liste.imz", signed, BINARY)])
        self.submitted()
        self.assertEqual(self.post.wait(CA).files, {"L-1.xlsx.imz": signed})

    def test_new_mail(self):
        _, plain = self.list_to_sign()
        self.send(mail(OFFICER, ROLES["gateway"], "imzalı liste", "Ektedir.\n",
                       files=[("liste.p7m", self.card.enveloping(plain), "application/pkcs7-mime")]))
        self.run_once()
        self.submitted()

    def test_pdf(self):
        letter, plain = self.list_to_sign()
        signed = self.card.pdf(plain)
        self.answer(letter, "", [("liste.pdf", signed[:-1] + b" ", "application/pdf")])
        self.told("elektronik imza geçerli değildir")
        self.answer(letter, "", [("liste.pdf", self.card.pdf(plain[:-1]), "application/pdf")])
        self.told("size gönderilen liste ile aynı değildir")
        self.answer(letter, "", [("liste.pdf", signed, "application/pdf")])
        self.submitted()
        self.assertEqual(self.post.wait(CA).files, {"L-1.pdf": signed})

    def test_not_accepted(self):
        letter, plain = self.list_to_sign()
        altered = mended(plain, tckn(1), tckn(2))
        signed = self.card.enveloping(plain)
        for files, words in [
                ([("L-1.p7m", self.card.enveloping(altered), BINARY)], "size gönderilen liste ile aynı değildir"),
                ([("L-1.p7s", self.card.detached(altered), BINARY)], "size gönderilen liste ile aynı değildir"),
                ([("L-1.p7m", self.other.enveloping(plain), BINARY)], "başka bir sertifika ile imzalanmıştır"),
                ([("L-1.p7m", self.late.enveloping(plain), BINARY)], "geçerlilik süresi dolmuştur"),
                ([("L-1.p7m", signed[:-1] + bytes([signed[-1] ^ 1]), BINARY)], "elektronik imza geçerli değildir"),
                ([("L-1.xlsx", plain, XLSX)], "imzalı bir dosya bulunamamıştır"),
                ([], "imzalı bir dosya bulunamamıştır")]:
            self.answer(letter, "İmzaladım.", files)
            again = self.told(words)
            self.assertEqual(again.files, {"L-1.xlsx": plain})
            self.assertEqual(set(self.states()), {"listed"})
        self.assert_no_letter(CA)
        self.answer(again, "", [("L-1.p7m", signed, BINARY)])
        self.submitted()

    def test_not_from_others(self):
        """Not even the right signature, when somebody else sends it."""
        _, plain = self.list_to_sign()
        signed = [("L-1.p7m", self.card.enveloping(plain), BINARY)]
        self.send(mail(ROLES["stranger"], ROLES["gateway"], "liste", "Ektedir.\n", files=signed), self.post.from_outside)
        self.send(mail(OFFICER, ROLES["gateway"], "liste", "Ektedir.\n", files=signed), self.post.from_outside)
        self.run_once()
        self.assertEqual(set(self.states()), {"listed"})
        self.assert_no_letter(CA)

    def test_check(self):
        p = self.gateway.call("check")
        self.assertIn("officer-signed, CN=Deneme late until", p.stdout)
        self.assertIn("it is over, CN=Deneme officer until", p.stdout)
        for settings, words in (({"officer_certificate": None}, "needs officer_certificate"),
                                ({"officer_certificate": '"cards/late.pem"'}, "no officer_certificate holds now"),
                                ({"officer_certificate": '"directory.csv"'}, "no certificate in it")):
            self.gateway.config = self.configuration("other.conf", **settings)
            self.assert_sentence(self.gateway.call("check"), 78, words)


class PortalTest(SubmissionCase):
    settings = {"submission": '"portal"', "list_format": '"csv"', "list_codes": '"numbers"'}

    def list_for_portal(self, *people):
        letter = self.asked("KAMU SM sayfasına girilecek liste", *people)
        self.assertEqual(list(letter.files), ["L-1.csv"])
        return letter

    def test_typed_in(self):
        letter = self.list_for_portal(person(1))
        text = letter.files["L-1.csv"].decode("utf-8-sig")
        self.assertTrue(text.splitlines()[1].startswith('"%s";"Deneme";"Bir";"01.02.1980"' % tckn(1)), text)
        self.assertTrue(text.splitlines()[1].endswith(';"3";"3";"Hayır";"3"'), text)
        self.answer(letter, "Henüz bitmedi")
        self.assertEqual(self.states(), ["listed"])
        self.answer(letter, "TAMAMLADIM")
        self.assertEqual(self.states(), ["submitted"])
        self.post.wait(APPLICANT, what="the notice to the applicant")
        self.assert_no_letter(CA)
        self.assertEqual([r["state"] for r in self.gateway.records("show", "L-1")], ["sent"])

    def test_by_hand(self):
        self.list_for_portal(person(1), person(2))
        p = self.gateway.call("event", "L-1", "submit", "--by", "deneme")
        self.assertEqual(p.returncode, 0, p.stderr)
        self.run_once()
        self.assertEqual(self.states(), ["submitted"] * 2)
        self.assertEqual([r["state"] for r in self.gateway.records("show", "L-1")], ["sent"])


class DaysTest(SubmissionCase):
    settings = {"list_days": '( "mon", "thu" )', "list_hour": "23"}

    def test_by_hand(self):
        question = self.request(person(1))
        self.send(outlook_reply(question, OFFICER, "ONAY"))
        self.run_once()
        self.assertEqual(self.states(), ["approved"])
        self.assertIn("L-1", self.gateway.call("submit", "--by", "deneme").stdout)
        self.run_once()
        self.submitted()
        self.assertIn("no list is made", self.gateway.call("submit").stderr)
        self.assert_sentence(self.gateway.call("submit", "L-1"), 65, "on its way or sent")


class RefusedTest(SubmissionCase):
    def test_alarm(self):
        """The server refuses KAMU SM's address: the officer hears of it once, others go on, and a person sends it again."""
        right = self.gateway.config
        self.gateway.config = self.configuration("wrong.conf", ca__address='"yok@kurum.test"')
        question = self.request(person(1))
        self.send(outlook_reply(question, OFFICER, "ONAY"))
        self.run_once()
        self.seen = [question.id]
        letter = self.told("E-posta sunucusu iletiyi kabul etmemiştir")
        self.assertEqual(letter.files, {})
        self.assertIn("User unknown", letter.text)
        self.run_once()
        self.assertEqual(len([x for x in self.post.letters(OFFICER) if "iletilemedi" in x.subject]), 1)
        self.assertEqual(self.states(), ["listed"])
        self.gateway.config = right
        self.send(outlook_reply(question, OFFICER, "SORU"))
        self.run_once()
        self.assertIn("L-1", self.gateway.call("submit", "L-1").stdout)
        self.run_once()
        self.submitted()

    def silent_server(self):
        """A submission server that closes when the whole mail is there, and never says what it did with it."""
        peer = subprocess.Popen([sys.executable, os.path.join(ROOT, "tests", "peer", "hostile_smtp.py"), self.sandbox.path("pki"),
                                 "starttls", "dot:close", self.sandbox.path("silent.log")], stdout=subprocess.PIPE)
        self.addCleanup(peer.wait)
        self.addCleanup(peer.stdout.close)
        self.addCleanup(peer.kill)
        return self.configuration("silent.conf", smtp__port=peer.stdout.readline().decode().strip())

    def test_lost_answer(self):
        """Nobody knows whether the list arrived: nothing is sent twice by itself, the officer is asked, and his answer ends it."""
        question, right = self.request(person(1)), self.gateway.config
        self.gateway.config = self.silent_server()
        self.send(outlook_reply(question, OFFICER, "ONAY"))
        self.gateway.once()
        self.gateway.config, self.seen = right, [question.id]
        self.run_once()
        self.assertEqual([r["state"] for r in self.gateway.records("outbox") if r["name"] == "ca_list"], ["uncertain"])
        self.assert_no_letter(CA)
        self.run_once(NESGATE_NOW="+3700")
        letter = self.told("son yanıtı alınamamıştır")
        self.assertEqual(letter.files, {})
        self.send(outlook_reply(letter, OFFICER, "YENİDEN GÖNDERİLSİN"))
        self.run_once(NESGATE_NOW="+3710")
        self.submitted()


if __name__ == "__main__":
    main()
