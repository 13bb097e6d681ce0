"""Every place where a file enters, with whole files of its kind: what tests/fuzz makes wrong ones from."""

from __future__ import annotations

import base64
import io
import json
import shutil
import struct
import tomllib
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from fuzzing import Entry, Write, as_json, as_toml, with_right_sums
from model_bundles import FILES, KEY, as_folder, as_zip, document, importer, library, parts
from program import SAMPLES

from scribe_app.adapters.export import letterhead_from
from scribe_app.adapters.export.docx import docx_bytes
from scribe_app.adapters.export.pdf import pdf_bytes
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.models import ManifestModels
from scribe_app.adapters.models.bundles import DOCUMENT, SIGNATURE, SIGNED_AS
from scribe_app.adapters.speech.decoder import check_model_folder
from scribe_app.adapters.store import archive, escrow, slots
from scribe_app.adapters.store.copying import Contents
from scribe_app.adapters.templates.examples import text_of
from scribe_app.adapters.templates.reading import template_from_file, template_from_text
from scribe_app.adapters.templates.writing import template_text
from scribe_app.adapters.vocabularies import TextVocabularies
from scribe_app.cli.letters import read_transcript
from scribe_app.config import SETTINGS_FILE, load_settings
from scribe_app.domain.documents import LetterPage
from scribe_app.domain.example_letters import template_from
from scribe_app.errors import TemplateError
from scribe_app.paths import bundled_models_folder, resources_folder
from scribe_app.policy import POLICY_FILE, load_policy
from scribe_app.ports import ModelTask
from scribe_app.services.audit_log import EXPORT_FORMAT, check_export
from scribe_app.services.prior_letters import prior_letter

QUICK = slots.Argon2Cost(memory_kib=64, passes=1, lanes=1)
AT = datetime(2026, 11, 27, tzinfo=UTC)


def in_file(folder: Path, name: str, act: Callable[[Path], object]) -> Callable[[bytes], object]:
    file = folder / name

    def write_and_act(content: bytes) -> object:
        file.write_bytes(content)
        return act(file)

    return write_and_act


def templates(folder: Path) -> Entry:
    texts = [
        (resources_folder() / "letter_templates" / f"{n}.toml").read_bytes() for n in ("soap", "patient")
    ]
    texts.append(
        b'title = "x"\nlanguage = "nl"\nversion = 1\n[[sections]]\nkey="a"\nheading="A"\nguidance="g"\n'
        b'topics=["plan"]\n'
    )

    def act(file: Path) -> object:
        template = template_from_file(file)
        written = template_text(template)
        assert template_text(template_from_text(written, template.name, "again")) == written
        return template

    trees = [(tomllib.loads(text.decode()), as_toml) for text in texts]
    return Entry(in_file(folder, "letter.toml", act), texts, trees)


def settings(folder: Path) -> Entry:
    whole = [
        b'language = "nl"\ntheme = "dark"\naudio_days = 0\nclinician_name = "Dr \xc3\xa9"\n'
        b"second_look = true\n"
    ]
    trees = [(tomllib.loads(text.decode()), as_toml) for text in whole]
    return Entry(in_file(folder, SETTINGS_FILE, lambda file: load_settings(file.parent)), whole, trees)


def policies(folder: Path) -> Entry:
    pem = (
        X25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    text = (
        b'organisation = "Trust"\nescrow_public_key = """' + pem + b'"""\n'
        b'[locked]\naudio_days = 0\n[defaults]\nlanguage = "nl"\n[allowed]\nexport_formats = ["pdf"]\n'
    )

    def act(file: Path) -> object:
        policy = load_policy([file.parent])
        if policy.escrow_public_key:
            escrow.fingerprint(policy.escrow_public_key)
        return policy

    trees = [(tomllib.loads(text.decode()), as_toml)]
    return Entry(in_file(folder, POLICY_FILE, act), [text], trees)


def transcripts(folder: Path) -> Entry:
    document = json.loads((SAMPLES / "buikpijn-nl.json").read_text(encoding="utf-8"))
    document["utterances"] = document["utterances"][:4]
    lines = "Arts: Goedemorgen.\n[patiënt] Ik heb buikpijn: al 3 dagen.\nen koorts\n\nMoeder: ja\n".encode()
    whole = [as_json(document), lines]
    act = in_file(folder, "transcript.json", lambda file: read_transcript(file, "nl"))
    return Entry(act, whole, [(document, as_json)])


def vocabularies(folder: Path) -> Entry:
    own = folder / "own"
    library = TextVocabularies(folder / "bundled", own)
    table = "id\tactive\tterm\r\n1\t1\tamlodipine (product)\r\n2\t0\tx\r\n3\t1\tMéniere\r\n".encode()
    whole = [
        "amlodipine\n# remark\nSjögren = show grens, sjeugren\n".encode(),
        table,
        table.decode().encode("utf-16"),
        b'name,"other ""x"""\nparacetamol,1\n"a\nb",2\n',
        "naam;code\nmetformine é\n".encode("cp1252"),
    ]

    def act(file: Path) -> object:
        for old in own.glob("*"):
            old.unlink()
        library.import_file("clinician", file)
        return library.terms("soap", "nl")

    return Entry(in_file(folder, "terms.txt", act), whole)


def logos(folder: Path) -> Entry:
    import PIL.Image

    whole = []
    for mode, size in (("RGB", (30, 10)), ("P", (8, 8)), ("LA", (5, 9)), ("1", (16, 3))):
        stream = io.BytesIO()
        PIL.Image.new(mode, size).save(stream, "PNG")
        whole.append(stream.getvalue())

    def act(file: Path) -> object:
        letterhead = letterhead_from(file.parent, "St Elsewhere\nRoad 1")
        page = LetterPage("Letter", "en", "DRAFT", (), (), (), "letter 1", "page", letterhead)
        docx_bytes(page, AT)
        return pdf_bytes(page)

    return Entry(in_file(folder, "letterhead.png", act), whole, mend=with_right_sums)


def example_letters(folder: Path) -> Entry:
    document = docx.Document()
    for line in (
        "Dear Dr Smith",
        "History",
        "She has had a cough since 3 May.",
        "Plan",
        "Amoxicillin",
        "Yours",
    ):
        document.add_paragraph(line)
    document.add_table(1, 2).cell(0, 0).text = "Examination"
    stream = io.BytesIO()
    document.save(stream)
    text = "Geachte collega,\n\nAnamnese\nHoesten sinds 3 mei.\n\nBeleid\n- Amoxicilline\n\nHoogachtend,\n"

    def act(file: Path) -> object:
        text = text_of(file)
        prior_letter(text, file.stem, AT)
        try:
            return template_from([text], "mine")
        except ValueError as error:  # its callers tell it so
            raise TemplateError("No template could be made.", "Nothing was saved.", str(error)) from error

    return Entry(in_file(folder, "letter.docx", act), [stream.getvalue(), text.encode()])


def word_documents(folder: Path) -> Entry:
    """What lies packed inside one, which a changed byte of the package seldom reaches."""
    document = docx.Document()
    document.add_paragraph("History", style="List Bullet")
    document.add_table(1, 2).cell(0, 0).text = "Examination"
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    inner = ("word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels", "word/styles.xml")
    marks = [f"<!--{name}-->".encode() for name in inner]

    def act(content: bytes) -> object:
        mark = next((number for number, mark in enumerate(marks) if mark in content), 0)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as packed:
            for name, part in parts.items():
                packed.writestr(name, content if name == inner[mark] else part)
        (folder / "letter.docx").write_bytes(made.getvalue())
        return text_of(folder / "letter.docx")

    return Entry(act, [parts[name] + mark for name, mark in zip(inner, marks, strict=True)])


def backups(folder: Path) -> Entry:
    slot = slots.passphrase_slot("install", "correct horse", bytes(32), QUICK)
    held = slots.SlotsFile("install", (slot,))
    database = folder / "vault.db"
    database.write_bytes(bytes(range(256)) * 16)
    made = archive.write(folder / "made", database, held, Contents({"consultation": 1}), AT)
    with zipfile.ZipFile(made) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}

    def with_part(name: str) -> tuple[Any, Write]:
        def write(document: Any) -> bytes:
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as packed:
                for part, content in parts.items():
                    packed.writestr(part, as_json(document) if part == name else content)
            return stream.getvalue()

        return json.loads(parts[name]), write

    act = in_file(folder, "b.scribevault", lambda file: archive.unpack(file, folder / "out.db"))
    return Entry(act, [made.read_bytes()], [with_part("backup.json"), with_part("slots.json")])


def key_slots(folder: Path) -> Entry:
    slot = slots.passphrase_slot("install", "correct horse", bytes(32), QUICK)
    other = slots.recovery_slot("install", bytes(20), bytes(32))
    text = slots.text(slots.SlotsFile("install", (slot, other))).encode()
    document = json.loads(text)
    unchecked = {name: value for name, value in document.items() if name != "check"}
    act = in_file(folder, "slots.json", slots.read)
    return Entry(act, [text], [(document, as_json), (unchecked, as_json)])


def audit_exports(folder: Path) -> Entry:
    key = Ed25519PrivateKey.generate()
    head = {"format": EXPORT_FORMAT, "entries": 1}

    def line(value: Any) -> bytes:
        return json.dumps(value).encode() + b"\n"

    def signed(head: Any) -> bytes:
        body = line(head) + b'{"action": "signed"}\n'
        return body + line(
            {"public_key": key.public_key().public_bytes_raw().hex(), "signature": key.sign(body).hex()}
        )

    whole = signed(head)
    lines = whole.splitlines(keepends=True)
    ends = (json.loads(lines[-1]), lambda end: b"".join(lines[:-1]) + line(end))
    return Entry(check_export, [whole], [(head, signed), ends])


def escrow_keys(folder: Path) -> Entry:
    private = X25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    slot = escrow.seal("install", public.decode(), bytes(32))
    return Entry(lambda content: escrow.wrapping_key(slot, content), [pem])


def gguf_header(entries: list[tuple[str, int, bytes]], tensors: int = 1) -> bytes:
    def text(words: str) -> bytes:
        return struct.pack("<Q", len(words.encode())) + words.encode()

    raw = b"GGUF" + struct.pack("<IQQ", 3, tensors, len(entries))
    for key, kind, value in entries:
        raw += text(key) + struct.pack("<I", kind) + value
    for number in range(tensors):
        raw += text(f"blk.{number}.weight") + struct.pack("<IQQIQ", 2, 4, 8, 0, 128 * number)
    return raw + bytes(512)


def gguf_files(folder: Path) -> Entry:
    name = struct.pack("<Q", 5) + b"llama"
    tokens = struct.pack("<IQ", 8, 2) + (struct.pack("<Q", 1) + b"a") * 2
    numbers = struct.pack("<IQ", 4, 300) + bytes(1200)
    whole = [
        gguf_header([
            ("general.architecture", 8, name),
            ("llama.context_length", 4, struct.pack("<I", 2048)),
            ("tokenizer.ggml.tokens", 9, tokens),
            ("tokenizer.ggml.token_type", 9, numbers),
            ("general.flag", 7, b"\1"),
        ]),
        gguf_header([("general.architecture", 8, name)], tensors=3),
    ]  # fmt: skip
    return Entry(in_file(folder, "model.gguf", read_card), whole)


def bundles(folder: Path) -> Entry:
    """A bundle's archive, changed anywhere."""
    whole = [
        as_zip(folder / "a.zip", parts()).read_bytes(),
        as_zip(folder / "b.zip", parts(), 8).read_bytes(),
    ]
    bringing = importer(folder)

    def act(file: Path) -> object:
        shutil.rmtree(folder / "user", ignore_errors=True)
        done = bringing.bring(file)
        held = folder / "user" / done.id
        assert {name: (held / name).read_bytes() for name in FILES} == FILES, (
            "what was not signed came through"
        )
        return done

    return Entry(in_file(folder, "b.scribemodel", act), whole)


def bundle_lists(folder: Path) -> Entry:
    """A bundle's list, changed and signed again: whoever holds the key is not believed everything either."""
    bringing, home = importer(folder), folder / "stick"

    def act(text: bytes) -> object:
        for place in ("user", "stick"):
            shutil.rmtree(folder / place, ignore_errors=True)
        signature = base64.b64encode(KEY.sign(SIGNED_AS + text))
        as_folder(home, {**parts(), DOCUMENT: text, SIGNATURE: signature})
        done = bringing.bring(home)
        outside = {path.name for path in folder.iterdir()} - {"manifest.toml", "user", "stick"}
        assert not outside, f"{outside} was written"
        return done

    whole = as_json(document())
    return Entry(act, [whole], [(document(), as_json)])


def imported_models(folder: Path) -> Entry:
    """What lies in the models folder and is looked at with every pick."""
    models = library(folder)
    importer(folder, models).bring(as_zip(folder / "a.zip", parts()))
    place = folder / "user" / "ward-whisper"
    names = [
        place / DOCUMENT,
        place / SIGNATURE,
        place.parent / "serials.json",
        place.parent / "imports.jsonl",
    ]
    whole = [file.read_bytes() for file in names]

    def act(content: bytes) -> object:
        for file, good in zip(names, whole, strict=True):
            file.write_bytes(good)
        names[len(content) % len(names)].write_bytes(content)
        models.imports()
        return models.pick(ModelTask.SPEECH, "en")

    return Entry(act, whole)


def model_lists(folder: Path) -> Entry:
    text = (bundled_models_folder() / "manifest.toml").read_bytes()
    short = text[: text.index(b"[[model]]", text.index(b"[[model]]") + 5)]
    document = tomllib.loads(short.decode())
    act = in_file(folder, "manifest.toml", lambda file: ManifestModels(file, [file.parent]).entries())
    return Entry(act, [short], [(document, as_toml)])


def speech_folders(folder: Path) -> Entry:
    model = folder / "model"
    model.mkdir()
    starter = bundled_models_folder() / "starter-whisper"
    (model / "model.bin").write_bytes(b"weights")
    for name in ("config.json", "vocabulary.json", "preprocessor_config.json", "tokenizer.json"):
        (model / name).write_bytes(
            (starter / name).read_bytes()[: 4096 if name != "tokenizer.json" else 0] or b"{}"
        )
    config = (starter / "config.json").read_bytes()

    def act(file: Path) -> object:
        return check_model_folder(file.parent)

    trees = [(json.loads(config), as_json)]
    return Entry(in_file(model, "preprocessor_config.json", act), [config], trees)


ROUNDS = {
    "template": 8, "settings": 8, "policy": 8, "transcript": 8, "vocabulary": 8, "letterhead logo": 5,
    "example letter": 8, "Word document": 7, "backup": 6, "key slots": 8, "audit export": 6, "escrow key": 6,
    "GGUF header": 8, "model list": 6, "speech model folder": 6, "model bundle": 4, "bundle's list": 4,
    "imported model": 2,
}  # fmt: skip
"""Of the long form, each of so many cases as ROUND says; with the sound files a million."""
SLOW = ("letterhead logo", "example letter", "Word document")
"""Their rounds have a tenth of the cases."""

ENTRIES: dict[str, Callable[[Path], Entry]] = {
    "template": templates,
    "settings": settings,
    "policy": policies,
    "transcript": transcripts,
    "vocabulary": vocabularies,
    "letterhead logo": logos,
    "example letter": example_letters,
    "Word document": word_documents,
    "backup": backups,
    "key slots": key_slots,
    "audit export": audit_exports,
    "escrow key": escrow_keys,
    "GGUF header": gguf_files,
    "model list": model_lists,
    "speech model folder": speech_folders,
    "model bundle": bundles,
    "bundle's list": bundle_lists,
    "imported model": imported_models,
}
