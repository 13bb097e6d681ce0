from __future__ import annotations

import pytest

from scribe_app.cli.bench import BENCHMARKS
from scribe_app.cli.verbs import VERBS, parse
from scribe_app.errors import UsageError


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["fly"], "fly"),
        (["record", "--seconds", "0"], "not a number above 0"),
        (["record", "--seconds", "inf"], "not a number above 0"),
        (["record", "--seconds", "nan"], "not a number above 0"),
        (["record", "--seconds"], "expected one argument"),
        (["record", "--passphrase-fd", "three"], "passphrase-fd"),
        (["record", "--language", "fr"], "fr"),
        (["transcribe"], "required"),
        (["export", "x", "--format", "odt"], "odt"),
        (["models", "steal"], "steal"),
        (["demo", "--unknown"], "--unknown"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_clear_sentence(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError) as caught:
        parse(argv)
    assert words in caught.value.title
    assert "--help" in caught.value.remedy
    assert "\n" not in str(caught.value)
    assert capsys.readouterr() == ("", "")


def test_without_a_verb_the_window_is_meant() -> None:
    assert parse([]).verb is None


@pytest.mark.parametrize(
    "verb", [*sorted(VERBS.keys() - {"bench"}), *(f"bench {kind}" for kind in BENCHMARKS)]
)
def test_every_verb_has_help_and_json(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse([*verb.split(), "--help"])
    assert caught.value.code == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize("kind", BENCHMARKS)
def test_every_benchmark_says_what_its_figures_mean(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["bench", kind, "--help"])
    figures = capsys.readouterr().out.split("\nfigures:\n")[1]
    assert figures.strip()
    assert all(len(line) <= 100 for line in figures.splitlines())


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("scribe ")
