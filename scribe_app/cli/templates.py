"""scribe templates: which letters there are, and the clinician's own."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from scribe_app.cli.output import EXIT_FAILURE, Output, wrong_use
from scribe_app.domain.example_letters import template_from
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import TemplateError
from scribe_app.services.application import Workshop

ACTIONS = ("list", "show", "check", "add", "restore", "learn")
LARGEST = 1024 * 1024
"""Bytes of a file that is read at all; the library refuses sooner."""


def add_arguments(verb: ArgumentParser) -> None:
    """What may follow `scribe templates`."""
    verb.add_argument("action", choices=ACTIONS)
    verb.add_argument(
        "what",
        nargs="*",
        metavar="NAME|FILE",
        help="a template's name, or a file of your own; learn: one to three example letters (.txt, .docx)",
    )
    verb.add_argument("--name", metavar="NAME", help="add, learn: under this name instead of the file's")


def templates(arguments: Namespace, workshop: Workshop) -> int:
    """List, show, check, add or restore letter templates."""
    if arguments.action == "list":
        return _list(workshop, Output(arguments.json))
    if arguments.action == "learn":
        return _learn(
            [Path(file) for file in arguments.what], arguments.name, workshop, Output(arguments.json)
        )
    if len(arguments.what) != 1:
        wrong_use(f"scribe templates {arguments.action} needs a name or a file.")
    arguments.what = arguments.what[0]
    action = {"show": _show, "check": _check, "add": _add, "restore": _restore}[arguments.action]
    return action(arguments, workshop, Output(arguments.json))


def _list(workshop: Workshop, output: Output) -> int:
    library = workshop.templates
    working, problems = library.working()
    own, bundled = library.own(), library.bundled()
    for template in working:
        whose = "yours" if template.name in own else "bundled"
        whose = "changed by you" if template.name in own & bundled else whose
        output.line(
            f"{template.name:20} {template.language}  version {template.version:<3} {whose:15} "
            f"{template.title}"
        )
    for problem in problems:
        output.line(str(problem))
    output.document(
        {
            "templates": [template_as_json(t) | {"own": t.name in own} for t in working],
            "broken": [str(problem) for problem in problems],
        }
    )
    return EXIT_FAILURE if problems else 0


def _show(arguments: Namespace, workshop: Workshop, output: Output) -> int:
    template = workshop.templates.template(arguments.what)
    output.line(f"{template.title} ({template.name}, {template.language}, version {template.version})")
    for section in template.sections:
        source = "from the program's fields" if section.source == "application" else ", ".join(section.topics)
        output.line(f"  {section.heading} [{section.presence}]: {source}")
        output.line(f"    {section.guidance}")
    output.document(template_as_json(template))
    return 0


def _check(arguments: Namespace, workshop: Workshop, output: Output) -> int:
    template = _from_file(arguments, workshop)
    output.line(f"{arguments.what} is a good template: {template.title}, {len(template.sections)} headings.")
    output.document({"ok": True, "template": template_as_json(template)})
    return 0


def _add(arguments: Namespace, workshop: Workshop, output: Output) -> int:
    template = _from_file(arguments, workshop)
    library = workshop.templates
    replaces = "yours" if template.name in library.own() else ""
    replaces = replaces or ("the bundled one" if template.name in library.bundled() else "")
    saved = library.save(template)
    output.line(f"Added “{saved.title}” as {saved.name}, version {saved.version}.")
    if replaces:
        output.line(
            f"It is used in the place of {replaces}; letters stay with the version they were written with."
        )
    if saved.name in library.bundled():
        output.line(f"scribe templates restore {saved.name} brings the bundled one back.")
    output.document({"added": template_as_json(saved)})
    return 0


def _restore(arguments: Namespace, workshop: Workshop, output: Output) -> int:
    workshop.templates.restore(arguments.what)
    bundled = arguments.what in workshop.templates.bundled()
    now = "the bundled template is used again" if bundled else "it is no longer offered"
    output.line(f"Your {arguments.what} is put aside; {now}.")
    output.document({"restored": arguments.what, "bundled": bundled})
    return 0


def _learn(files: list[Path], name: str | None, workshop: Workshop, output: Output) -> int:
    """Print a template after the manner of example letters, to be looked at; nothing is saved."""
    try:
        found = template_from([workshop.templates.example(file) for file in files], name or "example")
    except ValueError as error:
        raise TemplateError("No template could be made.", "Nothing was saved.", str(error)) from error
    template = replace(found.template, version=1)
    for remark in found.remarks:
        output.note(f"scribe: {remark}")
    output.line(workshop.templates.text_of(template).rstrip())
    output.document({"template": template_as_json(template), "remarks": list(found.remarks)})
    return 0


def _from_file(arguments: Namespace, workshop: Workshop) -> LetterTemplate:
    file = Path(arguments.what)
    try:
        if file.stat().st_size > LARGEST:
            raise TemplateError(
                f"{file} is too large for a letter template.", "Nothing was changed.", "Give another file."
            )
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TemplateError(
            f"{file} cannot be read ({error.strerror}).", "Nothing was changed.", "Check the file's name."
        ) from error
    except UnicodeDecodeError as error:
        raise TemplateError(
            f"{file} is not text in UTF-8.", "Nothing was changed.", "Save it as UTF-8."
        ) from error
    template = workshop.templates.check(text, file.stem)
    return replace(template, name=arguments.name or file.stem)


def template_as_json(template: LetterTemplate) -> dict[str, Any]:
    """A template as JSON values."""
    return {
        "name": template.name,
        "title": template.title,
        "language": template.language,
        "version": template.version,
        "audience": template.audience,
        "opening": template.opening,
        "closing": template.closing,
        "verbatim": template.verbatim,
        "layout": template.layout,
        "person": template.person,
        "sections": [
            {
                "key": section.key,
                "heading": section.heading,
                "guidance": section.guidance,
                "topics": list(section.topics),
                "presence": section.presence.value,
                "source": section.source.value,
                "clinician_only": section.clinician_only,
                "snomed_code": section.snomed_code,
            }
            for section in template.sections
        ],
    }
