#!/usr/bin/python3
"""Mails that the server does not give: they wait for a person, and hold up no other."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from sandbox import ROOT  # noqa: E402


class RefusedTest(FlowCase):
    def ledger(self, mode):
        """What the ledger says after one run against tests/peer/hostile_imap.py: UID → (disposition, reason, withheld)."""
        peer = subprocess.Popen([sys.executable, os.path.join(ROOT, "tests/peer/hostile_imap.py"), self.sandbox.path("pki"), "tls", mode,
                                 self.sandbox.path("peer.log")], stdout=subprocess.PIPE, text=True)
        self.addCleanup(peer.stdout.close)
        self.addCleanup(peer.wait)
        self.addCleanup(peer.kill)
        self.gateway.config = self.configuration(imap__host='"localhost"', imap__port=int(peer.stdout.readline()))
        self.run_once()
        return {r["uid"]: (r["disposition"], r["reason"], r["withheld"]) for r in self.gateway.records("inbox")}

    def test_one_mail(self):
        rows = self.ledger("one-no")
        self.assertEqual(sorted(rows), [5, 6, 7, 9])
        self.assertEqual(rows[6], ("waits_for_person", "withheld", True))
        self.assertEqual([uid for uid in rows if rows[uid][2]], [6])
        self.assertEqual([r["subject"] for r in self.gateway.records("inbox") if r["uid"] == 6], ["six"], "its header is kept")
        self.assertIn("withheld", self.gateway.call("status").stdout)

    def test_not_even_headers(self):
        rows = self.ledger("all-no")
        self.assertEqual(rows, dict.fromkeys((5, 6, 7, 9), ("waits_for_person", "withheld", True)))


if __name__ == "__main__":
    main()
