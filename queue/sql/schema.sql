-- Generated from the migrations by tests/unit/queue/db_test (NESGATE_WRITE_SCHEMA=1); a test holds it equal.

CREATE TABLE mailbox (
	id INTEGER PRIMARY KEY,
	account TEXT NOT NULL,
	folder TEXT NOT NULL,
	uidvalidity INTEGER NOT NULL,
	told INTEGER NOT NULL DEFAULT 0,
	UNIQUE (account, folder, uidvalidity)
) STRICT;

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

CREATE INDEX mail_sha256 ON mail (substr(sha256, 1, 6));

CREATE INDEX mail_stored ON mail (id) WHERE state = 'stored';

CREATE INDEX mail_parked ON mail (id) WHERE state = 'parked';

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

CREATE TABLE paper_batch (
	id INTEGER PRIMARY KEY,
	closes_on TEXT NOT NULL UNIQUE,
	letter INTEGER REFERENCES letter,
	cargo_no TEXT,
	posted_at INTEGER
) STRICT;

CREATE INDEX paper_batch_letter ON paper_batch (letter) WHERE letter IS NOT NULL;

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

CREATE TABLE dead_address (
	address TEXT PRIMARY KEY,
	letter INTEGER NOT NULL REFERENCES letter,
	reason TEXT NOT NULL,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE brake (
	name TEXT PRIMARY KEY,
	since INTEGER NOT NULL,
	letters INTEGER NOT NULL,
	released_at INTEGER,
	alarmed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX brake_on ON brake (name) WHERE released_at IS NULL AND alarmed_at IS NULL;

CREATE TABLE letter_context (
	letter INTEGER PRIMARY KEY REFERENCES letter,
	context TEXT NOT NULL
) STRICT;

CREATE TABLE letter_bytes (
	letter INTEGER PRIMARY KEY REFERENCES letter,
	bytes BLOB NOT NULL
) STRICT;

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

CREATE TABLE certificate_told (
	certificate INTEGER NOT NULL REFERENCES certificate,
	letter INTEGER NOT NULL REFERENCES letter DEFERRABLE INITIALLY DEFERRED, -- its words are made of these rows
	days INTEGER NOT NULL,
	asked INTEGER NOT NULL,
	PRIMARY KEY (certificate, letter)
) STRICT, WITHOUT ROWID;

CREATE INDEX certificate_told_letter ON certificate_told (letter);

CREATE TABLE mark (
	name TEXT PRIMARY KEY,
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE trouble (
	server TEXT PRIMARY KEY CHECK (server = 'imap' OR server = 'smtp'),
	reason TEXT NOT NULL,
	waits_on TEXT NOT NULL,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
