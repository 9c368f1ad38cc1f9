#!/usr/bin/python3
"""Every step of the road that the program serves, and every rule beside it: the steps of the workflow, the letters and the tests that
carry it. Nothing here may be empty, and everything named must exist.

A row: the step's number in the domain's table of the road ("rule": one of its rules), what happens, steps of the workflow
"from event by", letters, and tests "file test". What moves no application has its letter; what tells nobody moves something.
"""
import glob
import json
import os
import re
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NESGATE = os.environ.get("NESGATE") or os.path.join(ROOT, os.environ.get("BUILD", "build"), "nesgate")
REQUESTS, CORRECTED, WAYS, PAPER, ROAD = ["tests/flow/%s_test.py" % n for n in ("requests", "corrected", "ways", "paper", "road")]
SUBMISSION, NOTICES, ANSWERS = ["tests/flow/%s_test.py" % n for n in ("submission", "notices", "answers")]
QUEUE = "tests/unit/queue/%s_test.c"

ROWS = [
    ("1", "the ticket's number is recorded, and asked for where it is wanted", [], ["receipt"], ["tests/unit/parsers/ticket_test.c numbers"]),
    ("2", "the form is read and answered row by row", [], ["receipt"], [ROAD + " test_tls_password_rsa", REQUESTS + " test_the_sheet_goes_back"]),
    ("2", "a form that cannot be used is answered", [], ["not_read"], [REQUESTS + " test_no_form_at_all"]),
    ("2", "a corrected form, before the list has gone", ["requested change manager", "approved change manager"], ["approval"],
     [CORRECTED + " test_changed_phone"]),
    ("2", "the same person from two units", [], ["also_requested"], [CORRECTED + " test_two_units"]),
    ("3", "the officer approves, for all or some", ["requested approve officer", "approved list gateway"], ["approval"],
     [ROAD + " test_tls_password_rsa", ANSWERS + " test_some_of_the_people"]),
    ("3", "the officer refuses", ["requested refuse officer"], ["refused"], [WAYS + " test_officer_refuses"]),
    ("3", "the officer decides later", ["requested hold officer"], ["approval"], [QUEUE % "apply" + " test_refusal"]),
    ("3", "the list goes out with the gateway's signature", ["listed submit gateway"], ["ca_list", "submitted"], [ROAD + " test_tls_password_rsa"]),
    ("3", "the list is signed by the officer as a file", ["listed submit gateway"], ["list_to_sign", "ca_list"], [SUBMISSION + " test_detached"]),
    ("3", "a signed file that is not the list", [], ["list_not_accepted"], [SUBMISSION + " test_not_accepted"]),
    ("3", "the list is typed in", ["listed submit officer"], ["list_for_portal"], [SUBMISSION + " test_typed_in"]),
    ("3", "a list that does not arrive", [], ["list_failed"], [SUBMISSION + " test_alarm"]),
    ("4", "KAMU SM opens the pre-application", ["submitted ca_opened ca"], ["invited"], [ROAD + " test_tls_password_rsa"]),
    ("4", "its mail comes as a forward", ["submitted ca_opened applicant"], ["invited"], [NOTICES + " test_forward_of_the_applicant"]),
    ("5", "the form is filled in; what to press, and a question on the way", ["invited done_e_sign applicant"], ["invited", "question", "answered"],
     [WAYS + " test_e_signature_to_the_first_day", ANSWERS + " test_a_question"]),
    ("6a", "approved with e-onay", ["invited done_e_consent applicant", "submitted done_e_consent applicant"], ["filed"], [WAYS + " test_e_consent"]),
    ("6b", "approved with e-imza", ["invited done_e_sign applicant", "submitted done_e_sign applicant"], ["filed"],
     [WAYS + " test_e_signature_to_the_first_day"]),
    ("6c", "wet-signed", ["invited done_wet applicant", "paper_due received registry"], ["paper_due", "paper_in"],
     [WAYS + " test_only_paper", PAPER + " test_week"]),
    ("7", "the week's list goes to the registry", ["paper_due received registry"], ["manifest"], [PAPER + " test_week", QUEUE % "paper" + " test_when"]),
    ("7", "the week's post", ["paper_in posted registry"], ["paper_sent"], [PAPER + " test_week"]),
    ("7", "what comes after the post goes with the next one", ["paper_due received registry"], ["paper_in"],
     [PAPER + " test_week", QUEUE % "paper" + " test_late"]),
    ("7", "the office posts", ["paper_due received officer", "paper_in posted officer"], ["manifest"], [PAPER + " test_the_office_posts"]),
    ("7", "the person posts", ["paper_due posted applicant"], ["paper_due", "paper_sent"], [PAPER + " test_the_applicant_posts"]),
    ("7", "KAMU SM has the paper", ["paper_sent ca_received ca"], ["filed"], [PAPER + " test_week"]),
    ("8", "missing papers", ["filed ca_missing_papers ca", "deficient done_wet applicant"], ["deficient"], [WAYS + " test_missing_papers"]),
    ("8", "the card is made", ["filed ca_produced ca"], ["produced"], [WAYS + " test_e_signature_to_the_first_day"]),
    ("8", "the card is with the courier", ["shipped ca_shipped ca", "filed ca_shipped ca"], ["shipped"], [WAYS + " test_e_signature_to_the_first_day"]),
    ("8", "the card comes back", ["shipped ca_returned ca", "returned resend officer", "returned resend operator", "returned received officer"], ["returned", "returned_office", "shipped"],
     [WAYS + " test_returned_parcel", QUEUE % "paper" + " test_card_came_back"]),
    ("8", "the card is handed over", ["shipped received applicant", "shipped ca_delivered ca"], ["delivered"],
     [WAYS + " test_e_signature_to_the_first_day"]),
    ("9", "PIN and installation", ["delivered activate applicant"], ["delivered"], [QUEUE % "paper" + " test_card_works_at_once"]),
    ("9", "a renewed card waits for the old one's end", ["delivered pin_made applicant", "delivered activate clock", "delivered first_day clock"],
     ["delivered", "first_day"], [QUEUE % "paper" + " test_card_waits", WAYS + " test_e_signature_to_the_first_day"]),
    ("10", "the end of validity nears: its owner and the unit hear of it", [], ["expiring", "manager_digest"],
     ["tests/unit/templates/catalog_test.c test_golden"]),
    ("rule", "first or expired: wet only", ["invited done_wet applicant"], ["submitted", "invited", "deficient", "not_possible"],
     [WAYS + " test_only_paper", QUEUE % "paper" + " test_ways_by_date"]),
    ("rule", "no form within six months", ["invited cancel clock", "paper_due cancel clock", "deficient cancel clock"], ["cancelled", "ended"],
     [QUEUE % "paper" + " test_six_months"]),
    ("rule", "KAMU SM cancels", ["filed ca_cancelled ca"], ["cancelled", "ended"], [QUEUE % "workflow" + " test_every_edge"]),
    ("rule", "lost, stolen, name changed: person-paid", ["requested redirect gateway", "requested redirect operator"], ["redirected"],
     [WAYS + " test_lost_card"]),
    ("rule", "the applicant gives up", ["invited withdraw applicant", "paper_due withdraw applicant"], ["withdrawn", "ended"], [WAYS + " test_withdrawal"]),
    ("rule", "who posts the paper is a setting", ["paper_due posted applicant"], ["manifest", "paper_due"], [QUEUE % "paper" + " test_who"]),
    ("rule", "an address of the institution and a right number are wanted", [], ["receipt"], [CORRECTED + " test_corrected_sheet"]),
    ("rule", "a password mail leaves no trace", ["submitted ca_opened ca"], ["invited"], [NOTICES + " test_passwords_are_in_no_file"]),
    ("rule", "silence: who is waited on is reminded, then the office hears of it",
     ["invited remind clock", "paper_due remind clock", "shipped remind clock"], ["reminder", "officer_digest", "manager_digest"],
     [QUEUE % "silence" + " test_ladders", QUEUE % "silence" + " test_nothing_falls_silent"]),
    ("rule", "two weeks before the six months are over", ["invited cancel_near clock"], ["cancel_near"], [QUEUE % "silence" + " test_six_months"]),
    ("rule", "what does not arrive is told, and storms are held", [], ["address_dead", "alarm"],
     ["tests/flow/undelivered_test.py test_dead_address", "tests/flow/undelivered_test.py test_refused_at_once", QUEUE % "bounce" + " test_storm"]),
    ("rule", "weeks, holidays and half days", ["paper_in posted registry"], ["manifest"], [QUEUE % "calendar" + " test_weeks"]),
]


def slurp(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


class RoadsTest(unittest.TestCase):
    def test_no_hole(self):
        for number, what, edges, letters, tests in ROWS:
            self.assertTrue(number and what and letters and tests, what)

    def test_steps_of_the_workflow(self):
        p = subprocess.run([NESGATE, "workflow", "--json"], capture_output=True, text=True, check=True)
        known = {"%(state)s %(event)s %(by)s" % json.loads(line) for line in p.stdout.splitlines()}
        for row in ROWS:
            self.assertEqual(set(row[2]) - known, set(), row[1])

    def test_letters(self):
        known = {os.path.basename(p)[:-len(".mail")] for p in glob.glob(os.path.join(ROOT, "templates", "tr", "*.mail"))}
        for row in ROWS:
            self.assertEqual(set(row[3]) - known, set(), row[1])
        self.assertEqual(known - {letter for row in ROWS for letter in row[3]}, set(), "a letter that no step of the road has")

    def test_tests(self):
        for row in ROWS:
            for test in row[4]:
                path, name = test.split(" ")
                pattern = r"^    def %s\(self" if path.endswith(".py") else r"^static void %s\("
                self.assertRegex(slurp(path), re.compile(pattern % name, re.M), "%s: there is no test %s" % (row[1], test))

    def test_every_state_has_its_way_in(self):
        """No state is reached only by hand, as far as the road goes."""
        p = subprocess.run([NESGATE, "workflow", "--json"], capture_output=True, text=True, check=True)
        edges = {"%(state)s %(event)s %(by)s" % e: e["to"] for e in map(json.loads, p.stdout.splitlines())}
        reached = {edges[e] for row in ROWS for e in row[2]} | {"requested", "superseded"}
        self.assertEqual({e["state"] for e in map(json.loads, p.stdout.splitlines())} | set(edges.values()), reached)

    def test_steps_of_the_domain(self):
        path = os.path.join(ROOT, "..", "shared", "DOMAIN.md")
        if not os.path.exists(path):
            self.skipTest("skipped: the domain's table is not there")
        with open(path, encoding="utf-8") as f:
            road = f.read().split("## The road of one application")[1].split("\n## ")[0]
        self.assertEqual(set(re.findall(r"^\| (\d+[a-c]?) \|", road, re.M)) - {row[0] for row in ROWS}, set())


if __name__ == "__main__":
    unittest.main()
