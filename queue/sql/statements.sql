-- Every statement of the queue. A block begins with its name; sql.c prepares it when it is first used.
-- Parameters are numbered. What letters and views say is chosen here, identity numbers masked.
-- Partial indexes (state = 'stored', open = 1, …) are used only when their condition stands in the statement as it is there.
-- For IN (…) with three words and more SQLite makes a temporary table at each run: OR costs nothing.

-- name: begin
BEGIN IMMEDIATE;
-- name: commit
COMMIT;
-- name: rollback
ROLLBACK;
-- name: savepoint
SAVEPOINT inner_part;
-- name: release
RELEASE inner_part;
-- name: rollback_to
ROLLBACK TO inner_part;

-- In WAL mode NORMAL is what FULL is, but for the wait at each commit.
-- name: sync_light
PRAGMA synchronous = NORMAL;
-- name: sync_full
PRAGMA synchronous = FULL;

-- name: workflow_stored
SELECT from_state || '>' || to_state FROM workflow_edge
UNION ALL SELECT name || ':' || waits_on FROM workflow_state;
-- name: workflow_clear
DELETE FROM workflow_edge;
-- name: workflow_clear_states
DELETE FROM workflow_state;
-- name: workflow_add
INSERT OR IGNORE INTO workflow_edge (from_state, to_state) VALUES (?1, ?2);
-- name: workflow_add_state
INSERT INTO workflow_state (name, waits_on) VALUES (?1, ?2);

-- name: mailbox_find
SELECT id FROM mailbox WHERE account = ?1 AND folder = ?2 AND uidvalidity = ?3;
-- name: mailbox_add
INSERT INTO mailbox (account, folder, uidvalidity) VALUES (?1, ?2, ?3);
-- name: inbox_known
SELECT uid FROM mail WHERE mailbox = (SELECT id FROM mailbox WHERE account = ?1 AND folder = ?2 AND uidvalidity = ?3)
ORDER BY uid;
-- name: inbox_untold
SELECT uid FROM mailbox b JOIN mail ON mail.id > b.told AND +mailbox = b.id AND too_large = 0
WHERE account = ?1 AND folder = ?2 AND uidvalidity = ?3 ORDER BY mail.id;
-- name: mail_add
INSERT INTO mail (mailbox, uid, sha256, size, too_large, arrived_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (mailbox, uid) DO NOTHING;
-- name: mail_raw_add
INSERT INTO mail_raw (mail, raw) VALUES (?1, ?2);
-- name: mail_raw_packed
INSERT INTO mail_raw (mail, pack, start, length) VALUES (?1, ?2, ?3, ?4);
-- name: inbox_told
UPDATE mailbox SET told = (SELECT max(id) FROM mail) WHERE account = ?1 AND folder = ?2 AND uidvalidity = ?3;
-- name: mail_last_uid
SELECT max(uid) FROM mail WHERE mailbox = ?1;
-- name: mail_ingested
SELECT id FROM mail WHERE mailbox = ?1 AND substr(sha256, 1, 6) = substr(?2, 1, 6) AND sha256 = ?2;
-- name: mail_last
SELECT max(id) FROM mail;
-- name: mail_exists
SELECT 1 FROM mail WHERE id = ?1;

-- name: inbox_claimable
SELECT mail.id, size, too_large, attempts + 1, raw, pack, start, length
FROM mail JOIN mail_raw ON mail_raw.mail = mail.id
WHERE state = 'stored' AND lease <= ?1 ORDER BY mail.id LIMIT ?2;
-- name: inbox_claim
UPDATE mail SET attempts = attempts + 1, lease = ?2 WHERE state = 'stored' AND lease <= ?1 AND id <= ?3;
-- name: inbox_recover
UPDATE mail SET lease = 0 WHERE state = 'stored' AND lease > 0;
-- name: inbox_next
SELECT CASE WHEN EXISTS (SELECT 1 FROM mail WHERE state = 'stored' AND lease <= ?1) THEN 0
	ELSE coalesce((SELECT min(lease) FROM mail WHERE state = 'stored'), -1) END;
-- name: mail_strike
UPDATE mail SET lease = 0, reason = ?2,
	state = iif(attempts >= ?3, 'parked', 'stored'),
	disposition = iif(attempts >= ?3, 'waits_for_person', NULL),
	done_at = iif(attempts >= ?3, ?4, NULL)
WHERE id = ?1 AND state = 'stored';
-- name: mail_park
UPDATE mail SET state = 'parked', disposition = ?2, reason = ?3, done_at = ?4, lease = 0 WHERE id = ?1 AND state <> 'done';
-- name: mail_release
UPDATE mail SET state = 'stored', disposition = NULL, reason = NULL, done_at = NULL, lease = 0, attempts = 0
WHERE id = ?1 AND state = 'parked' AND EXISTS (SELECT 1 FROM mail_raw WHERE mail_raw.mail = ?1 AND forgotten = 0);
-- name: mail_row
SELECT m.state = 'stored', m.too_large, EXISTS (SELECT 1 FROM mail d INDEXED BY mail_sha256
	WHERE substr(d.sha256, 1, 6) = substr(m.sha256, 1, 6) AND d.sha256 = m.sha256 AND d.id <> m.id AND d.state <> 'stored'
	AND d.disposition <> 'duplicate')
FROM mail m WHERE m.id = ?1;
-- name: mail_finish
UPDATE mail SET state = ?2, disposition = ?3, reason = ?4, done_at = ?5, kind = ?6, sender = ?7, subject = ?8,
	message_id = ?9, lease = 0 WHERE id = ?1;
-- name: forget_mail
UPDATE mail_raw SET raw = iif(raw IS NULL, NULL, zeroblob(length(raw))), forgotten = 1 WHERE mail = ?1;
-- name: forget_ready
SELECT EXISTS (SELECT 1 FROM mail_raw WHERE forgotten = 1) AND NOT EXISTS (SELECT 1 FROM mail WHERE state = 'stored');
-- name: forget_spooled
SELECT r.pack, r.start, r.length, EXISTS (SELECT 1 FROM mail_raw k WHERE k.pack = r.pack AND k.forgotten = 0)
FROM mail_raw r WHERE r.forgotten = 1 AND r.pack IS NOT NULL ORDER BY r.mail;
-- name: forget_named
SELECT 1 FROM mail_raw WHERE pack = ?1 AND forgotten = 0;
-- name: forget_rows
DELETE FROM mail_raw WHERE forgotten = 1;

-- name: replay_next
SELECT m.id, r.raw, r.pack, r.start, r.length FROM mail m JOIN mail_raw r ON r.mail = m.id
WHERE m.id > ?1 AND m.kind = 'ca_notice' AND r.forgotten = 0 ORDER BY m.id LIMIT 1;

-- name: trouble_note
INSERT INTO trouble (server, reason, waits_on, since) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (server) DO UPDATE SET reason = excluded.reason, waits_on = excluded.waits_on;
-- name: trouble_over
DELETE FROM trouble WHERE server = ?1;

-- name: journal_add
INSERT INTO journal (at, event, by_role, strength, application, letter, mail, from_state, to_state, by_name, place, note)
VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), nullif(?6, 0), nullif(?7, 0), ?8, ?9, ?10, ?11, ?12);

-- name: request_add
INSERT INTO request (mail, sender, strength, unit, ticket, form, message_id, received_at, sender_unit, complaints, asks)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1);
-- name: request_inherit
UPDATE request SET ticket = ?2, unit = coalesce(?3, unit) WHERE id = ?1;
-- name: request_ticket
UPDATE request SET ticket = ?2 WHERE id = ?1 AND coalesce(ticket, '') = '';
-- name: request_row_add
INSERT INTO request_row (request, no, place, tckn, given_name, family_name, birth_date, email, phone, unit, title, staff_no,
	kind, reader, backup, years, expires, note, verdict, complaints, written, application, effect, changes, updates, name_key, pending)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, nullif(?22, 0), ?23, ?24,
	nullif(?25, 0), ?26, nullif(?27, 0));
-- name: request_row_keep
UPDATE request_row AS r SET birth_date = coalesce(r.birth_date, o.birth_date), phone = coalesce(r.phone, o.phone),
	unit = coalesce(r.unit, o.unit), title = coalesce(r.title, o.title), staff_no = coalesce(r.staff_no, o.staff_no),
	kind = coalesce(r.kind, o.kind), reader = coalesce(r.reader, o.reader), expires = coalesce(r.expires, o.expires),
	note = coalesce(r.note, o.note), years = iif(r.years, r.years, o.years), email = coalesce(r.email, o.email),
	kept = ' ' || iif(r.birth_date IS NULL, 'birth_date ', '') || iif(r.phone IS NULL, 'phone ', '')
		|| iif(r.unit IS NULL, 'unit ', '') || iif(r.title IS NULL, 'title ', '') || iif(r.staff_no IS NULL, 'staff_no ', '')
		|| iif(r.kind IS NULL, 'kind ', '') || iif(r.reader IS NULL, 'reader ', '') || iif(r.expires IS NULL, 'expires ', '')
		|| iif(r.note IS NULL, 'note ', '') || iif(r.years, '', 'years ') || iif(r.email IS NULL, 'email ', '')
FROM request_row o WHERE r.id = ?1 AND o.id = ?2;
-- name: request_asks_nothing
UPDATE request SET asks = 0 WHERE id = ?1;
-- name: request_ask
UPDATE request SET approval = ?2 WHERE id = ?1;
-- name: request_unasked
SELECT id FROM request WHERE asks = 1 AND approval IS NULL AND received_at < ?1 ORDER BY received_at LIMIT 1;
-- name: request_ask_all
UPDATE request SET approval = ?1 WHERE asks = 1 AND approval IS NULL AND received_at < ?2;
-- name: request_decided
UPDATE request SET asks = 0 WHERE asks = 1 AND approval IS NULL AND received_at < ?1 AND NOT EXISTS (
	SELECT 1 FROM request_row r JOIN application a ON a.id = r.application
	WHERE r.request = request.id AND a.request = r.request AND a.row_no = r.no AND a.state = 'requested');
-- name: request_people
SELECT a.id, q.id FROM request q JOIN request_row r ON r.request = q.id JOIN application a ON a.id = r.application
WHERE q.approval = ?1 AND a.request = r.request AND a.row_no = r.no AND a.state = 'requested' ORDER BY q.id, r.no;
-- name: request_changed
SELECT EXISTS (SELECT 1 FROM request q JOIN request_row r ON r.request = q.id JOIN application a ON a.id = r.application
	WHERE q.approval = ?1 AND (r.effect = 'asked' OR r.effect = 'updated') AND a.state = 'requested');
-- name: request_also
SELECT a.request FROM request_row r JOIN application a ON a.id = r.application WHERE r.request = ?1 AND r.effect = 'also' ORDER BY r.no;

-- name: pending_open
SELECT p.id, p.whole, p.tckn, p.name_key, p.email, p.ticket, p.unit FROM pending p INDEXED BY pending_open
WHERE p.closed_at IS NULL AND (p.sender = ?1 OR (p.whole = 0 AND p.sender_unit = ?2) OR p.letter = ?3
	OR EXISTS (SELECT 1 FROM request_row r WHERE r.request = ?4 AND r.pending = p.id))
ORDER BY p.id;
-- name: pending_add
INSERT INTO pending (whole, reason, sender, sender_unit, unit, ticket, mail, request, place, name, tckn, name_key, email, letter,
	opened_at, due_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), ?9, ?10, ?11, ?12, ?13, nullif(?14, 0), ?15, ?16);
-- name: pending_again
UPDATE pending SET times = times + 1, reason = ?2, mail = ?3, letter = coalesce(nullif(?4, 0), letter), place = ?5, due_at = ?6
WHERE id = ?1;
-- name: pending_end
UPDATE pending SET closed_at = ?2, closed_by = nullif(?3, 0) WHERE id = ?1 AND closed_at IS NULL;
-- name: pending_exists
SELECT 1 FROM pending WHERE id = ?1;

-- name: person_find
SELECT p.id, p.given_name IS ?2 AND p.family_name IS ?3 AND p.birth_date IS ?4, coalesce(
	(SELECT id FROM application WHERE person = p.id AND slot = ?5 AND open = 1),
	(SELECT id FROM application WHERE person = p.id AND slot = ?5 AND open = 0 AND state = 'active' AND expires = ?6), 0)
FROM person p WHERE p.tckn = ?1;
-- name: person_add
INSERT INTO person (tckn, given_name, family_name, birth_date) VALUES (?1, ?2, ?3, ?4);
-- name: person_update
UPDATE person SET given_name = ?2, family_name = ?3, birth_date = ?4 WHERE id = ?1;
-- name: person_correct
UPDATE person SET given_name = coalesce(?2, given_name), family_name = coalesce(?3, family_name), birth_date = coalesce(?4, birth_date)
WHERE id = (SELECT person FROM application WHERE id = ?1);

-- name: application_add
INSERT INTO application (person, slot, kind, request, row_no, email, wet_only, expires, changed_at, state, open)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'requested', 1);
-- name: application_state
SELECT state, version, wet_only OR coalesce(nullif(expires, '') < date(?2 + 10800, 'unixepoch'), 0) FROM application WHERE id = ?1;
-- name: application_expires
SELECT coalesce(expires, '') FROM application WHERE id = ?1;
-- name: application_old_end
UPDATE application SET expires = ?2 WHERE id = ?1 AND slot = 'main' AND (?3 OR coalesce(expires, '') = '');
-- name: application_cargo
UPDATE application SET cargo_no = ?2 WHERE id = ?1;
-- name: application_move
UPDATE application SET state = ?2, open = ?3, version = version + ?4, changed_at = ?5, way = coalesce(?6, way) WHERE id = ?1;
-- name: application_facts
SELECT r.name_key, r.birth_date, r.email, r.phone, coalesce(r.unit, q.unit), r.title, r.staff_no, r.kind, r.reader, r.expires, r.note,
	r.years, r.backup, r.id, q.sender, q.sender_unit
FROM application a JOIN request q ON q.id = a.request JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE a.id = ?1;
-- name: application_take
UPDATE application SET request = ?2, row_no = ?3, kind = coalesce(?4, kind), email = coalesce(lower(?5), email),
	expires = coalesce(?6, expires),
	wet_only = coalesce(?4, kind) IS 'first' OR coalesce(nullif(coalesce(?6, expires), '') < ?7, 0) WHERE id = ?1;
-- name: application_also
SELECT EXISTS (SELECT 1 FROM request_row r JOIN request q ON q.id = r.request
	WHERE r.application = ?1 AND r.effect = 'also' AND (q.sender = ?2 OR q.sender_unit = ?3));
-- name: application_other_units
SELECT q.sender, (SELECT message_id FROM letter WHERE request = q.id AND name = 'receipt'), q.id
FROM request_row r JOIN request q ON q.id = r.request WHERE r.application = ?1 AND r.effect = 'also';
-- name: application_list
UPDATE application SET submission = ?2 WHERE id = ?1;
-- name: application_learn
UPDATE application SET application_no = coalesce(?2, application_no), tracking_no = coalesce(?3, tracking_no), reason = ?4
WHERE id = ?1;
-- name: application_parcel
UPDATE application SET tracking_no = ?2 WHERE id = ?1;
-- name: application_before
SELECT 'A-' || id || ' ' || state FROM (SELECT o.id, o.state FROM application n CROSS JOIN application o INDEXED BY application_person
	WHERE n.id = ?1 AND o.person = n.person AND o.slot = n.slot AND o.open = 0 AND o.id < ?1 ORDER BY o.id DESC LIMIT 1)
WHERE state = 'cancelled' OR state = 'refused' OR state = 'withdrawn';
-- name: request_sender_unit
SELECT sender_unit FROM request WHERE id = iif(?1, ?1, (SELECT request FROM application WHERE id = ?2));
-- name: application_request
SELECT request FROM application WHERE id = ?1;
-- name: application_by_number
SELECT id, state FROM application WHERE application_no = ?1 AND application_no = ?2;
-- name: application_by_email
SELECT id, state FROM application
WHERE open = 1 AND email = ?1 AND (application_no IS NULL OR ?2 IS NULL OR application_no = ?2);
-- name: application_by_name
SELECT a.id, a.state FROM application a JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE a.open = 1 AND r.name_key = ?1 AND (a.application_no IS NULL OR ?2 IS NULL OR a.application_no = ?2);

-- name: notice_told
SELECT EXISTS (SELECT 1 FROM application a JOIN letter l ON l.application = a.id
	WHERE a.id = ?1 AND l.version = a.version AND l.name = ?2 AND (?3 IS NULL OR ?3 = a.tracking_no));

-- name: expectation_carry
UPDATE expectation SET state = ?2 WHERE application = ?1 AND ended_at IS NULL AND (event = 'cancel' OR event = 'cancel_near');
-- name: expectation_end_all
UPDATE expectation SET ended_at = ?2 WHERE application = ?1 AND ended_at IS NULL
	AND (?3 = 0 OR event = 'remind' OR event = 'escalate');
-- name: expectation_add
INSERT INTO expectation (application, state, event, due_at) VALUES (?1, ?2, ?3, ?4);
-- name: expectation_due
SELECT application, id, event, times FROM expectation WHERE ended_at IS NULL AND due_at <= ?1 ORDER BY due_at LIMIT 100;
-- name: expectation_end
UPDATE expectation SET ended_at = ?2 WHERE id = ?1;
-- name: expectation_is_open
SELECT ended_at IS NULL FROM expectation WHERE id = ?1;
-- name: expectation_again
UPDATE expectation SET event = ?2, due_at = ?3, times = times + ?4, remind = ?4, escalated_at = iif(?4, NULL, coalesce(escalated_at, ?5))
WHERE id = ?1;
-- name: reminder_owed
SELECT e.application, w.waits_on, iif(a.email IN (SELECT address FROM dead_address), NULL, a.email)
FROM expectation e INDEXED BY expectation_remind
JOIN application a ON a.id = e.application JOIN workflow_state w ON w.name = a.state
WHERE e.remind = 1 AND e.ended_at IS NULL ORDER BY e.application;
-- name: reminder_single
SELECT a.id, a.version, a.state, a.wet_only OR coalesce(nullif(a.expires, '') < date(?2 + 10800, 'unixepoch'), 0)
FROM application a JOIN workflow_state w ON w.name = a.state
WHERE (SELECT count(*) FROM json_each(?1)) = 1 AND a.id = (SELECT value FROM json_each(?1)) AND w.waits_on IN ('applicant', 'ca');
-- name: reminder_since
SELECT EXISTS (SELECT 1 FROM letter WHERE name = 'reminder' AND recipient = ?1 AND owed_at >= ?2);
-- name: reminder_said
UPDATE expectation SET remind = 0 WHERE remind = 1 AND application IN (SELECT value FROM json_each(?1));
-- name: reminder_ask_anew
UPDATE request SET approval = NULL WHERE asks = 1 AND approval IN (SELECT id FROM letter WHERE id = approval AND recipient <> ?1)
	AND EXISTS (SELECT 1 FROM request_row r JOIN application a ON a.id = r.application
		WHERE r.request = request.id AND a.request = r.request AND a.row_no = r.no AND a.state = 'requested');

-- name: mark_get
SELECT at FROM mark WHERE name = ?1;
-- name: mark_set
INSERT INTO mark (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = excluded.at;

-- The certificate that counts is the last to end of a person's; who has an application open has asked already.
-- name: certificate_of_form_moved
UPDATE OR IGNORE certificate SET expires = (SELECT expires FROM application WHERE id = ?1)
WHERE application = ?1 AND source = 'form' AND (SELECT expires FROM application WHERE id = ?1) <> '';
-- name: certificate_of_form
INSERT INTO certificate (person, application, expires, mail, source, unit, email)
SELECT a.person, a.id, a.expires, nullif(?2, 0), 'form', q.sender_unit, a.email
FROM application a JOIN request q ON q.id = a.request WHERE a.id = ?1 AND a.slot = 'main' AND a.expires <> ''
ON CONFLICT (person, expires) DO UPDATE SET unit = coalesce(excluded.unit, unit), email = coalesce(excluded.email, email);
-- name: certificate_of_activation
INSERT INTO certificate (person, application, expires, mail, source, unit, email)
SELECT a.person, a.id, date(max(coalesce(nullif(a.expires, ''), ?3), ?3), '+' ||
	CASE WHEN r.years > 0 THEN r.years WHEN p.tckn LIKE '99%' THEN 1 ELSE 3 END || ' years'), nullif(?2, 0), 'active', q.sender_unit, a.email
FROM application a JOIN person p ON p.id = a.person JOIN request q ON q.id = a.request
JOIN request_row r ON r.request = a.request AND r.no = a.row_no WHERE a.id = ?1
ON CONFLICT (person, expires) DO UPDATE SET unit = coalesce(excluded.unit, unit), email = coalesce(excluded.email, email);
-- name: certificate_person
SELECT id FROM person WHERE tckn = ?1;
-- name: certificate_known
SELECT EXISTS (SELECT 1 FROM certificate WHERE person = ?1 AND expires = ?2);
-- name: certificate_import
INSERT INTO certificate (person, expires, source, unit, email) VALUES (?1, ?2, 'import', ?3, lower(?4))
ON CONFLICT (person, expires) DO UPDATE SET unit = coalesce(excluded.unit, unit), email = coalesce(excluded.email, email);
-- name: certificate_owner
SELECT min(person) FROM certificate WHERE email = ?1 HAVING min(person) = max(person);
-- name: certificate_of_application
SELECT person FROM application WHERE id = ?1 AND slot = 'main';
-- What KAMU SM says of the present certificate counts more than what was typed, or reckoned from the day the card came.
-- name: certificate_corrected
UPDATE OR IGNORE certificate SET expires = ?2, mail = nullif(?3, 0), source = 'ca'
WHERE person = ?1 AND expires <> ?2 AND expires BETWEEN date(?2, '-180 days') AND date(?2, '+180 days');
-- name: certificate_heard
INSERT INTO certificate (person, expires, mail, source, unit, email)
SELECT ?1, ?2, nullif(?3, 0), ?4, coalesce(c.unit, q.sender_unit), coalesce(a.email, c.email)
FROM person p LEFT JOIN application a ON a.person = p.id AND a.slot = 'main' AND a.open = 1 LEFT JOIN request q ON q.id = a.request
LEFT JOIN certificate c ON c.person = p.id AND c.expires = (SELECT max(expires) FROM certificate WHERE person = p.id)
WHERE p.id = ?1 AND NOT EXISTS (SELECT 1 FROM certificate WHERE person = ?1 AND expires >= date(?2, '-180 days'));
-- name: certificate_tell
INSERT INTO certificate_told (certificate, letter, days, asked)
SELECT id, ?1, step, julianday(expires) - julianday(?2) <= ?5 FROM (
	SELECT c.id, c.expires, (SELECT min(value) FROM json_each(?4) WHERE value >= julianday(c.expires) - julianday(?2)) AS step
	FROM certificate c WHERE c.unit = ?6 AND c.expires >= ?2 AND c.expires <= date(?2, '+' || ?3 || ' days')
	AND c.expires = (SELECT max(expires) FROM certificate WHERE person = c.person)
	AND NOT EXISTS (SELECT 1 FROM application WHERE person = c.person AND slot = 'main' AND open = 1))
WHERE step < coalesce((SELECT min(t.days) FROM certificate_told t WHERE t.certificate = id AND t.days > 0), 1000);
-- name: certificate_last
SELECT c.id FROM certificate c WHERE c.expires >= ?1 AND c.expires <= date(?1, '+' || ?2 || ' days') AND c.email IS NOT NULL
	AND c.expires = (SELECT max(expires) FROM certificate WHERE person = c.person)
	AND NOT EXISTS (SELECT 1 FROM application WHERE person = c.person AND slot = 'main' AND open = 1)
	AND NOT EXISTS (SELECT 1 FROM certificate_told WHERE certificate = c.id AND days = 0);
-- name: certificate_told_last
INSERT INTO certificate_told (certificate, letter, days, asked) SELECT ?1, id, 0, 0 FROM letter WHERE id = ?2;
-- name: certificate_form
SELECT p.tckn, p.given_name, p.family_name, p.birth_date, c.email, r.phone, coalesce(r.unit, c.unit), r.title, r.staff_no, 'renewal',
	'none', iif(p.tckn LIKE '99%', 1, 3), c.expires
FROM certificate_told t JOIN certificate c ON c.id = t.certificate JOIN person p ON p.id = c.person
LEFT JOIN application a ON a.id = (SELECT max(id) FROM application WHERE person = p.id)
LEFT JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE t.letter = ?1 AND t.asked = 1 ORDER BY c.expires, p.family_name, p.given_name;

-- name: summary_senders
SELECT DISTINCT sender, sender_unit FROM request UNION SELECT DISTINCT sender, sender_unit FROM pending WHERE closed_at IS NULL;

-- name: expectation_first_day
UPDATE expectation SET ended_at = ?2 WHERE application = ?1 AND ended_at IS NULL AND event <> 'first_day' AND event <> 'activate';
-- name: expectation_activate
UPDATE expectation SET event = 'activate' WHERE application = ?1 AND ended_at IS NULL AND event = 'first_day';

-- name: expectation_first_day_over
UPDATE expectation SET ended_at = ?2 WHERE application = ?1 AND ended_at IS NULL AND event = 'first_day';
-- name: card_told
SELECT EXISTS (SELECT 1 FROM letter WHERE application = ?1 AND name = 'first_day');
-- name: card_ready
SELECT EXISTS (SELECT 1 FROM expectation WHERE application = ?1 AND ended_at IS NULL AND event = 'activate');

-- name: paper_gone
SELECT posted_at IS NOT NULL FROM paper_batch WHERE closes_on = ?1;
-- name: paper_batch
SELECT id FROM paper_batch WHERE closes_on = ?1;
-- name: paper_add
INSERT INTO paper_batch (closes_on) VALUES (?1) ON CONFLICT (closes_on) DO NOTHING;
-- name: paper_catch
UPDATE application SET paper_batch = (SELECT id FROM paper_batch WHERE closes_on = ?2) WHERE id = ?1;
-- name: paper_wanted
SELECT EXISTS (SELECT 1 FROM application WHERE state = 'paper_due' OR state = 'paper_in' OR (state = 'invited' AND wet_only = 1))
	AND NOT EXISTS (SELECT 1 FROM paper_batch WHERE closes_on = ?1 AND (letter IS NOT NULL OR posted_at IS NOT NULL));
-- name: paper_letter
UPDATE paper_batch SET letter = ?2 WHERE id = ?1;
-- name: paper_letter_gone
SELECT posted_at IS NOT NULL FROM paper_batch WHERE letter = ?1;
-- name: paper_listed
SELECT a.id, a.state, a.state = 'paper_in' AND EXISTS (SELECT 1 FROM paper_batch p JOIN paper_batch b ON b.letter = ?1
	WHERE p.id = a.paper_batch AND p.closes_on <= b.closes_on)
FROM letter_context c, json_each(c.context, '$.people') l JOIN application a ON a.id = CAST(substr(l.value ->> 'application', 3) AS INTEGER)
WHERE c.letter = ?1
UNION ALL SELECT a.id, a.state, EXISTS (SELECT 1 FROM paper_batch p JOIN paper_batch b ON b.letter = ?1
	WHERE p.id = a.paper_batch AND p.closes_on <= b.closes_on)
FROM application a WHERE a.state = 'paper_in' AND (a.state = 'paper_due' OR a.state = 'paper_in' OR (a.state = 'invited' AND a.wet_only = 1))
	AND NOT EXISTS (SELECT 1 FROM letter_context c, json_each(c.context, '$.people') l
		WHERE c.letter = ?1 AND l.value ->> 'application' = 'A-' || a.id);
-- name: paper_post
UPDATE paper_batch SET cargo_no = coalesce(?2, cargo_no), posted_at = coalesce(posted_at, ?3) WHERE letter = ?1;

-- name: submission_approved
SELECT id FROM application WHERE state = 'approved' AND changed_at <= ?1 ORDER BY id;
-- name: submission_add
INSERT INTO submission (made_at, format) VALUES (?1, ?2);
-- name: submission_item_add
INSERT INTO submission_item (submission, no, application) VALUES (?1, ?2, ?3);
-- name: submission_letter
UPDATE submission SET letter = ?2 WHERE id = ?1;
-- name: submission_ask
UPDATE submission SET asked = ?2 WHERE id = ?1;
-- name: submission_delivered
SELECT s.id FROM submission s JOIN letter l ON l.id = s.letter
WHERE s.state = 'listed' AND l.state = 'sent' ORDER BY s.id;
-- name: submission_people
SELECT i.application FROM submission_item i JOIN application a ON a.id = i.application
WHERE i.submission = ?1 AND a.state = 'listed' ORDER BY i.no;
-- name: submission_sent
UPDATE submission SET state = 'sent', sent_at = ?2 WHERE id = ?1;
-- An operator's word for the last of a list that waited for its officer, or of which nobody knew whether it arrived.
-- name: submission_by_hand
UPDATE submission SET state = 'sent', sent_at = ?2
WHERE id = (SELECT submission FROM application WHERE id = ?1) AND state = 'listed'
	AND (letter IS NULL OR letter IN (SELECT l.id FROM letter l WHERE l.id = submission.letter AND l.state = 'uncertain')) AND NOT EXISTS (
	SELECT 1 FROM submission_item i JOIN application a ON a.id = i.application WHERE i.submission = submission.id AND a.state = 'listed');
-- name: submission_doubt_over
SELECT l.id FROM application a JOIN submission s ON s.id = a.submission JOIN letter l ON l.id = s.letter
WHERE a.id = ?1 AND s.state = 'sent' AND l.state = 'uncertain';
-- name: submission_failed
SELECT s.id, l.answer, l.state FROM submission s JOIN letter l ON l.id = s.letter
WHERE s.state = 'listed' AND (l.state = 'failed' OR (l.state = 'uncertain' AND l.changed_at <= ?1)) AND coalesce(s.alarmed_at, 0) < l.changed_at
ORDER BY s.id LIMIT 1;
-- The letter of which nobody knows whether it arrived.
-- name: submission_doubt
SELECT l.id FROM submission s JOIN letter l ON l.id = s.letter WHERE s.id = ?1 AND s.state = 'listed' AND l.state = 'uncertain';
-- name: submission_alarmed
UPDATE submission SET alarmed_at = ?2 WHERE id = ?1;
-- Whether it waits for its officer: listed, and nothing went to KAMU SM.
-- name: submission_open
SELECT state = 'listed' AND letter IS NULL FROM submission WHERE id = ?1;
-- name: submission_exists
SELECT 1 FROM submission WHERE id = ?1;
-- name: submission_stuck
SELECT 1 FROM submission s JOIN letter l ON l.id = s.letter WHERE s.id = ?1 AND s.state = 'listed' AND l.state = 'failed';
-- name: submission_signed
SELECT submission FROM submission_file WHERE signed = 0 AND instr(' ' || digests || ' ', ' ' || ?1 || ' ') > 0 ORDER BY submission DESC LIMIT 1;

-- name: list_file_plain
SELECT 'L-' || s.id || '.' || s.format, s.format, f.bytes
FROM submission s LEFT JOIN submission_file f ON f.submission = s.id AND f.signed = 0 WHERE s.id = ?1;
-- name: list_file_signed
SELECT name, NULL, bytes FROM submission_file WHERE submission = ?1 AND signed = 1;
-- name: list_file_detached
SELECT detached FROM submission_file WHERE submission = ?1 AND signed = 1;
-- name: list_file_keep
INSERT INTO submission_file (submission, signed, digests, bytes) VALUES (?1, 0, ?2, ?3) ON CONFLICT DO NOTHING;
-- name: list_file_sign
INSERT INTO submission_file (submission, signed, name, detached, digests, bytes, mail)
SELECT id, 1, 'L-' || id || iif(?2 = 'pdf', '', '.' || format) || '.' || ?2, ?3, ?4, ?5, nullif(?6, 0) FROM submission WHERE id = ?1;

-- name: clock_due
SELECT EXISTS (SELECT 1 FROM submission s JOIN letter l ON l.id = s.letter WHERE s.state = 'listed' AND l.state = 'sent')
	OR EXISTS (SELECT 1 FROM submission s JOIN letter l ON l.id = s.letter
		WHERE s.state = 'listed' AND (l.state = 'failed' OR (l.state = 'uncertain' AND l.changed_at <= ?2))
			AND coalesce(s.alarmed_at, 0) < l.changed_at)
	OR EXISTS (SELECT 1 FROM application WHERE state = 'approved' AND changed_at <= ?5)
	OR EXISTS (SELECT 1 FROM request WHERE asks = 1 AND approval IS NULL AND received_at < ?3)
	OR EXISTS (SELECT 1 FROM letter WHERE state = 'uncertain' AND changed_at <= ?2 AND to_ca = 0)
	OR EXISTS (SELECT 1 FROM letter WHERE address_fault IS NOT NULL)
	OR (?4 IS NOT NULL AND EXISTS (SELECT 1 FROM application WHERE state = 'paper_due' OR state = 'paper_in' OR (state = 'invited' AND wet_only = 1))
		AND NOT EXISTS (SELECT 1 FROM paper_batch WHERE closes_on = ?4 AND (letter IS NOT NULL OR posted_at IS NOT NULL)))
	OR EXISTS (SELECT 1 FROM expectation WHERE ended_at IS NULL AND due_at <= ?1)
	OR (?6 AND EXISTS (SELECT 1 FROM brake INDEXED BY brake_on WHERE released_at IS NULL AND alarmed_at IS NULL))
	OR coalesce((SELECT at FROM mark WHERE name = 'manager_digest'), -1) < ?7
	OR coalesce((SELECT at FROM mark WHERE name = 'officer_digest'), -1) < ?8
	OR coalesce((SELECT at FROM mark WHERE name = 'expiring'), -1) < ?9;

-- name: letter_next
SELECT coalesce(max(id), 0) + 1 FROM letter;
-- name: letter_add
INSERT INTO letter (id, name, recipient, to_ca, message_id, token, answers, version, expires, in_reply_to, refs, mail, request,
	application, submission, owed_at, due_at, changed_at, held)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, nullif(?12, 0), nullif(?13, 0), nullif(?14, 0), nullif(?15, 0),
	?16, ?17, ?16, CASE WHEN EXISTS (SELECT 1 FROM dead_address WHERE address = ?3) THEN 'address_dead'
		WHEN EXISTS (SELECT 1 FROM brake WHERE name = ?2 AND released_at IS NULL) THEN 'storm' END);
-- name: letter_context_add
INSERT INTO letter_context (letter, context) VALUES (?1, ?2);
-- In the order in which the letter lists them.
-- name: letter_people
SELECT p.value ->> 'no', a.id, coalesce(r.name_key, '') FROM letter_context c, json_each(c.context, '$.people') p
JOIN application a ON a.id = CAST(substr(p.value ->> 'application', 3) AS INTEGER)
LEFT JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE c.letter = ?1;
-- name: letter_asked_back
SELECT count(*) FROM letter JOIN letter_context c ON c.letter = id
WHERE name = 'not_possible' AND recipient = ?1 AND owed_at > ?2 AND c.context ->> 'reason' = ?3 AND c.context ->> 'ref' = ?4;
-- name: letter_said_since
SELECT EXISTS (SELECT 1 FROM letter WHERE name = ?1 AND recipient = ?2 AND owed_at > ?3);
-- name: letter_exists
SELECT 1 FROM letter WHERE id = ?1;
-- name: letter_bound
SELECT id, request, application, version, recipient, answers, expires, submission FROM letter WHERE id = ?1;
-- name: letter_evidence
UPDATE letter SET state = 'sent', changed_at = ?2, answer = ?3
WHERE id = ?1 AND (state IN ('uncertain', 'sending') OR (state = 'deferred' AND first_try IS NOT NULL));
-- name: letter_list
SELECT iif(to_ca, submission, 0) FROM letter WHERE id = ?1;
-- name: letter_bounced
UPDATE letter SET bounced_at = ?2, answer = coalesce(?3, answer) WHERE id = ?1 AND bounced_at IS NULL;
-- name: letter_release_journal
INSERT INTO journal (at, event, by_role, strength, letter)
SELECT ?2, 'letter_released', 'clock', 'operator', id FROM letter
WHERE state = 'uncertain' AND changed_at <= ?1 AND to_ca = 0;
-- name: letter_release
UPDATE letter SET state = 'deferred', due_at = ?2, changed_at = ?2, holder = 0 WHERE state = 'uncertain' AND changed_at <= ?1 AND to_ca = 0;

-- name: dead_add
INSERT INTO dead_address (address, letter, reason, since) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING;
-- name: dead_known
SELECT 1 FROM dead_address WHERE address = ?1;
-- name: dead_hold
UPDATE letter SET held = 'address_dead'
WHERE recipient = ?1 AND held IS NULL AND (state = 'owed' OR state = 'frozen' OR state = 'deferred');
-- name: dead_refused
SELECT id, application, recipient, address_fault FROM letter WHERE address_fault IS NOT NULL AND ?1 = 0 ORDER BY id LIMIT 1;
-- name: dead_hold_refused
UPDATE letter SET state = 'frozen', held = 'address_dead', address_fault = NULL, changed_at = ?2, deferrals = 0, first_try = NULL,
	holder = 0 WHERE id = ?1;
-- name: dead_end
DELETE FROM dead_address WHERE address = ?1;
-- name: dead_let_go
UPDATE letter SET held = NULL, due_at = ?2, holder = 0 WHERE recipient = ?1 AND held = 'address_dead';
-- name: dead_of_application
SELECT d.address FROM application a JOIN dead_address d ON d.address = a.email WHERE a.id = ?1;
-- name: dead_unheard
SELECT l.name FROM letter l WHERE l.application = ?1 AND l.recipient = ?2 AND (l.held = 'address_dead' OR l.bounced_at IS NOT NULL)
ORDER BY l.id DESC LIMIT 1;
-- name: dead_supersede
UPDATE letter SET held = 'readdressed' WHERE application = ?1 AND recipient = ?2 AND held = 'address_dead';
-- name: application_readdress
UPDATE application SET email = ?2 WHERE id = ?1;

-- name: brake_over
SELECT count(*) > ?3 FROM letter WHERE name = ?1 AND owed_at > max(?2, coalesce((SELECT released_at FROM brake WHERE name = ?1), 0));
-- name: brake_add
INSERT INTO brake (name, since, letters) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET since = ?2, letters = ?3, released_at = NULL, alarmed_at = NULL WHERE released_at IS NOT NULL;
-- name: brake_hold
UPDATE letter SET held = 'storm' WHERE name = ?1 AND held IS NULL AND (state = 'owed' OR state = 'frozen' OR state = 'deferred');
-- name: brake_release
UPDATE brake SET released_at = ?2 WHERE name = ?1 AND released_at IS NULL;
-- name: brake_let_go
UPDATE letter SET held = NULL, due_at = ?2, holder = 0 WHERE name = ?1 AND held = 'storm';
-- name: answers_too_many
SELECT (?3 > 0 AND count(*) >= ?3) OR (?4 > 0 AND coalesce(sum(subject = ?5), 0) >= ?4)
FROM mail WHERE sender = ?1 AND done_at > ?2 AND (disposition = 'answered' OR reason = 'nothing_new');

-- name: brake_alarm
SELECT name FROM brake INDEXED BY brake_on WHERE released_at IS NULL AND alarmed_at IS NULL LIMIT 1;
-- name: brake_alarmed
UPDATE brake SET alarmed_at = ?2 WHERE name = ?1;

-- name: outbox_lost_journal
INSERT INTO journal (at, event, by_role, strength, letter)
SELECT ?1, 'letter_uncertain', 'clock', 'operator', id FROM letter WHERE state = 'sending' AND due_at <= ?1;
-- name: outbox_lost
UPDATE letter SET state = 'uncertain', changed_at = ?1, answer = 'the sender died or overslept'
WHERE state = 'sending' AND due_at <= ?1;
-- name: outbox_recover_journal
INSERT INTO journal (at, event, by_role, strength, letter)
SELECT ?2, 'letter_uncertain', 'clock', 'operator', id FROM letter WHERE state = 'sending' AND (holder = ?1 OR ?1 < 0);
-- name: outbox_recover_sending
UPDATE letter SET state = 'uncertain', changed_at = ?2, answer = 'the sender died', holder = 0
WHERE state = 'sending' AND (holder = ?1 OR ?1 < 0);
-- name: outbox_recover_held
UPDATE letter SET due_at = ?2, holder = 0
WHERE (state = 'owed' OR state = 'frozen' OR state = 'deferred') AND held IS NULL AND holder <> 0 AND (holder = ?1 OR ?1 < 0);
-- name: outbox_claimable
SELECT id, name, recipient, to_ca, context, message_id, token, in_reply_to, refs, request, submission, owed_at, attempts, bytes,
	name = 'receipt' AND EXISTS (SELECT 1 FROM request_row r WHERE r.request = letter.request AND r.verdict <> 'accepted')
FROM letter INDEXED BY letter_due JOIN letter_context c ON c.letter = id LEFT JOIN letter_bytes b ON b.letter = id
WHERE (state = 'owed' OR state = 'frozen' OR state = 'deferred') AND held IS NULL AND to_ca = ?1 AND due_at <= ?2
ORDER BY due_at LIMIT ?3;
-- name: outbox_claim
UPDATE letter SET due_at = ?2, attempts = attempts + 1, holder = ?3 WHERE id = ?1;
-- name: outbox_sending
UPDATE letter SET state = 'sending', changed_at = ?3, first_try = coalesce(first_try, ?3)
WHERE id = ?1 AND attempts = ?2 AND (state = 'owed' OR state = 'frozen' OR state = 'deferred');
-- name: letter_bytes_add
INSERT INTO letter_bytes (letter, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING;
-- name: outbox_sent
UPDATE letter SET state = 'sent', code = ?2, answer = ?3, changed_at = ?4
WHERE id = ?1 AND (state = 'sending' OR state = 'uncertain' OR state = 'deferred');
-- name: outbox_deferred
UPDATE letter SET state = 'deferred', deferrals = deferrals + 1, code = ?2, answer = ?3, changed_at = ?4, holder = 0
WHERE id = ?1 AND state IN ('sending', 'uncertain');
-- name: outbox_due
UPDATE letter SET due_at = ?2 WHERE id = ?1 AND state = 'deferred';
-- name: outbox_deferrals
SELECT deferrals FROM letter WHERE id = ?1;
-- name: outbox_first_try
SELECT first_try FROM letter WHERE id = ?1;
-- name: outbox_failed
UPDATE letter SET state = 'failed', code = ?2, answer = ?3, changed_at = ?4
WHERE id = ?1 AND state IN ('sending', 'uncertain');
-- name: outbox_address_fault
UPDATE letter SET address_fault = ?2 WHERE id = ?1 AND state = 'failed' AND to_ca = 0;
-- name: outbox_uncertain
UPDATE letter SET state = 'uncertain', code = ?2, answer = ?3, changed_at = ?4 WHERE id = ?1 AND state = 'sending';
-- name: outbox_untried
UPDATE letter SET state = iif(state IN ('sending', 'uncertain'), 'frozen', state), code = ?2, answer = ?3, changed_at = ?4,
	due_at = ?4, holder = 0
WHERE id = ?1 AND (state = 'owed' OR state = 'frozen' OR state = 'deferred' OR state = 'sending' OR state = 'uncertain');
-- name: outbox_spoiled
UPDATE letter SET state = 'failed', code = ?2, answer = ?3, changed_at = ?4
WHERE id = ?1 AND (state = 'owed' OR state = 'frozen' OR state = 'deferred' OR state = 'sending');
-- name: outbox_retry
UPDATE letter SET state = iif(EXISTS (SELECT 1 FROM letter_bytes WHERE letter = ?1), 'deferred', 'owed'), due_at = ?2,
	changed_at = ?2, deferrals = 0, first_try = NULL, holder = 0, address_fault = NULL
WHERE id = ?1 AND (state = 'failed' OR state = 'uncertain' OR state = 'deferred');
-- name: outbox_next
SELECT CASE WHEN due IS NULL THEN -1 WHEN due <= ?1 THEN 0 ELSE due END FROM (SELECT min(due) AS due FROM (
	SELECT min(due_at) AS due FROM letter INDEXED BY letter_due WHERE (state = 'owed' OR state = 'frozen' OR state = 'deferred')
		AND held IS NULL AND to_ca = 0
	UNION ALL SELECT min(due_at) FROM letter INDEXED BY letter_due WHERE (state = 'owed' OR state = 'frozen' OR state = 'deferred')
		AND held IS NULL AND to_ca = 1
	UNION ALL SELECT min(due_at) FROM letter WHERE state = 'sending'));
-- name: outbox_list_people
SELECT r.tckn, r.given_name, r.family_name, r.birth_date, r.email, r.phone, coalesce(r.unit, q.unit), r.title, r.kind, r.reader,
	r.expires, r.backup, r.years
FROM submission_item i JOIN application a ON a.id = i.application JOIN request q ON q.id = a.request
JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE i.submission = ?1 ORDER BY i.no;

-- name: returned_form
SELECT unit, ticket, form FROM request WHERE id = ?1;
-- name: returned_rows
SELECT place, tckn, given_name, family_name, birth_date, email, phone, unit, title, staff_no, kind, reader, backup, years,
	expires, note, verdict, written, nullif(effect, 'asked')
FROM request_row WHERE request = ?1 ORDER BY no;

-- Contexts of letters (context.h): recipient, Message-ID to refer to, version; then the members of the JSON object.

-- name: context_application
SELECT CASE ?3 WHEN 'applicant' THEN a.email WHEN 'manager' THEN q.sender ELSE ?4 END,
	CASE ?3 WHEN 'applicant' THEN (SELECT message_id FROM letter WHERE application = a.id AND recipient = a.email ORDER BY id LIMIT 1)
		WHEN 'manager' THEN (SELECT message_id FROM letter WHERE request = q.id AND name = 'receipt') END, a.version,
	'A-' || a.id AS ref, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name,
	coalesce(a.kind, '') AS kind,
	a.wet_only OR coalesce(nullif(a.expires, '') < date(?2 + 10800, 'unixepoch'), 0) AS "wet_only?",
	NOT (a.wet_only OR coalesce(nullif(a.expires, '') < date(?2 + 10800, 'unixepoch'), 0)) AS "e_possible?",
	a.kind = 'lost' AS "lost?", coalesce(a.expires, '') AS expires_on,
	iif(coalesce(nullif(a.expires, '') < date(?2 + 10800, 'unixepoch'), 0), '', coalesce(a.expires, '')) AS old_ends_on, coalesce(r.unit, q.unit, '') AS unit,
	date(?2 + 10800, 'unixepoch') AS submitted_on, date(?2 + 10800, 'unixepoch') AS today_on,
	coalesce(a.way, '') AS way, coalesce(a.reason, '') AS reason,
	coalesce(a.tracking_no, '') AS tracking_no, coalesce(a.cargo_no, '') AS cargo_no, a.state AS state, a.state = 'active' AS "active?",
	coalesce(p.closes_on, '') AS post_on, EXISTS (SELECT 1 FROM paper_batch e WHERE e.posted_at IS NOT NULL
		AND e.closes_on >= date(?2 + 10800, 'unixepoch') AND e.closes_on < p.closes_on) AS "late?",
	j.by_role = 'applicant' AS "by_applicant?", j.by_role = 'clock' AS "by_clock?", coalesce(j.note, '') AS note,
	coalesce((SELECT date(due_at + 10800, 'unixepoch') FROM expectation WHERE application = a.id AND event = 'cancel'
		AND ended_at IS NULL), '') AS cancel_on
FROM application a JOIN request q ON q.id = a.request JOIN request_row r ON r.request = a.request AND r.no = a.row_no
JOIN journal j ON j.id = (SELECT max(id) FROM journal WHERE application = ?1)
LEFT JOIN paper_batch p ON p.id = a.paper_batch
WHERE a.id = ?1;
-- name: context_manifest
SELECT NULL, NULL, 0, 'B-' || b.id AS ref, b.closes_on AS post_on,
	(SELECT count(*) FROM application WHERE (state = 'paper_due' OR state = 'paper_in' OR (state = 'invited' AND wet_only = 1)) AND state = 'paper_in') AS in_count,
	(SELECT count(*) FROM application WHERE (state = 'paper_due' OR state = 'paper_in' OR (state = 'invited' AND wet_only = 1)) AND state <> 'paper_in') AS due_count
FROM paper_batch b WHERE b.id = ?1;
-- name: context_manifest_rows
SELECT row_number() OVER (ORDER BY a.state <> 'paper_in', r.given_name, r.family_name, a.id) AS no, 'A-' || a.id AS application,
	trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name, coalesce(r.unit, q.unit, '') AS unit,
	a.state = 'paper_in' AS "in?", a.state <> 'paper_in' AS "due?"
FROM application a JOIN request q ON q.id = a.request JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE ?1 AND (a.state = 'paper_due' OR a.state = 'paper_in' OR (a.state = 'invited' AND a.wet_only = 1)) ORDER BY 1;
-- name: context_receipt
SELECT q.sender, q.message_id, 0, 'T-' || q.id AS ref, coalesce(q.unit, '') AS unit, coalesce(q.ticket, '') AS ticket,
	coalesce(q.form, '') AS form, date(q.received_at + 10800, 'unixepoch') AS received_on, count(*) AS count,
	sum(r.verdict = 'accepted' AND r.effect IS 'asked') AS accepted_count,
	sum(r.verdict = 'repaired' AND r.effect IS 'asked') AS repaired_count, sum(r.verdict = 'refused') AS refused_count,
	count(r.effect) - sum(r.effect IS 'asked') AS known_count, sum(r.effect IS 'updated') AS updated_count,
	sum(r.verdict <> 'refused' AND r.effect IS 'asked') AS "has_accepted?", sum(r.verdict = 'repaired') AS "has_repaired?",
	sum(r.verdict = 'refused') AS "has_refused?", count(r.effect) > sum(r.effect IS 'asked') AS "has_known?",
	sum(r.effect IS 'updated') AS "has_updated?",
	sum(r.verdict <> 'accepted') AS "has_sheet?", ?2 AND coalesce(q.ticket, '') = '' AS "ticket_missing?",
	q.complaints AS "notes=", q.complaints <> '[]' AS "has_notes?",
	(SELECT json_group_array(json_object('opened_on', date(opened_at + 10800, 'unixepoch'))) FROM pending
		WHERE closed_by = q.mail AND whole = 1) AS "settled="
FROM request q JOIN request_row r ON r.request = q.id WHERE q.id = ?1 HAVING count(*) > 0;
-- name: context_receipt_rows
SELECT r.no AS no, coalesce(r.place, '') AS "where",
	trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name,
	CASE WHEN r.tckn IS NULL THEN '' WHEN length(r.tckn) = 11 THEN substr(r.tckn, 1, 3) || '******' || substr(r.tckn, 10)
		ELSE substr(r.tckn, 1, 3) || '***' END AS tckn,
	coalesce(r.email, '') AS email, r.verdict AS verdict, r.verdict = 'accepted' AS "accepted?",
	r.verdict = 'repaired' AS "repaired?", r.verdict = 'refused' AS "refused?", coalesce(r.effect, '') AS effect,
	r.effect IS NOT NULL AND r.effect <> 'asked' AS "known?", r.effect IS 'same' AS "same?", r.effect IS 'updated' AS "updated?",
	r.effect IS 'late' AS "late?", r.effect IS 'also' OR r.effect IS 'again' AS "also?",
	iif(r.effect = 'also' OR r.effect = 'again', (SELECT coalesce(o.unit, o.sender) FROM request o WHERE o.id = a.request), '') AS first_unit,
	coalesce(r.changes, '[]') AS "changes=", r.changes IS NOT NULL AS "changed?",
	iif(r.verdict = 'refused', '', coalesce('T-' || (SELECT request FROM pending WHERE id = r.pending), '')) AS settles,
	'A-' || r.application AS application, coalesce(r.kind, '') AS kind, a.wet_only AS "wet_only?", r.complaints AS "complaints="
FROM request_row r LEFT JOIN application a ON a.id = r.application WHERE r.request = ?1 ORDER BY r.no;
-- name: context_also
SELECT q.sender, (SELECT message_id FROM letter WHERE request = q.id AND name = 'receipt'), 0, 'T-' || q.id AS ref,
	coalesce(o.unit, '') AS unit, o.sender AS manager, date(o.received_at + 10800, 'unixepoch') AS received_on,
	(SELECT count(*) FROM request_row r JOIN application a ON a.id = r.application
		WHERE r.request = o.id AND r.effect = 'also' AND a.request = q.id) AS count
FROM request q JOIN request o WHERE q.id = ?1 AND o.id = ?2;
-- name: context_also_rows
SELECT 'A-' || a.id AS application, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name,
	coalesce(o.changes, '[]') AS "changes=", o.changes IS NOT NULL AS "changed?"
FROM request_row o JOIN application a ON a.id = o.application JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE o.request = ?2 AND o.effect = 'also' AND a.request = ?1 ORDER BY o.no;
-- name: context_approval
SELECT NULL, NULL, 0, 'T-' || min(q.id) AS ref,
	iif(min(coalesce(q.unit, '')) = max(coalesce(q.unit, '')), max(coalesce(q.unit, '')), '') AS unit,
	iif(min(q.sender) = max(q.sender), max(q.sender), '') AS manager,
	iif(min(coalesce(q.ticket, '')) = max(coalesce(q.ticket, '')), max(coalesce(q.ticket, '')), '') AS ticket,
	date(min(q.received_at) + 10800, 'unixepoch') AS received_on, count(*) AS count
FROM request q JOIN request_row r ON r.request = q.id JOIN application a ON a.id = r.application
WHERE q.approval = ?1 AND a.request = r.request AND a.row_no = r.no AND a.state = 'requested' HAVING count(*) > 0;
-- name: context_approval_rows
SELECT row_number() OVER (ORDER BY q.id, r.no) AS no, 'A-' || a.id AS application, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name,
	substr(r.tckn, 1, 3) || '******' || substr(r.tckn, 10) AS tckn, coalesce(r.email, '') AS email,
	coalesce(r.phone, '') AS phone, coalesce(r.unit, q.unit, '') AS unit, coalesce(r.title, '') AS title, coalesce(r.kind, '') AS kind,
	coalesce(r.reader, '') AS reader, r.backup AS "backup?", r.years AS years, coalesce(r.expires, '') AS expires_on,
	a.wet_only AS "wet_only?", r.complaints AS "complaints=", coalesce(r.changes, '[]') AS "changes=",
	r.changes IS NOT NULL AS "changed?",
	coalesce((SELECT group_concat(coalesce(o.unit, o.sender), ', ') FROM request_row x JOIN request o ON o.id = x.request
		WHERE x.application = a.id AND x.effect = 'also'), '') AS also_units
FROM request q JOIN request_row r ON r.request = q.id JOIN application a ON a.id = r.application
WHERE q.approval = ?1 AND a.request = r.request AND a.row_no = r.no AND a.state = 'requested' ORDER BY q.id, r.no;
-- name: context_list
SELECT NULL, (SELECT message_id FROM letter WHERE id = s.asked), 0, 'L-' || id AS ref,
	(SELECT count(*) FROM submission_item WHERE submission = s.id) AS count,
	date(made_at + 10800, 'unixepoch') AS made_on, coalesce((SELECT iif(detached, 'detached', iif(name LIKE '%.pdf', 'pdf', 'enveloping'))
		FROM submission_file f WHERE f.submission = s.id AND signed = 1), format) AS file,
	coalesce(?2, '') AS list_fault, coalesce(?2, '') AS list_help, coalesce(?2, '') AS list_failed,
	coalesce(?3, '') AS answer, coalesce(?4, '') AS subject FROM submission s WHERE id = ?1;
-- name: context_no_list
SELECT NULL, NULL, 0, '' AS ref, ?1 AS list_fault, ?1 AS list_help, ?2 AS subject;
-- Two mails may refuse within one second: the present one's are meant.
-- name: context_refused
SELECT q.sender, q.message_id, 0, 'T-' || q.id AS ref, count(*) AS count, coalesce(?3, '') AS note
FROM request q JOIN request_row r ON r.request = q.id JOIN application a ON a.id = r.application
WHERE q.id = ?1 AND a.request = ?4 AND (r.effect = 'also' OR (a.request = r.request AND a.row_no = r.no)) AND a.state = 'refused'
	AND a.changed_at = ?2 AND EXISTS (
	SELECT 1 FROM journal j WHERE j.application = a.id AND j.to_state = 'refused' AND j.mail IS nullif(?5, 0)) HAVING count(*) > 0;
-- name: context_refused_rows
SELECT 'A-' || a.id AS application, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name
FROM request_row r JOIN application a ON a.id = r.application
WHERE r.request = ?1 AND a.request = ?3 AND (r.effect = 'also' OR (a.request = r.request AND a.row_no = r.no)) AND a.state = 'refused'
	AND a.changed_at = ?2 AND EXISTS (
	SELECT 1 FROM journal j WHERE j.application = a.id AND j.to_state = 'refused' AND j.mail IS nullif(?4, 0)) ORDER BY r.no;
-- Forms of other units that asked for some of those who were refused now.
-- name: refused_also
SELECT DISTINCT o.request FROM request_row r JOIN application a ON a.id = r.application JOIN request_row o ON o.application = a.id AND o.effect = 'also'
WHERE r.request = ?1 AND a.request = r.request AND a.row_no = r.no AND a.state = 'refused' AND a.changed_at = ?2 AND EXISTS (
	SELECT 1 FROM journal j WHERE j.application = a.id AND j.to_state = 'refused' AND j.mail IS nullif(?3, 0)) ORDER BY o.request;
-- name: context_address_dead
SELECT q.sender, coalesce((SELECT message_id FROM letter WHERE request = q.id AND name = 'receipt'), q.message_id), 0,
	'T-' || q.id AS ref, 'A-' || a.id AS application, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name,
	coalesce(a.email, '') AS email, ?2 AS bounce
FROM application a JOIN request q ON q.id = a.request JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE a.id = ?1;
-- name: context_alarm
SELECT NULL, NULL, 0, 'storm' AS alarm, name AS letter, letters AS count FROM brake WHERE name = ?1;
-- name: context_not_possible
SELECT ?1, NULL, 0, ?2 AS ref, ?3 AS answer, ?4 AS reason, ?5 AS state, ?6 AS subject;
-- name: context_question
SELECT NULL, l.message_id, ?2, ?3 AS ref, ?4 AS asker, ?5 AS subject, l.message_id AS thread, ?7 AS "unclear?",
	?6 AS "lines=",
	coalesce((SELECT trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) FROM application a
		JOIN request_row r ON r.request = a.request AND r.no = a.row_no WHERE a.id = l.application), '') AS name,
	coalesce((SELECT state FROM application WHERE id = l.application), '') AS state,
	(SELECT json_group_array(json_object('since_on', date(at + 10800, 'unixepoch'), 'state', to_state)) FROM (SELECT at, to_state
		FROM journal WHERE application = l.application AND to_state IS NOT from_state AND to_state <> '' ORDER BY id)) AS "history="
FROM letter l WHERE l.id = ?1;
-- Its thread is the letter that was answered, so that an answer to this one finds that one by its References.
-- name: context_question_received
SELECT NULL, message_id, 0, ?2 AS ref FROM letter WHERE id = ?1;
-- name: context_answered
SELECT c.context ->> 'asker', c.context ->> 'thread', 0, c.context ->> 'ref' AS ref, c.context ->> 'subject' AS subject,
	json(c.context -> 'lines') AS "question=", ?2 AS "lines="
FROM letter_context c WHERE c.letter = ?1;
-- name: context_not_read
SELECT ?1, NULL, 0, ?2 AS subject, date(?4 + 10800, 'unixepoch') AS received_on, ?3 AS "complaints=",
	?3 <> '[]' AS "has_complaints?", ?5 AS triage, ?5 AS triage_why, ?5 AS triage_first, ?5 AS triage_then;
-- name: context_reminder
SELECT NULL, (SELECT message_id FROM letter WHERE application = a.id ORDER BY id LIMIT 1), 0, 'A-' || min(a.id) AS ref,
	iif(w.waits_on IN ('applicant', 'ca'), trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')), '') AS name, count(*) AS count,
	count(*) = 1 AS "single?", w.waits_on IN ('applicant', 'ca') AS "applicant?", ?2 AS "answers=", ?2 <> '[]' AS "has_answers?"
FROM application a JOIN workflow_state w ON w.name = a.state JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE a.id IN (SELECT value FROM json_each(?1)) HAVING count(*) > 0;
-- name: context_reminder_rows
SELECT 'A-' || a.id AS application, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name, coalesce(r.unit, q.unit, '') AS unit,
	'T-' || q.id AS request, a.state AS state, a.state AS remind_what, a.state AS remind_do, date(a.changed_at + 10800, 'unixepoch') AS since_on,
	row_number() OVER (PARTITION BY a.state ORDER BY a.id) = 1 AS "first?", a.state = 'paper_due' AS "paper_due?",
	iif(a.state = 'deficient', coalesce(a.reason, ''), '') AS reason, iif(a.state = 'shipped', coalesce(a.tracking_no, ''), '') AS tracking_no
FROM application a JOIN request q ON q.id = a.request JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE a.id IN (SELECT value FROM json_each(?1)) ORDER BY a.state, a.id;
-- name: context_expiring
SELECT c.email, NULL, 0, trim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')) AS name, c.expires AS expires_on,
	coalesce(c.unit, '') AS unit
FROM certificate c JOIN person p ON p.id = c.person WHERE c.id = ?1;
-- What stands in a digest: lists, and whether there is anything in them. ?1 the manager's senders, ?2 the letter, ?3 now.
-- name: context_manager_digest
WITH mine AS (SELECT a.*, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name, w.waits_on FROM application a
		JOIN request q ON q.id = a.request JOIN request_row r ON r.request = a.request AND r.no = a.row_no JOIN workflow_state w ON w.name = a.state
		WHERE q.sender IN (SELECT value FROM json_each(?1))),
	held AS (SELECT * FROM pending WHERE closed_at IS NULL AND sender IN (SELECT value FROM json_each(?1))),
	people (list) AS (SELECT json_group_array(json_object('application', 'A-' || id, 'name', name, 'state', state,
			'since_on', date(changed_at + 10800, 'unixepoch'),
			'late', json(iif(EXISTS (SELECT 1 FROM expectation e WHERE e.application = x.id AND e.ended_at IS NULL
				AND e.escalated_at IS NOT NULL), 'true', 'false'))))
		FROM (SELECT * FROM mine WHERE open = 1 ORDER BY state, name) x),
	rows (list) AS (SELECT json_group_array(json_object('item', 'P-' || id, 'name', name, 'complaint', reason,
		'opened_on', date(opened_at + 10800, 'unixepoch'))) FROM (SELECT * FROM held WHERE whole = 0 ORDER BY id)),
	forms (list) AS (SELECT json_group_array(json_object('item', 'P-' || id, 'name', name, 'triage', reason,
		'opened_on', date(opened_at + 10800, 'unixepoch'))) FROM (SELECT * FROM held WHERE whole = 1 ORDER BY id)),
	near (list) AS (SELECT json_group_array(json_object('application', 'A-' || m.id, 'name', m.name,
		'cancel_on', date(e.due_at + 10800, 'unixepoch'))) FROM mine m JOIN expectation e ON e.application = m.id
		WHERE e.ended_at IS NULL AND e.event = 'cancel' AND e.due_at < ?3 + 21 * 86400),
	dead (list) AS (SELECT json_group_array(json_object('application', 'A-' || id, 'name', name, 'email', email)) FROM mine
		WHERE open = 1 AND email IN (SELECT address FROM dead_address)),
	renewals (list) AS (SELECT json_group_array(json_object('name', name, 'expires_on', expires, 'asked', json(iif(asked, 'true', 'false')),
		'tckn', tckn)) FROM (SELECT trim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')) AS name, c.expires, t.asked,
			substr(p.tckn, 1, 3) || '******' || substr(p.tckn, 10) AS tckn
		FROM certificate_told t JOIN certificate c ON c.id = t.certificate JOIN person p ON p.id = c.person
		WHERE t.letter = ?2 ORDER BY c.expires, name))
SELECT NULL, NULL, json_array_length(people.list) + json_array_length(rows.list) + json_array_length(forms.list)
		+ json_array_length(renewals.list),
	date(?3 + 10800, 'unixepoch') AS made_on,
	people.list AS "people=", people.list <> '[]' AS "has_people?", rows.list AS "rows=", rows.list <> '[]' AS "has_rows?",
	forms.list AS "forms=", forms.list <> '[]' AS "has_forms?", near.list AS "near=", near.list <> '[]' AS "has_near?",
	dead.list AS "dead=", dead.list <> '[]' AS "has_dead?",
	renewals.list AS "renewals=", renewals.list <> '[]' AS "has_renewals?",
	EXISTS (SELECT 1 FROM certificate_told WHERE letter = ?2 AND asked = 1) AS "has_form?"
FROM people, rows, forms, near, dead, renewals;
-- ?1 the units that have a manager, ?2 the renewal window, ?3 now, ?4 the time of the last digest.
-- also: who was asked for by another unit since then, when the officer could not read it in the question.
-- The longest lists are cut: the digest says where the rest is.
-- name: context_officer_digest
WITH waits (list) AS (SELECT json_group_array(json_object('state', state, 'waits_on', waits_on, 'count', n, 'since_on', since_on))
		FROM (SELECT a.state, w.waits_on, count(*) AS n, date(min(a.changed_at) + 10800, 'unixepoch') AS since_on
		FROM application a JOIN workflow_state w ON w.name = a.state WHERE a.open = 1 GROUP BY a.state ORDER BY w.waits_on, a.state)),
	late (list, n) AS (SELECT json_group_array(json_object('application', 'A-' || id, 'name', name, 'state', state, 'waits_on', waits_on,
			'unit', unit, 'since_on', since_on)), count(*)
		FROM (SELECT a.id, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name, a.state, w.waits_on, coalesce(r.unit, q.unit, '') AS unit,
			date(a.changed_at + 10800, 'unixepoch') AS since_on
		FROM expectation e JOIN application a ON a.id = e.application JOIN request q ON q.id = a.request JOIN request_row r ON r.request = a.request AND r.no = a.row_no
		JOIN workflow_state w ON w.name = a.state WHERE e.ended_at IS NULL AND e.escalated_at IS NOT NULL
		ORDER BY a.changed_at, a.id LIMIT 100)),
	rows (list) AS (SELECT json_group_array(json_object('item', 'P-' || id, 'name', name, 'manager', sender, 'complaint', reason,
		'opened_on', date(opened_at + 10800, 'unixepoch'))) FROM (SELECT * FROM pending WHERE closed_at IS NULL AND whole = 0 ORDER BY id LIMIT 100)),
	forms (list) AS (SELECT json_group_array(json_object('item', 'P-' || id, 'manager', sender, 'triage', reason,
		'opened_on', date(opened_at + 10800, 'unixepoch'))) FROM (SELECT * FROM pending WHERE closed_at IS NULL AND whole = 1 ORDER BY id LIMIT 100)),
	parked (list) AS (SELECT json_group_array(json_object('parked', word, 'count', n)) FROM (SELECT CASE
			WHEN reason IN ('ca_unrecognised', 'nobody_fits', 'several_fit', 'ca_wrote') THEN 'notice'
			WHEN reason IN ('question', 'wrote_back') THEN 'question' WHEN reason = 'bounced' THEN 'bounce' ELSE 'other' END AS word,
		count(*) AS n FROM mail WHERE state = 'parked' AND disposition = 'waits_for_person' GROUP BY word ORDER BY word)),
	stuck (list) AS (SELECT json_group_array(json_object('delivery', state, 'count', n)) FROM (SELECT state, count(*) AS n FROM letter
		WHERE state = 'failed' OR state = 'uncertain' GROUP BY state)),
	dead (list) AS (SELECT json_group_array(json_object('application', 'A-' || id, 'name', name, 'email', email)) FROM (
		SELECT a.id, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS name, a.email FROM application a JOIN request_row r ON r.request = a.request AND r.no = a.row_no WHERE a.open = 1
		AND a.email IN (SELECT address FROM dead_address)
		ORDER BY a.id LIMIT 100)),
	also (list) AS (SELECT json_group_array(json_object('application', 'A-' || id, 'name', name, 'unit', unit, 'manager', sender)) FROM (
		SELECT a.id, trim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')) AS name, coalesce(r.unit, q.unit, '') AS unit, q.sender
		FROM request_row r JOIN request q ON q.id = r.request JOIN application a ON a.id = r.application JOIN person p ON p.id = a.person
		LEFT JOIN letter l ON l.id = (SELECT approval FROM request WHERE id = a.request)
		WHERE r.effect = 'also' AND a.open = 1 AND (a.state <> 'requested' OR l.owed_at <= q.received_at) AND q.received_at > ?4
		AND q.received_at <= (SELECT at FROM mark WHERE name = 'officer_digest') ORDER BY a.id LIMIT 100)),
	unled (n) AS (SELECT count(*) FROM certificate c WHERE c.expires >= date(?3 + 10800, 'unixepoch')
		AND c.expires <= date(?3 + 10800, 'unixepoch', '+' || ?2 || ' days')
		AND coalesce(c.unit, '') NOT IN (SELECT value FROM json_each(?1) WHERE value <> '')
		AND c.expires = (SELECT max(expires) FROM certificate WHERE person = c.person)
		AND NOT EXISTS (SELECT 1 FROM application WHERE person = c.person AND slot = 'main' AND open = 1))
SELECT NULL, NULL, late.n + json_array_length(rows.list) + json_array_length(forms.list) + json_array_length(parked.list)
		+ json_array_length(stuck.list) + json_array_length(dead.list) + unled.n
		+ (SELECT count(*) FROM application a JOIN workflow_state w ON w.name = a.state
			WHERE a.open = 1 AND w.waits_on IN ('office', 'officer')) + json_array_length(also.list),
	date(?3 + 10800, 'unixepoch') AS made_on,
	waits.list AS "waits=", waits.list <> '[]' AS "has_waits?", late.list AS "late=", late.n > 0 AS "has_late?",
	rows.list AS "rows=", rows.list <> '[]' AS "has_rows?", forms.list AS "forms=", forms.list <> '[]' AS "has_forms?",
	parked.list AS "parked=", parked.list <> '[]' AS "has_parked?", stuck.list AS "stuck=", stuck.list <> '[]' AS "has_stuck?",
	dead.list AS "dead=", dead.list <> '[]' AS "has_dead?", also.list AS "also=", also.list <> '[]' AS "has_also?", unled.n AS unled_count, unled.n > 0 AS "has_unled?"
FROM waits, late, rows, forms, parked, stuck, dead, also, unled;

-- Views: one JSON object a row. ?1 is the key, NULL: none.

-- name: view_status
SELECT json_object('what', 'server', 'state', server, 'reason', reason, 'waits_on', waits_on, 'count', 1,
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', since + 10800, 'unixepoch')) FROM trouble WHERE ?1 IS NULL
UNION ALL SELECT json_object('what', 'application', 'state', name, 'waits_on', waits_on, 'count', n,
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', first + 10800, 'unixepoch'))
FROM (SELECT w.name, w.waits_on, count(*) AS n, min(a.changed_at) AS first FROM workflow_state w JOIN application a ON a.state = w.name
	WHERE a.open = 1 AND w.waits_on <> 'nobody' GROUP BY w.name) WHERE ?1 IS NULL OR name = ?1
UNION ALL SELECT json_object('what', 'application', 'state', 'escalated', 'waits_on', 'office', 'count', count(*),
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(escalated_at) + 10800, 'unixepoch'))
	FROM expectation WHERE ended_at IS NULL AND escalated_at IS NOT NULL AND ?1 IS NULL HAVING count(*) > 0
UNION ALL SELECT json_object('what', 'pending', 'state', iif(whole, 'form_awaited', 'row_awaited'), 'reason', reason,
	'waits_on', 'manager', 'count', count(*), 'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(opened_at) + 10800, 'unixepoch'))
	FROM pending WHERE closed_at IS NULL AND ?1 IS NULL GROUP BY whole, reason
UNION ALL SELECT json_object('what', 'mail', 'state', 'stored', 'waits_on', 'gateway', 'count', count(*),
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(arrived_at) + 10800, 'unixepoch'))
	FROM mail WHERE state = 'stored' AND ?1 IS NULL HAVING count(*) > 0
UNION ALL SELECT json_object('what', 'mail', 'state', 'waits_for_person', 'reason', reason, 'waits_on', 'operator', 'count', count(*),
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(arrived_at) + 10800, 'unixepoch'))
	FROM mail WHERE state = 'parked' AND disposition = 'waits_for_person' AND ?1 IS NULL GROUP BY reason
UNION ALL SELECT json_object('what', 'letter', 'state', state, 'waits_on', 'gateway', 'count', count(*),
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(owed_at) + 10800, 'unixepoch'))
	FROM letter WHERE state IN ('owed', 'frozen', 'deferred') AND held IS NULL AND ?1 IS NULL GROUP BY state
UNION ALL SELECT json_object('what', 'letter', 'state', 'held', 'reason', held, 'waits_on', iif(held = 'storm', 'operator', 'manager'),
	'count', count(*), 'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(owed_at) + 10800, 'unixepoch'))
	FROM letter WHERE held IS NOT NULL AND held <> 'readdressed' AND ?1 IS NULL GROUP BY held
UNION ALL SELECT json_object('what', 'address', 'state', 'dead', 'reason', d.address, 'waits_on',
	iif(EXISTS (SELECT 1 FROM application WHERE open = 1 AND email = d.address), 'manager', 'operator'), 'count', 1,
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', d.since + 10800, 'unixepoch')) FROM dead_address d
	WHERE ?1 IS NULL AND (EXISTS (SELECT 1 FROM application WHERE open = 1 AND email = d.address)
		OR EXISTS (SELECT 1 FROM letter WHERE recipient = d.address AND held = 'address_dead'))
UNION ALL SELECT json_object('what', 'letter', 'state', 'sending', 'waits_on', 'gateway', 'count', count(*),
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(owed_at) + 10800, 'unixepoch'))
	FROM letter WHERE state = 'sending' AND ?1 IS NULL HAVING count(*) > 0
UNION ALL SELECT json_object('what', 'letter', 'state', 'uncertain', 'waits_on', iif(to_ca, 'operator', 'gateway'), 'count', count(*),
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(owed_at) + 10800, 'unixepoch'))
	FROM letter WHERE state = 'uncertain' AND ?1 IS NULL GROUP BY to_ca
UNION ALL SELECT json_object('what', 'letter', 'state', 'failed', 'waits_on', 'operator', 'count', count(*),
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', min(owed_at) + 10800, 'unixepoch'))
	FROM letter WHERE state = 'failed' AND ?1 IS NULL HAVING count(*) > 0;
-- name: view_list
SELECT json_object('id', 'A-' || a.id, 'application', 'A-' || a.id, 'state', a.state, 'waits_on', w.waits_on,
	'name', trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')),
	'tckn', substr(p.tckn, 1, 3) || '******' || substr(p.tckn, 10), 'unit', coalesce(r.unit, q.unit), 'email', a.email,
	'kind', a.kind, 'wet_only', json(iif(a.wet_only, 'true', 'false')), 'request', 'T-' || a.request, 'list', 'L-' || a.submission,
	'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', a.changed_at + 10800, 'unixepoch'))
FROM application a JOIN person p ON p.id = a.person JOIN workflow_state w ON w.name = a.state JOIN request q ON q.id = a.request
JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE ?1 IS NULL OR a.state = ?1 OR w.waits_on = ?1 OR (?1 = 'escalated' AND EXISTS (SELECT 1 FROM expectation e
	WHERE e.application = a.id AND e.ended_at IS NULL AND e.escalated_at IS NOT NULL)) OR 'A-' || a.id = ?1 OR 'T-' || a.request = ?1 OR 'L-' || a.submission = ?1
ORDER BY a.id;
-- name: view_pending
SELECT json_object('id', 'P-' || p.id, 'pending', 'P-' || p.id,
	'state', iif(p.closed_at, 'settled', iif(p.whole, 'form_awaited', 'row_awaited')),
	'waits_on', iif(p.closed_at, 'nobody', 'manager'), 'reason', p.reason, 'name', p.name,
	'tckn', iif(length(p.tckn) = 11, substr(p.tckn, 1, 3) || '******' || substr(p.tckn, 10), substr(p.tckn, 1, 3) || '***'),
	'unit', p.unit, 'manager', p.sender, 'ticket', p.ticket, 'request', 'T-' || p.request, 'mail', 'M-' || p.mail, 'where', p.place,
	'letter', p.letter, 'times', p.times, 'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', p.opened_at + 10800, 'unixepoch'),
	'due', strftime('%Y-%m-%dT%H:%M:%S+03:00', p.due_at + 10800, 'unixepoch'),
	'settled', strftime('%Y-%m-%dT%H:%M:%S+03:00', p.closed_at + 10800, 'unixepoch'), 'settled_by', 'M-' || p.closed_by)
FROM pending p WHERE 'P-' || p.id = ?1 OR (p.closed_at IS NULL AND (?1 IS NULL OR ?1 = 'manager' OR 'T-' || p.request = ?1
	OR ?1 = iif(p.whole, 'form_awaited', 'row_awaited')));
-- name: view_show
SELECT json_object('application', 'A-' || a.id, 'state', a.state, 'waits_on', w.waits_on,
	'name', trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')),
	'tckn', substr(p.tckn, 1, 3) || '******' || substr(p.tckn, 10), 'email', a.email, 'kind', a.kind,
	'birth_date', r.birth_date, 'unit', coalesce(r.unit, q.unit), 'title', r.title, 'reader', r.reader,
	'backup', json(iif(r.backup, 'true', 'false')), 'years', r.years, 'expires', a.expires,
	'wet_only', json(iif(a.wet_only, 'true', 'false')), 'way', a.way, 'application_no', a.application_no,
	'tracking_no', a.tracking_no, 'reason', a.reason, 'request', 'T-' || a.request, 'manager', q.sender,
	'ticket', q.ticket, 'list', 'L-' || a.submission,
	'source', json_object('mail', 'M-' || q.mail, 'where', r.place, 'strength',
		CASE q.strength WHEN 3 THEN 'signed' WHEN 2 THEN 'authenticated' ELSE 'told' END),
	'facts', (SELECT json_group_array(json_object('fact', fact, 'value', value, 'source', source, 'strength', strength, 'at', at)) FROM (
		SELECT f.fact, f.value, trim('M-' || o.mail || ' ' || coalesce(x.place, '')) AS source,
			CASE o.strength WHEN 3 THEN 'signed' WHEN 2 THEN 'authenticated' ELSE 'told' END AS strength,
			strftime('%Y-%m-%dT%H:%M:%S+03:00', o.received_at + 10800, 'unixepoch') AS at
		FROM (SELECT 'name' AS fact, trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')) AS value
			UNION ALL SELECT 'tckn', substr(p.tckn, 1, 3) || '******' || substr(p.tckn, 10)
			UNION ALL SELECT 'birth_date', r.birth_date UNION ALL SELECT 'email', r.email
			UNION ALL SELECT 'phone', r.phone UNION ALL SELECT 'unit', coalesce(r.unit, q.unit)
			UNION ALL SELECT 'title', r.title UNION ALL SELECT 'staff_no', r.staff_no UNION ALL SELECT 'kind', r.kind
			UNION ALL SELECT 'reader', r.reader UNION ALL SELECT 'expires', r.expires
			UNION ALL SELECT 'note', r.note UNION ALL SELECT 'ticket', q.ticket) f
		JOIN request_row x ON x.id = (WITH RECURSIVE row (id, kept, updates) AS (SELECT r.id, r.kept, r.updates
			UNION ALL SELECT b.id, b.kept, b.updates FROM row JOIN request_row b ON b.id = row.updates)
			SELECT id FROM row WHERE instr(coalesce(kept, ''), ' ' || f.fact || ' ') = 0 LIMIT 1)
		JOIN request o ON o.id = x.request WHERE f.value <> ''
		UNION ALL SELECT f.fact, f.value, coalesce('M-' || j.mail, j.by_name, j.by_role), j.strength,
			strftime('%Y-%m-%dT%H:%M:%S+03:00', j.at + 10800, 'unixepoch')
		FROM (SELECT 'state' AS fact, a.state AS value, (SELECT max(id) FROM journal WHERE application = a.id AND to_state = a.state) AS entry
			UNION ALL SELECT 'way', a.way, (SELECT max(id) FROM journal WHERE application = a.id AND event GLOB 'done_*')
			UNION ALL SELECT 'application_no', a.application_no, (SELECT min(id) FROM journal WHERE application = a.id AND by_role = 'ca')
			UNION ALL SELECT 'tracking_no', a.tracking_no, (SELECT max(id) FROM journal WHERE application = a.id AND event = 'ca_shipped')
			UNION ALL SELECT 'reason', a.reason, (SELECT max(id) FROM journal WHERE application = a.id AND event IN
				('ca_missing_papers', 'ca_returned', 'ca_cancelled', 'refuse'))) f JOIN journal j ON j.id = f.entry
		WHERE f.value <> '')),
	'complaints', json(r.complaints), 'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', a.changed_at + 10800, 'unixepoch'),
	'expects', (SELECT json_group_array(json_object('event', event, 'due', strftime('%Y-%m-%dT%H:%M:%S+03:00', due_at + 10800, 'unixepoch'),
		'reminded', times, 'escalated', strftime('%Y-%m-%dT%H:%M:%S+03:00', escalated_at + 10800, 'unixepoch')))
		FROM (SELECT * FROM expectation WHERE application = a.id AND ended_at IS NULL ORDER BY due_at)),
	'letters', (SELECT json_group_array(json_object('letter', id, 'name', name, 'to', recipient, 'state', state))
		FROM letter WHERE application = a.id),
	'journal', (SELECT json_group_array(json_object('at', strftime('%Y-%m-%dT%H:%M:%S+03:00', at + 10800, 'unixepoch'), 'event', event,
		'by', by_role, 'name', by_name, 'strength', strength, 'from', from_state, 'to', to_state, 'mail', 'M-' || mail,
		'letter', letter, 'where', place, 'note', note)) FROM journal WHERE application = a.id))
FROM application a JOIN person p ON p.id = a.person JOIN workflow_state w ON w.name = a.state JOIN request q ON q.id = a.request
JOIN request_row r ON r.request = a.request AND r.no = a.row_no
WHERE a.id = CAST(?1 AS INTEGER);
-- name: view_outbox
SELECT json_object('letter', id, 'name', name, 'to', recipient, 'state', state, 'attempts', attempts,
	'due', iif(state IN ('owed', 'frozen', 'deferred'), strftime('%Y-%m-%dT%H:%M:%S+03:00', due_at + 10800, 'unixepoch'), NULL), 'owed', strftime('%Y-%m-%dT%H:%M:%S+03:00', owed_at + 10800, 'unixepoch'),
	'code', code, 'answer', answer, 'message_id', message_id, 'application', 'A-' || application, 'request', 'T-' || request,
	'list', 'L-' || submission, 'held', held, 'bounced', json(iif(bounced_at, 'true', 'false')))
FROM letter WHERE ?1 IS NULL OR state = ?1 OR id = CAST(?1 AS INTEGER) OR held = ?1 OR (?1 = 'held' AND held IS NOT NULL)
	OR (?1 = 'trouble' AND (state = 'failed' OR state = 'uncertain' OR bounced_at IS NOT NULL)) ORDER BY id;
-- name: view_journal
SELECT json_object('at', strftime('%Y-%m-%dT%H:%M:%S+03:00', at + 10800, 'unixepoch'), 'event', event, 'by', by_role, 'name', by_name,
	'strength', strength, 'application', 'A-' || application, 'letter', letter, 'mail', 'M-' || mail, 'from', from_state,
	'to', to_state, 'where', place, 'note', note)
FROM journal WHERE ?1 IS NULL OR 'A-' || application = ?1 OR 'M-' || mail = ?1 OR CAST(letter AS TEXT) = ?1 ORDER BY id;
-- name: view_inbox
SELECT json_object('mail', 'M-' || m.id, 'account', b.account, 'folder', b.folder, 'uidvalidity', b.uidvalidity, 'uid', m.uid,
	'sha256', lower(hex(m.sha256)), 'size', m.size, 'too_large', json(iif(m.too_large = 1, 'true', 'false')), 'withheld', json(iif(m.too_large > 1, 'true', 'false')),
	'arrived', strftime('%Y-%m-%dT%H:%M:%S+03:00', m.arrived_at + 10800, 'unixepoch'), 'state', m.state, 'disposition', m.disposition,
	'reason', m.reason, 'attempts', m.attempts, 'kind', m.kind, 'from', m.sender, 'subject', m.subject,
	'message_id', m.message_id, 'told', json(iif(m.id <= b.told AND m.too_large = 0, 'true', 'false')))
FROM mail m JOIN mailbox b ON b.id = m.mailbox
WHERE ?1 IS NULL OR m.state = ?1 OR m.disposition = ?1 OR m.id = CAST(?1 AS INTEGER)
	OR (?1 = 'waiting' AND m.disposition = 'waits_for_person') ORDER BY m.id;
-- name: view_dispositions
SELECT json_object('disposition', coalesce(disposition, state), 'waits_on', CASE WHEN state = 'stored' THEN 'gateway'
	WHEN disposition = 'waits_for_person' THEN 'operator' ELSE 'nobody' END, 'mails', count(*))
FROM mail WHERE ?1 IS NULL OR state = ?1 GROUP BY state, disposition ORDER BY count(*) DESC;
-- name: view_request
SELECT json_object('request', 'T-' || q.id, 'manager', q.sender, 'unit', q.unit, 'ticket', q.ticket, 'form', q.form,
	'received', strftime('%Y-%m-%dT%H:%M:%S+03:00', q.received_at + 10800, 'unixepoch'),
	'source', json_object('mail', 'M-' || q.mail, 'strength',
		CASE q.strength WHEN 3 THEN 'signed' WHEN 2 THEN 'authenticated' ELSE 'told' END),
	'asked_by_letter', q.approval, 'complaints', json(q.complaints),
	'waits', (SELECT json_group_array(json_object('pending', 'P-' || p.id, 'waits_on', 'manager', 'reason', p.reason, 'name', p.name,
		'where', p.place, 'since', strftime('%Y-%m-%dT%H:%M:%S+03:00', p.opened_at + 10800, 'unixepoch'), 'times', p.times))
		FROM request_row r JOIN pending p ON p.id = r.pending WHERE r.request = q.id AND p.closed_at IS NULL),
	'rows', (SELECT json_group_array(json_object('no', r.no, 'where', r.place, 'verdict', r.verdict,
		'name', trim(coalesce(r.given_name, '') || ' ' || coalesce(r.family_name, '')),
		'tckn', substr(r.tckn, 1, 3) || '******' || substr(r.tckn, 10), 'application', 'A-' || r.application,
		'state', (SELECT state FROM application WHERE id = r.application),
		'duplicate', json(iif(r.effect <> 'asked', 'true', 'false')), 'effect', r.effect, 'changes',
		(SELECT group_concat(value ->> 'fact', ', ') FROM json_each(r.changes)), 'pending', 'P-' || r.pending, 'complaints', json(r.complaints)))
		FROM request_row r WHERE r.request = q.id),
	'letters', (SELECT json_group_array(json_object('letter', id, 'name', name, 'to', recipient, 'state', state))
		FROM letter WHERE request = q.id AND application IS NULL))
FROM request q WHERE q.id = CAST(?1 AS INTEGER);
-- name: view_submission
SELECT json_object('list', 'L-' || s.id, 'state', s.state, 'made', strftime('%Y-%m-%dT%H:%M:%S+03:00', s.made_at + 10800, 'unixepoch'),
	'sent', strftime('%Y-%m-%dT%H:%M:%S+03:00', s.sent_at + 10800, 'unixepoch'), 'letter', coalesce(s.letter, s.asked), 'letter_name', l.name,
	'letter_state', l.state, 'file', 'L-' || s.id || '.' || s.format, 'signed', (SELECT name FROM submission_file f WHERE f.submission = s.id AND signed = 1),
	'digests', (SELECT digests FROM submission_file f WHERE f.submission = s.id AND signed = 0), 'people', (SELECT json_group_array(json_object('no', i.no, 'application', 'A-' || a.id, 'state', a.state, 'kind', a.kind,
		'name', trim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')),
		'tckn', substr(p.tckn, 1, 3) || '******' || substr(p.tckn, 10)))
		FROM submission_item i JOIN application a ON a.id = i.application JOIN person p ON p.id = a.person
		WHERE i.submission = s.id))
FROM submission s LEFT JOIN letter l ON l.id = coalesce(s.letter, s.asked) WHERE s.id = CAST(?1 AS INTEGER);
-- name: view_lists
SELECT json_object('list', 'L-' || s.id, 'state', s.state, 'made', strftime('%Y-%m-%dT%H:%M:%S+03:00', s.made_at + 10800, 'unixepoch'),
	'sent', strftime('%Y-%m-%dT%H:%M:%S+03:00', s.sent_at + 10800, 'unixepoch'), 'letter', coalesce(s.letter, s.asked), 'letter_name', l.name,
	'letter_state', l.state, 'count', (SELECT count(*) FROM submission_item WHERE submission = s.id))
FROM submission s LEFT JOIN letter l ON l.id = coalesce(s.letter, s.asked) WHERE ?1 IS NULL OR s.id = CAST(?1 AS INTEGER) ORDER BY s.id;
-- name: view_letter
SELECT json_object('letter', id, 'name', name, 'to', recipient, 'to_ca', json(iif(to_ca, 'true', 'false')), 'state', state,
	'context', json((SELECT context FROM letter_context c WHERE c.letter = letter.id)), 'message_id', message_id, 'token', token, 'answers', answers, 'in_reply_to', in_reply_to,
	'references', refs, 'application', 'A-' || application, 'request', 'T-' || request, 'list', submission,
	'frozen', json(iif(EXISTS (SELECT 1 FROM letter_bytes WHERE letter = id), 'true', 'false')), 'code', code, 'answer', answer)
FROM letter WHERE id = CAST(?1 AS INTEGER);
-- The last to end of each person's; applied: those who have an application open. ?1: from that month on.
-- name: view_forecast
SELECT json_object('month', month, 'certificates', count(*), 'applied', sum(applied), 'without_unit', sum(unit IS NULL))
FROM (SELECT substr(c.expires, 1, 7) AS month, c.unit, EXISTS (SELECT 1 FROM application WHERE person = c.person AND slot = 'main'
		AND open = 1) AS applied
	FROM certificate c WHERE c.expires = (SELECT max(expires) FROM certificate WHERE person = c.person))
WHERE ?1 IS NULL OR month >= ?1 GROUP BY month ORDER BY month;
-- name: view_silent
SELECT json_object('application', 'A-' || a.id, 'state', a.state, 'email', a.email) FROM application a
WHERE a.open = 1 AND NOT EXISTS (SELECT 1 FROM expectation e WHERE e.application = a.id AND e.ended_at IS NULL) AND ?1 IS NULL;
-- Some kinds may come again with the same words: once for each mail they answer, or once a day; an alarm each time
-- letters are held or a list has not gone.
-- name: view_twice
SELECT json_object('letter', max(l.id), 'name', l.name, 'to', l.recipient, 'times', count(*))
FROM letter l JOIN letter_context c ON c.letter = l.id WHERE l.held IS NOT 'readdressed' AND ?1 IS NULL
GROUP BY l.name, l.recipient, l.application, l.version, l.request, l.submission, c.context,
	CASE WHEN l.name IN ('question', 'question_received', 'answered', 'not_read', 'list_not_accepted') THEN l.mail
		WHEN l.name IN ('reminder', 'manager_digest', 'officer_digest', 'not_possible', 'address_dead')
		THEN (l.owed_at + 10800) / 86400 WHEN l.name IN ('alarm', 'list_failed', 'list_uncertain') THEN l.owed_at END
HAVING count(*) > 1 ORDER BY max(l.id);
