#!/usr/bin/python3
"""Nobody answers: at every waiting state somebody is reminded, then the office knows; a list of certificates asks for renewals."""
import datetime
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import form, in_days, person, sheet_rows, tckn  # noqa: E402
from post import outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES  # noqa: E402

MANAGER, OFFICER, REGISTRY = ROLES["manager"], ROLES["officer"], ROLES["registry"]
# Who is led where by hand after KAMU SM has the list; nobody says anything from then on.
LED = {2: [], 3: ["ca_opened"], 4: ["done_wet"], 5: ["done_wet", "received"], 6: ["ca_shipped"], 7: ["ca_shipped", "ca_delivered"],
       8: ["ca_missing_papers"], 9: ["ca_shipped", "ca_returned"]}
REMINDED = {2: "submitted", 3: "invited", 4: "paper_due", 6: "shipped", 7: "delivered", 8: "deficient"}


def working_days(count):
    """Mornings of days that are surely no holidays of the time of year this runs in."""
    day = datetime.datetime.now().replace(hour=10, minute=0, second=0)
    while count:
        day += datetime.timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
            yield day.strftime("%Y-%m-%dT%H:%M:%S+03:00")


class SilenceTest(FlowCase):
    settings = {"officer_digest": '"daily"'}

    def reminders(self, user):
        return [x for x in self.post.letters(user) if x.subject.startswith("Hatırlatma")]

    def lead(self):
        self.send(request_mail(form([person(n, expires=in_days(300)) for n in range(1, 10)])))
        self.run_once()
        for n in LED:
            self.assertEqual(self.gateway.call("approve", "A-%d" % n).returncode, 0)
        self.run_once()
        for n, events in LED.items():
            for event in events:
                p = self.gateway.call("event", "A-%d" % n, event)
                self.assertEqual(p.returncode, 0, p.stderr)
        self.run_once()

    def test_silence(self):
        self.lead()
        days = list(working_days(32))
        for day in days:
            self.run_once(NESGATE_NOW=day)
        for n, state in REMINDED.items():
            address = ROLES["applicant%d" % n]
            found = self.reminders(address)
            self.assertEqual(len(found), 3, "%s in state %s" % (address, state))
            self.assertEqual(len({str(x.message["Date"])[:16] for x in found}), 3, "one a day at most")
            self.assertTrue(all("A-%d" % n in x.text for x in found))
        officer, registry = self.reminders(OFFICER), self.reminders(REGISTRY)
        self.assertTrue(any("A-1" in x.text for x in officer) and any("A-9" in x.text for x in officer))
        self.assertTrue(all("A-5" in x.text for x in registry) and len(registry) == 3)
        escalated = {r["id"] for r in self.gateway.records("list", "escalated")}
        self.assertEqual(escalated, {"A-%d" % n for n in range(1, 10)})
        digest = [x for x in self.post.letters(OFFICER) if x.subject.startswith("E-imza işlerinin özeti")][-1]
        self.assertTrue(all("A-%d" % n in digest.text for n in range(1, 10)))
        for n in range(1, 10):
            show = self.gateway.records("show", "A-%d" % n)[0]
            self.assertTrue(show["waits_on"] and show["since"] and show["expects"][0]["event"] and show["expects"][0]["due"])
        # The reminder is answered like any other letter.
        self.send(outlook_reply(self.reminders(ROLES["applicant3"])[-1], ROLES["applicant3"], "E-İMZA İLE"))
        self.run_once(NESGATE_NOW=days[-1])
        self.assertEqual(self.gateway.records("show", "A-3")[0]["state"], "filed", self.gateway.records("inbox")[-1])

    def test_renewals(self):
        soon = (datetime.date.today() + datetime.timedelta(days=25)).strftime("%d.%m.%Y")
        path = self.sandbox.path("certificates.csv")
        wrong = str(int(tckn(3)) + 1)
        open(path, "w").write("T.C. Kimlik No;Ad;Soyad;E-posta;Birim;Bitiş Tarihi\n" + "".join(
            "%s;Deneme;%s;kisi%d@kurum.test;%s;%s\n" % row for row in [
                (tckn(1), "Bir", 1, "DENEME BİRİMİ", soon), (tckn(2), "İki", 2, "Yok Birimi", soon), (wrong, "Üç", 3, "Deneme Birimi", soon)]))
        self.run_once()
        p = self.gateway.call("import", "certificates", path)
        self.assertIn("2 taken, 0 known, 1 refused", p.stderr)
        self.assertNotIn(tckn(1), p.stdout)
        self.assertEqual(p.returncode, 65, "a row was refused")
        self.assertIn("0 taken, 2 known", self.gateway.call("import", "certificates", path).stderr)
        self.assertEqual(sum(r["certificates"] for r in self.gateway.records("forecast")), 2)
        for day in working_days(6):
            self.run_once(NESGATE_NOW=day)
        digest = self.post.wait(MANAGER, lambda x: "Süresi dolacak" in x.subject, "the digest")
        self.assertIn("Deneme Bir", digest.text)
        self.assertNotIn("Deneme İki", digest.text)
        self.assertNotIn(tckn(1), digest.text + digest.html)
        sheet = [part.get_payload(decode=True) for part in digest.message.walk() if part.get_filename() == "yenileme-formu.xlsx"]
        rows = sheet_rows(sheet[0])
        self.assertTrue(any(tckn(1) in row and "Yenileme" in row for row in rows))
        # The form is sent back as it is: a request.
        self.send(request_mail(sheet[0]))
        self.run_once()
        self.assertEqual(self.states(), ["requested"])


if __name__ == "__main__":
    main()
