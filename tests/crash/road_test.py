#!/usr/bin/python3
"""Dies at fault point 1, 2, 3 … of the whole road and starts again, until a run survives.

The road is walked in stretches on the real servers: the form comes in, once where the server keeps no copy of what we send,
then where it does; the officer approves; KAMU SM's notices and the applicants' answers come. Every stretch starts from the same picture of database and mailboxes. After each death the
gateway is started again, and the end must be the undisturbed one: the same states, journal and ledger, and the same
letters in every mailbox. A letter may lie there twice only when its bytes are identical: SMTP cannot exclude that the
answer to the last dot dies with the process. Those are counted and shown.

    road_test.py            each death takes one process (odd points) or the whole gateway (even points)
    road_test.py --full     both at every point
"""
import collections
import contextlib
import datetime
import os
import re
import shutil
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from gateway import Gateway  # noqa: E402
from people import FIRST, RENEWAL, form, person  # noqa: E402
from post import Post, opened_notice, outlook_reply, request_mail  # noqa: E402
from sandbox import ROLES, Sandbox  # noqa: E402

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
MOST_POINTS = 400
# The officer is asked about a list that may have reached KAMU SM: only a death makes that letter.
ASKED = "KAMU SM’ye ulaştığı kesin olmayan liste"
# What the end is made of. Times, leases and tries differ by nature; numbers given in order of arrival do, too.
PICTURE = {
    "applications": "SELECT p.tckn, a.kind, a.state FROM application a JOIN person p ON p.id = a.person",
    "letters": "SELECT name, recipient, state FROM letter WHERE name <> 'list_uncertain'",
    "ledger": "SELECT state, disposition FROM mail WHERE coalesce(subject, '') NOT LIKE '%s%%'" % ASKED,
    "journal": "SELECT p.tckn, j.event, j.from_state, j.to_state FROM journal j JOIN application a ON a.id = j.application "
               "JOIN person p ON p.id = a.person",
}


class Road:
    def __init__(self):
        self.box = Sandbox(os.path.join(BUILD, "crash"))
        shutil.rmtree(self.box.dir, ignore_errors=True)
        self.box.start()
        self.post, self.gateway = Post(self.box), Gateway(self.box)
        self.data, self.mail = self.box.path("data"), os.path.join(self.box.run, "mail")
        # One clock for all runs, so that tokens and dates are the same; `later` is past the wait for evidence.
        self.now = int(time.time())
        self.deaths, self.doubles, self.persons = 0, 0, 0

    def copy_what_we_send(self):
        """As an administrator may set it: the server puts a copy of all we send into our own mailbox. That is evidence."""
        with open(os.path.join(self.box.run, "postfix", "main.cf"), "a") as f:
            f.write("\nsender_bcc_maps = inline:{%s=%s}\n" % (ROLES["gateway"], ROLES["gateway"]))
        self.box.stop_postfix()
        self.box.start_postfix()

    # -- pictures -------------------------------------------------------------------------------------------------

    def save(self, name):
        for part, where in (("data", self.data), ("mail", self.mail)):
            shutil.rmtree(self.box.path(name, part), ignore_errors=True)
            shutil.copytree(where, self.box.path(name, part), copy_function=copy_owned)
            copy_owners(where, self.box.path(name, part))

    def restore(self, name):
        for part, where in (("data", self.data), ("mail", self.mail)):
            shutil.rmtree(where, ignore_errors=True)
            shutil.copytree(self.box.path(name, part), where, copy_function=copy_owned)
            copy_owners(self.box.path(name, part), where)

    def picture(self):
        base = sqlite3.connect(os.path.join(self.data, "nesgate.db"))
        with contextlib.closing(base):
            return {k: collections.Counter(base.execute(q).fetchall()) for k, q in PICTURE.items()}

    def letters(self):
        """-> what lies in each mailbox, once each; and how many lie there a second time with the very same bytes."""
        seen, doubles = {}, 0
        for user in sorted(set(ROLES.values()) - {ROLES["gateway"], ROLES["stranger"], ROLES["notices"]}):
            if not os.path.isdir(os.path.join(self.mail, user)):
                continue
            for letter in self.post.letters(user):
                if letter.sender != ROLES["gateway"] or letter.subject.startswith(ASKED):
                    continue
                bare = letter.raw[letter.raw.index(b"Message-ID:"):] if b"Message-ID:" in letter.raw else letter.raw
                key = (user, letter.id)
                if key in seen and seen[key][0] == bare:
                    doubles += 1
                    continue
                if key in seen:
                    raise AssertionError("%s came twice with different bytes" % letter.id)
                seen[key] = (bare, re.sub(r" *\[NG-.*", "", letter.subject))
        return collections.Counter((user, subject) for (user, _), (_, subject) in seen.items()), doubles

    # -- walking --------------------------------------------------------------------------------------------------

    def drain(self):
        """Until Postfix has delivered everything."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if not any(files for q in ("incoming", "active", "deferred", "maildrop")
                       for _, _, files in os.walk(os.path.join(self.box.run, "q", q))):
                return
            time.sleep(0.02)
        raise AssertionError("Postfix keeps mail in its queue")

    def clock(self, later=0):
        zone = datetime.timezone(datetime.timedelta(hours=3))
        return datetime.datetime.fromtimestamp(self.now + later, zone).isoformat()

    def once(self, later=0, fault=None):
        p = self.gateway.once(seconds=90, NESGATE_NOW=self.clock(later), **({"NESGATE_FAULT": fault} if fault else {}))
        self.drain()
        return p

    def uncertain(self):
        base = sqlite3.connect(os.path.join(self.data, "nesgate.db"))
        with contextlib.closing(base):
            return base.execute("SELECT id, recipient FROM letter WHERE state = 'uncertain'").fetchall()

    def finish(self):
        """Starts again until nothing is left to do; copies of what was sent come in as mail."""
        def quiet(later):
            p = self.once(later)
            if p.returncode:
                raise AssertionError("the run after the death ended with %d: %s" % (p.returncode, p.stderr[-600:]))
        quiet(0)
        quiet(0)  # the copies
        if self.uncertain():
            quiet(7200)
            quiet(7200)
        for letter, _ in self.uncertain():
            # To KAMU SM nothing is sent twice without a look: the officer was asked, and a person saw that it did not arrive.
            self.post.wait(ROLES["officer"], lambda m: m.subject.startswith(ASKED), "the question about the list")
            self.persons += 1
            self.gateway.call("retry", str(letter), "--by", "deneme", NESGATE_NOW=self.clock(7200))
            quiet(7200)
            quiet(7200)

    def stretch(self, name, send):
        """One stretch of the road: undisturbed first, then with a death at each point."""
        send()
        self.drain()
        self.save("before")
        self.finish()
        want, (letters, _) = self.picture(), self.letters()
        self.save("after")
        print("%s: %d letters lie in mailboxes, states %s" % (name, sum(letters.values()),
              dict(collections.Counter(s for (_, _, s), n in want["applications"].items() for _ in range(n)))), flush=True)
        for point in range(1, MOST_POINTS):
            modes = ("", ":all") if "--full" in sys.argv else ("" if point % 2 else ":all",)
            if not all([self.die(name, "%d%s" % (point, mode), want, letters) for mode in modes]):
                break
        else:
            raise AssertionError("no run survived %d points" % MOST_POINTS)
        self.restore("after")
        return point - 1

    def die(self, name, fault, want, letters):
        """-> whether the point was reached."""
        self.restore("before")
        p = self.once(fault=fault)
        died = re.search(r" fault .*point=(\w+)", p.stderr)
        if not died:
            return False
        self.deaths += 1
        self.finish()
        have, (got, doubles) = self.picture(), self.letters()
        self.doubles += doubles
        for part in PICTURE:
            if have[part] != want[part]:
                raise AssertionError("%s, death %s at %s: %s differ: only now %s, missing %s" % (
                    name, fault, died.group(1), part, dict(have[part] - want[part]), dict(want[part] - have[part])))
        if got != letters:
            raise AssertionError("%s, death %s at %s: letters differ: only now %s, missing %s" % (
                name, fault, died.group(1), dict(got - letters), dict(letters - got)))
        if self.gateway.unaccounted():
            raise AssertionError("%s, death %s: reconcile does not say unaccounted: 0" % (name, fault))
        return True


def copy_owned(source, target):
    shutil.copy2(source, target)
    info = os.stat(source)
    os.chown(target, info.st_uid, info.st_gid)


def copy_owners(source, target):
    """Folders belong to the mail server's user, in the copy as well."""
    for folder, names, _ in os.walk(source):
        here = os.path.join(target, os.path.relpath(folder, source))
        info = os.stat(folder)
        os.chown(here, info.st_uid, info.st_gid)
        os.chmod(here, info.st_mode & 0o7777)


def main():
    road = Road()
    people = [person(1), person(2, FIRST), person(3, **{"Kimlik No": "12345678901"})]
    points = {}

    def form_comes():
        road.post.submit(request_mail(form(people)))

    def officer_approves():
        letter = road.post.wait(ROLES["officer"], lambda m: m.token, "the question for approval")
        road.post.submit(outlook_reply(letter, ROLES["officer"], "ONAY"))

    def answers_come():
        for n, answer in ((1, "E-İMZA İLE TAMAMLADIM"), (2, "ISLAK")):
            letter = road.post.wait(ROLES["applicant%d" % n], lambda m: m.token, "the applicant's letter")
            road.post.from_outside(opened_notice(ROLES["applicant%d" % n], "Deneme"))
            road.drain()
            road.post.submit(outlook_reply(letter, ROLES["applicant%d" % n], answer))
            road.drain()

    try:
        road.save("start")
        for name, send in (("the form, no copies", form_comes), ("the form", form_comes), ("the approval", officer_approves),
                           ("the answers", answers_come)):
            if name == "the form":
                road.restore("start")
                road.copy_what_we_send()
            points[name] = road.stretch(name, send)
            print("ok - %s: survived a death at each of %d points" % (name, points[name]), flush=True)
        print("deaths %d; identical doubles that SMTP cannot exclude: %d; letters to KAMU SM that a person had to look at: %d" %
              (road.deaths, road.doubles, road.persons))
    finally:
        road.gateway.kill()
        road.box.stop()
    if not road.deaths:
        sys.exit("no fault point was ever reached")
    print("%d passed, 0 failed" % len(points))


main()
