#!/usr/bin/python3
"""A scripted submission server that misbehaves in one chosen way.

    hostile_smtp.py PKI tls|starttls|plain[+pipelining] MODE LOG

Prints its port (loopback), serves until it is killed (at most 60 s). LOG gets each line a client sends, with `plain` or `tls`
before it; message lines are counted, not logged: `mail N bytes` when the final dot was seen, `+ N more` when the client did not
wait for the answer to MAIL. MODE is `good`, a certificate's
name (cert-wrong, cert-stranger, cert-late), a word that this file asks self.mode for, or STAGE:ACTION:

    STAGE   greeting ehlo starttls auth mail rcpt data body dot
    ACTION  a code (451, 550, 421 …), close, silent, garbage, long, flood, multi
"""
import base64
import signal
import socket
import ssl
import sys
import time

CERTIFICATES = {"cert-wrong": "wrong", "cert-stranger": "stranger", "cert-late": "late"}


class Closed(Exception):
    pass


class Session:
    def __init__(self, sock, pki, security, mode, log, number):
        self.sock, self.pki, self.mode, self.log, self.number = sock, pki, mode, log, number
        self.security, _, self.pipelining = security.partition("+")
        self.secure = False
        self.buffer = b""
        self.mails = 0
        self.stage, _, self.action = mode.partition(":")

    def tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        name = CERTIFICATES.get(self.mode, "server")
        context.load_cert_chain("%s/%s.pem" % (self.pki, name), "%s/%s.key" % (self.pki, name))
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.secure = True

    def note(self, text):
        with open(self.log, "a") as f:
            f.write(text + "\n")

    def send(self, *lines):
        self.sock.sendall("".join(x + "\r\n" for x in lines).encode())

    def line(self):
        while b"\n" not in self.buffer:
            data = self.sock.recv(65536)
            if not data:
                raise Closed
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r")

    def misbehave(self, stage):
        """True when the stage's answer was given here."""
        if stage != self.stage:
            return False
        if self.action == "close":
            raise Closed
        if self.action == "silent":
            time.sleep(60)
        elif self.action == "garbage":
            self.sock.sendall(b"\x00\xff what is this\r\n\r\nhello\r\n")
        elif self.action == "long":
            self.sock.sendall(b"250 " + b"x" * 200000 + b"\r\n")
        elif self.action == "flood":
            while True:
                self.sock.sendall(b"250-and more\r\n" * 1000)
        elif self.action == "multi":
            self.send("550-5.7.1 the first line", "550-5.7.1 the second", "550 5.7.1 the last")
        else:
            self.send(self.action + " 4.0.0 as told" if self.action[0] == "4" else self.action + " 5.0.0 as told")
            if self.action == "421":
                raise Closed
        return True

    def run(self):
        if self.security == "tls":
            self.tls()
        if not self.misbehave("greeting"):
            self.send("220 hostile.example.test ESMTP")
        while True:
            line = self.line().decode("latin1")
            self.note("%s %s" % ("tls" if self.secure else "plain", line))
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb == "QUIT":
                self.send("221 bye")
                return
            getattr(self, "do_" + verb, self.unknown)(line)

    def unknown(self, line):
        self.send("500 unknown")

    def do_EHLO(self, line):
        if self.misbehave("ehlo"):
            return
        words = ["250-hostile", "250-SIZE 50000000"]
        if self.security == "starttls" and not self.secure and self.mode != "stripped":
            words.append("250-STARTTLS")
        if self.mode == "login-only":
            words.append("250-AUTH LOGIN")
        elif self.mode != "noauth":
            words.append("250-AUTH PLAIN LOGIN XOAUTH2 CRAM-MD5 NTLM")
        if self.pipelining:
            words.append("250-PIPELINING")
        self.send(*words, "250 8BITMIME")

    def do_HELO(self, line):
        self.send("250 hostile")

    def do_STARTTLS(self, line):
        if self.misbehave("starttls"):
            return
        if self.mode == "inject":
            self.send("220 go", "250-hostile", "250 AUTH PLAIN")
        else:
            self.send("220 go")
        self.tls()

    def do_AUTH(self, line):
        words = line.split(" ")
        if words[1] == "LOGIN":
            for prompt in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"):
                self.send("334 " + prompt)
                self.note("decoded %r" % base64.b64decode(self.line()))
        elif len(words) < 3:
            self.send("334 ")
            words.append(self.line().decode())
        if len(words) > 2:
            self.note("decoded %r" % base64.b64decode(words[2]))
        if not self.misbehave("auth"):
            self.send("235 welcome")

    def do_MAIL(self, line):
        if self.buffer:
            self.note("+ %d more" % self.buffer.count(b"\n"))
        if self.mode == "kept-421" and self.mails:
            self.send("421 enough for one session")
            raise Closed
        if not self.misbehave("mail"):
            self.send("250 ok")

    def do_RCPT(self, line):
        if not self.misbehave("rcpt"):
            self.send("250 ok")

    def do_DATA(self, line):
        if self.misbehave("data"):
            return
        self.send("354 go on")
        if self.stage == "body":
            self.sock.recv(1000)
            if self.misbehave("body"):
                raise Closed
        size = 0
        while True:
            line = self.line()
            if line == b".":
                break
            size += len(line) + 2 - line.startswith(b".")
        self.mails += 1
        self.note("mail %d bytes" % size)
        if self.misbehave("dot"):
            return
        self.send("250 2.0.0 queued as %d" % self.mails)
        if self.mode == "kept-close":
            raise Closed

    def do_RSET(self, line):
        self.send("250 ok")


def main():
    signal.alarm(60)
    pki, security, mode, log = sys.argv[1:5]
    with open(log, "a"):
        pass
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    number = 0
    while True:
        sock, _ = listener.accept()
        number += 1
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session = Session(sock, pki, security, mode, log, number)
        session.note("session %d" % number)
        try:
            session.run()
        except (Closed, OSError):
            pass
        finally:
            session.sock.close()


main()
