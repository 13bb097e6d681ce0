"""The drafting process: a listener thread takes messages, the main thread owns the model."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from scribe_app.adapters.llama.engine import AbortFlag
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.llama.inbox import Inbox
from scribe_app.adapters.llama.messages import Read, Told
from scribe_app.adapters.llama.prompts import prompt_version
from scribe_app.adapters.llama.strategies import Drafting, QuotingDrafting, Way, drafting_for
from scribe_app.adapters.llama.writer import LetterWriter
from scribe_app.adapters.weights import checked
from scribe_app.domain.events import DrafterReady
from scribe_app.domain.steps import until
from scribe_app.errors import Cancelled
from scribe_app.ports import DraftingRequest

NO_MODEL = "none"


def draft(connection: Connection, request: DraftingRequest, threads: int, way: Way) -> None:
    """Main function of the drafting process. Raises ModelError when the model cannot be used."""
    flag = AbortFlag()
    inbox = Inbox(flag)
    threading.Thread(target=inbox.listen, args=(connection,), name="listener", daemon=True).start()
    drafting, ready = _opened(request, threads, way, flag)
    connection.send(Told(ready))
    try:
        writer = LetterWriter(
            request.consultation, drafting, request.language, request.second_look, inbox.corrected
        )
        with until(lambda: flag.is_set), contextlib.suppress(Cancelled):  # only the end is not caught before
            _serve(connection, inbox, writer)
    finally:
        drafting.close()  # llama.cpp crashes when the interpreter takes it down instead


def _serve(connection: Connection, inbox: Inbox, writer: LetterWriter) -> None:
    """Work through what the parent asks for; read along while it asks for nothing."""
    while not inbox.ended:
        message = inbox.next(wait=not writer.has_unread)
        if isinstance(message, Read):
            writer.take(message.utterances)
        elif message is not None:
            inbox.begin(message.number)
            for event in writer.write(message):
                connection.send(Told(event, message.number))
            inbox.end()
        elif writer.has_unread:
            try:
                connection.send(Told(writer.read_on()))
            except Cancelled:
                return


def _opened(
    request: DraftingRequest, threads: int, way: Way, flag: AbortFlag
) -> tuple[Drafting, DrafterReady]:
    version = prompt_version()
    if request.model is None:
        ready = DrafterReady(request.consultation, NO_MODEL, "", version)
        return QuotingDrafting(request.language), ready
    with checked(request.model.parent, request.contents) as weights:
        name = request.model.name
        if request.contents is not None:
            name = request.model.relative_to(request.contents.folder).as_posix()
        card = read_card(weights.folder / name)
        digest = request.sha256 or (weights.sha256(name) if request.contents else _sha256(request.model))
        drafting = drafting_for(
            weights.folder / name, card, request.language, threads, flag, way, request.gpu_layers
        )
    return drafting, DrafterReady(request.consultation, request.model.stem, digest, version)


def _sha256(path: Path) -> str:
    """Of a model that no manifest knows; for a large one this takes seconds, once per consultation."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
