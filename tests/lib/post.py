"""Mail as the people of the play send and read it: submission with a login, mail from outside, mailboxes, replies."""
import email
import email.policy
import email.utils
import imaplib
import re
import smtplib
import ssl
import time
from email.message import EmailMessage

from sandbox import ROLES

PATIENCE = 15


class NoLetter(Exception):
    """A letter that should have come did not."""


class Letter:
    """A mail as it lies in a mailbox."""

    def __init__(self, raw, uid=0, flags=()):
        self.raw, self.uid, self.flags = raw, uid, flags
        self.message = email.message_from_bytes(raw, policy=email.policy.default)
        self.subject = str(self.message["Subject"] or "")
        self.sender = email.utils.parseaddr(str(self.message["From"] or ""))[1]
        self.id = str(self.message["Message-ID"] or "").strip()

    def part(self, kind):
        for p in self.message.walk():
            if p.get_content_type() == kind and not p.is_attachment():
                return p.get_content()
        return ""

    @property
    def text(self):
        return self.part("text/plain")

    @property
    def html(self):
        return self.part("text/html")

    @property
    def files(self):
        return {p.get_filename(): p.get_payload(decode=True) for p in self.message.walk() if p.get_filename()
                and p.get_content_type() != "application/pkcs7-signature"}

    @property
    def token(self):
        found = re.search(r"\[(NG-[^\]]+)\]", self.subject)
        return found and found.group(1)


class Post:
    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.tls = ssl.create_default_context(cafile=sandbox.path("pki", "ca.pem"))
        self.watch = lambda: None  # raises when waiting has become pointless

    # -- sending --------------------------------------------------------------------------------------------------

    def submit(self, message, sender=None, to=None):
        """As a person of the institution: with the login of the sender."""
        raw, sender, to = self.envelope(message, sender, to)
        with smtplib.SMTP(self.sandbox.env["HOST"], self.sandbox.port("SUBMISSION"), timeout=10) as s:
            s.starttls(context=self.tls)
            s.login(sender, self.sandbox.password)
            s.sendmail(sender, to, raw, mail_options=["SMTPUTF8"] if not sender.isascii() else [])

    def from_outside(self, message, sender=None, to=None):
        """As the rest of the world: no login; only KAMU SM's domain passes the check of our mail server."""
        raw, sender, to = self.envelope(message, sender, to)
        with smtplib.SMTP(self.sandbox.env["HOST"], self.sandbox.port("OUTSIDE"), timeout=10) as s:
            s.sendmail(sender, to, raw)

    @staticmethod
    def envelope(message, sender, to):
        parsed = message if isinstance(message, EmailMessage) else email.message_from_bytes(message)
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=email.policy.SMTP)
        if to is None:
            to = [a for _, a in email.utils.getaddresses([str(v) for h in ("To", "Cc") for v in parsed.get_all(h, [])])]
        return raw, sender or email.utils.parseaddr(str(parsed["From"]))[1], to

    # -- reading --------------------------------------------------------------------------------------------------

    def mailbox(self, user):
        box = imaplib.IMAP4_SSL(self.sandbox.env["HOST"], self.sandbox.port("IMAPS"), ssl_context=self.tls, timeout=10)
        box.login(user, self.sandbox.password)
        return box

    def letters(self, user, folder="INBOX"):
        with self.mailbox(user) as box:
            status, _ = box.select('"%s"' % folder, readonly=True)
            if status != "OK":
                return []
            out = []
            status, answer = box.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")
            for piece in answer:
                if isinstance(piece, tuple):
                    uid = int(re.search(rb"UID (\d+)", piece[0]).group(1))
                    flags = re.search(rb"FLAGS \(([^)]*)\)", piece[0])
                    out.append(Letter(piece[1], uid, flags.group(1).decode().split() if flags else ()))
            return out

    def wait(self, user, wanted=lambda letter: True, what="a letter", seconds=PATIENCE, after=()):
        """The first letter that `wanted` accepts and that is not in `after` (Message-IDs)."""
        end = time.monotonic() + seconds
        while True:
            for letter in self.letters(user):
                if letter.id not in after and wanted(letter):
                    return letter
            self.watch()
            if time.monotonic() > end:
                raise NoLetter("%s did not reach %s within %d seconds" % (what, user, seconds))
            time.sleep(0.1)


def mail(sender, to, subject, text, cc=None, files=(), **headers):
    """`files`: (name, bytes, "type/subtype") each."""
    m = EmailMessage()
    m["From"], m["To"], m["Subject"] = sender, to, subject
    if cc:
        m["Cc"] = cc
    m["Date"] = email.utils.localtime()
    m["Message-ID"] = email.utils.make_msgid(domain=email.utils.parseaddr(sender)[1].rpartition("@")[2])
    for name, value in headers.items():
        m[name.replace("_", "-")] = value
    m.set_content(text, cte="base64")
    for name, data, kind in files:
        maintype, _, subtype = kind.partition("/")
        m.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return m


def request_mail(xlsx, subject="E-imza talep formu", manager=ROLES["manager"], name="Talep_Formu_v2.xlsx"):
    from people import XLSX
    return mail("Deneme Amir <%s>" % manager, ROLES["gateway"], subject,
                "Merhaba,\n\nBirimimizin elektronik imza talep formu ektedir.\n\nİyi çalışmalar\n", files=[(name, xlsx, XLSX)])


def outlook_reply(letter, sender, answer, subject=None, name="Deneme"):
    """A reply as Outlook writes it: own words, a rule line, the head of the letter and all of its text."""
    quoted = ("\n\n________________________________\nGönderen: %s\nGönderildi: %s\nKime: %s\nKonu: %s\n\n%s" %
              (letter.message["From"], letter.message["Date"], letter.message["To"], letter.subject, letter.text))
    reply_to = str(letter.message["Reply-To"] or letter.message["From"])
    return mail("%s <%s>" % (name, sender), reply_to, subject or "YNT: " + letter.subject, answer + quoted, In_Reply_To=letter.id,
                References=(str(letter.message["References"] or "") + " " + letter.id).strip())


def ca_notice(applicant, name, text, subject):
    """A notice as KAMU SM might write it; no real sample is public, and it says so itself."""
    return mail("KAMU SM (deneme) <%s>" % ROLES["notices"], applicant, subject,
                "[Bu ileti deneme için üretilmiştir; KAMU SM tarafından gönderilmemiştir.]\n\nSayın %s,\n\n%s\n" % (name, text),
                cc=ROLES["gateway"], Auto_Submitted="auto-generated")


def opened_notice(applicant, name):
    return ca_notice(applicant, name, "Nitelikli elektronik sertifika ön başvurunuz yapılmıştır. Online İşlemler sayfasında NES > "
                     "Bireysel İşlemler > Başvuru İşlemleri > Başvurularım adımından Nitelikli Elektronik Sertifika Başvuru "
                     "Formunuzu doldurunuz.", "NES ön başvurunuz açıldı")
