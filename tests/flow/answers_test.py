#!/usr/bin/python3
"""Answers of people on the real servers: for some of a list, not understood, and the road of a question to the support and back."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import person  # noqa: E402
from post import mail, outlook_reply  # noqa: E402
from sandbox import ROLES  # noqa: E402


def gmail_reply(letter, sender, answer):
    """As Gmail writes it in Turkish, its own line wrapped inside of our address."""
    line = "4 Haz 2019 Sal 01:40 tarihinde NES GECIT <%s> şunu yazdı:" % letter.sender
    at = line.index("@") + 3
    quoted = "\n".join("> " + row for row in letter.text.splitlines())
    return mail("Deneme <%s>" % sender, letter.sender, "Ynt: " + letter.subject, "%s\n\n%s\n%s\n\n%s\n" % (answer, line[:at], line[at:], quoted),
                In_Reply_To=letter.id, References=(str(letter.message["References"] or "") + " " + letter.id).strip())


class Answers(FlowCase):
    settings = {"support_address": '"%s"' % ROLES["support"]}

    def answer(self, letter, sender, words, how=outlook_reply):
        self.send(how(letter, ROLES.get(sender, sender), words))
        self.run_once()

    def of(self):
        return {r["application"]: r["state"] for r in self.gateway.records("list") if r.get("application")}

    def letters(self, role, *known):
        return [x for x in self.post.letters(ROLES[role]) if x.id not in known and x.sender == ROLES["gateway"]]

    def test_some_of_the_people(self):
        asked = self.request(*[person(n) for n in range(1, 6)])
        self.assertIn("5. Deneme Beş", asked.text)
        self.answer(asked, "officer", "1-2 onay, 5 red.\n\nDeneme Yetkili\nDahili: 1234", gmail_reply)
        self.assertEqual(self.states(), ["refused", "requested", "requested", "submitted", "submitted"])
        self.answer(asked, "officer", "Deneme Üç hariç kalanlar onay")
        self.assertEqual({a: s for a, s in self.of().items() if s != "submitted"}, {"A-3": "requested", "A-5": "refused"})
        self.answer(asked, "officer", "Deneme Üç: red")
        self.assertEqual(self.states(), ["refused", "refused", "submitted", "submitted", "submitted"])
        told = [x for x in self.letters("manager") if "Deneme Beş" in x.text and "Deneme Bir" not in x.text]
        self.assertEqual(len(told), 1)
        self.assertNotIn("Gerekçe", told[0].text)  # his words are about others, too
        self.assert_accounted()

    def test_later(self):
        asked = self.request(person(1))
        self.answer(asked, "officer", "Şimdilik beklesin.")
        self.assertEqual(self.states(), ["requested"])
        self.assertEqual(self.letters("officer", asked.id), [])
        self.answer(asked, "officer", "ONAY")
        self.assertEqual(self.states(), ["submitted"])

    def test_a_name_that_is_not_there(self):
        asked = self.request(person(1), person(2))
        self.answer(asked, "officer", "Deneme Yedi hariç onaylıyorum.")
        self.assertEqual(self.states(), ["requested", "requested"])
        back = self.post.wait(ROLES["officer"], lambda x: "işleme alınamadı" in x.subject, "the question back")
        self.assertIn("anlaşılamamıştır", back.text)
        # Asked back once: what is not understood then goes to the support, and the officer gets no second letter of that kind.
        self.answer(asked, "officer", "Eksikler tamamlanırsa onaylarım.")
        forwarded = self.post.wait(ROLES["support"], what="the words that were not understood")
        self.assertIn("| Eksikler tamamlanırsa onaylarım.", forwarded.text)
        self.assertIn("T-1", forwarded.subject)
        self.assertEqual(len(self.letters("officer", asked.id)), 1)
        self.answer(forwarded, "support", "Eksik evrak tamamlandı, yanıtınızı bekliyoruz.", gmail_reply)
        answered = self.post.wait(ROLES["officer"], lambda x: "yanıtı" in x.subject, "the support's answer")
        self.assertIn("| Eksik evrak tamamlandı", answered.text)
        # His answer to that letter still finds the question it is about.
        self.answer(answered, "officer", "ONAY")
        self.assertEqual(self.states(), ["submitted", "submitted"])
        self.assert_accounted()

    def test_a_question(self):
        asked = self.request(person(1))
        self.answer(asked, "officer", "ONAY")
        letter = self.post.wait("kisi1@kurum.test", lambda x: x.token, "the first letter to the applicant")
        self.answer(letter, "applicant1", "SORU\n\nKart ne zaman gelir? Onaylıyorum yazmam yeterli mi?", gmail_reply)
        question = self.post.wait(ROLES["support"], what="the question")
        for words in ("A-1", "Deneme Bir", "kisi1@kurum.test", "| Kart ne zaman gelir?", "KAMU SM’ye iletildi"):
            self.assertIn(words, question.text)
        self.assertNotIn("> ", question.text)
        received = self.post.wait("kisi1@kurum.test", lambda x: x.subject.startswith("Sorunuz alındı"), "the acknowledgement")
        self.assertIn("destek birimimize iletilmiştir", received.text)
        # Nobody else may answer for the support, and its words move nothing.
        self.send(outlook_reply(question, ROLES["manager"], "Yarın gelir."))
        self.send(outlook_reply(question, ROLES["support"], "VAZGEÇTİM yazmayınız; kart iki haftada gelir."))
        self.run_once()
        answered = self.post.wait("kisi1@kurum.test", lambda x: "yanıtı" in x.subject, "the answer")
        self.assertIn("kart iki haftada gelir", answered.text)
        self.assertNotIn("Yarın gelir", answered.text)
        self.assertEqual(self.states(), ["submitted"])
        noted = [(r["event"], r["name"]) for r in self.gateway.records("journal", "A-1") if r["event"] in ("question", "answered")]
        self.assertEqual(noted, [("question", "kisi1@kurum.test"), ("answered", ROLES["support"])])
        self.answer(received, "applicant1", "Teşekkürler, E-İMZA İLE TAMAMLADIM")
        self.assertEqual(self.states(), ["filed"])
        self.assert_accounted()


if __name__ == "__main__":
    main()
