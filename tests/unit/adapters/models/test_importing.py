"""Models from a stick or share: signed and whole, or not at all."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from model_bundles import (
    AT,
    FILES,
    as_folder,
    as_zip,
    document,
    importer,
    library,
    listed,
    parts,
    signed,
)

from scribe_app.adapters.models import ManifestModels, copying
from scribe_app.adapters.models.bundles import DOCUMENT, SIGNATURE
from scribe_app.errors import Cancelled, ModelError
from scribe_app.paths import bundled_models_folder, installation_root
from scribe_app.ports import FoundModel, ModelTask

OTHER = Ed25519PrivateKey.generate()


def everything(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


class TestBringing:
    @pytest.mark.parametrize("shape", ["folder", "zip", "deflated zip"])
    def test_a_signed_bundle_comes_whole_and_is_used(self, tmp_path: Path, shape: str) -> None:
        source = (
            as_folder(tmp_path / "stick", parts())
            if shape == "folder"
            else as_zip(tmp_path / "b.scribemodel", parts(), 8 if "deflated" in shape else 0)
        )
        models, told, steps = library(tmp_path), [], []
        done = importer(tmp_path, models).bring(
            source, found=told.append, progress=lambda done, size: steps.append((done, size))
        )
        (found,) = told
        assert isinstance(found, FoundModel)
        assert (found.licence, found.licence_text) == ("MIT", "Do with it as you like.\n")
        assert found.vouched.startswith("St Elsewhere IT (")
        assert (done.id, done.serial, done.user, done.at) == ("ward-whisper", 5, "nurse (ward)", AT)
        size = sum(len(content) for content in FILES.values())
        assert steps[-1] == (size, size)
        picked = models.pick(ModelTask.SPEECH, "en")
        assert picked is not None
        assert (picked.id, picked.path) == ("ward-whisper", tmp_path / "user" / "ward-whisper")
        assert picked.vouched == found.vouched
        assert picked.caveat == ""
        models.verify("ward-whisper")
        assert models.imports() == [done]
        held = everything(tmp_path / "user" / "ward-whisper")
        assert {name: held[name] for name in FILES} == FILES
        assert [p.name for p in (tmp_path / "user").iterdir() if p.name.startswith(".")] == []

    def test_for_the_whole_machine(self, tmp_path: Path) -> None:
        importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()), machine=True)
        picked = library(tmp_path).pick(ModelTask.SPEECH, "en")
        assert picked is not None
        assert picked.path == tmp_path / "machine" / "ward-whisper"

    def test_a_newer_bundle_takes_the_place_of_an_older_one(self, tmp_path: Path) -> None:
        importer(tmp_path).bring(as_zip(tmp_path / "a.scribemodel", parts(5)))
        newer = {**FILES, "model.bin": b"better" * 100}
        content = {**signed(document(6, newer)), **newer}
        importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", content))
        assert (tmp_path / "user/ward-whisper/model.bin").read_bytes() == newer["model.bin"]
        assert [one.serial for one in library(tmp_path).imports()] == [5, 6]

    def test_the_same_bundle_again_repairs(self, tmp_path: Path) -> None:
        source = as_zip(tmp_path / "a.scribemodel", parts())
        importer(tmp_path).bring(source)
        (tmp_path / "user/ward-whisper/model.bin").write_bytes(b"x" * 700)
        with pytest.raises(ModelError, match="not the genuine one"):
            library(tmp_path).verify("ward-whisper")
        importer(tmp_path).bring(source)
        library(tmp_path).verify("ward-whisper")


class TestUnsigned:
    def files(self, folder: Path, content: bytes = FILES["model.bin"]) -> Path:
        return as_folder(folder, {"model.bin": content, "Thumbs.db": b"from the stick"})

    def test_files_with_hashes_that_the_program_knows_need_no_signature(self, tmp_path: Path) -> None:
        models = library(tmp_path, unsigned=False)
        done = importer(tmp_path, models).bring(self.files(tmp_path / "known"))
        assert done.vouched == "this program's own list"
        assert not (tmp_path / "user/known/Thumbs.db").exists()
        assert models.pick(ModelTask.SPEECH, "en", "known") is not None

    def test_other_files_under_such_a_name_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="not what its list says"):
            importer(tmp_path).bring(self.files(tmp_path / "known", b"x" * 700))
        assert everything(tmp_path / "user") == {}

    def test_files_that_nobody_knows_take_a_plain_word(self, tmp_path: Path) -> None:
        models = library(tmp_path)
        source = self.files(tmp_path / "unknown")
        with pytest.raises(ModelError, match="Nobody vouches") as caught:
            importer(tmp_path, models).bring(source)
        assert "--unsigned" in caught.value.remedy
        done = importer(tmp_path, models).bring(source, unsigned=True)
        assert (done.serial, done.vouched) == (0, "")
        picked = models.pick(ModelTask.SPEECH, "en", "unknown")
        assert picked is not None
        assert "nobody vouches" in picked.caveat
        models.verify("unknown")  # against what was written down when it came
        (tmp_path / "user/unknown/model.bin").write_bytes(b"y" * 700)
        with pytest.raises(ModelError, match="not the genuine one"):
            models.verify("unknown")

    def test_an_organisation_that_wants_signatures_gets_them(self, tmp_path: Path) -> None:
        models = library(tmp_path, unsigned=False)
        with pytest.raises(ModelError, match="only signed models"):
            importer(tmp_path, models).bring(self.files(tmp_path / "unknown"), unsigned=True)
        self.files(tmp_path / "user" / "unknown")  # copied by hand
        with pytest.raises(ModelError, match="only signed models"):
            models.pick(ModelTask.SPEECH, "en", "unknown")
        self.files(tmp_path / "machine" / "unknown")  # by an administrator
        assert models.pick(ModelTask.SPEECH, "en", "unknown") is not None

    def test_a_folder_of_another_name_says_which_model_it_is(self, tmp_path: Path) -> None:
        source = as_folder(tmp_path / "download", {"weights.bin": b"x"})
        with pytest.raises(ModelError, match="Which model download is") as caught:
            importer(tmp_path).bring(source)
        assert "known, unknown" in caught.value.remedy
        with pytest.raises(ModelError, match=r"has no model\.bin"):
            importer(tmp_path).bring(source, "known")
        done = importer(tmp_path).bring(self.files(tmp_path / "d2"), "known")
        assert done.id == "known"


def damaged(what: str) -> dict[str, bytes]:
    """A bundle with one thing wrong."""
    good = parts()
    ours = document()
    row = ours["model"]
    changed: dict[str, dict[str, bytes]] = {
        "no signature": {name: raw for name, raw in good.items() if name != SIGNATURE},
        "an empty signature": {**good, SIGNATURE: b""},
        "a signature that is no base64": {**good, SIGNATURE: b"\xff\0!"},
        "a short signature": {**good, SIGNATURE: good[SIGNATURE][:20]},
        "another's signature": {**good, **signed(ours, OTHER)},
        "another's key": {**good, **signed({**ours, "signer": "0" * 16}, OTHER)},
        "a changed list": {**good, DOCUMENT: good[DOCUMENT].replace(b"Ward", b"Worn")},
        "a changed file": {**good, "model.bin": b"x" * 700},
        "a file cut short": {**good, "model.bin": FILES["model.bin"][:-1]},
        "a file too long": {**good, "model.bin": FILES["model.bin"] + b"x"},
        "a missing file": {name: raw for name, raw in good.items() if name != "config.json"},
        "no JSON": {**good, **signed("x"), DOCUMENT: b"\xff\xfe"},
        "a list of lists": {**good, DOCUMENT: b"[" * 5000},
        "an unknown format": {**good, **signed({**ours, "format": 2})},
        "serial 0": {**good, **signed({**ours, "serial": 0})},
        "serial true": {**good, **signed({**ours, "serial": True})},
        "a file without a hash": {
            **good,
            **signed({**ours, "model": {**row, "file": [{"path": "model.bin", "size": 700, "sha256": ""}]}}),
        },
        "a package": {**good, **signed({**ours, "model": {**row, "package": "os"}})},
        "a forbidden model": {**good, **signed({**ours, "model": {**row, "id": "forbidden"}})},
        "a licence from elsewhere": {**good, **signed({**ours, "licence_file": "../secret"})},
    }
    for name in ("../x", "/etc/x", "C:x", "con.bin", "a\\b", "bundle.json", "Import.JSON", "x" * 200):
        files = {**FILES, name: b"evil"}
        changed[f"a file {name[:12]}"] = {**signed(document(files=files)), **files}
    twice = [*listed(FILES), *listed({"MODEL.bin": FILES["model.bin"]})]
    changed["two names for one file"] = {**good, **signed({**ours, "model": {**row, "file": twice}})}
    for id in ("../up", "a/b", "nul", ""):
        changed[f"an id {id!r}"] = {**good, **signed({**ours, "model": {**row, "id": id}})}
    return changed[what] if what else {name: b"" for name in changed}


@pytest.mark.parametrize("what", damaged(""))
@pytest.mark.parametrize("shape", ["folder", "zip"])
def test_a_bundle_with_something_wrong_is_refused_and_leaves_nothing(
    tmp_path: Path, what: str, shape: str
) -> None:
    content = damaged(what)
    if shape == "folder":
        source = as_folder(
            tmp_path / "stick",
            {name: raw for name, raw in content.items() if ".." not in name and not name.startswith("/")},
        )
    else:
        source = as_zip(tmp_path / "b.scribemodel", content)
    before = everything(tmp_path)
    with pytest.raises(ModelError) as caught:
        importer(tmp_path).bring(source)
    assert caught.value.title
    assert "othing was imported" in caught.value.detail or "as it was" in caught.value.detail
    assert caught.value.remedy
    after = everything(tmp_path)
    after.pop("manifest.toml")
    before.pop("manifest.toml", None)
    assert {name for name in after if ".importing" not in name} == set(before)
    assert not (tmp_path / "etc").exists()
    assert not (tmp_path / "user" / "ward-whisper").exists()


class TestStrangeArchives:
    def refused(self, tmp_path: Path, content: bytes, words: str) -> None:
        (tmp_path / "b.scribemodel").write_bytes(content)
        with pytest.raises(ModelError, match=words):
            importer(tmp_path).bring(tmp_path / "b.scribemodel")

    def archive(self, *members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, raw in parts().items():
                archive.writestr(name, raw)
            for info, raw in members:
                archive.writestr(info, raw)
        return stream.getvalue()

    def test_a_link_is_refused(self, tmp_path: Path) -> None:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        self.refused(tmp_path, self.archive((link, b"/etc/passwd")), "no ordinary file")

    def test_a_folder_and_what_no_list_names_are_refused(self, tmp_path: Path) -> None:
        self.refused(tmp_path, self.archive((zipfile.ZipInfo("sub/"), b"")), "is a folder")
        self.refused(tmp_path, self.archive((zipfile.ZipInfo("run.py"), b"x")), "its list does not name")

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_members_of_one_name_are_refused(self, tmp_path: Path) -> None:
        self.refused(tmp_path, self.archive((zipfile.ZipInfo("model.bin"), b"other")), "two files called")

    def test_an_encrypted_member_is_refused(self, tmp_path: Path) -> None:
        raw = bytearray(self.archive())
        at = raw.index(b"PK\x01\x02")
        raw[at + 8] |= 1
        self.refused(tmp_path, bytes(raw), "encrypted")

    def test_a_bomb_stops_at_the_size_that_its_list_gives(self, tmp_path: Path) -> None:
        content = {**parts(), "model.bin": b"\0" * 50_000_000}
        source = as_zip(tmp_path / "b.scribemodel", content, zipfile.ZIP_DEFLATED)
        steps: list[int] = []
        with pytest.raises(ModelError, match="not what its list says"):
            importer(tmp_path).bring(source, progress=lambda done, size: steps.append(done))
        assert max(steps) <= 2 * copying.PIECE

    def test_a_million_members_are_not_read_into_memory(self, tmp_path: Path) -> None:
        raw = bytearray(self.archive())
        at = raw.rindex(b"PK\x05\x06")
        struct.pack_into("<I", raw, at + 12, 300_000_000)
        self.refused(tmp_path, bytes(raw), "far too many files")

    def test_a_list_of_members_that_lies_in_its_64_bit_form_is_refused(self, tmp_path: Path) -> None:
        raw = self.archive()
        at = raw.rindex(b"PK\x05\x06")
        record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 5, 5, 1 << 40, 0)
        locator = b"PK\x06\x07" + struct.pack("<IQI", 0, at, 1)
        self.refused(tmp_path, raw[:at] + record + locator + raw[at:], "far too many files")

    @pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"PK\3\4" + b"\0" * 100, b"GGUF" * 20])
    def test_what_is_no_archive_is_refused(self, tmp_path: Path, content: bytes) -> None:
        self.refused(tmp_path, content, "not a whole zip archive")


class TestFolders:
    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        stick = as_folder(tmp_path / "stick", parts())
        (tmp_path / "elsewhere").write_bytes(FILES["model.bin"])
        (stick / "model.bin").unlink()
        (stick / "model.bin").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(ModelError, match="is a link"):
            importer(tmp_path).bring(stick)

    @pytest.mark.timeout(10)
    def test_a_pipe_in_the_place_of_a_file_does_not_hang(self, tmp_path: Path) -> None:
        stick = as_folder(tmp_path / "stick", parts())
        (stick / "model.bin").unlink()
        os.mkfifo(stick / "model.bin")
        with pytest.raises(ModelError, match="no ordinary file"):
            importer(tmp_path).bring(stick)

    def test_nothing_there_is_told(self, tmp_path: Path) -> None:
        for path in (tmp_path / "nothing", Path("nul\0byte"), tmp_path / "x.gguf"):
            with pytest.raises(ModelError):
                importer(tmp_path).bring(path)


class TestOlderOnes:
    def test_an_older_bundle_is_refused_also_after_the_model_was_taken_away(self, tmp_path: Path) -> None:
        importer(tmp_path).bring(as_zip(tmp_path / "new.scribemodel", parts(7)))
        copying.shutil.rmtree(tmp_path / "user" / "ward-whisper")
        with pytest.raises(ModelError, match=r"number 6\) is older than .* \(number 7\)"):
            importer(tmp_path).bring(as_zip(tmp_path / "old.scribemodel", parts(6)))

    def test_another_bundle_with_the_same_number_is_refused(self, tmp_path: Path) -> None:
        importer(tmp_path).bring(as_zip(tmp_path / "a.scribemodel", parts(7)))
        other = {**signed(document(7, made_by="Somebody")), **FILES}
        with pytest.raises(ModelError, match="another bundle with the same number"):
            importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", other))

    def test_an_older_one_put_there_by_hand_is_not_loaded(self, tmp_path: Path) -> None:
        importer(tmp_path).bring(as_zip(tmp_path / "new.scribemodel", parts(7)))
        as_folder(tmp_path / "user" / "ward-whisper", parts(6))
        with pytest.raises(ModelError, match="older one than was imported last"):
            library(tmp_path).pick(ModelTask.SPEECH, "en")

    def test_a_list_of_numbers_that_cannot_be_read_lets_nothing_in(self, tmp_path: Path) -> None:
        importer(tmp_path).bring(as_zip(tmp_path / "new.scribemodel", parts(7)))
        (tmp_path / "user" / "serials.json").write_text("{broken")
        with pytest.raises(ModelError, match="cannot be read"):
            importer(tmp_path).bring(as_zip(tmp_path / "old.scribemodel", parts(6)))


class TestWhereItLies:
    @pytest.fixture
    def placed(self, tmp_path: Path) -> Path:
        importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()))
        return tmp_path / "user" / "ward-whisper"

    def test_one_of_a_key_that_is_trusted_no_longer_is_not_used(self, tmp_path: Path, placed: Path) -> None:
        models = library(tmp_path, keys=())
        assert models.pick(ModelTask.SPEECH, "en") is None
        assert "ward-whisper" not in [entry.id for entry in models.entries()]

    def test_under_another_name_it_is_not_used(self, tmp_path: Path, placed: Path) -> None:
        placed.rename(placed.with_name("unknown"))
        with pytest.raises(ModelError, match="under another name"):
            library(tmp_path).pick(ModelTask.SPEECH, "en")

    def test_a_changed_list_is_not_used(self, tmp_path: Path, placed: Path) -> None:
        placed.rename(placed.with_name("unknown"))
        (placed.with_name("unknown") / DOCUMENT).write_bytes(json.dumps(document(serial=9)).encode())
        with pytest.raises(ModelError, match="changed after it was signed"):
            library(tmp_path).pick(ModelTask.SPEECH, "en", "unknown")


def test_a_gguf_file_says_by_its_name_which_model_it_is(tmp_path: Path) -> None:
    models = ManifestModels(bundled_models_folder() / "manifest.toml", [tmp_path / "user"])
    file = tmp_path / "Qwen3-1.7B-Q4_K_M.gguf"
    file.write_bytes(b"GGUF")
    done = importer(tmp_path, models).bring(file, unsigned=True)
    assert done.id == "qwen3-1.7b"
    with pytest.raises(ModelError, match="Which model other"):
        importer(tmp_path, models).bring(file.rename(tmp_path / "other.gguf"), unsigned=True)


def test_what_is_imported_for_everyone_can_be_read_by_everyone(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()), machine=True)
    finally:
        os.umask(before)
    place = tmp_path / "machine" / "ward-whisper"
    assert stat.S_IMODE(place.parent.stat().st_mode) == stat.S_IMODE(place.stat().st_mode) == 0o755
    assert {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()} == {0o644}


KILLED = """
import sys, time
from pathlib import Path
from model_bundles import importer
from scribe_app.adapters.models import ManifestModels, copying
copying.PIECE = 100

def progress(done, size):
    if done > 300:
        print(done, flush=True)
        time.sleep(60)

importer(Path(sys.argv[1])).bring(Path(sys.argv[2]), progress=progress)
"""


class TestCutOff:
    def test_an_import_that_was_killed_goes_on(self, tmp_path: Path) -> None:
        source = as_zip(tmp_path / "b.scribemodel", parts())
        places = [str(installation_root()), str(installation_root() / "tests")]
        running = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), str(source)],
            stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
        )  # fmt: skip
        with running:
            assert running.stdout is not None
            assert running.stdout.readline() == "400\n"
            running.kill()
        assert library(tmp_path).pick(ModelTask.SPEECH, "en") is None
        steps: list[int] = []
        importer(tmp_path).bring(source, progress=lambda done, size: steps.append(done))
        assert steps[-1] == sum(len(content) for content in FILES.values())
        library(tmp_path).verify("ward-whisper")
        assert [path.name for path in (tmp_path / "user").glob(".*")] == []

    def test_a_cancel_leaves_nothing(self, tmp_path: Path) -> None:
        def cancel(done: int, size: int) -> None:
            if done:
                raise Cancelled

        with pytest.raises(Cancelled):
            importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()), progress=cancel)
        assert everything(tmp_path / "user") == {}
        assert list((tmp_path / "user").iterdir()) == []

    def test_what_a_pulled_stick_cut_off_goes_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = as_folder(tmp_path / "stick", parts())
        monkeypatch.setattr(copying, "PIECE", 100)
        steps: list[int] = []

        def pulled(done: int, size: int) -> None:
            if done > 400:
                raise OSError(5, "Input/output error")

        with pytest.raises(ModelError, match="Input/output error") as caught:
            importer(tmp_path).bring(source, progress=pulled)
        assert "goes on from there" in caught.value.detail
        importer(tmp_path).bring(source, progress=lambda done, size: steps.append(done))
        assert steps[0] == 500, "what was copied is not copied again"
        library(tmp_path).verify("ward-whisper")

    def test_a_leftover_that_is_not_what_was_written_is_copied_anew(self, tmp_path: Path) -> None:
        part = as_folder(
            tmp_path / "user" / ".importing-ward-whisper", {**signed(document()), "model.bin": b"x" * 99}
        )
        importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()))
        assert not part.exists()
        library(tmp_path).verify("ward-whisper")

    def test_a_leftover_of_another_bundle_is_thrown_away(self, tmp_path: Path) -> None:
        as_folder(tmp_path / "user" / ".importing-ward-whisper", {"evil.so": b"x", **signed(document(3))})
        importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()))
        assert "evil.so" not in everything(tmp_path / "user" / "ward-whisper")

    def test_a_full_disk_is_told_before_anything_is_copied(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = copying.shutil.disk_usage(tmp_path)
        monkeypatch.setattr(copying.shutil, "disk_usage", lambda path: usage._replace(free=1000))
        with pytest.raises(ModelError, match="not enough room"):
            importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()))
        assert not (tmp_path / "user" / "ward-whisper").exists()

    def test_a_stick_that_swaps_a_file_while_it_is_copied_changes_nothing(self, tmp_path: Path) -> None:
        """The list is checked, then the file is another: what counts is the bytes that were copied."""
        stick = as_folder(tmp_path / "stick", parts())

        def swap(found: FoundModel) -> None:
            (stick / "model.bin").write_bytes(b"x" * 700)
            as_folder(stick, signed(document(9), OTHER))

        with pytest.raises(ModelError, match="not what its list says"):
            importer(tmp_path).bring(stick, found=swap)
        assert not (tmp_path / "user" / "ward-whisper").exists()

    def test_the_old_one_comes_back_when_a_crash_fell_between_two_names(self, tmp_path: Path) -> None:
        importer(tmp_path).bring(as_zip(tmp_path / "b.scribemodel", parts()))
        place = tmp_path / "user" / "ward-whisper"
        place.rename(place.with_name(".replaced-ward-whisper-abcd"))
        bad = {**parts(), "model.bin": b"x" * 700}
        with pytest.raises(ModelError):
            importer(tmp_path).bring(as_zip(tmp_path / "c.scribemodel", bad))
        library(tmp_path).verify("ward-whisper")
