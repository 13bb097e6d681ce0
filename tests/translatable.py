"""Every text of the program that a person reads in the window, taken from the code by its syntax.

    PYTHONPATH=tests python tests/translatable.py    what the Dutch catalogue lacks or has too much

Two kinds: the window's own (tr, trn, later), and what is written in English below it and looked up when it is
shown: the parts of errors, and what is marked with later() there. In the latter, what an f-string fills in is
named after the last word of its expression: f"{file.name} is broken." is "{name} is broken."
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scribe_app.ports import AuditAction

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "scribe_app"
CATALOGUE = ROOT / "resources" / "locale" / "nl"
COMMAND_LINE = (
    "cli/", "app.py", "adapters/speech/yardstick", "adapters/llama/speed", "adapters/llama/yardstick",
    "adapters/models/bundles", "adapters/models/copying", "adapters/models/importing",
    "adapters/models/records", "adapters/models/sources", "domain/measures/", "domain/documents/",
    "services/evaluation",
)  # fmt: skip
"""Their errors are read in a terminal, without a window."""
PLACEHOLDER = re.compile(r"\{(\w+)\}")
BROKEN = {"broken", "_broken"}
"""Make the errors of letter templates."""
FAILED = "failed"
"""What came of an audited event, where it was not done."""


@dataclass(frozen=True)
class Text:
    """One text: its form for one, its form for many where it counts, and where it stands."""

    text: str
    many: str
    place: str


def window_texts() -> list[Text]:
    """What ui/ says itself, and the events of the audit trail."""
    events = [action.value.replace("_", " ") for action in AuditAction]
    found = [Text(text, "", "ports/audit.py") for text in [*events, FAILED]]
    for file in sorted((PACKAGE / "ui").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = _called(node)
            if isinstance(node, ast.Call) and name in ("tr", "trn", "later"):
                texts = [_literal(argument) for argument in node.args[: 2 if name == "trn" else 1]]
                if all(texts) and texts:
                    found.append(
                        Text(texts[0], texts[1] if len(texts) > 1 else "", f"{file.name}:{node.lineno}")
                    )
    return found


def texts_below() -> list[Text]:
    """What is written below the window (and the errors of the window), to be looked up when it is shown."""
    errors = _error_names()
    constants = _constants()
    found = [Text(text, "", "models/manifest.toml") for text in _caveats()]
    for file in sorted(PACKAGE.rglob("*.py")):
        place = file.relative_to(PACKAGE).as_posix()
        if place.startswith(COMMAND_LINE):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            marked = _called(node) == "later" and not place.startswith("ui/")
            if _called(node) == "WorkerProcess" and node.args and _literal(node.args[0]):
                found.append(Text(_literal(node.args[0]), "", f"{place}:{node.lineno}"))  # an error names it
            if marked or _called(node) in errors | BROKEN:
                arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
                texts = [text for argument in arguments for text in _shapes(argument, constants)]
                where = f"{place}:{node.lineno}"
                found += [Text(text, "", where) for text in texts if marked or _says_something(text)]
    return found


def _caveats() -> list[str]:
    """What the manifest says against a model."""
    manifest = tomllib.loads((ROOT / "models" / "manifest.toml").read_text(encoding="utf-8"))
    return [model["caveat"] for model in manifest["model"] if "caveat" in model]


def _constants() -> dict[str, list[ast.expr]]:
    """Texts that stand at the top of a module under a NAME, wherever that is."""
    found: dict[str, list[ast.expr]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, []).append(node.value)
    return {name: values for name, values in found.items() if name.lstrip("_").isupper()}


def _called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _error_names() -> set[str]:
    tree = ast.parse((PACKAGE / "errors.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef) if node.name != "Cancelled"}


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _shapes(node: ast.expr, constants: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    """The texts that an expression can be, with placeholders."""
    if isinstance(node, ast.IfExp):
        yield from _shapes(node.body, constants)
        yield from _shapes(node.orelse, constants)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _shapes(value, constants)
    elif isinstance(node, ast.Name):
        for value in constants.get(node.id, ()):
            yield from _shapes(value, {})
    elif isinstance(node, ast.JoinedStr):
        yield _joined(node)
    elif _literal(node):
        yield _literal(node)


def _joined(node: ast.JoinedStr) -> str:
    """An f-string as the catalogue has it; a name that comes again, with another value, gets a number."""
    text, names = "", {}
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            name, at = _last_word(part.value), 2
            wanted = name
            while names.setdefault(wanted, ast.unparse(part.value)) != ast.unparse(part.value):
                wanted, at = f"{name}{at}", at + 1
            text += "{" + wanted + "}"
        else:
            text += _literal(part)
    return text


def _last_word(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id.lstrip("_")
    if isinstance(node, ast.Attribute):
        return node.attr.lstrip("_")
    if isinstance(node, ast.Call):
        return _last_word(node.args[0]) if node.args else _last_word(node.func)
    if isinstance(node, ast.BoolOp):
        return _last_word(node.values[0])
    if isinstance(node, ast.BinOp):
        return _last_word(node.left)
    if isinstance(node, ast.Subscript):
        return _last_word(node.value)
    return "value"


def _says_something(text: str) -> bool:
    """Whether there is enough in it to be found again: two words of its own."""
    return len(re.findall(r"[^\W\d_]{2,}", PLACEHOLDER.sub(" ", text))) >= 2


def catalogue(name: str) -> dict[str, str | list[str]]:
    """window or below, as it stands in the file."""
    return tomllib.loads((CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))


def main() -> int:
    """Print what is missing, and what nobody says any more. Returns the number of both."""
    wrong = 0
    for name, wanted in (("window", window_texts()), ("below", texts_below())):
        known = catalogue(name)
        ids = {text.text: text for text in wanted}
        for text in ids.values():
            if text.text not in known:
                wrong += 1
                print(f"{name} lacks, {text.place}: {text.text!r} {text.many!r}")
        for text in known:
            if text not in ids:
                wrong += 1
                print(f"{name} has, and nobody says: {text!r}")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(), 1))
