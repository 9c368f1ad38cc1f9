#!/usr/bin/python3
"""A seeded load: request mails with an .xlsx of five test people, and notices. Writes OUT/Maildir/new and OUT/manifest.jsonl.

    load.py OUT [--requests N] [--notices N] [--seed N]
"""
import argparse
import email.policy
import io
import json
import os
import random
from email.message import EmailMessage

import openpyxl

HEAD = ["T.C. Kimlik No", "Adı", "Soyadı", "E-posta", "Cep Telefonu", "Birim", "Unvan"]
WORDS = "başvuru sertifika imza kurum personel belge işlem güvenlik ekte gönderilen çalışma değişiklik öğrenci ğüşıöç IĞDIR".split()
NUMBERS = "Bir İki Üç Dört Beş Altı Yedi Sekiz Dokuz".split()
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def tckn(r):
    d = [r.randint(1, 9)] + [r.randint(0, 9) for _ in range(8)]
    d.append((sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10)
    return "".join(map(str, d)) + str(sum(d) % 10)


def person(r, domain):
    return [tckn(r), "Deneme", r.choice(NUMBERS), "kisi%d@%s" % (r.randint(1, 999999), domain),
            "+90 555 %03d %02d %02d" % (r.randint(0, 999), r.randint(0, 99), r.randint(0, 99)), "Deneme Birimi", "Memur"]


def sheet(rows):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def prose(r, size):
    return "\n".join(" ".join(r.choice(WORDS) for _ in range(10)) for _ in range(size // 80 + 1)) + "\n"


def mail(r, n, kind):
    domain = "kurum-%02d.test" % r.randint(0, 39)
    m = EmailMessage(policy=email.policy.SMTP.clone(linesep="\n"))
    m["From"] = "amir%d@%s" % (r.randint(1, 99), domain)
    m["To"] = "nesgate@kurum.test"
    m["Message-ID"] = "<%08x.%d.%s@%s>" % (r.getrandbits(32), n, kind, domain)
    m["Date"] = "Mon, 04 Mar 2024 09:00:00 +0300"
    m["Subject"] = "Sertifika talebi" if kind == "request" else "Sistem bildirimi: işlem tamamlandı"
    text = prose(r, int(4000 * 8 ** r.random()))
    m.set_content(text, charset=r.choice(["utf-8", "iso-8859-9"]), cte=r.choice(["quoted-printable", "base64"]))
    meta = dict(kind=kind, mid=m["Message-ID"], sender=m["From"], subject=m["Subject"])
    if kind == "request":
        meta["rows"] = [person(r, domain) for _ in range(5)]
        m.add_attachment(sheet(meta["rows"]), maintype=XLSX[0], subtype=XLSX[1], filename="Başvuru_%d.xlsx" % n)
    return m.as_bytes(), meta


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("out")
    ap.add_argument("--requests", type=int, default=2000)
    ap.add_argument("--notices", type=int, default=8000)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    new = os.path.join(a.out, "Maildir", "new")
    os.makedirs(new)
    kinds = ["request"] * a.requests + ["notice"] * a.notices
    random.Random(a.seed).shuffle(kinds)
    with open(os.path.join(a.out, "manifest.jsonl"), "w", encoding="utf-8") as out:
        for n, kind in enumerate(kinds):
            raw, meta = mail(random.Random("%d/%d" % (a.seed, n)), n, kind)
            name = "%d.M%07d.load" % (1700000000 + n, n)
            with open(os.path.join(new, name), "wb") as f:
                f.write(raw)
            out.write(json.dumps(dict(file=name, **meta), ensure_ascii=False) + "\n")


main()
