"""scribe models: which models are known, which are here, and whether they are whole."""

from __future__ import annotations

from argparse import Namespace

from scribe_app.cli.output import EXIT_FAILURE, Output, wrong_use
from scribe_app.errors import ModelError
from scribe_app.ports import ModelEntry
from scribe_app.services.application import Workshop


def models(arguments: Namespace, workshop: Workshop) -> int:
    """List the models, or verify those that are installed."""
    output = Output(arguments.json)
    entries = [entry for entry in workshop.models.entries() if arguments.id in (None, entry.id)]
    if not entries:
        wrong_use(f"There is no model {arguments.id!r}.")
    return (_list if arguments.action == "list" else _verify)(entries, workshop, output)


def _list(entries: list[ModelEntry], workshop: Workshop, output: Output) -> int:
    for entry in entries:
        state = "installed" if entry.path else "not installed"
        size = f"{entry.size / 1e6:,.0f} MB" if entry.size else "size unknown"
        output.line(f"{entry.id:28} {entry.task:9} {','.join(entry.languages):8} {size:>12}  {state}")
        if entry.path and entry.caveat:
            output.line(f"{'':28} {entry.caveat}")
    output.document([_as_json(entry) for entry in entries])
    return 0


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
        "installed": entry.path is not None,
        "path": str(entry.path) if entry.path else None,
        "caveat": entry.caveat,
    }
