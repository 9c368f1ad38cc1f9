"""The storyline: four people from a manager's spreadsheet to KAMU SM and back. The demo tells it, a flow test checks it.

Each step is one method; `say` is called with what happens, `keep` with every letter that is worth a look.
"""
import os
import subprocess
import time

from people import FIRST, NUMBERS, RENEWAL, form, in_days, person, sheet_rows, tckn
from post import Post, opened_notice, outlook_reply, request_mail
from sandbox import ROLES


class Failed(Exception):
    """Something else than the storyline happened."""


def check(true, sentence):
    if not true:
        raise Failed(sentence)


def name(n):
    return "Deneme " + NUMBERS[n]


class Road:
    def __init__(self, sandbox, gateway, say=lambda *words: None, keep=lambda letter, what: None):
        self.sandbox, self.gateway, self.say, self.keep = sandbox, gateway, say, keep
        self.post = Post(sandbox)
        self.post.watch = gateway.watch
        self.expected = {}

    def people(self):
        wrong = person(4)
        wrong["Kimlik No"] = tckn(4)[:10] + str((int(tckn(4)[10]) + 1) % 10)
        return [person(1), person(2, FIRST), person(3, RENEWAL, in_days(-20)), wrong]

    def request(self):
        m = request_mail(form(self.people()))
        self.say("The unit manager (%s) mails a spreadsheet with four people to the gateway (%s):" % (ROLES["manager"], ROLES["gateway"]),
                 "%s: renewal, certificate ends in 40 days     %s: first application" % (name(1), name(2)),
                 "%s: renewal, but ended 20 days ago            %s: identity number with a wrong check digit" % (name(3), name(4)))
        self.post.submit(m)
        self.keep(m.as_bytes(), "request")

    def receipt(self):
        letter = self.post.wait(ROLES["manager"], lambda x: name(4) in x.text, "the receipt")
        self.keep(letter.raw, "receipt")
        check(all(name(n) in letter.text for n in range(1, 5)), "the receipt does not name all four people")
        check("*" in letter.text and tckn(1) not in letter.text, "the receipt does not mask identity numbers")
        self.say("The manager gets a receipt, one line per row: three people are taken in, %s is refused" % name(4),
                 "and the receipt says at which cell and why. Identity numbers are masked. The manager's own sheet comes back",
                 "with the wrong cell marked, and the refused row waits for the corrected one.")
        check(any(f.endswith("-sonuc.xlsx") for f in letter.files), "the marked sheet is not attached")
        self.expected[name(4)] = "row_awaited"

    def approval(self):
        letter = self.post.wait(ROLES["officer"], lambda x: "ONAY" in x.text, "the question for approval")
        self.keep(letter.raw, "approval")
        check(name(4) not in letter.text, "a refused row was put before the officer")
        check(letter.token, "the approval letter has no reply token in its subject")
        self.say("The officer (%s) is asked: may these three go to KAMU SM?" % ROLES["officer"],
                 "Nothing leaves the house without that answer. Subject: %s" % letter.subject)
        self.asked = letter

    def approve(self):
        reply = outlook_reply(self.asked, ROLES["officer"], "ONAY", name="Deneme Yetkili")
        self.post.submit(reply)
        self.keep(reply.as_bytes(), "approve")
        self.say("The officer answers with one word, ONAY; Outlook quotes the whole question below it.",
                 "The gateway must read the word, not the quotation, and trusts it only because our mail server",
                 "vouches for the sender and the reply carries the token.")

    def ca_list(self):
        letter = self.post.wait(ROLES["ca"], lambda x: any(f.endswith(".xlsx") for f in x.files), "the signed list")
        path = self.keep(letter.raw, "list") or self.sandbox.path("list.eml")
        if not os.path.exists(path):
            open(path, "wb").write(letter.raw)
        signer = self.verify(path)
        rows = sheet_rows(next(data for file, data in letter.files.items() if file.endswith(".xlsx")))
        flat = [cell for row in rows for cell in row]
        check([tckn(n) in flat for n in range(1, 5)] == [True, True, True, False], "the list does not hold exactly the three people")
        self.say("KAMU SM's mailbox (%s) receives the list of three people as .xlsx," % ROLES["ca"],
                 "signed with S/MIME. Checked here with: openssl cms -verify -CAfile pki/ca.pem",
                 "Verification successful; signer: %s" % signer)

    def verify(self, path):
        cert = self.sandbox.path("signer.pem")
        p = subprocess.run(["openssl", "cms", "-verify", "-in", path, "-CAfile", self.sandbox.path("pki", "ca.pem"),
                            "-signer", cert, "-out", "/dev/null"], capture_output=True, text=True)
        check(p.returncode == 0, "openssl does not verify the list: " + p.stderr.strip())
        who = subprocess.run(["openssl", "x509", "-in", cert, "-noout", "-email"], capture_output=True, text=True).stdout.strip()
        check(who == ROLES["gateway"], "the list is signed by %s" % who)
        return who

    def told_applicants(self):
        self.told = {}
        for n in (1, 2, 3):
            letter = self.post.wait("kisi%d@kurum.test" % n, lambda x: name(n) in x.text and x.token, "the first letter to " + name(n))
            self.told[n] = letter
            self.keep(letter.raw, "submitted-kisi%d" % n)
        self.say("Each applicant is told at once: your request is at KAMU SM, this is what will come, this is how to choose.",
                 "%s may sign electronically or on paper; %s and %s are told that only paper is possible." % (name(1), name(2), name(3)))

    def notices(self):
        for n in (1, 2, 3):
            m = opened_notice("kisi%d@kurum.test" % n, name(n))
            self.post.from_outside(m)
            self.keep(m.as_bytes(), "notice-kisi%d" % n)
        self.say("KAMU SM (played by this demo; the mails say so) opens the pre-applications: one notice to each applicant,",
                 "with a copy to the gateway.")
        self.invited = {}
        for n in (1, 2, 3):
            letter = self.post.wait("kisi%d@kurum.test" % n, lambda x: x.sender == ROLES["gateway"] and x.token,
                                    "the invitation of " + name(n), after=[self.told[n].id])
            self.keep(letter.raw, "invited-kisi%d" % n)
            self.invited[n] = letter
        self.say("The gateway recognises them and writes to each applicant: now fill in your form, and tell me how you did it.")

    ANSWERS = {1: ("E-İMZA İLE TAMAMLADIM", "filed"), 2: ("ISLAK", "paper_due"),
               3: ("SORU\n\nFormu hangi sayfada bulacağım?", "invited")}

    def answers(self):
        for n, (answer, state) in self.ANSWERS.items():
            reply = outlook_reply(self.invited[n], "kisi%d@kurum.test" % n, answer, name=name(n))
            self.post.submit(reply)
            self.keep(reply.as_bytes(), "answer-kisi%d" % n)
            self.expected[name(n)] = state
        self.say("The applicants answer: %s \"E-İMZA İLE TAMAMLADIM\" (done with e-signature)," % name(1),
                 "%s \"ISLAK\" (paper with wet signature), %s \"SORU\" (a question)." % (name(2), name(3)))
        self.wait_states()

    def last_letters(self):
        for n, what in ((1, "filed"), (2, "paper_due")):
            user = "kisi%d@kurum.test" % n
            seen = [self.told[n].id, self.invited[n].id]
            letter = self.post.wait(user, lambda x: x.sender == ROLES["gateway"] and x.token != self.invited[n].token, "the answer to " + name(n),
                                    after=seen)
            self.keep(letter.raw, what + "-kisi%d" % n)
        self.say("%s hears that nothing is left to do; %s hears where the paper goes." % (name(1), name(2)),
                 "%s's question is not for a machine: it waits for a person (see: nesgate inbox)." % name(3))

    def states(self):
        """Name → state of every application."""
        out = {}
        for record in self.gateway.records("list"):
            who = next((n for n in (name(i) for i in range(1, 10)) if n in record.values()), None)
            if who:
                out[who] = record["state"]
        return out

    def wait_states(self, seconds=15):
        end = time.monotonic() + seconds
        while self.states() != self.expected:
            self.gateway.watch()
            check(time.monotonic() < end, "after %d seconds the states are %s, not %s" % (seconds, self.states(), self.expected))
            time.sleep(0.1)

    def accounted(self):
        left = self.gateway.unaccounted()
        check(left == 0, "reconcile says unaccounted: %d" % left)

    STEPS = [request, receipt, approval, approve, ca_list, told_applicants, notices, answers, last_letters, accounted]

    def walk(self):
        for step in self.STEPS:
            step(self)
