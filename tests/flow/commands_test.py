#!/usr/bin/python3
"""The command line on the real servers: an operator's day, from the login to the ledger that agrees with the mailbox."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from people import FIRST, form, person, tckn  # noqa: E402
from post import request_mail  # noqa: E402
from sandbox import ROLES  # noqa: E402


class Operator(FlowCase):
    def records(self, *line):
        return self.gateway.records(*line)

    def test_check(self):
        p = self.gateway.call("check")
        self.assertEqual(p.returncode, 0, p.stdout + p.stderr)
        self.assertEqual({line.split()[0] for line in p.stdout.splitlines()}, {"ok"})

    def test_check_names_the_trouble(self):
        for changes, status, line in (({"imap__port": 1}, 69, "imap"), ({"smtp__port": 1}, 69, "smtp"),
                                      ({"imap__user": '"nobody@kurum.test"'}, 78, "imap"),
                                      ({"tls__ca_file": '"pki/other-ca.pem"'}, 78, "imap"),
                                      ({"sign__key": '"pki/none.key"'}, 78, "secrets"),
                                      ({"imap__folder": '"Nothing"'}, 78, "imap")):
            self.gateway.config = self.configuration(**changes)
            p = self.gateway.call("check")
            self.assertRegex(p.stdout, r"(?m)^FAIL +%s " % line)
            self.assertEqual(p.returncode, status, p.stdout)

    def test_an_operators_day(self):
        self.request(person(1), person(2, FIRST))
        first, second = [r["application"] for r in self.records("list")]
        self.assertEqual([r["state"] for r in self.records("list", "T-1")], ["requested"] * 2)
        self.assertEqual(len(self.records("list", "office")), 2)

        moved = self.records("approve", first, "--by", "deneme", "--note", "telefonla")
        self.assertEqual([(r["application"], r["state"]) for r in moved], [(first, "approved")])
        self.records("refuse", second)
        self.assert_sentence(self.gateway.call("approve", second), 65, second, "refused")
        self.assertEqual(self.gateway.call("event", first, "ca_opened").returncode, 65)
        acts = [(r["event"], r["name"], r["note"]) for r in self.records("journal", first) if r["by"] == "operator"]
        self.assertEqual(acts, [("approve", "deneme", "telefonla")])

        self.run_once()
        self.post.wait(ROLES["ca"], what="the list")
        self.assertEqual([r["state"] for r in self.records("list", first)], ["submitted"])
        self.assertEqual([r["state"] for r in self.records("event", first, "ca_opened")], ["invited"])
        listed = self.records("show", "L-1")[0]
        self.assertEqual([r["application"] for r in listed["people"]], [first])
        self.assert_accounted()

    def test_everything_can_be_looked_at(self):
        self.request(person(1))
        self.assertIn("requested", self.gateway.call("status").stdout)
        for name, word in (("A-1", "kisi1@kurum.test"), ("T-1", "Sayfa1"), ("M-1", "applied"), ("1", "sent")):
            for command in ("show", "explain"):
                p = self.gateway.call(command, name)
                self.assertEqual(p.returncode, 0, p.stderr)
                if command == "show":
                    self.assertIn(word, p.stdout)
        for view in ("status", "list", "show A-1", "show T-1", "outbox", "inbox", "journal"):
            for flags in ([], ["--json"]):
                p = self.gateway.call(*view.split(), *flags)
                self.assertEqual(p.returncode, 0, p.stderr)
                self.assertNotIn(tckn(1), p.stdout, "%s shows an identity number" % view)

    def test_preview_is_what_went(self):
        letter = self.request(person(1))
        row = next(r for r in self.records("outbox") if r["name"] == "approval")
        seen = self.records("preview", "approval", str(row["letter"]))[0]
        self.assertEqual(seen["to"], ROLES["officer"])
        self.assertIn(seen["subject"], letter.subject)
        self.assertEqual(seen["text"].split(), letter.text.split())
        self.assertIn("<html", self.gateway.call("preview", "--html", "approval", str(row["letter"])).stdout)

    def test_reconcile_sees_what_is_not_stored(self):
        self.run_once()
        self.send(request_mail(form([person(1)])))
        p = self.gateway.call("reconcile")
        self.assertEqual(p.returncode, 75)
        self.assertIn("server 1, ledger 0, unaccounted: 1", p.stdout)
        record = json.loads(self.gateway.call("reconcile", "--json").stdout)
        self.assertEqual((record["unaccounted"], len(record["uids"])), (1, 1))
        self.run_once()
        self.assert_accounted()

    def test_ingest_is_applied(self):
        path = self.sandbox.path("request.eml")
        self.request(person(1))
        with open(path, "wb") as f:
            f.write(self.post.letters(ROLES["gateway"])[0].raw)
        self.assertEqual(self.records("ingest", path), [{"stored": 1, "known": 0}])
        self.run_once()
        self.assertEqual([r["disposition"] for r in self.records("inbox")], ["applied", "duplicate"])
        self.assertEqual(self.states(), ["requested"])


if __name__ == "__main__":
    main()
