"""scribe models: list, verify, import, fetch; and the scripts of packaging/ that make what is imported."""

from __future__ import annotations

import functools
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from model_bundles import FILES, as_folder, as_zip, importer, library, parts

from scribe_app.adapters.models import ManifestModels, Trust
from scribe_app.adapters.models.trust import read_key
from scribe_app.app import make_workshop
from scribe_app.cli import verbs
from scribe_app.errors import ModelError, UsageError
from scribe_app.paths import UserFolders, bundled_models_folder, installation_root
from scribe_app.ports import ModelTask
from scribe_app.services.application import Workshop

PACKAGING = installation_root() / "packaging"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = make_workshop(UserFolders(*(tmp_path / name for name in ("data", "config", "cache", "logs"))))
    models = library(tmp_path)
    return replace(made, models=models, importer=importer(tmp_path, models))


def scribe(workshop: Workshop, *arguments: str) -> int:
    return verbs.run(verbs.parse(["models", *arguments]), workshop)


def script(name: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PACKAGING / name), *arguments],
        capture_output=True, text=True, timeout=60, env=os.environ | {"SCRIBE_KEY_PASSPHRASE": "", **more},
    )  # fmt: skip


def test_an_import_says_what_who_and_under_which_licence(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = as_zip(tmp_path / "b.scribemodel", parts())
    assert scribe(workshop, "import", str(bundle)) == 0
    said = capsys.readouterr().out
    for words in ("Ward Whisper", "St Elsewhere IT", "Licence: MIT", "Do with it as you like.", "number 5"):
        assert words in said
    assert scribe(workshop, "import", str(bundle), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["id"] == "ward-whisper"
    assert scribe(workshop, "list") == 0
    assert "vouched for by St Elsewhere IT" in capsys.readouterr().out
    assert scribe(workshop, "verify", "ward-whisper") == 0


def test_an_unsigned_one_is_called_so(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = as_folder(tmp_path / "unknown", {"model.bin": b"x"})
    with pytest.raises(ModelError, match="Nobody vouches"):
        scribe(workshop, "import", str(folder))
    assert scribe(workshop, "import", str(folder), "--unsigned") == 0
    assert "Vouched for by: NOBODY" in capsys.readouterr().out
    assert scribe(workshop, "list") == 0
    assert "Not signed: nobody vouches" in capsys.readouterr().out


def test_what_cannot_work_is_refused(workshop: Workshop) -> None:
    for wrong in (["import"], ["fetch"], ["fetch", "nobody"], ["fetch", "known"], ["verify", "nobody"]):
        with pytest.raises(UsageError):
            scribe(workshop, *wrong)


def test_fetch_opens_nothing_and_says_what_to_run(
    tmp_path: Path, workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = ManifestModels(bundled_models_folder() / "manifest.toml", [bundled_models_folder()])
    assert scribe(replace(workshop, models=ours), "fetch", "whisper-small.en") == 0
    said = capsys.readouterr().out
    assert "/model.bin" in said
    assert "Licence: MIT" in said
    assert "fetch_model.py whisper-small.en" in said
    assert "opens no connection" in said
    assert scribe(replace(workshop, models=ours), "fetch", "whisper-small.en", "--json") == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["url"].startswith("https://")


def test_all_that_is_known_of_one_model_is_told(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = ManifestModels(bundled_models_folder() / "manifest.toml", [])
    asked = replace(workshop, models=ours)
    assert scribe(asked, "list", "qwen3-4b-instruct-2507") == 0
    said = capsys.readouterr().out
    for words in ("about 2,500 MB", "Licence: Apache-2.0", "16 GB", "random weights", "Not checked: "):
        assert words in said
    assert scribe(asked, "list", "qwen3-14b", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["about_mb"] == 9000
    assert told["for_card_gb"] == 16
    assert told["unverified"]
    assert scribe(asked, "list") == 0
    assert "Not checked" not in capsys.readouterr().out, "a line or two each, details on demand"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A private key's file, and its public half as the policy has it."""
    file = tmp_path_factory.mktemp("key") / "key.pem"
    made = script("model_bundle.py", "key", str(file))
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o077 == 0
    return file, made.stdout.split('"')[1]


class TestBundleScript:
    def test_what_it_makes_is_imported_by_who_trusts_its_key(
        self, tmp_path: Path, key: tuple[Path, str]
    ) -> None:
        file, public = key
        source = as_folder(tmp_path / "download", {"model.bin": FILES["model.bin"], ".DS_Store": b"x"})
        row = tmp_path / "row.toml"
        row.write_text(
            'id = "own"\nname = "Own"\ntask = "speech"\nlanguages = ["nl"]\nlicence = "MIT"\nrank = 5\n'
        )
        (tmp_path / "MIT.txt").write_text("Permission is hereby granted.")
        bundle = tmp_path / "own.scribemodel"
        made = script(
            "model_bundle.py", "make", str(source), "--model", str(row), "--key", str(file),
            "--made-by", "IT", "--licence", str(tmp_path / "MIT.txt"), "--output", str(bundle),
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        checked = script("model_bundle.py", "check", str(bundle), "--public-key", public)
        assert checked.returncode == 0, checked.stderr
        with pytest.raises(ModelError, match="does not trust"):
            importer(tmp_path).bring(bundle)
        trusting = library(tmp_path, keys=(read_key(public),))
        importer(tmp_path, trusting).bring(bundle)
        picked = trusting.pick(ModelTask.SPEECH, "nl")
        assert picked is not None
        assert picked.id == "own"

    def test_a_name_that_cannot_travel_is_told(self, tmp_path: Path, key: tuple[Path, str]) -> None:
        source = as_folder(tmp_path / "download", {"model.bin": b"x", "con": b"x"})
        made = script("model_bundle.py", "make", str(source), "--id", "whisper-small", "--key", str(key[0]))
        assert made.returncode != 0
        assert "'con' cannot be a name" in made.stderr

    def test_a_signed_release_must_stay_as_it_is_and_a_working_tree_need_not(
        self, tmp_path: Path, key: tuple[Path, str]
    ) -> None:
        library(tmp_path)  # writes a manifest, not signed
        made = script("model_bundle.py", "sign-release", str(tmp_path), "--key", str(key[0]))
        assert made.returncode == 0, made.stderr
        manifest = tmp_path / "manifest.toml"
        ManifestModels(manifest, [tmp_path])
        assert Trust.of((), unsigned=True, released=tmp_path).keys == (read_key(key[1]),)
        manifest.write_text(manifest.read_text().replace("rank = 1", "rank = 2"))
        with pytest.raises(ModelError, match="not as it was released"):
            ManifestModels(manifest, [tmp_path])
        (tmp_path / "manifest.sig").unlink()
        with pytest.raises(ModelError, match="list of models cannot be read"):
            ManifestModels(manifest, [tmp_path])
        (tmp_path / "release_keys.txt").unlink()
        ManifestModels(manifest, [tmp_path])


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and where it is served on this computer."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield folder, f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()
        thread.join()


class TestFetchScript:
    def fetch(self, tmp_path: Path, id: str, source: str) -> subprocess.CompletedProcess[str]:
        library(tmp_path)
        more = ("--to", str(tmp_path / "got"), "--manifest", str(tmp_path / "manifest.toml"))
        return script("fetch_model.py", id, *more, "--source", source)

    def test_it_brings_what_the_manifest_says(self, tmp_path: Path, server: tuple[Path, str]) -> None:
        folder, url = server
        (folder / "model.bin").write_bytes(FILES["model.bin"])
        done = self.fetch(tmp_path, "known", url)
        assert done.returncode == 0, done.stderr
        assert "as the manifest says" in done.stdout
        assert (tmp_path / "got" / "model.bin").read_bytes() == FILES["model.bin"]
        assert importer(tmp_path).bring(tmp_path / "got", "known").vouched

    def test_another_file_and_a_page_of_a_proxy_are_refused(
        self, tmp_path: Path, server: tuple[Path, str]
    ) -> None:
        folder, url = server
        (folder / "model.bin").write_bytes(b"x" * 700)
        refused = self.fetch(tmp_path, "known", url)
        assert refused.returncode != 0
        assert "not what the manifest says" in refused.stderr
        (folder / "model.bin").unlink()
        (folder / "model.bin").mkdir()
        (folder / "model.bin" / "index.html").write_text("<html>Please log in</html>")
        page = self.fetch(tmp_path, "unknown", url)
        assert page.returncode != 0
        assert "a proxy or a login" in page.stderr
        assert not list((tmp_path / "got").glob("*"))

    def test_only_https_and_this_computer(self, tmp_path: Path) -> None:
        for source in ("http://example.org", "file:///etc", "ftp://x", ""):
            refused = self.fetch(tmp_path, "known", source)
            assert "does not begin with https://" in refused.stderr
