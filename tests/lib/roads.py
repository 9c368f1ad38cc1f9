"""Every step of the roads that the program serves, and every rule beside them: the steps of the workflow, the letters and the
tests that carry it. Kept by tests/cli/roads_test.py (nothing is empty, nothing is forgotten) and by flowcase.py: a flow test that
is named here has really gone these steps and caused these letters when it ends.

STEPS: the steps of the documents that the roads come from, by the words that stand there. A number alone: the domain's table of
the road; c: the flow chart of the renewal; p: the page about applications. "rule": a rule without a step of its own.
A row: steps, what happens, steps of the workflow "from event by", letters, tests "file test". What moves no application has its
letter; what tells nobody moves something.
"""
STEPS = {
    "c1": "BYS’den Destek Talebi Oluşturulması",
    "c2": "Yenileme Talebi Formunun Doldurulup BİDB’ye Mail Atılması",
    "c3": "E-imzayla İmzalanıp KAMU SM’ye Mail Atılması",
    "c4": "Kurumsal Mail Adreslerine Bilgilendirme Maili Atılması",
    "c5": "Başvuru İşlemleri Menüsünden Başvuru Formlarını Doldurmaları",
    "c6": "“E-Onay” İle Onaylanması",
    "c7": "“E-İmza” İle Onaylanması",
    "c8": "Islak İmzalı Şekilde Yazı İşleri ve Arşiv Şube Müdürlüğü’ne Gönderilmesi",
    "c9": "Islak İmzalı Formun KAMU SM’ye Kargoyla Gönderilmesi",
    "c10": "Kurye Vasıtasıyla Yeni Nitelikli Elektronik Sertifikalarının Gönderilmesi",
    "p1": "Servis Destek/UBYS Destek üzerinden destek talebinde bulunarak ulaşabilirsiniz",
    "p2": "E-İmza Yetkilisi tarafından Kamu Sertifikasyon Merkezine yapılmaktadır",
    "p3": "başvuru formunu doldurarak başvuru işlemini tamamlaması gerekmektedir",
    "p4": "Çıktı alınıp imzalanıp Bilgi İşlem Daire Başkanlığına teslim edilir",
    "p5": "Geçerli bir e-imza varsa işlem e-imzalı olarak devam ettirilebilir",
    "p6": "e-imzanızın son kullanma tarihi ve saati bittikten sonra yeni e-imzanızı kullanmaya başlayabilirsiniz",
    "p7": "Daha önce e-onay işlem kabul edildiyse bu seçenek seçilerek",
    "p8": "Islak imzalı başvuru formları başkanlığımız tarafından Kamu SM’ye gönderilmektedir",
    "p9": "geç ulaşırsa bir sonraki e-imza alımında KAMU SM'ye gönderilecektir",
    "p10": "E-Onay vermişler ise ıslak imzalı belgeye gerek yoktur",
    "p11": "KAMUSM'den ve aynı zamanda E-imza Sorumlusu tarafından başvuru sahibine mail gelecek",
    "p12": "NES -> Bireysel İşlemler -> Başvuru İşlemleri -> Başvurularım menüsünden yapılacaktır",
    "p13": "Bilgi İşlem Daire Başkanlığına imza karşılığında teslim etmeleri gerekmektedir",
    "p14": "her haftanın son günü TÜBİTAK Kamu Sertifikasyon Merkezine posta yolu ile gönderilmektedir",
    "p15": "E-imza kurulum sürecindeki adımları takip ederek",
    "p16": "NES PIN Oluşturma/Değiştirme/Kilit Çözme işlemleri",
}
NAMES = ("requests", "corrected", "ways", "paper", "road", "submission", "notices", "answers", "silence", "undelivered")
REQUESTS, CORRECTED, WAYS, PAPER, ROAD, SUBMISSION, NOTICES, ANSWERS, SILENCE, UNDELIVERED = ["tests/flow/%s_test.py" % n for n in NAMES]
QUEUE = "tests/unit/queue/%s_test.c"

ROWS = [
    # The request
    ("1 c1", "the ticket's number is recorded, and asked for where it is wanted", [], ["receipt"],
     [REQUESTS + " test_ticket", "tests/unit/parsers/ticket_test.c numbers"]),
    ("2 c2 p3", "the form is read and answered row by row", [], ["receipt"],
     [ROAD + " test_tls_password_rsa", REQUESTS + " test_the_sheet_goes_back"]),
    ("2 c2", "a form that cannot be used is answered", [], ["not_read"], [REQUESTS + " test_no_form_at_all"]),
    ("2 c2", "a corrected form, before the officer has answered", ["requested change manager"], ["approval"], [CORRECTED + " test_changed_phone"]),
    ("2 c2", "a corrected form, before the list has gone", ["approved change manager"], ["approval"],
     [CORRECTED + " test_changed_after_approval"]),
    ("2 c2", "the same person from two units", [], ["also_requested"], [CORRECTED + " test_two_units", QUEUE % "again" + " test_each_hears_the_end", QUEUE % "summary" + " test_second_unit"]),
    # The list
    ("3", "the officer approves, for all", ["requested approve officer"], ["approval"], [ROAD + " test_tls_password_rsa"]),
    ("3", "the officer approves some and refuses some", ["requested approve officer", "requested refuse officer"], ["approval", "refused"],
     [ANSWERS + " test_some_of_the_people"]),
    ("3", "the officer refuses", ["requested refuse officer"], ["refused"], [WAYS + " test_officer_refuses"]),
    ("3", "the officer decides later", ["requested hold officer", "requested approve officer"], ["approval"], [ANSWERS + " test_later"]),
    ("3 p2", "the list goes out with the gateway's signature", ["approved list gateway", "listed submit gateway"], ["ca_list", "submitted"],
     [ROAD + " test_tls_password_rsa", ROAD + " test_starttls_smtps_ec"]),
    ("3 c3 p2", "the list is signed by the officer as a file", ["approved list gateway", "listed submit gateway"], ["list_to_sign", "ca_list"],
     [SUBMISSION + " test_detached", SUBMISSION + " test_enveloping", SUBMISSION + " test_pdf"]),
    ("3 c3", "a signed file that is not the list", ["listed submit gateway"], ["list_not_accepted", "ca_list"], [SUBMISSION + " test_not_accepted"]),
    ("3", "the list is typed in", ["listed submit officer"], ["list_for_portal", "submitted"], [SUBMISSION + " test_typed_in"]),
    ("3", "a list that does not arrive", ["listed submit gateway"], ["list_failed"], [SUBMISSION + " test_alarm"]),
    ("3", "a list of which nobody knows whether it arrived", ["listed submit gateway"], ["list_uncertain"],
     [SUBMISSION + " test_lost_answer", QUEUE % "submission" + " test_uncertain"]),
    # The pre-application
    ("4 c4 p11", "KAMU SM opens the pre-application, and the office writes too", ["submitted ca_opened ca"], ["submitted", "invited"],
     [ROAD + " test_tls_password_rsa", WAYS + " test_e_consent"]),
    ("4 c4", "its mail comes as a forward", ["submitted ca_opened applicant"], ["invited"], [NOTICES + " test_forward_of_the_applicant"]),
    ("4", "its mail is unknown, until there is a rule", ["submitted ca_opened ca"], ["invited"], [NOTICES + " test_unknown_one_becomes_a_rule"]),
    ("5 c5 p12", "the form is filled in; what to press", ["invited done_e_sign applicant"], ["invited"], [WAYS + " test_e_signature_to_the_first_day"]),
    ("5 p1", "a question on the way, and its answer", ["submitted done_e_sign applicant"], ["question", "question_received", "answered"],
     [ANSWERS + " test_a_question"]),
    ("6a c6 p7 p10", "approved with e-onay: nothing on paper", ["invited done_e_consent applicant"], ["filed"], [WAYS + " test_e_consent"]),
    ("6b c7 p5", "approved with e-imza", ["invited done_e_sign applicant"], ["filed"], [WAYS + " test_e_signature_to_the_first_day"]),
    ("6c c8", "wet-signed: printed, and where it goes", ["invited done_wet applicant"], ["paper_due"],
     [WAYS + " test_only_paper", ROAD + " test_tls_password_rsa"]),
    ("6c c8", "the paper is with the registry", ["submitted done_wet applicant", "paper_due received registry"], ["paper_due", "paper_in"],
     [PAPER + " test_week"]),
    # The paper
    ("7 c8 c9", "the week's list goes to the registry", ["paper_due received registry"], ["manifest"], [PAPER + " test_week", QUEUE % "paper" + " test_when"]),
    ("7 c9 p14", "the week's post", ["paper_in posted registry"], ["paper_sent"], [PAPER + " test_week"]),
    ("7 p9", "what comes after the post goes with the next one", ["paper_due received registry", "paper_in posted registry"], ["paper_in"],
     [PAPER + " test_week", QUEUE % "paper" + " test_late"]),
    ("7 p4 p8 p13", "the office collects and posts", ["paper_due received officer", "paper_in posted officer"], ["manifest", "paper_in", "paper_sent"],
     [PAPER + " test_the_office_posts"]),
    ("7", "the person posts", ["paper_due posted applicant"], ["paper_due", "paper_sent"], [PAPER + " test_the_applicant_posts"]),
    ("7", "KAMU SM has the paper", ["paper_sent ca_received ca"], ["filed"], [PAPER + " test_week"]),
    ("7 p14", "weeks, holidays and half days", ["paper_in posted registry"], ["manifest"], [PAPER + " test_week", QUEUE % "calendar" + " test_weeks"]),
    # The card
    ("8", "missing papers", ["filed ca_missing_papers ca", "deficient done_wet applicant"], ["deficient"], [WAYS + " test_missing_papers"]),
    ("8", "the card is made", ["filed ca_produced ca"], ["produced"], [WAYS + " test_e_signature_to_the_first_day"]),
    ("8 c10", "the card is with the courier", ["shipped ca_shipped ca"], ["shipped"], [WAYS + " test_e_signature_to_the_first_day"]),
    ("8", "the card comes back and is sent again", ["filed ca_shipped ca", "shipped ca_returned ca", "returned resend officer"],
     ["returned", "returned_office", "shipped"], [WAYS + " test_returned_parcel"]),
    ("8", "the card came back and was handed over all the same", ["shipped ca_returned ca", "returned received officer"], ["returned_office", "delivered"],
     [WAYS + " test_returned_and_handed_over", QUEUE % "paper" + " test_card_came_back"]),
    ("8 c10", "the card is handed over: its owner says so", ["shipped received applicant"], ["delivered"], [WAYS + " test_e_signature_to_the_first_day"]),
    ("8 c10", "the card is handed over: KAMU SM says so", ["shipped ca_delivered ca"], ["delivered"], [WAYS + " test_first_card"]),
    ("9 p15 p16", "PIN and installation; a first card works at once", ["delivered activate applicant"], ["delivered"],
     [WAYS + " test_first_card", QUEUE % "paper" + " test_card_works_at_once"]),
    ("9 p6", "a renewed card waits for the old one's end", ["delivered pin_made applicant", "delivered activate clock"], ["delivered", "first_day"],
     [WAYS + " test_e_signature_to_the_first_day", QUEUE % "paper" + " test_card_waits"]),
    ("9 p6", "KAMU SM says that the new card works", ["delivered ca_first_day ca", "delivered activate applicant"], ["first_day"],
     [WAYS + " test_first_day_by_notice", QUEUE % "apply_notice" + " test_first_day"]),
    ("10", "the end of validity nears: its owner and the unit hear of it", [], ["expiring", "manager_digest"], [SILENCE + " test_renewals"]),
    # Rules
    ("rule", "first or expired: wet only", ["invited done_wet applicant"], ["submitted", "invited", "not_possible"],
     [WAYS + " test_only_paper", QUEUE % "paper" + " test_ways_by_date"]),
    ("rule", "no form within six months", ["invited cancel_near clock", "invited cancel clock", "paper_due cancel clock", "deficient cancel clock"],
     ["cancel_near", "cancelled", "ended"], [SILENCE + " test_after_the_list", QUEUE % "silence" + " test_six_months"]),
    ("rule", "KAMU SM cancels", ["filed ca_cancelled ca"], ["cancelled", "ended"], [WAYS + " test_ca_cancels"]),
    ("rule", "lost, stolen, name changed: person-paid", ["requested redirect gateway"], ["redirected"], [WAYS + " test_lost_card"]),
    ("rule", "person-paid, by the office's decision", ["requested redirect operator"], ["redirected", "ended"], [WAYS + " test_redirected"]),
    ("rule", "the applicant gives up", ["invited withdraw applicant"], ["withdrawn", "ended"], [WAYS + " test_withdrawal"]),
    ("rule", "who posts the paper is a setting", ["paper_due posted applicant"], ["paper_due"],
     [PAPER + " test_the_applicant_posts", QUEUE % "paper" + " test_who"]),
    ("rule", "an address of the institution and a right number are wanted", [], ["receipt"], [CORRECTED + " test_corrected_sheet"]),
    ("rule", "a password mail leaves no trace", ["listed submit gateway"], ["receipt"], [NOTICES + " test_passwords_are_in_no_file"]),
    ("rule", "silence before the list: the office", ["requested remind clock", "requested escalate clock", "listed remind clock", "listed escalate clock"],
     ["reminder", "officer_digest", "manager_digest"], [SILENCE + " test_requested_and_listed"]),
    ("rule", "silence until the list's day", ["approved remind clock", "approved escalate clock", "approved list gateway"],
     ["reminder", "list_for_portal"], [SILENCE + " test_approved"]),
    ("rule", "silence after the list: who is waited on, then the office",
     ["%s %s clock" % (s, e) for s in ("submitted", "invited", "paper_due", "paper_in", "deficient", "shipped", "returned", "delivered")
      for e in ("remind", "escalate")] + ["paper_sent escalate clock", "filed escalate clock"],
     ["reminder", "officer_digest", "manager_digest"], [SILENCE + " test_after_the_list", QUEUE % "silence" + " test_ladders"]),
    ("rule", "a reminder is answered like any letter", ["invited remind clock", "invited done_e_sign applicant"], ["reminder", "filed"],
     [SILENCE + " test_a_reminder_is_answered"]),
    ("rule", "what does not arrive is told, and what it missed goes to the right address", ["submitted ca_opened ca"], ["address_dead", "invited"],
     [UNDELIVERED + " test_dead_address", QUEUE % "bounce" + " test_dead_address_holds"]),
    ("rule", "what a real server takes and gives back later", ["submitted ca_opened ca"], ["address_dead"],
     [UNDELIVERED + " test_postfix_gives_back", UNDELIVERED + " test_postfix_gives_back_what_was_redirected"]),
    ("rule", "what is late is not lost", ["submitted ca_opened ca"], ["invited"], [UNDELIVERED + " test_postfix_is_late"]),
    ("rule", "our own server refuses an address at once", ["listed submit gateway"], ["address_dead"],
     [UNDELIVERED + " test_refused_at_once", QUEUE % "bounce" + " test_refused_at_once"]),
    ("rule", "an absence notice answers nothing", ["listed submit gateway"], ["submitted"], [UNDELIVERED + " test_absence"]),
    ("rule", "storms are held", [], ["alarm"], [UNDELIVERED + " test_storm", QUEUE % "bounce" + " test_storm"]),
]


def promised(test):
    """What the rows say of one test, "file test": its moves and its letters."""
    rows = [row for row in ROWS if test in row[4]]
    return {move for row in rows for move in row[2]}, {letter for row in rows for letter in row[3]}
