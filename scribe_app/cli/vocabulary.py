"""scribe vocabulary: the lists of names to listen for."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from scribe_app.cli.output import Output, wrong_use
from scribe_app.domain.vocabulary import Term, checked_terms
from scribe_app.errors import TermListError
from scribe_app.ports import OWN_TERMS, VocabularyLibrary
from scribe_app.services.application import Workshop


def vocabulary(arguments: Namespace, workshop: Workshop) -> int:
    """List, show, add, remove or import terms."""
    library = workshop.vocabularies
    assert library is not None
    if arguments.list != OWN_TERMS and arguments.list not in workshop.templates.names():
        wrong_use(
            f"There is no letter template {arguments.list!r}; use {OWN_TERMS} or one of "
            f"{', '.join(workshop.templates.names())}."
        )
    if arguments.action in ("add", "remove") and not arguments.what:
        wrong_use(f"Which terms? For instance: scribe vocabulary {arguments.action} amlodipine.")
    if arguments.action == "import" and len(arguments.what) != 1:
        wrong_use("Which file? For instance: scribe vocabulary import names.txt.")
    return ACTIONS[arguments.action](arguments, library, Output(arguments.json))


def _list(arguments: Namespace, library: VocabularyLibrary, output: Output) -> int:
    lists = library.lists()
    for one in lists:
        output.line(f"{one.name:16} {one.count:>6} terms{'  bundled' if one.bundled else ''}")
        for problem in one.problems[:5]:
            output.note(f"scribe: {one.name}: {problem}")
    output.document([asdict(one) for one in lists])
    return 0


def _show(arguments: Namespace, library: VocabularyLibrary, output: Output) -> int:
    terms = library.own_terms(arguments.list)
    for term in terms:
        output.line(f"{term.text} = {', '.join(term.sounds)}" if term.sounds else term.text)
    if not terms:
        output.note(f"scribe: the list {arguments.list} is empty.")
    output.document([asdict(term) for term in terms])
    return 0


def _add(arguments: Namespace, library: VocabularyLibrary, output: Output) -> int:
    new = checked_terms("\n".join(arguments.what), "What you typed")
    known = {term.text.casefold(): term for term in library.own_terms(arguments.list)}
    added = sum(term.text.casefold() not in known for term in new)
    known.update({term.text.casefold(): term for term in new})
    return _save(arguments, library, output, tuple(known.values()), "added", added)


def _remove(arguments: Namespace, library: VocabularyLibrary, output: Output) -> int:
    known = library.own_terms(arguments.list)
    unwanted = {term.text.casefold() for term in checked_terms("\n".join(arguments.what), "What you typed")}
    missing = unwanted - {term.text.casefold() for term in known}
    if missing:
        raise TermListError(
            f"Not on the list {arguments.list}: {', '.join(sorted(missing))}.",
            "Nothing was removed.",
            f"See scribe vocabulary show --list {arguments.list}.",
        )
    kept = tuple(term for term in known if term.text.casefold() not in unwanted)
    return _save(arguments, library, output, kept, "removed", len(known) - len(kept))


def _import(arguments: Namespace, library: VocabularyLibrary, output: Output) -> int:
    result = library.import_file(arguments.list, Path(arguments.what[0]), arguments.column)
    total = len(library.own_terms(arguments.list))
    output.line(f"{result.added} terms added to {arguments.list}, {result.known} were there; {total} in all.")
    if result.left_out:
        output.note(f"scribe: {result.left_out} rows left out: not in use, or too long to listen for.")
    output.document({**asdict(result), "list": arguments.list, "total": total})
    return 0


def _save(
    arguments: Namespace,
    library: VocabularyLibrary,
    output: Output,
    terms: tuple[Term, ...],
    done: str,
    count: int,
) -> int:
    library.save(arguments.list, terms)
    output.line(f"{count} {done}; {len(terms)} terms in {arguments.list}.")
    output.document({done: count, "list": arguments.list, "total": len(terms)})
    return 0


ACTIONS: dict[str, Callable[[Namespace, VocabularyLibrary, Output], int]] = {
    "list": _list,
    "show": _show,
    "add": _add,
    "remove": _remove,
    "import": _import,
}
