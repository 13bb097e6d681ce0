"""The shape of the code: one-way imports, rooms that stay small, the fixed top level."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "scribe_app"
MAX_FILE_LINES = 400
MAX_CLASS_LINES = 300
MAX_FUNCTION_LINES = 60
TOP_LEVEL = {
    "pyproject.toml", "README.md", "scribe_app", "resources", "models", "tests", "packaging",
    "LICENSE", "CHANGELOG.md",
}  # fmt: skip


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def spans(tree: ast.Module, kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, kind):
            assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def test_imports_point_one_way() -> None:
    command = ROOT / ".venv" / "bin" / "lint-imports"
    program = str(command) if command.exists() else shutil.which("lint-imports")
    assert program is not None
    result = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert result.returncode == 0, result.stdout[-3000:]


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_files_classes_and_functions_stay_small(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    too_long = [name for name, lines in spans(tree, ast.ClassDef) if lines > MAX_CLASS_LINES]
    too_long += [name for name, lines in spans(tree, ast.FunctionDef) if lines > MAX_FUNCTION_LINES]
    assert not too_long
    assert text.count("\n") <= MAX_FILE_LINES


def tracked() -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    return subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_top_level_is_the_fixed_one() -> None:
    top = {name.split("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_locks_carry_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "packaging" / "locks").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        pinned = [line for line in text.splitlines() if line and line[0].isalnum()]
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text
    assert "uv.lock" not in tracked()
