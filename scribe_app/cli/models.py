"""scribe models: which models are known, which are here, whether they are whole, and how one comes here."""

from __future__ import annotations

import shlex
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from scribe_app.cli.output import EXIT_FAILURE, Output, wrong_use
from scribe_app.errors import ModelError, UsageError
from scribe_app.ports import FoundModel, ModelEntry, ModelTask
from scribe_app.services.application import Workshop

TELL_SECONDS = 2.0
LICENCE_LINES = 4
_MORE = "\nscribe models list ID: licence, memory, speed, where they were read, and what could not be checked"


def add_arguments(verb: ArgumentParser) -> None:
    """The options of scribe models."""
    verb.add_argument("action", choices=("list", "verify", "import", "fetch"))
    verb.add_argument(
        "what",
        nargs="?",
        metavar="ID|PATH",
        help="a model's id (list tells all that is known of it); for import a bundle, folder or GGUF file",
    )
    verb.add_argument("--id", default="", help="for import: which model a folder is, where it does not say")
    verb.add_argument(
        "--machine",
        action="store_true",
        help="for import: for everyone on this computer, by an administrator",
    )
    verb.add_argument(
        "--unsigned", action="store_true", help="for import: take files that nobody vouches for"
    )


def models(arguments: Namespace, workshop: Workshop) -> int:
    """List models, verify those that are installed, import one, or tell how to fetch one."""
    output = Output(arguments.json)
    if arguments.action == "import":
        return _import(arguments, workshop, output)
    entries = [entry for entry in workshop.models.entries() if arguments.what in (None, entry.id)]
    if not entries:
        wrong_use(f"There is no model {arguments.what!r}.")
    if arguments.action == "fetch":
        if arguments.what is None:
            wrong_use("Say which model to fetch.")
        return _fetch(entries[0], output)
    return (_list if arguments.action == "list" else _verify)(entries, workshop, output)


def _import(arguments: Namespace, workshop: Workshop, output: Output) -> int:
    if not arguments.what:
        wrong_use("Say what to import: a bundle, a model's folder or a GGUF file.")
    assert workshop.importer is not None
    telling = _Telling(output)
    done = workshop.importer.bring(
        Path(arguments.what).expanduser(),
        arguments.id,
        machine=arguments.machine,
        unsigned=arguments.unsigned,
        found=telling.found,
        progress=telling.progress,
    )
    found = telling.what
    assert found is not None, "told before copying"
    output.line(f"{done.id} is in {found.target}, every file as its list says.")
    if not done.vouched:
        output.line("Nobody vouches for it: Scribe says so wherever it is in use.")
    output.line("The audit trail notes it when a vault is opened next.")
    output.document(
        {
            "id": done.id,
            "folder": str(found.target),
            "serial": done.serial,
            "sha256": done.sha256,
            "vouched": done.vouched,
            "licence": found.licence,
            "import": done.number,
        }
    )
    return 0


class _Telling:
    """Says what is coming, and how far it is."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._began = self._told = time.monotonic()
        self.what: FoundModel | None = None

    def found(self, found: FoundModel) -> None:
        """Before copying begins."""
        self.what = found
        self._output.line(f"{found.id}: {found.name}, {found.size / 1e6:,.0f} MB")
        number = f", bundle number {found.serial}" if found.serial else ""
        self._output.line(f"Vouched for by: {found.vouched or 'NOBODY'}{number}")
        self._output.line(f"Licence: {found.licence}")
        lines = [line.strip() for line in found.licence_text.splitlines() if line.strip()]
        for line in lines[:LICENCE_LINES]:
            self._output.line(f"  {line}")

    def progress(self, done: int, size: int) -> None:
        """Bytes done and in all."""
        now = time.monotonic()
        if now - self._told < TELL_SECONDS or not size:
            return
        self._told = now
        left = (now - self._began) * (size - done) / max(1, done)
        self._output.note(f"scribe: {100 * done // size} % of {size / 1e6:,.0f} MB, about {left:.0f} s left")


def _fetch(entry: ModelEntry, output: Output) -> int:
    """Say what to run where. This program opens no connection, and the kernel would refuse it one."""
    if not entry.source:
        raise UsageError(
            f"Where {entry.id} is published is not written down.",
            "Nothing was fetched.",
            "Get its files from their maker, then: scribe models import FOLDER --id " + entry.id,
        )
    folder = f"{entry.id}"
    urls = {file.path: f"{entry.source.rstrip('/')}/{file.path}" for file in entry.files}
    commands = [
        f"python3 fetch_model.py {shlex.quote(entry.id)} --to {shlex.quote(folder)}",
        f"python3 model_bundle.py make {shlex.quote(folder)} --id {shlex.quote(entry.id)} --key KEY.pem",
        f"scribe models import {shlex.quote(entry.id)}.scribemodel",
    ]
    output.line(f"{entry.id}: {entry.name}. Licence: {entry.licence}")
    for file in entry.files:
        size = f"{file.size:,} bytes" if file.size else "size not written down"
        output.line(f"  {urls[file.path]}")
        output.line(f"    {size}, SHA-256 {file.sha256 or 'not written down: compare with the maker'}")
    output.line("\nNothing was fetched: this program opens no connection, and cannot. On an administrator's")
    output.line("computer with a network, in packaging/ of this program:")
    output.line(f"  {commands[0]}")
    output.line("Where models are signed, on the computer that holds the organisation's key:")
    output.line(f"  {commands[1]}")
    output.line("Then, on the clinicians' computers:")
    output.line(f"  {commands[2]}")
    files = [
        {"url": urls[file.path], "path": file.path, "size": file.size, "sha256": file.sha256}
        for file in entry.files
    ]
    output.document({"id": entry.id, "licence": entry.licence, "files": files, "run": commands})
    return 0


def _list(entries: list[ModelEntry], workshop: Workshop, output: Output) -> int:
    for entry in entries:
        state = "installed" if entry.path else "not installed"
        languages = ",".join(entry.languages)
        output.line(f"{entry.id:24} {entry.task:11} {languages:6} {size_of(entry):>14}  {state}")
        if entry.path and entry.caveat:
            output.line(f"{'':24} {entry.caveat}")
        if entry.path and entry.vouched:
            output.line(f"{'':24} vouched for by {entry.vouched}")
    for text in known_of(entries[0]) if len(entries) == 1 else (_MORE,):
        output.line(text)
    output.document([_as_json(entry) for entry in entries])
    return 0


def size_of(entry: ModelEntry) -> str:
    """On disk, in words."""
    if entry.size:
        return f"{entry.size / 1e6:,.0f} MB"
    return f"about {entry.about_mb:,} MB" if entry.about_mb else "size unknown"


def known_of(entry: ModelEntry) -> Iterator[str]:
    """All that the list of models says of one, a line each, for who decides about it."""
    yield f"{entry.name}. Licence: {entry.licence}"
    if entry.min_ram_mb:
        computer = f"; for computers with {entry.for_gb} GB or more" if entry.for_gb else ""
        reckoned = "" if entry.measured or entry.size else " (reckoned)"
        card = f"; for graphics cards with {entry.for_card_gb} GB or more" if entry.for_card_gb else ""
        yield f"Needs {entry.min_ram_mb:,} MB of free memory{reckoned}{computer}{card}"
    if entry.measured:
        yield f"Measured: {entry.measured}"
    elif entry.task is ModelTask.DRAFTING:
        yield "Speed and memory: not measured beforehand; scribe doctor measures a model that is installed"
    if entry.checked:
        yield f"Licence and model card: {entry.checked}"
    if entry.unverified:
        yield f"Not checked: {entry.unverified}"


def _verify(entries: list[ModelEntry], workshop: Workshop, output: Output) -> int:
    results = []
    for entry in entries:
        if entry.path is None:
            continue
        try:
            workshop.models.verify(entry.id)
            problem = ""
        except ModelError as error:
            problem = str(error)
        output.line(f"{entry.id:28} {problem or 'every file matches the manifest'}")
        results.append({"id": entry.id, "ok": not problem, "problem": problem})
    if not results:
        output.line("No model is installed.")
    output.document(results)
    return EXIT_FAILURE if not results or any(result["problem"] for result in results) else 0


def _as_json(entry: ModelEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "name": entry.name,
        "task": entry.task.value,
        "languages": list(entry.languages),
        "licence": entry.licence,
        "size": entry.size,
        "about_mb": entry.about_mb,
        "min_ram_mb": entry.min_ram_mb,
        "for_gb": entry.for_gb,
        "for_card_gb": entry.for_card_gb,
        "measured": entry.measured,
        "checked": entry.checked,
        "unverified": entry.unverified,
        "installed": entry.path is not None,
        "path": str(entry.path) if entry.path else None,
        "caveat": entry.caveat,
        "vouched": entry.vouched,
    }
