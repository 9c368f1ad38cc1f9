"""Walks along the road at a clock of its own: each step is a mail and a run of the gateway at noon of a working week to come."""
import datetime

from flowcase import FlowCase
from people import NUMBERS
from post import ca_notice, opened_notice, outlook_reply
from sandbox import ROLES


class Stroll(FlowCase):
    def setUp(self):
        super().setUp()
        today = datetime.date.today()
        self.monday = today + datetime.timedelta(days=7 - today.weekday())
        self.day, self.minute = 0, 0

    def now(self):
        """Noon of `day`, counted from the Monday to come, and some minutes."""
        when = datetime.datetime.combine(self.monday, datetime.time(12)) + datetime.timedelta(days=self.day, minutes=self.minute)
        return when.isoformat() + "+03:00"

    def run_once(self, **environment):
        """Never twice at the same minute."""
        self.minute += 1
        return super().run_once(**{"NESGATE_NOW": self.now(), **environment})

    def go(self, day):
        self.day = day
        self.run_once()

    @staticmethod
    def name(n):
        return "Deneme " + NUMBERS[n]

    @staticmethod
    def user(n):
        return "kisi%d@kurum.test" % n

    def letter(self, user, subject, after=()):
        return self.post.wait(user, lambda x: x.sender == ROLES["gateway"] and x.subject.startswith(subject), subject, after=after)

    def reply(self, letter, sender, text):
        self.send(outlook_reply(letter, sender, text))
        self.run_once()

    def notice(self, n, subject, text):
        self.send(ca_notice(self.user(n), self.name(n), text, subject), how=self.post.from_outside)
        self.run_once()

    def submitted(self, *people):
        self.reply(self.request(*people), ROLES["officer"], "ONAY")
        self.letter(ROLES["ca"], "NES başvuru listesi")

    def invited(self, n):
        self.send(opened_notice(self.user(n), self.name(n)), how=self.post.from_outside)
        self.run_once()
        return self.letter(self.user(n), "Ön başvurunuz açıldı")

    def manifest(self, user=ROLES["registry"], after=()):
        """The week's list; a week may be all holidays, then it is the next one's."""
        seen = [x.id for x in self.post.letters(user)] + list(after)
        for week in range(self.day // 7, self.day // 7 + 3):
            self.go(max(self.day, week * 7 + 2))
            if any(x.id not in seen and x.subject.startswith("Islak imzalı formlar") for x in self.post.letters(user)):
                break
        return self.letter(user, "Islak imzalı formlar", after=seen)

    def state(self, n):
        return next(r["state"] for r in self.gateway.records("list") if r.get("name") == self.name(n))
