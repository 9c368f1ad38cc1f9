#!/usr/bin/python3
"""The storyline of tests/lib/road.py on the real servers, in several ways to connect and to sign."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flowcase import FlowCase, main  # noqa: E402
from road import Road  # noqa: E402


class RoadTest(FlowCase):
    def walk(self, **settings):
        self.gateway.config = self.configuration(**settings)
        self.gateway.run()
        Road(self.sandbox, self.gateway).walk()
        status, took = self.gateway.stop()
        self.assertEqual(status, 0)
        self.assertLess(took, 3, "SIGTERM took %.1f seconds" % took)

    def test_tls_password_rsa(self):
        self.walk()

    def test_starttls_smtps_ec(self):
        self.walk(imap__port=self.sandbox.port("IMAP"), imap__security='"starttls"', smtp__port=self.sandbox.port("SMTPS"),
                  smtp__security='"tls"', sign__certificate='"pki/gateway-ec.pem"', sign__key='"pki/gateway-ec.key"')

    def test_token_and_move(self):
        self.walk(imap__password_file=None, imap__token_file='"secrets/token"', smtp__password_file=None,
                  smtp__token_file='"secrets/token"', imap__done='"move"')
        moved = self.post.letters(self.sandbox.env.get("", "nesgate@kurum.test"), "nesgate-done")
        self.assertTrue(moved, "imap.done = move, but nothing lies in the done folder")

    def test_the_server_is_told_nothing(self):
        self.walk(imap__done='"nothing"')
        for letter in self.post.letters("nesgate@kurum.test"):
            self.assertEqual([f for f in letter.flags if f != "\\Recent"], [], "a flag was set")

    def test_done_is_a_keyword_and_never_seen(self):
        self.walk()
        for letter in self.post.letters("nesgate@kurum.test"):
            self.assertNotIn("\\Seen", letter.flags)
            self.assertTrue([f for f in letter.flags if f.startswith("$")], "no keyword: %s" % (letter.flags,))


if __name__ == "__main__":
    main()
