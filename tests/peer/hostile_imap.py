#!/usr/bin/python3
"""A scripted IMAP server that misbehaves in one chosen way.

    hostile_imap.py PKI tls|starttls MODE LOG

Prints its port (loopback), serves until it is killed (at most 60 s), and writes each line a client sends to LOG, with `plain` or
`tls` before it. PKI is a folder made by tests/pki/make. The modes are the words that this file asks self.mode for, the
fetch_ methods, the keys of CERTIFICATES, and `good`.
"""
import base64
import signal
import socket
import ssl
import sys
import time

CERTIFICATES = {"cert-wrong": "wrong", "cert-stranger": "stranger", "cert-late": "late", "cert-partial": "partial"}
MAILS = {5: b"Subject: five\r\n\r\nbody five\r\n", 6: b"Subject: six\r\n\r\nbody {99999999}\r\n((((((((\"\r\n",
         7: b"Subject: seven\r\n\r\n" + b"x" * 70000 + b"\r\n", 9: b""}


class Closed(Exception):
    pass


class Session:
    def __init__(self, sock, pki, security, mode, log):
        self.sock, self.pki, self.security, self.mode, self.log = sock, pki, security, mode, log
        self.secure = False
        self.buffer = b""
        self.mails = dict(MAILS)
        self.idles = 0

    def tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.mode == "tls11":
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        name = CERTIFICATES.get(self.mode, "server")
        context.load_cert_chain("%s/%s.pem" % (self.pki, name), "%s/%s.key" % (self.pki, name))
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.secure = True

    def send(self, *lines):
        self.sock.sendall(b"".join((x if isinstance(x, bytes) else x.encode()) + b"\r\n" for x in lines))

    def raw(self, data):
        self.sock.sendall(data)

    def line(self):
        while b"\n" not in self.buffer:
            data = self.sock.recv(65536)
            if not data:
                raise Closed
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        line = line.rstrip(b"\r").decode("latin1")
        with open(self.log, "a") as f:
            f.write("%s %s\n" % ("tls" if self.secure else "plain", line))
        return line

    def capability(self):
        words = ["IMAP4rev1", "UIDPLUS"]
        if not self.secure and self.mode != "stripped":
            words.append("STARTTLS")
        if self.secure and self.mode != "nothing" and not self.mode.startswith("login-only"):
            words += ["AUTH=PLAIN", "AUTH=XOAUTH2"]
        if self.mode == "nothing":
            words.append("LOGINDISABLED")
        if self.mode != "noidle":
            words.append("IDLE")
        if self.mode != "nomove":
            words.append("MOVE")
        return " ".join(words)

    def run(self):
        if self.mode == "silent":
            time.sleep(60)
        if self.security == "tls":
            self.tls()
        if self.mode == "bye":
            self.send("* BYE too many sessions")
            return
        if self.mode == "garbage":
            self.raw(b"\x16\x03\x01SSH-2.0-hello\r\n" * 3)
            return
        self.send("* PREAUTH welcome" if self.mode == "preauth" else "* OK ready")
        while True:
            words = self.line().split(" ", 2)
            if len(words) < 2:
                continue
            tag, verb, rest = words[0], words[1].upper(), words[2] if len(words) > 2 else ""
            if verb == "UID":
                verb, _, rest = rest.partition(" ")
                verb = "UID_" + verb.upper()
            if verb == "LOGOUT":
                self.send("* BYE", tag + " OK bye")
                return
            getattr(self, "do_" + verb, self.unknown)(tag, rest)

    def unknown(self, tag, rest):
        self.send(tag + " BAD unknown")

    def do_CAPABILITY(self, tag, rest):
        if self.mode == "cap-empty":
            return self.send(tag + " OK nothing")
        if self.mode == "flood":
            while True:
                self.raw(b"* OK still here and still talking\r\n" * 2000)
        if self.mode == "longline":
            self.raw(b"* CAPABILITY ")
            while True:
                self.raw(b"X" * 65536)
        self.send("* CAPABILITY " + self.capability(), tag + " OK done")

    def do_STARTTLS(self, tag, rest):
        if self.mode == "inject":
            return self.send(tag + " OK go", "* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        if self.mode == "starttls-no":
            return self.send(tag + " NO not today")
        self.send(tag + " OK go")
        self.tls()

    def login_answer(self, tag):
        answers = {"no": " NO [AUTHENTICATIONFAILED] wrong", "later": " NO [UNAVAILABLE] the list is away", "plain-no": " NO go away"}
        if self.mode == "login-bye":
            self.send("* BYE the list is away")
            raise Closed
        self.send(tag + answers.get(self.mode.replace("only-", "").replace("login-", ""), " OK welcome"))

    def do_LOGIN(self, tag, rest):
        self.login_answer(tag)

    def do_AUTHENTICATE(self, tag, rest):
        if rest == "PLAIN":
            self.send("+ ")
            with open(self.log, "a") as f:
                f.write("decoded %r\n" % base64.b64decode(self.line()))
        elif self.mode == "login-no":
            self.send("+ " + base64.b64encode(b'{"status":"401"}').decode())
            self.line()
        self.login_answer(tag)

    def do_SELECT(self, tag, rest):
        if "Missing" in rest:
            return self.send(tag + " NO no such folder")
        flags = {"nokeywords": "(\\Seen)", "nostore": "()"}.get(self.mode, "(\\Seen \\*)")
        self.send("* FLAGS (\\Seen)", "* %d EXISTS" % len(self.mails), "* OK [PERMANENTFLAGS %s] kept" % flags,
                  "* OK [UIDVALIDITY 42] valid", "* OK [UIDNEXT 10] next", tag + " OK [READ-WRITE] selected")

    def uids(self, rest):
        asked = set()
        for item in rest.split(" ")[0].split(","):
            low, _, high = item.partition(":")
            top = max(self.mails) if high == "*" else int(high or low)
            asked |= {u for u in self.mails if min(int(low), top) <= u <= max(int(low), top)}
        return sorted(asked)

    def do_UID_FETCH(self, tag, rest):
        hostile = getattr(self, "fetch_" + self.mode.replace("-", "_"), None)
        if hostile and "BODY" in rest:
            return hostile(tag, rest)
        for uid in self.uids(rest):
            self.fetch_one(uid, rest)
        if self.mode == "late-exists" and "RFC822.SIZE" in rest and len(self.mails) == len(MAILS):
            self.mails[12] = b"Subject: twelve\r\n\r\n"
            self.send("* %d EXISTS" % len(self.mails))
        self.send(tag + " OK done")

    def do_UID_SEARCH(self, tag, rest):
        uids = self.uids(rest.removeprefix("UID "))
        self.send("* SEARCH " + " ".join(map(str, reversed(uids))))  # in any order (RFC 3501 7.2.5)
        self.send(tag + " OK done")

    def fetch_one(self, uid, rest):
        number = sorted(self.mails).index(uid) + 1
        mail = self.mails[uid]
        if "BODY" not in rest:
            return self.send("* %d FETCH (UID %d RFC822.SIZE %d)" % (number, uid, len(mail)))
        section = "BODY[HEADER]" if "HEADER" in rest else "BODY[]"
        if "HEADER" in rest:
            mail = mail.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if mail else b""
        if uid == 6:  # servers may give the UID behind the body
            head, tail = "* %d FETCH (%s {%d}\r\n" % (number, section, len(mail)), " UID 6)\r\n"
        else:
            head, tail = "* %d FETCH (UID %d %s {%d}\r\n" % (number, uid, section, len(mail)), ")\r\n"
        self.raw(head.encode() + mail + tail.encode())

    def fetch_eof(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 BODY[] {1000}\r\nhalf of it")
        raise Closed

    def fetch_eof_after_one(self, tag, rest):
        self.fetch_one(5, rest)
        self.fetch_eof(tag, rest)

    def fetch_hang(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 BODY[] {1000}\r\nhalf of it")
        time.sleep(60)

    def fetch_drip(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 BODY[] {100000}\r\n")
        while True:
            self.raw(b"x")
            time.sleep(0.05)

    def fetch_huge(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 BODY[] {4294967290}\r\n")
        while True:
            self.raw(b"x" * 65536)

    def fetch_wrap(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 BODY[] {18446744073709551620}\r\nxxxx)\r\n")
        self.send(tag + " OK done")

    def fetch_nest(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 BODYSTRUCTURE " + b"(" * 60000 + b"\r\n")
        self.raw(b"* 1 FETCH (UID 5 BODYSTRUCTURE " + (b"(" * 30000 + b"\"TEXT\" {1}\r\nx") * 20)
        time.sleep(60)

    def fetch_more(self, tag, rest):
        while True:
            self.raw(b"* 1 FETCH (UID 5 BODY[] {60000}\r\n" + b"x" * 60000 + b")\r\n")

    def fetch_nul(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 \0 BODY[] {4}\r\nabcd)\r\n")
        self.send(tag + " OK done")

    def fetch_unasked(self, tag, rest):
        self.raw(b"* 9 FETCH (UID 4000 BODY[] {4}\r\nabcd)\r\n")
        self.fetch_one(5, rest)
        self.send(tag + " OK done")

    def fetch_nil(self, tag, rest):
        self.raw(b"* 1 FETCH (UID 5 BODY[] NIL)\r\n")
        self.fetch_one(7, rest)
        self.send(tag + " OK done")

    def fetch_expunged(self, tag, rest):
        self.fetch_one(5, rest)
        self.send(tag + " NO [EXPUNGEISSUED] some are gone")

    def fetch_one_no(self, tag, rest):
        """Mail 6 cannot be read; what was read before it is given."""
        for uid in self.uids(rest):
            if uid == 6 and "HEADER" not in rest:
                return self.send(tag + " NO [SERVERBUG] internal error")
            self.fetch_one(uid, rest)
        self.send(tag + " OK done")

    def fetch_all_no(self, tag, rest):
        self.send(tag + " NO out of order")

    def fetch_bad(self, tag, rest):
        self.send(tag + " BAD what")

    def fetch_away(self, tag, rest):
        self.send(tag + " NO [UNAVAILABLE] the store is away")

    def fetch_mid_bye(self, tag, rest):
        self.send("* BYE going down")
        raise Closed

    def fetch_bye_hang(self, tag, rest):
        self.send("* BYE going down")
        time.sleep(60)

    def fetch_other_tag(self, tag, rest):
        self.send("zzz OK done")
        time.sleep(60)

    def do_UID_STORE(self, tag, rest):
        self.send(tag + (" NO it cannot" if self.mode == "nostore" else " OK done"))

    def do_UID_MOVE(self, tag, rest):
        if not getattr(self, "made", False):
            return self.send(tag + " NO [TRYCREATE] no such folder")
        for uid in reversed(self.uids(rest)):
            self.send("* %d EXPUNGE" % (sorted(self.mails).index(uid) + 1))
            del self.mails[uid]
        self.send(tag + " OK moved")

    def do_UID_COPY(self, tag, rest):
        self.send(tag + (" OK copied" if getattr(self, "made", False) else " NO [TRYCREATE] no such folder"))

    def do_CREATE(self, tag, rest):
        self.made = self.mode != "nocreate"
        self.send(tag + (" OK made" if self.made else " NO denied"))

    def do_NOOP(self, tag, rest):
        self.idles += 1
        if self.mode == "noidle" and self.idles == 1:
            self.send("* %d EXISTS" % (len(self.mails) + 1))
        self.send(tag + " OK done")

    def do_IDLE(self, tag, rest):
        self.idles += 1
        count = len(self.mails) + 1
        if self.mode == "exists-before":
            self.send("* %d EXISTS" % count)
            time.sleep(0.2)
            self.send("+ idling")
        elif self.mode == "exists-same":
            self.send("+ idling", "* %d EXISTS" % count)
        elif self.mode == "exists-repeat":
            self.send("+ idling", "* %d EXISTS" % len(self.mails), "* OK still here")
        elif self.mode == "exists-later":
            self.send("+ idling")
            time.sleep(0.3)
            self.send("* %d EXISTS" % count)
        elif self.mode == "idle-bye":
            self.send("+ idling", "* BYE idle for too long")
            return
        elif self.mode == "idle-no":
            return self.send(tag + " NO no idling here")
        elif self.mode == "idle-eof":
            self.send("+ idling")
            raise Closed
        else:
            self.send("+ idling")
        while self.line().upper() != "DONE":
            pass
        self.send(tag + " OK done")


def main():
    signal.alarm(60)
    pki, security, mode, log = sys.argv[1:5]
    with open(log, "a"):
        pass
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session = Session(sock, pki, security, mode, log)
        try:
            session.run()
        except (Closed, OSError):
            pass
        finally:
            session.sock.close()


main()
