-- The first shape of everything that is kept (DESIGN 4). Times are Unix seconds, dates ISO, flags 0 or 1.
-- Bytes stand in tables of their own, so that a walk over a ledger does not read mails.
-- Lists of three and more words are written with OR: for IN (…) SQLite makes a temporary table at every single row.

-- told: the server has heard of its mails up to this id; they are told in the order of their ids.
CREATE TABLE mailbox (
	id INTEGER PRIMARY KEY,
	account TEXT NOT NULL,
	folder TEXT NOT NULL,
	uidvalidity INTEGER NOT NULL,
	told INTEGER NOT NULL DEFAULT 0,
	UNIQUE (account, folder, uidvalidity)
) STRICT;

-- The ledger. A row is stored until it has its one disposition; parked ones have one and wait for a person,
-- or were set aside by one. STATES.md has every word.
CREATE TABLE mail (
	id INTEGER PRIMARY KEY,
	mailbox INTEGER NOT NULL REFERENCES mailbox,
	uid INTEGER NOT NULL,
	sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
	size INTEGER NOT NULL,
	too_large INTEGER NOT NULL,
	arrived_at INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'stored' CHECK (state = 'stored' OR state = 'done' OR state = 'parked'),
	lease INTEGER NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL DEFAULT 0,
	disposition TEXT,
	reason TEXT,
	done_at INTEGER,
	kind TEXT,
	sender TEXT,
	subject TEXT,
	message_id TEXT,
	UNIQUE (mailbox, uid),
	CHECK ((state = 'stored') = (disposition IS NULL))
) STRICT;
CREATE INDEX mail_sender ON mail (sender, done_at) WHERE disposition = 'answered' OR reason = 'nothing_new';
-- Each mail goes to a random place of this one: six bytes tell nearly as much as all, on a fourth of the pages.
CREATE INDEX mail_sha256 ON mail (substr(sha256, 1, 6));
CREATE INDEX mail_stored ON mail (id) WHERE state = 'stored';
CREATE INDEX mail_parked ON mail (id) WHERE state = 'parked';

-- The bytes, or where they lie in the file spool/<pack> (spool.h). forgotten: nobody gets them any more, and the row is to go
-- (forget.c).
CREATE TABLE mail_raw (
	mail INTEGER PRIMARY KEY REFERENCES mail,
	raw BLOB,
	pack INTEGER,
	start INTEGER,
	length INTEGER,
	forgotten INTEGER NOT NULL DEFAULT 0,
	CHECK ((raw IS NULL) = (pack IS NOT NULL))
) STRICT;
CREATE INDEX mail_raw_pack ON mail_raw (pack) WHERE forgotten = 0 AND pack IS NOT NULL;
CREATE INDEX mail_raw_forgotten ON mail_raw (mail) WHERE forgotten = 1;

CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	tckn TEXT NOT NULL UNIQUE,
	given_name TEXT,
	family_name TEXT,
	birth_date TEXT
) STRICT;

-- One form. `approval` is the letter that asked the officer about it; sender_unit the unit that the directory has for the
-- sender, unit the one that the form says. Complaints are those about the form as a whole.
CREATE TABLE request (
	id INTEGER PRIMARY KEY,
	mail INTEGER NOT NULL REFERENCES mail,
	sender TEXT NOT NULL,
	strength INTEGER NOT NULL,
	sender_unit TEXT,
	unit TEXT,
	ticket TEXT,
	form TEXT,
	message_id TEXT,
	received_at INTEGER NOT NULL,
	complaints TEXT NOT NULL,
	asks INTEGER NOT NULL DEFAULT 0,
	approval INTEGER REFERENCES letter
) STRICT;
CREATE INDEX request_unasked ON request (received_at) WHERE asks = 1 AND approval IS NULL;
CREATE INDEX request_approval ON request (approval) WHERE approval IS NOT NULL;

CREATE TABLE submission (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL DEFAULT 'listed' CHECK (state IN ('listed', 'sent')),
	format TEXT NOT NULL,
	made_at INTEGER NOT NULL,
	sent_at INTEGER,
	asked INTEGER REFERENCES letter, -- the officer's, where he signs or types
	letter INTEGER REFERENCES letter, -- KAMU SM's
	alarmed_at INTEGER
) STRICT;
CREATE INDEX submission_listed ON submission (id) WHERE state = 'listed';

CREATE TABLE submission_file (
	submission INTEGER NOT NULL REFERENCES submission,
	signed INTEGER NOT NULL, -- 0: the list; 1: what the officer made of it
	name TEXT, -- of the signed one
	detached INTEGER NOT NULL DEFAULT 0,
	digests TEXT NOT NULL,
	bytes BLOB NOT NULL,
	mail INTEGER REFERENCES mail,
	PRIMARY KEY (submission, signed)
) STRICT;
CREATE TRIGGER submission_file_kept BEFORE UPDATE ON submission_file
BEGIN SELECT RAISE(ABORT, 'the file of a list never changes'); END;

-- The wet-signed paper that one week's post takes. closes_on: the week's last working day; letter: its manifest.
CREATE TABLE paper_batch (
	id INTEGER PRIMARY KEY,
	closes_on TEXT NOT NULL UNIQUE,
	letter INTEGER REFERENCES letter,
	cargo_no TEXT,
	posted_at INTEGER
) STRICT;
CREATE INDEX paper_batch_letter ON paper_batch (letter) WHERE letter IS NOT NULL;

-- What waits on a manager: a refused row for the corrected one, a whole mail of which nothing could be used for a form. tckn,
-- name_key and email are whom the row means, as far as another may be compared with it (pending.c). times: how often it came.
CREATE TABLE pending (
	id INTEGER PRIMARY KEY,
	whole INTEGER NOT NULL,
	reason TEXT NOT NULL,
	sender TEXT NOT NULL,
	sender_unit TEXT,
	unit TEXT,
	ticket TEXT,
	mail INTEGER NOT NULL REFERENCES mail,
	request INTEGER REFERENCES request,
	place TEXT,
	name TEXT NOT NULL,
	tckn TEXT,
	name_key TEXT,
	email TEXT,
	letter INTEGER REFERENCES letter,
	times INTEGER NOT NULL DEFAULT 1,
	opened_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	closed_at INTEGER,
	closed_by INTEGER REFERENCES mail
) STRICT;
CREATE INDEX pending_open ON pending (id) WHERE closed_at IS NULL;
CREATE INDEX pending_closed_by ON pending (closed_by) WHERE closed_by IS NOT NULL;

-- One person, one kind, one certificate cycle: slot is 'main' for the certificate one has, 'other' for one beside it.
-- version counts the questions put to people: an answer to an older question moves nothing.
-- Its facts stand in the row that request and row_no name: the one it began with, or the last that changed any.
CREATE TABLE application (
	id INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person,
	slot TEXT NOT NULL,
	kind TEXT,
	request INTEGER NOT NULL REFERENCES request,
	row_no INTEGER NOT NULL,
	state TEXT NOT NULL,
	open INTEGER NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	email TEXT,
	wet_only INTEGER NOT NULL,
	expires TEXT,
	way TEXT,
	application_no TEXT,
	tracking_no TEXT,
	reason TEXT,
	submission INTEGER REFERENCES submission,
	paper_batch INTEGER REFERENCES paper_batch,
	cargo_no TEXT, -- of the signed paper; tracking_no is the card's
	changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX application_open ON application (person, slot) WHERE open = 1;
CREATE INDEX application_person ON application (person, slot) WHERE open = 0;
CREATE INDEX application_email ON application (email) WHERE open = 1;
CREATE INDEX application_approved ON application (id) WHERE state = 'approved';
CREATE INDEX application_paper ON application (id) WHERE state = 'paper_due' OR state = 'paper_in' OR (state = 'invited' AND wet_only = 1);
CREATE INDEX application_no ON application (application_no) WHERE application_no IS NOT NULL;

-- Every row that was read, also the refused ones, as it was read. Complaints are a JSON list with masked values.
-- effect: what it did to its application (application.h), NULL where it has none; changes: which facts it gave otherwise, as a
-- JSON list. A row that updated one has the facts that it does not give from the row before it, `updates`; `kept` names them.
-- pending: the item that it opened, counted for or settled.
CREATE TABLE request_row (
	id INTEGER PRIMARY KEY,
	request INTEGER NOT NULL REFERENCES request,
	no INTEGER NOT NULL,
	place TEXT,
	tckn TEXT,
	given_name TEXT,
	family_name TEXT,
	birth_date TEXT,
	email TEXT,
	phone TEXT,
	unit TEXT,
	title TEXT,
	staff_no TEXT,
	kind TEXT,
	reader TEXT,
	backup INTEGER NOT NULL,
	years INTEGER NOT NULL,
	expires TEXT,
	note TEXT,
	verdict TEXT NOT NULL CHECK (verdict = 'accepted' OR verdict = 'repaired' OR verdict = 'refused'),
	complaints TEXT NOT NULL, -- as letters say them, identity numbers masked
	written TEXT, -- the same with the cells as they were written, for the sheet that goes back
	application INTEGER REFERENCES application,
	effect TEXT,
	changes TEXT,
	updates INTEGER REFERENCES request_row,
	kept TEXT,
	name_key TEXT,
	pending INTEGER REFERENCES pending,
	UNIQUE (request, no)
) STRICT;
CREATE INDEX request_row_also ON request_row (application) WHERE effect = 'also';

CREATE TABLE submission_item (
	submission INTEGER NOT NULL REFERENCES submission,
	no INTEGER NOT NULL,
	application INTEGER NOT NULL REFERENCES application,
	PRIMARY KEY (submission, no)
) STRICT, WITHOUT ROWID;

-- The outbox. due_at is also the lease: a letter that someone holds is not due before the lease is over. holder says who
-- (0: nobody, and due_at is a time to wait for), so that what a dead postman held can be given back at once.
-- attempts counts claims and fences off a postman that overslept; deferrals count for the back-off.
CREATE TABLE letter (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	recipient TEXT NOT NULL,
	to_ca INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'owed'
		CHECK (state = 'owed' OR state = 'frozen' OR state = 'sending' OR state = 'sent' OR state = 'deferred'
			OR state = 'failed' OR state = 'uncertain'),
	due_at INTEGER NOT NULL,
	holder INTEGER NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL DEFAULT 0,
	deferrals INTEGER NOT NULL DEFAULT 0,
	message_id TEXT NOT NULL,
	token TEXT,
	answers TEXT NOT NULL,
	version INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	in_reply_to TEXT,
	refs TEXT,
	mail INTEGER REFERENCES mail,
	request INTEGER REFERENCES request,
	application INTEGER REFERENCES application,
	submission INTEGER REFERENCES submission,
	owed_at INTEGER NOT NULL,
	first_try INTEGER,
	changed_at INTEGER NOT NULL,
	code INTEGER,
	answer TEXT,
	bounced_at INTEGER,
	held TEXT CHECK (held = 'address_dead' OR held = 'readdressed' OR held = 'storm'),
	address_fault TEXT -- of a failed one whose address is the reason, until apply_clock has seen it
) STRICT;
CREATE INDEX letter_due ON letter (to_ca, due_at)
	WHERE (state = 'owed' OR state = 'frozen' OR state = 'deferred') AND held IS NULL;
CREATE INDEX letter_recipient ON letter (recipient, owed_at);
CREATE INDEX letter_name ON letter (name, owed_at);
CREATE INDEX letter_held ON letter (id) WHERE held IS NOT NULL;
CREATE INDEX letter_sending ON letter (due_at) WHERE state = 'sending';
CREATE INDEX letter_uncertain ON letter (changed_at) WHERE state = 'uncertain';
CREATE INDEX letter_failed ON letter (id) WHERE state = 'failed';
CREATE INDEX letter_address_fault ON letter (id) WHERE address_fault IS NOT NULL;
CREATE INDEX letter_reminder ON letter (recipient, owed_at) WHERE name = 'reminder';
CREATE INDEX letter_receipt ON letter (request) WHERE name = 'receipt';
CREATE INDEX letter_application ON letter (application) WHERE application IS NOT NULL;

-- Addresses that a mail system says nobody has; what is owed to them is held.
CREATE TABLE dead_address (
	address TEXT PRIMARY KEY,
	letter INTEGER NOT NULL REFERENCES letter,
	reason TEXT NOT NULL,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Kinds of letters of which too many were owed within an hour. released_at NULL: they are held.
CREATE TABLE brake (
	name TEXT PRIMARY KEY,
	since INTEGER NOT NULL,
	letters INTEGER NOT NULL,
	released_at INTEGER,
	alarmed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX brake_on ON brake (name) WHERE released_at IS NULL AND alarmed_at IS NULL;

-- What a letter says, as JSON for its template; beside the row, because the row is rewritten at every step.
CREATE TABLE letter_context (
	letter INTEGER PRIMARY KEY REFERENCES letter,
	context TEXT NOT NULL
) STRICT;
CREATE TABLE letter_bytes (
	letter INTEGER PRIMARY KEY REFERENCES letter,
	bytes BLOB NOT NULL
) STRICT;

-- Who must have acted by when. event is what the clock says then.
CREATE TABLE expectation (
	id INTEGER PRIMARY KEY,
	application INTEGER NOT NULL REFERENCES application,
	state TEXT NOT NULL,
	event TEXT NOT NULL,
	due_at INTEGER NOT NULL,
	times INTEGER NOT NULL DEFAULT 0, -- reminders so far
	remind INTEGER NOT NULL DEFAULT 0, -- one is owed and stands in no letter yet
	escalated_at INTEGER,
	ended_at INTEGER
) STRICT;
CREATE INDEX expectation_open ON expectation (application) WHERE ended_at IS NULL;
CREATE INDEX expectation_due ON expectation (due_at) WHERE ended_at IS NULL;
CREATE INDEX expectation_remind ON expectation (application) WHERE remind = 1;

CREATE TABLE certificate (
	id INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person,
	application INTEGER REFERENCES application,
	expires TEXT NOT NULL,
	mail INTEGER REFERENCES mail,
	source TEXT NOT NULL CHECK (source IN ('form', 'active', 'import', 'ca', 'told')),
	unit TEXT, -- of the directory
	email TEXT,
	UNIQUE (person, expires)
) STRICT;
CREATE INDEX certificate_application ON certificate (application) WHERE application IS NOT NULL;
CREATE INDEX certificate_expires ON certificate (expires);
CREATE INDEX certificate_email ON certificate (email) WHERE email IS NOT NULL;

-- A letter spoke of a certificate that nears its end. days: which of the reminder days had come; asked: the manager is asked for it.
CREATE TABLE certificate_told (
	certificate INTEGER NOT NULL REFERENCES certificate,
	letter INTEGER NOT NULL REFERENCES letter DEFERRABLE INITIALLY DEFERRED, -- its words are made of these rows
	days INTEGER NOT NULL,
	asked INTEGER NOT NULL,
	PRIMARY KEY (certificate, letter)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_told_letter ON certificate_told (letter);

-- What is done once at certain times, and the last such time that it was done for.
CREATE TABLE mark (
	name TEXT PRIMARY KEY,
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened, why, by whom and how strongly it is known. Nothing here is ever changed.
CREATE TABLE journal (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	event TEXT NOT NULL,
	by_role TEXT NOT NULL,
	strength TEXT NOT NULL,
	application INTEGER REFERENCES application,
	letter INTEGER REFERENCES letter,
	mail INTEGER REFERENCES mail,
	from_state TEXT,
	to_state TEXT,
	by_name TEXT,
	place TEXT,
	note TEXT
) STRICT;
CREATE INDEX journal_application ON journal (application) WHERE application IS NOT NULL;
CREATE TRIGGER journal_unchanged BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER journal_kept BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;

-- The workflow as SQLite sees it; written from workflow.def at open.
CREATE TABLE workflow_state (
	name TEXT PRIMARY KEY,
	waits_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE workflow_edge (
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER application_moves BEFORE UPDATE OF state ON application
WHEN NEW.state <> OLD.state AND NOT EXISTS (
	SELECT 1 FROM workflow_edge WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'the workflow has no such step'); END;
CREATE TRIGGER letter_frozen BEFORE UPDATE ON letter_bytes
BEGIN SELECT RAISE(ABORT, 'frozen bytes never change'); END;

-- A server that the running gateway waits for; the row goes when it answers again.
CREATE TABLE trouble (
	server TEXT PRIMARY KEY CHECK (server = 'imap' OR server = 'smtp'),
	reason TEXT NOT NULL,
	waits_on TEXT NOT NULL,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
