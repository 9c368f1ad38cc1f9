#!/usr/bin/python3
"""Nobody answers: at every waiting state of the workflow somebody is reminded, then the office knows, and what has an end ends; a
list of certificates asks for renewals. What a state does is read off `nesgate workflow`: a new state must be walked here too."""
import datetime
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import main  # noqa: E402
from people import form, in_days, person, sheet_rows, tckn  # noqa: E402
from post import outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES, ROOT  # noqa: E402
from stroll import Stroll  # noqa: E402

MANAGER, OFFICER, REGISTRY = ROLES["manager"], ROLES["officer"], ROLES["registry"]
# What an operator does with an application whose list is with KAMU SM, to lead it into each state.
LED = {"submitted": [], "invited": ["ca_opened"], "paper_due": ["done_wet"], "paper_in": ["done_wet", "received"],
       "paper_sent": ["done_wet", "received", "posted"], "filed": ["done_e_sign"], "deficient": ["ca_missing_papers"],
       "shipped": ["ca_shipped"], "returned": ["ca_shipped", "ca_returned"], "delivered": ["ca_shipped", "ca_delivered"]}
BEFORE = ["requested", "approved", "listed"]
CANCELLED = ["Ön başvurunuz .* iptal edilecek", "E-imza başvurunuz iptal edildi"]


def holidays(year):
    """By the program's own table."""
    text = open(os.path.join(ROOT, "queue", "calendar.def"), encoding="utf-8").read()
    rows = lambda name: [[int(n) for n in row.split(",")] for row in re.findall(r"%s\(([\d, ]+)\)" % name, text)]
    days = {datetime.date(year, m, d) for m, d in rows("HOLIDAY") + rows("HALF")}
    for y, m, d, length in rows("FEAST"):
        days |= {datetime.date(y, m, d) + datetime.timedelta(days=n) for n in range(-1, length) if y == year}
    return days


def free_of_holidays(monday, days):
    week = {monday + datetime.timedelta(days=n) for n in range(days)}
    return not week & (holidays(monday.year) | holidays(monday.year + 1))


class SilenceTest(Stroll):
    settings = {"submission": '"portal"', "officer_digest": '"daily"', "list_days": '( "mon" )'}

    def setUp(self):
        super().setUp()
        while not free_of_holidays(self.monday, 10):
            self.monday += datetime.timedelta(days=7)

    def operator(self, *arguments):
        p = self.gateway.call(*arguments, "--by", "deneme", NESGATE_NOW=self.now())
        self.assertEqual(p.returncode, 0, p.stderr)

    def ask(self, people):
        """Requests that nobody has answered."""
        self.send(request_mail(form([person(n + 1, expires=in_days(400)) for n in range(people)])))
        self.run_once()

    def listed(self):
        self.operator("submit")
        self.run_once()
        self.operator("event", "L-1", "submit")
        self.run_once()

    def weekdays(self, end):
        for day in range(end):
            if day % 7 < 5:
                self.go(day)

    def edges(self):
        """State → its steps."""
        out = {}
        for e in self.gateway.records("workflow"):
            out.setdefault(e["state"], []).append(e)
        return out

    def reminders(self, user, word="", count=None):
        found = [x for x in self.post.letters(user) if x.subject.startswith("Hatırlatma") and word in x.text]
        if count is not None:
            self.assertEqual(len(found), count, "%s to %s" % (word, user))
            self.assertEqual(len({str(x.message["Date"])[:16] for x in found}), count, "one a day at most")
        return found

    def escalated(self):
        return {r["id"] for r in self.gateway.records("list", "escalated")}

    def state_of(self, number):
        return self.gateway.records("show", number)[0]["state"]

    def check_ladder(self, state, number, edges, applicant):
        """Who is waited on was reminded three times, where somebody can be; the office knows."""
        show = self.gateway.records("show", number)[0]
        self.assertEqual(show["state"], state)
        self.assertTrue(show["waits_on"] and show["since"] and show["expects"][0]["event"] and show["expects"][0]["due"])
        whom = {"office": OFFICER, "officer": OFFICER, "registry": REGISTRY}.get(edges[0]["waits_on"], applicant)
        reminds = any(e["event"] == "remind" for e in edges)
        self.assertTrue(reminds or edges[0]["waits_on"] == "ca", "%s: nobody is reminded" % state)
        self.reminders(whom, number, 3 if reminds else 0)
        self.assertIn(number, self.escalated())
        digests = [x.text for x in self.post.letters(OFFICER) if "UZUN SÜREDİR İLERLEMEYEN BAŞVURULAR" in x.text]
        self.assertTrue([text for text in digests if number + "," in text], number)

    def test_every_waiting_state_is_walked(self):
        self.assertEqual({s for s, e in self.edges().items() if e[0]["waits_on"] != "nobody"}, {*LED, *BEFORE})

    def test_requested_and_listed(self):
        """The list is made on Monday noon and not typed in; the other application is not even approved."""
        self.ask(2)
        self.operator("approve", "A-2")
        self.operator("submit")
        self.weekdays(33)
        edges = self.edges()
        self.check_ladder("requested", "A-1", edges["requested"], None)
        self.check_ladder("listed", "A-2", edges["listed"], None)
        self.go(60)
        self.reminders(OFFICER, "A-1", 3)
        self.assert_no_letter(*[self.user(n) for n in (1, 2)])

    def test_approved(self):
        """Approved just after the list of the week: the office is reminded, then it stands in the digest, then the list takes it."""
        self.gateway.config = self.configuration(reminder_days=1, max_reminders=1)
        self.ask(1)
        self.operator("approve", "A-1")
        self.go(2)
        self.reminders(OFFICER, "A-1", 0)
        self.go(3)
        self.reminders(OFFICER, "A-1", 1)
        self.assertEqual(self.escalated(), set())
        self.go(4)
        self.assertEqual((self.escalated(), self.state_of("A-1")), ({"A-1"}, "approved"))
        self.go(7)
        self.assertEqual((self.escalated(), self.state_of("A-1")), (set(), "listed"))
        self.letter(OFFICER, "KAMU SM sayfasına girilecek liste")

    def test_after_the_list(self):
        self.ask(len(LED))
        numbers = {state: "A-%d" % n for n, state in enumerate(LED, 1)}
        self.operator("approve", *numbers.values())
        self.listed()
        for state, events in LED.items():
            for event in events:
                self.operator("event", numbers[state], event)
        self.weekdays(46)
        edges = self.edges()
        for n, (state, number) in enumerate(numbers.items(), 1):
            self.check_ladder(state, number, edges[state], self.user(n))
        self.assertEqual(self.escalated(), set(numbers.values()))
        for week in range(8, 30):
            self.go(week * 7)
        self.check_ends(numbers, edges)

    def check_ends(self, numbers, edges):
        """The ladders are at their end; a form that nobody filled in is given up, and both hear of it."""
        given_up = {s for s in numbers if any((e["event"], e["by"]) == ("cancel", "clock") for e in edges[s])}
        self.assertEqual(given_up, {"invited", "paper_due", "deficient"})
        for n, (state, number) in enumerate(numbers.items(), 1):
            ends = state in given_up
            self.assertEqual(self.state_of(number), "cancelled" if ends else state)
            own = [x.subject for x in self.post.letters(self.user(n)) if number in x.text or x.subject.endswith(number)]
            self.assertEqual([len([s for s in own if re.match(w, s)]) for w in CANCELLED], [ends, ends], own)
            self.assertLessEqual(len(self.reminders(self.user(n))), 3)
        told = [x.subject for x in self.post.letters(MANAGER) if x.subject.startswith("E-imza başvurusu sona erdi")]
        self.assertEqual(sorted(s.rpartition(" ")[2] for s in told), sorted(numbers[s] for s in given_up))
        self.assertEqual(self.escalated(), {n for s, n in numbers.items() if s not in given_up})

    def test_a_reminder_is_answered(self):
        self.ask(1)
        self.operator("approve", "A-1")
        self.listed()
        self.operator("event", "A-1", "ca_opened")
        self.weekdays(10)
        self.reply(self.reminders(self.user(1), "A-1", 1)[0], self.user(1), "E-İMZA İLE")
        self.assertEqual(self.state_of("A-1"), "filed", self.gateway.records("inbox")[-1])

    def test_renewals(self):
        soon = (self.monday + datetime.timedelta(days=25)).strftime("%d.%m.%Y")
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
        self.weekdays(8)
        digest = self.post.wait(MANAGER, lambda x: "Süresi dolacak" in x.subject, "the digest")
        self.assertIn("Deneme Bir", digest.text)
        self.assertNotIn("Deneme İki", digest.text)
        self.assertNotIn(tckn(1), digest.text + digest.html)
        sheet = [part.get_payload(decode=True) for part in digest.message.walk() if part.get_filename() == "yenileme-formu.xlsx"]
        rows = sheet_rows(sheet[0])
        self.assertTrue(any(tckn(1) in row and "Yenileme" in row for row in rows))
        # His unit has no manager here: he hears of it himself, ten days before the end; who asked in time does not.
        self.send(request_mail(sheet[0]))
        self.run_once()
        self.assertEqual(self.states(), ["requested"])
        self.go(16)
        self.assertIn("%s" % soon, self.letter(self.user(2), "E-imza sertifikanızın süresi").text)
        self.assert_no_letter(self.user(1))


if __name__ == "__main__":
    main()
