"""Test people and their request forms. Nobody here exists; identity numbers only satisfy the check-digit rule."""
import datetime
import io
import json

import openpyxl

# The fullest header seen in the field: two headings come twice and belong to the column group before them.
HEADER = ["Kimlik No", "Ad", "Soyad", "Doğum Tarihi", "Kurumsal E-posta", "Çalıştığı Kurum-Birim", "NES Bitim Tarihi",
          "Başvuru Türü", "Açıklama", "Yedek", "Akıllı Kart Okuyucu Türü", "Açıklama", "Yedek", "VPN veya Logon",
          "NES süresi", "Ödeme Şekli", "Not (Ek Bilgi)"]
FIRST, RENEWAL = 1, 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBERS = ["Sıfır", "Bir", "İki", "Üç", "Dört", "Beş", "Altı", "Yedi", "Sekiz", "Dokuz", "On"]


def tckn(n):
    """The n-th test number: nine digits beginning with 1, and the two check digits."""
    d = [int(c) for c in str(100000000 + n * 1111)]
    tenth = (7 * sum(d[0:9:2]) - sum(d[1:8:2])) % 10
    d.append(tenth)
    d.append(sum(d) % 10)
    return "".join(map(str, d))


def in_days(n):
    return (datetime.date.today() + datetime.timedelta(days=n)).strftime("%d.%m.%Y")


def person(n, kind=RENEWAL, expires=None, **changes):
    row = {"Kimlik No": tckn(n), "Ad": "Deneme", "Soyad": NUMBERS[n], "Doğum Tarihi": "%02d.02.1980" % n,
           "Kurumsal E-posta": "kisi%d@kurum.test" % n, "Çalıştığı Kurum-Birim": "Deneme Birimi",
           "NES Bitim Tarihi": expires if expires is not None else (in_days(40) if kind == RENEWAL else ""),
           "Başvuru Türü": kind, "Akıllı Kart Okuyucu Türü": 3 if kind == RENEWAL else 1, "NES süresi": 3,
           "Ödeme Şekli": "Kurum"}
    return {**row, **changes}


def form(people, header=HEADER, banner=True):
    """The spreadsheet as bytes. Banner rows stand above the header, as in real files."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sayfa1"
    if banner:
        sheet.append(["DENEME ÜNİVERSİTESİ NİTELİKLİ ELEKTRONİK SERTİFİKA TALEP FORMU"])
        sheet.append([])
    sheet.append(header)
    for p in people:
        sheet.append([p.get(h) for h in header])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_rows(data):
    """All rows of the first sheet as lists of text."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    return [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]


def mended(data, wrong, right):
    """The workbook with one value put right, as another program saves it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == wrong:
                cell.value = right
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def json_lines(text):
    """Records printed as an array or one a line."""
    text = text.strip()
    if text.startswith("["):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines()]
