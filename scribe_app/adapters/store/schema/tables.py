"""The SQL of each step. Times: ISO 8601 in UTC; durations: seconds; audio positions: samples of 16 kHz."""

from __future__ import annotations

CONSULTATIONS = (
    """
    CREATE TABLE consultation (
        id TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        language TEXT NOT NULL,
        template TEXT NOT NULL,
        state TEXT NOT NULL,
        patient_name TEXT NOT NULL,
        date_of_birth TEXT NOT NULL,
        record_number TEXT NOT NULL,
        informed TEXT NOT NULL,
        notes TEXT NOT NULL,
        failure TEXT NOT NULL,
        transcribed_until INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX consultation_by_time ON consultation (started_at)",
    """
    CREATE TABLE recording (
        consultation TEXT PRIMARY KEY REFERENCES consultation (id) ON DELETE CASCADE,
        samples INTEGER NOT NULL,
        complete INTEGER NOT NULL,
        key BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE audio_gap (
        consultation TEXT NOT NULL REFERENCES recording (consultation) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        position INTEGER NOT NULL,
        seconds REAL NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (consultation, number)
    ) STRICT
    """,
    # `row` is declared so that VACUUM keeps it: the search index refers to it.
    """
    CREATE TABLE utterance (
        row INTEGER PRIMARY KEY,
        consultation TEXT NOT NULL REFERENCES consultation (id) ON DELETE CASCADE,
        id INTEGER NOT NULL,
        text TEXT NOT NULL,
        speaker TEXT NOT NULL,
        start REAL NOT NULL,
        end REAL NOT NULL,
        confidence REAL NOT NULL,
        recognised_text TEXT NOT NULL,
        recognised_speaker TEXT NOT NULL,
        UNIQUE (consultation, id)
    ) STRICT
    """,
)

LETTERS = (
    """
    CREATE TABLE letter (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        consultation TEXT NOT NULL REFERENCES consultation (id) ON DELETE CASCADE,
        template TEXT NOT NULL,
        title TEXT NOT NULL,
        opening TEXT NOT NULL DEFAULT '',
        closing TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL,
        status TEXT NOT NULL,
        read_until REAL NOT NULL,
        total REAL NOT NULL,
        provenance TEXT,
        signer_name TEXT,
        signer_role TEXT,
        signed_at TEXT,
        signed_sha256 TEXT,
        signed_text TEXT,
        UNIQUE (id, version)
    ) STRICT
    """,
    "CREATE INDEX letter_by_consultation ON letter (consultation)",
    """
    CREATE TABLE section (
        row INTEGER PRIMARY KEY,
        letter INTEGER NOT NULL REFERENCES letter (row) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        key TEXT NOT NULL,
        heading TEXT NOT NULL,
        absent TEXT NOT NULL,
        snomed_code TEXT NOT NULL,
        UNIQUE (letter, number)
    ) STRICT
    """,
    """
    CREATE TABLE statement (
        row INTEGER PRIMARY KEY,
        section INTEGER NOT NULL REFERENCES section (row) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        id TEXT NOT NULL,
        text TEXT NOT NULL,
        support TEXT NOT NULL,
        flags TEXT NOT NULL,
        settled INTEGER NOT NULL,
        quoted INTEGER NOT NULL,
        UNIQUE (section, number)
    ) STRICT
    """,
    # No reference to utterance: a statement that cites an utterance which does not exist is kept, marked,
    # and shown to the clinician; refusing it here would lose the draft.
    """
    CREATE TABLE evidence (
        statement INTEGER NOT NULL REFERENCES statement (row) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        utterance INTEGER NOT NULL,
        PRIMARY KEY (statement, number)
    ) STRICT
    """,
    """
    CREATE TABLE coverage_item (
        letter INTEGER NOT NULL REFERENCES letter (row) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        utterance INTEGER NOT NULL,
        text TEXT NOT NULL,
        section TEXT NOT NULL,
        topic TEXT NOT NULL,
        dismissed INTEGER NOT NULL,
        PRIMARY KEY (letter, number)
    ) STRICT
    """,
    """
    CREATE TRIGGER signed_letter_stays BEFORE UPDATE ON letter WHEN OLD.signed_sha256 IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a signed letter cannot be changed'); END
    """,
)

AUDIT = (
    # No reference to consultation: the trail outlives what it tells about.
    """
    CREATE TABLE audit_entry (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        user TEXT NOT NULL,
        action TEXT NOT NULL,
        consultation TEXT,
        detail TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER audit_stays BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
)

SEARCH = (
    """
    CREATE VIRTUAL TABLE spoken USING fts5 (
        text, content = 'utterance', content_rowid = 'row', tokenize = 'trigram remove_diacritics 1'
    )
    """,
    "INSERT INTO spoken (spoken, rank) VALUES ('secure-delete', 1)",
    """
    CREATE TRIGGER spoken_added AFTER INSERT ON utterance
    BEGIN INSERT INTO spoken (rowid, text) VALUES (NEW.row, NEW.text); END
    """,
    """
    CREATE TRIGGER spoken_removed AFTER DELETE ON utterance
    BEGIN INSERT INTO spoken (spoken, rowid, text) VALUES ('delete', OLD.row, OLD.text); END
    """,
    """
    CREATE TRIGGER spoken_corrected AFTER UPDATE OF text ON utterance BEGIN
        INSERT INTO spoken (spoken, rowid, text) VALUES ('delete', OLD.row, OLD.text);
        INSERT INTO spoken (rowid, text) VALUES (NEW.row, NEW.text);
    END
    """,
)

CORRECTIONS = ("ALTER TABLE utterance ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0",)
"""1 once a person has corrected words or speaker: the program's own judgement never overrules that."""

REJECTED = (
    # No reference to an utterance: what was a click without any words has none.
    """
    CREATE TABLE rejected_text (
        consultation TEXT NOT NULL REFERENCES consultation (id) ON DELETE CASCADE,
        start REAL NOT NULL,
        end REAL NOT NULL,
        attempt INTEGER NOT NULL,
        text TEXT NOT NULL,
        reasons TEXT NOT NULL,
        log_probability REAL NOT NULL,
        no_speech REAL NOT NULL,
        compression REAL NOT NULL,
        speech REAL NOT NULL,
        PRIMARY KEY (consultation, start, end, attempt)
    ) STRICT
    """,
)
"""What the recogniser wrote and its checks did not let stand. Not in the search index, nor in any letter."""

FACTS_UNTIL = ("ALTER TABLE letter ADD COLUMN facts_until REAL NOT NULL DEFAULT 0",)

LISTED = ("ALTER TABLE letter ADD COLUMN listed INTEGER NOT NULL DEFAULT 1",)
"""Whether it was looked what of the consultation is not in the letter."""

VOICES = ("ALTER TABLE utterance ADD COLUMN voice INTEGER",)
"""Which utterances sound like the same person; empty where the sound does not say."""

SECRETS = ("CREATE TABLE vault_secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",)
"""Random keys for what is sealed beside the database; they go with it into every copy."""

LETTER_CORRECTIONS = (
    """
    CREATE TABLE letter_correction (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        consultation TEXT NOT NULL REFERENCES consultation (id) ON DELETE CASCADE,
        letter TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        utterances TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX letter_correction_by_consultation ON letter_correction (consultation)",
)
"""What the clinician changed in one letter, so that the others of the consultation can say so."""

AUDIT_CHAIN = (
    "ALTER TABLE audit_entry ADD COLUMN responsible TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE audit_entry ADD COLUMN patient TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE audit_entry ADD COLUMN object TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE audit_entry ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done'",
    "ALTER TABLE audit_entry ADD COLUMN workstation TEXT NOT NULL DEFAULT ''",
    # Empty in entries from before there was a chain; the first "sealed" entry vouches for them.
    "ALTER TABLE audit_entry ADD COLUMN mac BLOB",
    "CREATE INDEX audit_by_consultation ON audit_entry (consultation, at)",
    # INSERT OR REPLACE deletes without asking the trigger against deleting.
    """
    CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit_entry
    WHEN EXISTS (SELECT 1 FROM audit_entry WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
)
"""Fields as NEN 7513 lists them, and the seal that ties each entry to the one before it."""

ERASURE = (
    # Number of the epoch key that wraps `key`; 0 is a key from before there were any.
    "ALTER TABLE recording ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE recording ADD COLUMN erased_at TEXT",
    "ALTER TABLE consultation ADD COLUMN transcript_erased_at TEXT",
    "ALTER TABLE consultation ADD COLUMN informed_at TEXT",
    "ALTER TABLE consultation ADD COLUMN informed_by TEXT NOT NULL DEFAULT ''",
)

PRIOR_LETTERS = (
    # No reference from a statement: it keeps the title of where it is from when the letter itself is erased.
    """
    CREATE TABLE prior_letter (
        consultation TEXT NOT NULL REFERENCES consultation (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        added_at TEXT NOT NULL,
        PRIMARY KEY (consultation, number)
    ) STRICT
    """,
    "ALTER TABLE statement ADD COLUMN prior TEXT NOT NULL DEFAULT ''",
)
"""Letters from before, pasted or imported; not in the search index. `prior`: places in them, as JSON."""

SPEAKERS = ("ALTER TABLE consultation ADD COLUMN speakers INTEGER NOT NULL DEFAULT 2",)
"""How many people speak: what is taken up after an interruption is told apart as it was begun."""
