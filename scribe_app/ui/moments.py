"""Dates and times in the window's language, whatever the computer's regional settings are."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale

from scribe_app.language import DUTCH, current, tr


def locale() -> QLocale:
    """British or Dutch."""
    return QLocale("nl_NL" if current() == DUTCH else "en_GB")


def day(at: date) -> str:
    """14 March 2026."""
    return locale().toString(QDate(at.year, at.month, at.day), "d MMMM yyyy")


def day_and_time(at: datetime) -> str:
    """14 March 2026, 09:05, where this computer is."""
    here = at.astimezone()
    return f"{day(here)}, {here:%H:%M}"


def in_figures(at: datetime) -> str:
    """14.03.2026 09:05, where this computer is."""
    return at.astimezone().strftime(tr("%d.%m.%Y %H:%M"))
