"""An officer's card: keys and certificates made for a test, and the three shapes of signed files. By the openssl program, which
shares nothing with the gateway but its library."""
import os
import subprocess


class Card:
    def __init__(self, folder, name, days=365, issuer=None):
        self.folder, self.name = folder, name
        os.makedirs(folder, exist_ok=True)
        self.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.path("key"))
        subject = "/CN=Deneme %s" % name
        if issuer:
            self.run("req", "-new", "-key", self.path("key"), "-subj", subject, "-out", self.path("csr"))
            self.run("x509", "-req", "-in", self.path("csr"), "-CA", issuer.path("pem"), "-CAkey", issuer.path("key"), "-set_serial", "7",
                     "-days", str(days), "-out", self.path("pem"))
        else:
            # A self-signed one may be over from the start only by the x509 command.
            self.run("req", "-new", "-key", self.path("key"), "-subj", subject, "-out", self.path("csr"))
            self.run("x509", "-req", "-in", self.path("csr"), "-signkey", self.path("key"), "-days", str(days), "-out", self.path("pem"))

    def path(self, ending):
        return os.path.join(self.folder, "%s.%s" % (self.name, ending))

    def run(self, *arguments, data=None):
        p = subprocess.run(["openssl", *arguments], input=data, capture_output=True)
        if p.returncode:
            raise AssertionError("openssl %s: %s" % (arguments[0], p.stderr.decode(errors="replace")))
        return p.stdout

    def detached(self, data, digest="sha256"):
        return self.run("cms", "-sign", "-binary", "-md", digest, "-signer", self.path("pem"), "-inkey", self.path("key"), "-outform",
                        "DER", data=data)

    def enveloping(self, data, digest="sha256"):
        return self.run("cms", "-sign", "-binary", "-nodetach", "-md", digest, "-signer", self.path("pem"), "-inkey", self.path("key"),
                        "-outform", "DER", data=data)

    def pdf(self, data, name="liste.xlsx"):
        """A PDF with `data` attached inside of it, signed as a whole (PAdES, basic)."""
        room = 8192
        out, offsets = bytearray(b"%PDF-1.7\n"), {}

        def add(number, text):
            offsets[number] = len(out)
            out.extend(b"%d 0 obj\n" % number + text + b"\nendobj\n")

        add(1, b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(%s) 4 0 R]>>>>"
               b"/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>" % name.encode())
        add(2, b"<</Type/Pages/Count 1/Kids[3 0 R]>>")
        add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[6 0 R]>>")
        add(4, b"<</Type/Filespec/F(%s)/EF<</F 5 0 R>>>>" % name.encode())
        add(5, b"<</Type/EmbeddedFile/Length %d>>stream\n" % len(data) + data + b"\nendstream")
        add(6, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[0 0 0 0]/V 7 0 R>>")
        gap = b"%010d"
        add(7, b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 " + b" ".join([gap % 0] * 3) +
            b"]/Contents<" + b"0" * room + b">>>")
        xref = len(out)
        out += b"xref\n0 8\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offsets[n] for n in range(1, 8))
        out += b"trailer<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % xref
        start = out.index(b"/Contents<", offsets[7]) + len(b"/Contents")
        end = start + room + 2
        numbers = out.index(b"/ByteRange[0 ", offsets[7]) + len(b"/ByteRange[0 ")
        out[numbers:numbers + 32] = b"%010d %010d %010d" % (start, end, len(out) - end)
        signature = self.detached(bytes(out[:start] + out[end:])).hex().encode()
        out[start + 1:start + 1 + len(signature)] = signature
        return bytes(out)
