-- A server that the running gateway waits for; the row goes when it answers again.
CREATE TABLE trouble (
	server TEXT PRIMARY KEY CHECK (server = 'imap' OR server = 'smtp'),
	reason TEXT NOT NULL,
	waits_on TEXT NOT NULL,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
