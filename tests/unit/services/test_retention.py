"""When what goes: by the clocks, never by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.config import FOR_EVER, Settings
from scribe_app.domain.consultation import UNFINISHED, Consultation, ConsultationState
from scribe_app.domain.erasure import Erasure, Held, Part, Why
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import Recording
from scribe_app.ports import AuditAction, AuditEntry
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.events import EventBus
from scribe_app.services.retention import (
    FEW,
    LARGE_SHARE,
    MOST_AT_ONCE,
    Retention,
    doubt,
    due,
)

S = ConsultationState
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DAYS = st.sampled_from([FOR_EVER, 0, 1, 7, 30, 365])
MOMENTS = st.integers(-400 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
SETTINGS = st.builds(Settings, audio_days=DAYS, transcript_days=DAYS, draft_days=DAYS, letter_days=DAYS)
HELD = st.builds(
    Held,
    st.uuids().map(lambda id: ConsultationId(id.hex)),
    st.sampled_from(S),
    MOMENTS,
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def final(days: float, **changes: object) -> Held:
    """Signed so many days ago."""
    held = Held(ConsultationId("c"), S.SIGNED, ago(days), ago(days), None, 0, True, True)
    return replace(held, **changes)  # type: ignore[arg-type]  # the tests give the right types


def parts(held: Held, settings: Settings | None = None) -> list[Part]:
    return [erasure.part for erasure in due([held], settings or Settings(), NOW)]


class TestClocks:
    def test_each_part_goes_by_its_own(self) -> None:
        assert parts(final(6)) == []
        assert parts(final(8)) == [Part.AUDIO]
        assert parts(final(31)) == [Part.AUDIO, Part.TRANSCRIPT, Part.NOTES]
        assert parts(final(366)) == [Part.CONSULTATION]

    def test_what_is_gone_already_is_not_due_again(self) -> None:
        assert parts(final(31, audio=False, transcript=False)) == []

    def test_a_draft_goes_when_nobody_touched_it(self) -> None:
        draft = Held(ConsultationId("c"), S.IN_REVIEW, ago(29), None, None, 1, True, True)
        assert parts(draft) == []
        assert parts(replace(draft, touched_at=ago(30))) == [Part.CONSULTATION]
        assert parts(replace(draft, state=S.FAILED, touched_at=ago(31))) == [Part.CONSULTATION]

    def test_a_letter_that_was_just_taken_out_stays_another_year(self) -> None:
        assert parts(final(400, taken_out_at=ago(3), audio=False, transcript=False)) == []

    def test_keeping_nothing_leaves_a_day_after_pasting_and_a_week_where_nobody_did(
        self,
    ) -> None:
        nothing = Settings(audio_days=0, transcript_days=0, letter_days=0)
        captured = [Part.AUDIO, Part.TRANSCRIPT, Part.NOTES]
        assert parts(final(0), nothing) == captured
        assert parts(final(6), nothing) == captured, "nobody has copied it yet: it is the only one"
        assert parts(final(7), nothing) == [Part.CONSULTATION]
        assert parts(final(5, taken_out_at=ago(0.5)), nothing) == captured
        assert parts(final(5, taken_out_at=ago(1)), nothing) == [Part.CONSULTATION]

    def test_a_second_letter_that_nobody_signs_does_not_keep_everything_for_ever(self) -> None:
        for changes in ({"open_letters": 1}, {"state": S.AMENDED}):
            assert parts(final(40, touched_at=ago(29), **changes)) == []
            assert parts(final(40, touched_at=ago(30), **changes)) == [
                Part.AUDIO,
                Part.TRANSCRIPT,
                Part.NOTES,
            ]

    @given(HELD, SETTINGS)
    def test_nothing_under_way_is_ever_due(self, held: Held, settings: Settings) -> None:
        for state in UNFINISHED:
            assert due([replace(held, state=state)], settings, NOW) == ()

    @given(HELD, SETTINGS)
    def test_nothing_that_is_not_signed_goes_by_the_clocks_of_audio_and_transcript(
        self, held: Held, settings: Settings
    ) -> None:
        for open_one in (
            replace(held, signed_at=None),
            replace(held, open_letters=1),
            replace(held, state=S.AMENDED),
            replace(held, state=S.IN_REVIEW),
        ):
            kept = replace(settings, draft_days=settings.draft_days or 1)
            assert due([replace(open_one, touched_at=NOW)], kept, NOW) == ()
            found = due([replace(open_one, signed_at=None)], settings, NOW)
            assert all(erasure.part is Part.CONSULTATION for erasure in found)

    @given(HELD, SETTINGS)
    def test_for_ever_is_for_ever(self, held: Held, settings: Settings) -> None:
        kept = replace(
            settings,
            audio_days=FOR_EVER,
            transcript_days=FOR_EVER,
            draft_days=FOR_EVER,
            letter_days=FOR_EVER,
        )
        assert due([held], kept, NOW) == ()

    @given(HELD, SETTINGS, st.integers(0, 1000))
    def test_what_is_due_stays_due(self, held: Held, settings: Settings, days: int) -> None:
        """Later, the same goes, or the whole consultation with it."""
        now = {erasure.part for erasure in due([held], settings, NOW)}
        later = {erasure.part for erasure in due([held], settings, NOW + timedelta(days=days))}
        assert now <= later or later == {Part.CONSULTATION}

    @given(st.lists(HELD, max_size=20), SETTINGS)
    def test_only_what_is_held_is_due_and_each_part_once(self, held: list[Held], settings: Settings) -> None:
        found = due(held, settings, NOW)
        assert len(set(found)) == len(found)
        by_id = {one.consultation: one for one in held}
        for erasure in found:
            one = by_id[erasure.consultation]
            assert erasure.part is not Part.AUDIO or one.audio
            assert erasure.part is not Part.TRANSCRIPT or one.transcript
            assert erasure.why in (Why.RETENTION, Why.SIGNED)


class TestDoubts:
    ONE = (Erasure(ConsultationId("c"), Part.AUDIO, Why.RETENTION),)

    def test_a_day_or_a_long_weekend_later_is_usual(self) -> None:
        held = [final(8)]
        for days in (0.5, 1, 3.9):
            assert doubt(self.ONE, held, NOW, ago(days)) == ""
        assert doubt(self.ONE, held, NOW, None) == ""

    def test_a_clock_that_is_far_ahead_is_asked_about(self) -> None:
        said = doubt(self.ONE, [final(8)], NOW, ago(5))
        assert "21 November 2026" in said
        assert "16 November 2026" in said

    def test_so_is_one_that_ran_ahead_of_what_the_computer_counted(self) -> None:
        counted = timedelta(hours=20)
        assert doubt(self.ONE, [final(8)], NOW, ago(3), counted) != ""
        assert doubt(self.ONE, [final(8)], NOW, ago(20), timedelta(days=19.5)) == ""

    def test_and_one_that_went_back(self) -> None:
        assert "earlier" in doubt(self.ONE, [final(8)], NOW, NOW + timedelta(minutes=5))

    def test_a_large_share_of_everything_is_asked_about(self) -> None:
        many = tuple(Erasure(ConsultationId(str(n)), Part.AUDIO) for n in range(FEW))
        held = [final(8, consultation=ConsultationId(str(n))) for n in range(int(FEW / LARGE_SHARE))]
        assert doubt(many, held, NOW, ago(1)) == ""
        assert doubt(many, held[:-1], NOW, ago(1)) == "That is 10 of 49 consultations at once."
        assert doubt(many[:-1], held[:9], NOW, ago(1)) == ""

    @given(MOMENTS)
    def test_nothing_due_is_never_doubted(self, last: datetime) -> None:
        assert doubt((), [], NOW, last) == ""


class Recorded:
    """An eraser on the real store that remembers what it was asked."""

    def __init__(self, store: SqlCipherStore) -> None:
        self.store, self.asked = store, list[Erasure]()

    def erase(self, erasures: Sequence[Erasure]) -> list[Erasure]:
        self.asked += erasures
        self.store.erase(erasures, [], NOW)
        return list(erasures)

    def erase_soon(self, erasures: Sequence[Erasure]) -> None:
        self.erase(erasures)


class TestRuns:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqlCipherStore]:
        one = SqlCipherStore(tmp_path / "vault.db", bytes(32))
        yield one
        one.close()

    def retention(self, store: SqlCipherStore, now: datetime = NOW) -> tuple[Retention, Recorded]:
        eraser = Recorded(store)
        trail = AuditTrail(store, "tester", lambda: now)
        return Retention(store, trail, EventBus(), Settings(draft_days=30), eraser), eraser

    def drafts(self, store: SqlCipherStore, count: int, days: float) -> None:
        for number in range(count):
            id = ConsultationId(f"{days}-{number}")
            store.save_consultation(Consultation(id, ago(days), "en", "soap", state=S.IN_REVIEW))
            store.save_recording(Recording(id, 1), bytes(32))

    def test_erases_what_is_due_and_notes_the_run(self, store: SqlCipherStore) -> None:
        self.drafts(store, 2, 31)
        self.drafts(store, 3, 1)
        retention, eraser = self.retention(store)
        run = retention.run()
        assert len(run.erased) == len(eraser.asked) == 2
        assert len(store.consultations()) == 3
        entry = store.audit()[-1]
        assert (entry.action, entry.detail) == (AuditAction.RETENTION, "2 of 5")
        assert retention.run().erased == ()

    def test_a_dry_run_touches_nothing(self, store: SqlCipherStore) -> None:
        self.drafts(store, 2, 31)
        retention, eraser = self.retention(store)
        assert len(retention.run(dry=True).due) == 2
        assert eraser.asked == []
        assert store.audit() == []

    def test_after_a_jump_of_the_clock_nothing_goes_unasked(self, store: SqlCipherStore) -> None:
        self.drafts(store, 2, 1)
        retention, _ = self.retention(store)
        retention.run()
        ahead, eraser = self.retention(store, NOW + timedelta(days=400))
        run = ahead.run()
        assert "clock" in run.doubt
        assert eraser.asked == []
        assert len(store.consultations()) == 2
        assert len(ahead.run(confirmed=True).erased) == 2

    def test_at_most_so_many_go_at_once(self, store: SqlCipherStore) -> None:
        self.drafts(store, MOST_AT_ONCE + 5, 31)
        retention, _ = self.retention(store)
        assert retention.run().doubt != ""
        assert len(retention.run(confirmed=True).erased) == MOST_AT_ONCE
        assert len(store.consultations()) == 5

    def test_what_a_restore_kept_aside_goes_after_its_time_while_the_clock_is_steady(
        self, store: SqlCipherStore, tmp_path: Path
    ) -> None:
        kept = tmp_path / "before-restore-20200101-120000-abcd"
        kept.mkdir()
        self.retention(store)[0].run()
        assert kept.exists(), "the first run does not know how the clock goes"
        self.retention(store, NOW + timedelta(days=40))[0].run()
        assert kept.exists(), "a clock that jumped"
        self.retention(store, NOW + timedelta(days=41))[0].run()
        assert not kept.exists()
        assert store.audit()[-1].detail == "0 of 0, 1 kept aside by a restore"

    def test_it_is_due_again_after_a_day(self, store: SqlCipherStore) -> None:
        retention, _ = self.retention(store)
        assert retention.due_again()
        retention.run()
        assert not retention.due_again()
        later, _ = self.retention(store, NOW + timedelta(hours=25))
        assert later.due_again()

    def test_a_consultation_that_was_touched_lately_stays(self, store: SqlCipherStore) -> None:
        self.drafts(store, 1, 31)
        (value,) = store.consultations()
        store.add_audit(AuditEntry(ago(2), "tester", AuditAction.OPENED, value.id))
        retention, eraser = self.retention(store)
        retention.run()
        assert eraser.asked == []
