#!/usr/bin/python3
"""The rules of the house, held by a machine. Each rule is a function that yields (place, sentence).

A rule that nothing holds drifts; a rule that is not here is not a rule. Run by `make lint` and `make test`.
"""
import glob
import os
import re
import subprocess
import sys

BUILD = os.environ.get("BUILD", "build")
ROOMS = ("parsers", "queue", "templates", "gateway")
MAY_INCLUDE = {
    "parsers": ("parsers/",),
    "templates": ("templates/",),
    "queue": ("queue/", "parsers/facts.h"),
    "gateway": ("gateway/", "parsers/", "queue/", "templates/"),
}
# One foreign library lives behind these files only. GLib is the floor and not listed.
LIBRARIES = {
    r"libetpan/": ("gateway/imap.c", "gateway/imap_session.h"),  # the one header that imap_*.c share
    r"curl/": ("gateway/smtp_session.c",),
    r"openssl/": ("gateway/tls.c", "gateway/keys.c", "gateway/keys.h", "gateway/signer.c", "gateway/smime.c",
                  "gateway/smime_file.c", "queue/digest.c"),  # GLib's SHA-256 takes longer than all else that is done with a mail
    r"sqlite3\.h": ("queue/sql.c", "queue/db.c"),
    r"gmime/": ("parsers/mime.c",),  # reading; what GMime writes is not what RFC 2047 and S/MIME want (docs/LIBRARIES.md)
    r"libxml/": ("parsers/html_text.c", "parsers/sheet_html.c", "parsers/xml.c"),
    r"poppler\.h": ("parsers/doc_pdf.c",),
    r"zip\.h": ("parsers/unzip.c",),
    r"jansson\.h": ("gateway/table.c",),
    r"libconfig\.h": ("gateway/config.c",),
    r"xlsxwriter\.h": ("gateway/sheet.c",),
    r"seccomp\.h": ("gateway/cage.c",),
}
# Symbols that would let a pure room see the world: files, network, clock, processes, the database.
IMPURE = re.compile(r"^(open|openat|fopen|fopen64|open64|creat|unlink|rename|mkdir|socket|connect|bind|listen|"
                    r"accept|send|sendto|recv|time|gettimeofday|clock_gettime|localtime|localtime_r|gmtime|"
                    r"fork|vfork|execv\w*|system|popen|getenv|setenv|setlocale|rand|random|srand|"
                    r"g_file_\w+|g_get_real_time|g_get_monotonic_time|g_date_time_new_now\w*|g_getenv|g_random_\w+|"
                    r"g_spawn_\w+|g_socket_\w+|sqlite3_\w+|curl_\w+)$")
BANNED = {
    r"\bstrcasecmp\s*\(|\bstrncasecmp\s*\(": "case is ASCII (g_ascii_…) or Turkish (parsers/fold)",
    r"(?<![\w_])(?<!g_ascii_)(?<!g_uni)(?<!g_unichar_)(tolower|toupper)\s*\(": "case is ASCII (g_ascii_…) or Turkish (parsers/fold)",
    r"\bsetlocale\s*\(": "the locale never decides anything here",
    r"\bstrftime\s*\(|\blocaltime(_r)?\s*\(|\bmktime\s*\(": "time goes through gateway/clock",
    r"\bstrcpy\s*\(|\bstrcat\s*\(|\bsprintf\s*\(|\bstrtok\s*\(|\bgets\s*\(": "unbounded",
    r"\bPKCS7_\w+\s*\(": "S/MIME goes by CMS_* only",
    r"\berr[0-9]+:": "no numbered labels",
}
TURKISH = re.compile("[çğıöşüÇĞİÖŞÜ]")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b|[Nn]ot implemented")
FILE_LINES, HEADER_LINES, FUNCTION_LINES, PARAMETERS, COLUMNS = 500, 100, 60, 5, 120


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def sources(*endings):
    return sorted(p for r in ROOMS for e in endings for p in glob.glob(f"{r}/**/*{e}", recursive=True))


def code_lines(path):
    """Lines without comments and with string contents blanked, to look at code alone."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), read(path), flags=re.S)
    text = re.sub(r'"(\\.|[^"\\\n])*"', '""', text)
    return [re.sub(r"//.*", "", line) for line in text.split("\n")]


def arrows():
    for path in sources(".c", ".h", ".def"):
        room = path.split("/")[0]
        for n, line in enumerate(read(path).split("\n"), 1):
            m = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if m and not m.group(1).startswith(MAY_INCLUDE[room]):
                yield f"{path}:{n}", f"{room} may not include {m.group(1)}"


def libraries():
    for path in sources(".c", ".h"):
        for n, line in enumerate(read(path).split("\n"), 1):
            m = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
            if not m:
                continue
            for pattern, homes in LIBRARIES.items():
                if re.match(pattern, m.group(1)) and path not in homes:
                    yield f"{path}:{n}", f"<{m.group(1)}> lives behind {', '.join(homes)}"


def symbols(path, kind):
    out = subprocess.run(["nm", kind, path], capture_output=True, text=True, check=True).stdout
    return [line.split()[-1] for line in out.split("\n") if line.strip()]


def objects(room):
    for path in sorted(glob.glob(f"{room}/*.c")):
        obj = f"{BUILD}/obj/{path[:-2]}.o"
        if os.path.exists(obj):
            yield path, obj


def purity():
    for room in ("parsers", "templates"):
        for path, obj in objects(room):
            for s in symbols(obj, "-u"):
                s = s.split("@")[0]
                if IMPURE.match(s):
                    yield path, f"{room} is pure, but calls {s}"


def prefixes():
    for room in ROOMS:
        for path, obj in objects(room):
            name = os.path.basename(path)[:-2]
            allowed = PREFIXES.get(path, (name,))
            out = subprocess.run(["nm", "-g", "--defined-only", obj], capture_output=True, text=True, check=True).stdout
            for line in out.split("\n"):
                s = line.split()[-1] if line.strip() else ""
                if s and s != "main" and not s.startswith("__") and not s.startswith(allowed):
                    yield path, f"exports {s}; its names begin with {' or '.join(allowed)}"


# Functions whose shape a library prescribes.
CALLBACKS = ("on_open",)

def hidden():
    """An exported name of ours takes the place of the same name inside a library: libetpan called our encode_base64."""
    program = f"{BUILD}/nesgate"
    if not os.path.exists(program):
        return
    out = subprocess.run(["nm", "-D", "--defined-only", program], capture_output=True, text=True, check=True).stdout
    for line in out.split("\n"):
        m = re.match(r"\S+ T (\w+)", line)  # data are copies of the libraries' own
        if m and not m.group(1).startswith("_"):
            yield "Makefile", f"the program exports {m.group(1)}"


# Files whose public struct has its own word beside the file's name.
PREFIXES = {
    "gateway/smime.c": ("smime", "anchors"),
    "gateway/duty.c": ("duty", "backoff"),
    "queue/error.c": ("error", "queue_error"),
    "gateway/error.c": ("error", "net_error"),
    "templates/catalog.c": ("catalog", "template_error", "letter_text"),
    "parsers/read.c": ("reader", "read"),
    "parsers/form.c": ("form", "headings"),
}


def banned():
    for path in sources(".c", ".h"):
        for n, line in enumerate(code_lines(path), 1):
            for pattern, why in BANNED.items():
                if re.search(pattern, line):
                    yield f"{path}:{n}", f"banned: {why}"


def turkish():
    for path in sources(".c", ".h", ".def", ".sql"):
        if path.split("/")[0] in ("parsers", "templates"):
            continue
        for n, line in enumerate(read(path).split("\n"), 1):
            if TURKISH.search(line):
                yield f"{path}:{n}", "Turkish text lives in parsers/ and templates/"


def unfinished():
    for path in sources(".c", ".h", ".def", ".sql", ".mail", ".rules", ".table"):
        for n, line in enumerate(read(path).split("\n"), 1):
            if UNFINISHED.search(line):
                yield f"{path}:{n}", "left unfinished, by its own words"


def sizes():
    for path in sources(".c", ".h"):
        lines = read(path).split("\n")
        limit = HEADER_LINES if path.endswith(".h") else FILE_LINES
        if len(lines) - 1 > limit:
            yield path, f"{len(lines) - 1} lines; {limit} at most"
        for n, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > COLUMNS + 20:
                yield f"{path}:{n}", f"{len(line.expandtabs(8))} columns; {COLUMNS} is the measure"
        if not lines[0].startswith("/*"):
            yield path, "begins without saying what it is for"


def functions():
    out = subprocess.run(["ctags", "--c-kinds=f", "--fields=+neS", "-f", "-"] + sources(".c"),
                         capture_output=True, text=True).stdout
    for line in out.split("\n"):
        f = line.split("\t")
        fields = dict(x.split(":", 1) for x in f[3:] if ":" in x)
        if "end" not in fields:
            continue
        length = int(fields["end"]) - int(fields["line"]) + 1
        if length > FUNCTION_LINES:
            yield f"{f[1]}:{fields['line']}", f"{f[0]} is {length} lines; {FUNCTION_LINES} at most"
        signature = re.sub(r"\(\*?[^()]*\)", "", fields.get("signature", "")[1:-1])  # without those of function pointers
        count = len([p for p in signature.split(",") if "GError **" not in p])
        if count > PARAMETERS and f[0] not in CALLBACKS:
            yield f"{f[1]}:{fields['line']}", f"{f[0]} takes {count} parameters; {PARAMETERS} at most"


def machine_paths():
    everything = (os.path.join(folder, name)[2:] for folder, _, names in os.walk(".") for name in names)
    for path in sorted(everything):
        if path.startswith(("build/", ".git/")) or path in ("LICENSE", "tests/lint.py"):
            continue
        try:
            text = read(path)
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for n, line in enumerate(text.split("\n"), 1):
            if re.search(r"/work/|/root/|/home/\w", line):
                yield f"{path}:{n}", "names a path of one machine"


RULES = (arrows, libraries, purity, prefixes, hidden, banned, turkish, unfinished, sizes, functions, machine_paths)


def main():
    bad = 0
    for rule in RULES:
        found = list(rule())
        bad += bool(found)
        print(f"{'not ok' if found else 'ok'} - {rule.__name__}")
        for place, sentence in found:
            print(f"    {place}: {sentence}")
    print(f"lint: {len(RULES) - bad} rules hold, {bad} broken")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
