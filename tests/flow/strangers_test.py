#!/usr/bin/python3
"""Who may move something: a From line alone never does."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import FIRST, form, person  # noqa: E402
from post import mail, opened_notice, outlook_reply, request_mail  # noqa: E402
from sandbox import AUTHSERV, ROLES  # noqa: E402

OURS = "%s; auth=pass smtp.auth=%s; dmarc=pass header.from=kurum.test"


class StrangersTest(FlowCase):
    def nothing_moved(self, *silent, states=()):
        self.run_once()
        self.assertEqual(self.states(), list(states))
        self.assert_no_letter(*silent)
        self.assert_accounted()

    def test_stranger_with_a_form(self):
        self.send(request_mail(form([person(1)]), manager=ROLES["stranger"]), self.post.from_outside)
        self.nothing_moved(ROLES["stranger"], ROLES["officer"])

    def test_stranger_writes_as_the_manager(self):
        self.send(request_mail(form([person(1)])), self.post.from_outside, sender=ROLES["stranger"])
        self.nothing_moved(ROLES["stranger"], ROLES["manager"], ROLES["officer"])

    def test_outside_with_the_managers_envelope_too(self):
        self.send(request_mail(form([person(1)])), self.post.from_outside)
        self.nothing_moved(ROLES["manager"], ROLES["officer"])

    def test_forged_authentication_results(self):
        m = request_mail(form([person(1)]))
        m["Authentication-Results"] = OURS % (AUTHSERV, ROLES["manager"])
        self.send(m, self.post.from_outside)
        self.nothing_moved(ROLES["manager"], ROLES["officer"])

    def test_forged_authentication_results_of_another_server(self):
        m = request_mail(form([person(1)]))
        m["Authentication-Results"] = OURS % ("mx.baska.test", ROLES["manager"])
        self.send(m, self.post.from_outside)
        self.nothing_moved(ROLES["manager"], ROLES["officer"])

    def test_two_from_lines(self):
        raw = request_mail(form([person(1)])).as_bytes()
        raw = b"From: Deneme Yetkili <yetkili@kurum.test>\n" + raw
        self.send(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), self.post.submit, sender=ROLES["manager"], to=[ROLES["gateway"]])
        self.nothing_moved(ROLES["officer"])

    def test_colleague_with_a_login_writes_as_the_officer(self):
        """A login of our own server, but not the one of the From line."""
        asked = self.request(person(1))
        m = mail("Deneme Yetkili <%s>" % ROLES["officer"], ROLES["gateway"], "YNT: " + asked.subject.split("[")[0], "ONAY\n",
                 In_Reply_To="<baska@kurum.test>")
        self.send(m, self.post.submit, sender="kisi9@kurum.test")
        self.nothing_moved("kisi9@kurum.test", ROLES["ca"], states=["requested"])

    def test_approval_without_login_and_without_token(self):
        self.request(person(1))
        self.send(mail(ROLES["officer"], ROLES["gateway"], "YNT: Onay", "ONAY\n"), self.post.from_outside)
        self.nothing_moved(ROLES["ca"], states=["requested"])

    def test_a_token_in_the_wrong_hands(self):
        asked = self.request(person(1))
        self.send(outlook_reply(asked, ROLES["stranger"], "ONAY"), self.post.from_outside)
        self.send(outlook_reply(asked, "kisi9@kurum.test", "ONAY"))
        self.nothing_moved(ROLES["ca"], ROLES["stranger"], states=["requested"])

    def test_a_guessed_token(self):
        asked = self.request(person(1))
        m = outlook_reply(asked, ROLES["officer"], "ONAY", subject="YNT: Onay [NG-" + "A" * (len(asked.token) - 3) + "]")
        del m["In-Reply-To"], m["References"]
        self.send(mail(m["From"], m["To"], m["Subject"], "ONAY\n"), self.post.from_outside)
        self.nothing_moved(ROLES["ca"], states=["requested"])

    def listed(self):
        asked = self.request(person(1, FIRST))
        self.send(outlook_reply(asked, ROLES["officer"], "ONAY"))
        self.run_once()
        self.post.wait(ROLES["ca"], what="the list")
        self.assertEqual(self.states(), ["submitted"])

    def test_notice_that_only_says_it_is_from_the_ca(self):
        self.listed()
        self.send(opened_notice("kisi1@kurum.test", "Deneme Bir"), self.post.from_outside, sender=ROLES["stranger"])
        self.run_once()
        self.assertEqual(self.states(), ["submitted"])

    def test_ca_domain_only_as_a_beginning(self):
        self.listed()
        m = opened_notice("kisi1@kurum.test", "Deneme Bir")
        m.replace_header("From", "KAMU SM <bilgilendirme@kamusm.test.baska.test>")
        self.send(m, self.post.from_outside, sender=ROLES["stranger"])
        self.run_once()
        self.assertEqual(self.states(), ["submitted"])

    def test_notice_of_the_ca(self):
        """The other side of the two before: the real one does move."""
        self.listed()
        self.send(opened_notice("kisi1@kurum.test", "Deneme Bir"), self.post.from_outside)
        self.run_once()
        self.assertEqual(self.states(), ["invited"])


if __name__ == "__main__":
    main()
