#!/usr/bin/python3
"""The three ways to approve the form and the turns off the road, on the real servers."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import main  # noqa: E402
from people import FIRST, person  # noqa: E402
from sandbox import ROLES  # noqa: E402
from stroll import Stroll  # noqa: E402


class WaysTest(Stroll):
    settings = {"token_days": 200}

    def test_e_signature_to_the_first_day(self):
        self.submitted(person(1))
        invited = self.invited(1)
        self.assertIn("Online İşlemler → NES → Bireysel İşlemler → Başvuru İşlemleri → Başvurularım", " ".join(invited.text.split()))
        self.assertIn("E-İMZA İLE", invited.text)
        self.reply(invited, self.user(1), "E-İMZA İLE")
        self.assertEqual(self.state(1), "filed")
        self.assertIn("E-imza", self.letter(self.user(1), "Başvuru formunuz KAMU SM").text)
        self.notice(1, "Sertifikanız üretildi", "Sertifikanız üretilmiştir.")
        self.letter(self.user(1), "E-imza kartınız üretildi")
        self.notice(1, "Kartınız kuryede", "Gönderi takip numarası: KP00000000001TR")
        shipped = self.letter(self.user(1), "E-imza kartınız yola çıktı")
        self.assertIn("KP00000000001TR", shipped.text)
        self.reply(shipped, self.user(1), "TESLİM ALDIM")
        delivered = self.letter(self.user(1), "E-imza kartınızı kullanıma hazırlayınız")
        self.assertIn("mevcut sertifikanızın bitiş tarihi ve saatinden sonra çalışır", " ".join(delivered.text.split()))
        self.reply(delivered, self.user(1), "TAMAMLADIM")
        self.assertEqual(self.state(1), "delivered", "the old certificate is valid for another month")
        self.go(70)
        self.assertEqual(self.state(1), "active")
        self.letter(self.user(1), "Yeni e-imza kartınızı kullanabilirsiniz")
        self.assert_accounted()

    def test_first_day_by_notice(self):
        self.submitted(person(1))
        self.reply(self.invited(1), self.user(1), "E-İMZA İLE")
        self.notice(1, "Kartınız kuryede", "Gönderi takip numarası: KP00000000001TR")
        self.reply(self.letter(self.user(1), "E-imza kartınız yola çıktı"), self.user(1), "TESLİM ALDIM")
        self.notice(1, "Sertifikanızı kullanmaya başlayabilirsiniz", "Yeni sertifikanızın geçerliliği başlamıştır.")
        told = self.letter(self.user(1), "Yeni e-imza kartınızı kullanabilirsiniz")
        self.assertIn("geçerlilik süresinin başladığını bildirmiştir", " ".join(told.text.split()))
        self.reply(told, self.user(1), "TAMAMLADIM")
        self.assertEqual(self.state(1), "active")

    def test_e_consent(self):
        self.submitted(person(1))
        self.reply(self.invited(1), self.user(1), "E-ONAY ile onayladım.")
        self.assertEqual(self.state(1), "filed")
        self.assertIn("E-onay", self.letter(self.user(1), "Başvuru formunuz KAMU SM").text)

    def test_only_paper(self):
        self.submitted(person(2, FIRST))
        invited = self.invited(2)
        self.assertNotIn("E-İMZA İLE", invited.text)
        self.reply(invited, self.user(2), "E-İMZA İLE")
        self.assertEqual(self.state(2), "invited")
        self.assertIn("yalnızca ıslak imza", " ".join(self.letter(self.user(2), "Yanıtınız işleme alınamadı").text.split()))
        self.reply(invited, self.user(2), "ISLAK")
        self.assertEqual(self.state(2), "paper_due")
        self.assertIn("Yazı İşleri ve Arşiv Müdürlüğü", self.letter(self.user(2), "Islak imzalı formunuz bekleniyor").text)

    def test_missing_papers(self):
        self.submitted(person(1))
        self.reply(self.invited(1), self.user(1), "E-İMZA İLE")
        self.notice(1, "Eksik evrak", "Başvuru formunuzda imza eksiktir. Neden: imza okunamıyor.")
        deficient = self.letter(self.user(1), "Başvurunuzda eksik bilgi ya da belge var")
        self.assertIn("imza okunamıyor", deficient.text.lower())
        self.reply(deficient, self.user(1), "ISLAK")
        self.assertEqual(self.state(1), "paper_due")

    def test_returned_parcel(self):
        self.submitted(person(1))
        self.reply(self.invited(1), self.user(1), "E-İMZA İLE")
        self.notice(1, "Kartınız kuryede", "Gönderi takip numarası: KP00000000001TR")
        self.notice(1, "Gönderiniz iade edildi", "Adresinizde bulunamadığınız için gönderiniz iade edilmiştir.")
        self.assertEqual(self.state(1), "returned")
        self.assertIn("açık adres", self.letter(self.user(1), "E-imza kartınız geri döndü").text)
        asked = self.letter(ROLES["officer"], "E-imza kartı geri döndü")
        self.assertIn(self.name(1), asked.text)
        self.reply(asked, ROLES["officer"], "YENİDEN GÖNDERİLDİ\nGönderi no: KP00000000002TR")
        self.assertEqual(self.state(1), "shipped")
        self.post.wait(self.user(1), lambda x: "KP00000000002TR" in x.text, "the number of the second parcel")

    def test_returned_and_handed_over(self):
        self.submitted(person(1))
        self.notice(1, "Kartınız kuryede", "Gönderi takip numarası: KP00000000001TR")
        self.notice(1, "Gönderiniz iade edildi", "Adresinizde bulunamadığınız için gönderiniz iade edilmiştir.")
        self.reply(self.letter(ROLES["officer"], "E-imza kartı geri döndü"), ROLES["officer"], "TESLİM ALINDI")
        self.assertEqual(self.state(1), "delivered")
        self.letter(self.user(1), "E-imza kartınızı kullanıma hazırlayınız")

    def test_first_card(self):
        """Handed over as KAMU SM says; no other card is in its way."""
        self.submitted(person(2, FIRST))
        self.notice(2, "Kartınız kuryede", "Gönderi takip numarası: KP00000000001TR")
        self.notice(2, "Kartınız teslim edildi", "Gönderiniz tarafınıza teslim edilmiştir.")
        delivered = self.letter(self.user(2), "E-imza kartınızı kullanıma hazırlayınız")
        self.assertIn("PIN", delivered.text)
        self.assertNotIn("mevcut sertifikanızın bitiş", " ".join(delivered.text.split()))
        self.reply(delivered, self.user(2), "TAMAMLADIM")
        self.assertEqual(self.state(2), "active")

    def test_ca_cancels(self):
        self.submitted(person(1))
        self.reply(self.invited(1), self.user(1), "E-İMZA İLE")
        self.notice(1, "Ön başvurunuz iptal edildi", "Ön başvurunuz iptal edilmiştir.")
        self.assertEqual(self.state(1), "cancelled")
        self.letter(self.user(1), "E-imza başvurunuz iptal edildi")
        self.assertIn(self.name(1), self.letter(ROLES["manager"], "E-imza başvurusu sona erdi").text)

    def test_redirected(self):
        self.request(person(1))
        p = self.gateway.call("redirect", "A-1", "--by", "deneme", "--note", "Kadrosu uygun değildir.")
        self.assertEqual(p.returncode, 0, p.stderr)
        self.run_once()
        self.assertEqual(self.state(1), "redirected")
        self.letter(self.user(1), "E-imza başvurunuzu kişi ödemeli olarak yapınız")
        self.assertIn(self.name(1), self.letter(ROLES["manager"], "E-imza başvurusu sona erdi").text)

    def test_withdrawal(self):
        self.submitted(person(1))
        self.reply(self.invited(1), self.user(1), "VAZGEÇTİM")
        self.assertEqual(self.state(1), "withdrawn")
        self.letter(self.user(1), "E-imza başvurunuz geri çekildi")
        self.assertIn(self.name(1), self.letter(ROLES["manager"], "E-imza başvurusu sona erdi").text)

    def test_officer_refuses(self):
        self.reply(self.request(person(1), person(2)), ROLES["officer"], "RED\nKadroları uygun değildir.")
        self.assertEqual(self.states(), ["refused", "refused"])
        told = self.letter(ROLES["manager"], "Onaylanmayan e-imza başvuruları")
        self.assertIn("Kadroları uygun değildir", told.text)
        self.assert_no_letter(self.user(1), self.user(2), ROLES["ca"])

    def test_lost_card(self):
        self.send(self.form_of(person(1, 2)))
        self.run_once()
        told = self.letter(self.user(1), "E-imza başvurunuzu kişi ödemeli olarak yapınız")
        self.assertIn("444 5 576", told.text)
        self.assertEqual(self.state(1), "redirected")

    @staticmethod
    def form_of(*people):
        from people import form
        from post import request_mail
        return request_mail(form(people))


if __name__ == "__main__":
    main()
