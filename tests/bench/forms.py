#!/usr/bin/python3
"""Forms a second of the reader alone: from the bytes of a mail with an .xlsx of five people to the people, beside the Python peer.

    forms.py LOAD [ROUNDS]

LOAD is a folder as tests/bench/run makes it (build/bench/load-…). Ours is `nesgate read` as a whole, with its start and its JSON; of the
peer only email + openpyxl count, not its start. CPU seconds of one process, interleaved rounds, medians. Nothing is judged by
time; what is read is compared with the manifest.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import types

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PERF = os.environ.get("NESGATE_PERF", os.path.join(ROOT, "..", "shared", "perf"))
FACTS = ("tckn", "given_name", "family_name", "email", "unit", "title")


def requests(load):
    """[(path, rows)] of the mails with a form."""
    with open(os.path.join(load, "manifest.jsonl"), encoding="utf-8") as f:
        metas = [m for m in map(json.loads, f) if m["kind"] == "request"]
    return [(os.path.join(load, "Maildir", "new", m["file"]), m["rows"]) for m in metas]


def ours(mails):
    """-> CPU s, [[number, names, address, unit, title]…] of each mail"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([os.path.join(ROOT, "build", "nesgate"), "read", *(path for path, _ in mails)], check=True, stdout=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    read = [[[r.get(k) for k in FACTS] for r in json.loads(line)["request"]["rows"]] for line in out.stdout.splitlines()]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, read


def peers(mails):
    """The same by the peer's own functions, in a process of its own."""
    out = subprocess.run(["/usr/bin/python3", __file__, "--peer"], input=json.dumps([path for path, _ in mails]), check=True, text=True,
                         stdout=subprocess.PIPE)
    answer = json.loads(out.stdout)
    return answer["cpu"], [[[str(r[i]) for i in (0, 1, 2, 3, 5, 6)] for r in rows] for rows in answer["read"]]


def be_peer():
    peer = {"__name__": "peer"}
    source = open(os.path.join(PERF, "peer_python.py"), encoding="utf-8").read()
    exec(source.rsplit("\nmain()", 1)[0], peer)  # without its last line, which would run it
    options = types.SimpleNamespace(policy="compat32", readonly=True)
    raws = [open(path, "rb").read() for path in json.load(sys.stdin)]
    start = time.process_time()
    read = [peer["take_apart"](options, raw)[4] for raw in raws]
    print(json.dumps({"cpu": time.process_time() - start, "read": read}))


def measure(load, rounds, with_peer):
    mails = requests(load)
    want = [[[row[i] for i in (0, 1, 2, 3, 5, 6)] for row in rows] for _, rows in mails]
    sides = [("nesgate", ours)] + ([("python peer", peers)] if with_peer else [])
    seconds = {name: [] for name, _ in sides}
    for _ in range(rounds):
        for name, read in sides:
            cpu, got = read(mails)
            seconds[name].append(cpu)
            if got != want:
                raise SystemExit("bench: %s reads other people than the manifest has" % name)
    print("\nforms alone: %d mails with a sheet of 5 rows, one process, CPU, %d interleaved rounds, medians" % (len(mails), rounds))
    for name, _ in sides:
        print("%-34s %7.0f forms/s" % (name, len(mails) / statistics.median(seconds[name])))
    if with_peer:
        print("ratio %.1f" % statistics.median(p / o for p, o in zip(seconds["python peer"], seconds["nesgate"])), flush=True)


def main():
    if sys.argv[1:] == ["--peer"]:
        be_peer()
    elif len(sys.argv) in (2, 3):
        measure(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 3, os.path.exists(os.path.join(PERF, "peer_python.py")))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
