"""scribe doctor: would the main job work on this computer?"""

from __future__ import annotations

import importlib.util
import os
import platform
import secrets
import shutil
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import psutil

from scribe_app import offline
from scribe_app.cli.letters import draft_letter, read_transcript
from scribe_app.cli.models import size_of
from scribe_app.cli.offline_proof import observe
from scribe_app.cli.output import EXIT_FAILURE, Output
from scribe_app.config import default_threads
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import VoiceWay
from scribe_app.domain.ids import new_consultation_id
from scribe_app.errors import ScribeError
from scribe_app.ports import DraftingSpeed, GraphicsCard, ModelTask
from scribe_app.services.application import Workshop
from scribe_app.services.predicting import best_for, waiting

MIN_MEMORY_GB = 4
MIN_FREE_GB = 1
HOUR_OF_AUDIO_MB = 115
VOICES = {
    VoiceWay.MODEL: "Two channels, else {model}, tell voices apart; the words say who is who",
    VoiceWay.SOUND: "Two channels, else pitch and timbre, tell voices apart; the words say who is who",
    VoiceWay.NONE: "The words alone say who speaks",
}


class Verdict(StrEnum):
    """How one check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check, in words for a person."""

    check: str
    verdict: Verdict
    text: str


Check = Callable[[Workshop], Iterator[Finding]]


def doctor(arguments: Namespace, workshop: Workshop) -> int:
    """Check hardware, microphone, models, encryption, offline filter; 1 when the main job would fail."""
    output = Output(arguments.json)
    findings = []
    for check in (offline_proof,) if arguments.offline_proof else CHECKS:
        for finding in check(workshop):
            findings.append(finding)
            output.line(f"{finding.verdict:8} {finding.check:12} {finding.text}")
    failed = any(finding.verdict is Verdict.FAILURE for finding in findings)
    if arguments.offline_proof:
        output.line("\nNot proven." if failed else "\nProven: nothing left, and nothing was left behind.")
    else:
        output.line("\nThe main job would fail." if failed else "\nThe main job will work.")
    output.document({"ok": not failed, "findings": [asdict(finding) for finding in findings]})
    return EXIT_FAILURE if failed else 0


def _hardware(workshop: Workshop) -> Iterator[Finding]:
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    memory = psutil.virtual_memory().total / 1e9
    text = f"{platform.system()} {platform.machine()}, {cores} cores, {memory:.0f} GB memory"
    enough = memory >= MIN_MEMORY_GB
    yield Finding("computer", Verdict.OK if enough else Verdict.WARNING, text)
    yield Finding("threads", Verdict.OK, _threads(workshop))


def _threads(workshop: Workshop) -> str:
    """Measured for the speech model, once for each power source."""
    drafting = workshop.settings.drafting_threads or default_threads()
    if workshop.settings.speech_threads:
        return f"{workshop.settings.speech_threads} for speech (as set), {drafting} for drafting"
    language = workshop.settings.language
    try:
        model = workshop.models.pick(ModelTask.SPEECH, language, workshop.settings.speech_model)
        found = (
            workshop.transcriber.calibrate(model.path, language, model.contents)
            if model and model.path
            else None
        )
    except ScribeError:  # told among the models
        found = None
    if found is None:
        return f"{default_threads()} for speech, {drafting} for drafting"
    figures = ", ".join(f"{count}: {took:.1f} s" for count, took in sorted(found.seconds.items()))
    return (
        f"{found.threads} for speech on {found.power} (30 s of audio with {figures}), {drafting} for drafting"
    )


def _graphics(workshop: Workshop) -> Iterator[Finding]:
    """Whether a graphics card can write letters, as llama.cpp itself says. Nothing fails without one."""
    try:
        found = workshop.drafter.graphics()
    except ScribeError as error:
        yield Finding("graphics", Verdict.WARNING, str(error))
        return
    layers = workshop.settings.n_gpu_layers
    if found.only_processor:
        text = "llama.cpp is built for the processor alone: no graphics card is used, also where there is one"
    elif not found.cards:
        text = f"llama.cpp is built for {', '.join(found.built_for)}, and finds no graphics card"
    else:
        cards = ", ".join(_card(card) for card in found.cards)
        use = "as many layers as fit" if layers < 0 else f"{layers} layers at most" if layers else "not used"
        text = f"{cards}; for drafting: {use} (n_gpu_layers = {layers})"
    yield Finding("graphics", Verdict.OK, text)


def _card(card: GraphicsCard) -> str:
    memory = f"{card.memory / 1e9:.0f} GB, {card.free / 1e9:.0f} free"
    return f"{card.name} ({memory}{', of the computer' if card.shared else ''})"


def _card_gb(workshop: Workshop) -> float:
    """Memory of the cards that drafting may use."""
    if workshop.settings.n_gpu_layers == 0:
        return 0.0
    try:
        return workshop.drafter.graphics().memory_gb
    except ScribeError:  # told above
        return 0.0


def _disk(workshop: Workshop) -> Iterator[Finding]:
    free = shutil.disk_usage(workshop.folders.data).free / 1e9
    hours = free * 1000 / HOUR_OF_AUDIO_MB
    verdict = Verdict.OK if free >= MIN_FREE_GB else Verdict.FAILURE
    yield Finding("disk", verdict, f"{free:.0f} GB free: room for {hours:,.0f} hours of recording")


def _microphone(workshop: Workshop) -> Iterator[Finding]:
    """A missing microphone is a warning: playing and importing audio work without one."""
    try:
        microphones = workshop.recorder.microphones()
    except ScribeError as error:
        yield Finding("microphone", Verdict.WARNING, str(error))
        return
    if not microphones:
        yield Finding(
            "microphone", Verdict.WARNING, "None found. Connect one to record; import works without."
        )
    for microphone in microphones:
        default = ", the default" if microphone.is_default else ""
        yield Finding("microphone", Verdict.OK, f"{microphone.name} ({microphone.rate} Hz{default})")


def _models(workshop: Workshop) -> Iterator[Finding]:
    language = workshop.settings.language
    for task, wanted, missing in (
        (ModelTask.SPEECH, workshop.settings.speech_model, Verdict.FAILURE),
        (ModelTask.DRAFTING, workshop.settings.drafting_model, Verdict.WARNING),
    ):
        try:
            model = None if wanted == "none" else workshop.models.pick(task, language, wanted)
        except ScribeError as error:
            yield Finding(str(task), Verdict.FAILURE, str(error))
            continue
        if model is None:
            without = (
                "letters quote what was said" if task is ModelTask.DRAFTING else "nothing can be transcribed"
            )
            yield Finding(str(task), missing, f"No model for {language!r} is installed: {without}.")
        else:
            verdict = Verdict.WARNING if model.caveat else Verdict.OK
            yield Finding(str(task), verdict, f"{model.name}. {model.caveat}".strip())


def _letters(workshop: Workshop) -> Iterator[Finding]:
    """Which drafting model suits this computer, and how long a letter takes with the one that is used."""
    settings, memory = workshop.settings, psutil.virtual_memory().total / 1e9
    try:
        wanted = settings.drafting_model
        model = (
            None if wanted == "none" else workshop.models.pick(ModelTask.DRAFTING, settings.language, wanted)
        )
        if model is not None and model.path is not None:
            template = workshop.templates.template(settings.template)
            speed = workshop.drafter.time_model(
                model.path, template, settings.drafting_threads, settings.n_gpu_layers
            )
            yield Finding("letters", Verdict.OK, _predicted(speed, workshop))
            if model.min_ram_mb / 1e3 > memory and not 0 < speed.layers <= speed.on_card:
                text = f"{model.name} needs {model.min_ram_mb / 1e3:.0f} GB of memory; there are {memory:.0f}"
                yield Finding("letters", Verdict.WARNING, f"{text}: choose a smaller one.")
    except ScribeError as error:
        yield Finding("letters", Verdict.WARNING, str(error))
        return
    card = _card_gb(workshop)
    best = best_for(workshop.models.entries(), settings.language, memory, card)
    if best is not None and (model is None or best.rank > model.rank):
        here = "" if best.path else f" Not installed: scribe models fetch {best.id} says how."
        room = f"{memory:.0f} GB of memory" + (f" and {card:.0f} GB on the graphics card" if card else "")
        text = f"Advised for {room}: {best.name} ({best.licence}, {size_of(best)}).{here}"
        yield Finding("letters", Verdict.OK, text)
        if best.unverified:
            text = f"Not checked of {best.id}: {best.unverified}. More: scribe models list {best.id}"
            yield Finding("letters", Verdict.WARNING, text)


def _predicted(speed: DraftingSpeed, workshop: Workshop) -> str:
    rates = f"{_rate(speed.prefill)} tokens/s read, {_rate(speed.decode)} written"
    if speed.on_card:
        rates += f", {speed.on_card} of {speed.layers} layers on the graphics card"
    if not speed.whole:
        return (
            f"Letter in about {_by_rules(workshop):.1f} s after Stop, measured on the sample: the rules "
            f"write it, this model only rewords while you talk ({rates})"
        )
    soon = waiting(speed)
    return (
        f"Letter in about {soon.whole:.0f} s after a visit of ten minutes, its first words in "
        f"{soon.first:.0f} s ({rates}; {soon.unread:.0f} s if it did not read along)"
    )


def _rate(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"


def _by_rules(workshop: Workshop) -> float:
    """Seconds in which the rules write the sample consultation's letter, checks included."""
    transcript = read_transcript(workshop.samples / "chest-pain-en.json", "en")
    template = workshop.templates.template("soap")
    consultation = Consultation(new_consultation_id(), datetime.now(UTC), "en", template.name)
    began = time.monotonic()
    draft_letter(workshop, consultation, template, transcript, with_model=False)
    return time.monotonic() - began


def _speakers(workshop: Workshop) -> Iterator[Finding]:
    """How clinician and patient are told apart. Nothing here can make the main job fail."""
    try:
        model = workshop.models.pick(ModelTask.DIARISATION, workshop.settings.language)
    except ScribeError as error:
        yield Finding("speakers", Verdict.WARNING, str(error))
        return
    way = workshop.voices.way(model.path if model else None) if workshop.voices else VoiceWay.NONE
    if (
        model is not None and model.caveat and way is not VoiceWay.NONE
    ):  # comes with the program, and knows synthetic voices only
        fills_in = (
            f"; where these do not know, {model.name} (synthetic voices)" if way is VoiceWay.MODEL else ""
        )
        yield Finding("speakers", Verdict.OK, VOICES[VoiceWay.SOUND] + fills_in)
        return
    text = VOICES[way].format(model=model.name if model else "")
    if model is not None and way is not VoiceWay.MODEL:
        missing = f"{model.name} is here, but the package sherpa-onnx is not installed."
        yield Finding("speakers", Verdict.WARNING, f"{text} {missing}")
    else:
        yield Finding("speakers", Verdict.OK, text)


def _import(workshop: Workshop) -> Iterator[Finding]:
    """Which audio files can be imported."""
    with_pyav = importlib.util.find_spec("av") is not None
    more = "M4A, MP4 and AAC by PyAV" if with_pyav else "no M4A or AAC, because PyAV is not installed"
    yield Finding("import", Verdict.OK, f"WAV, FLAC, Ogg, Opus, MP3; {more}")


def _encryption(workshop: Workshop) -> Iterator[Finding]:
    """Makes a small vault beside the real one, opens it again, looks for plain text, and erases it."""
    folder = Path(tempfile.mkdtemp(dir=workshop.folders.cache, prefix="doctor-"))
    passphrase = secrets.token_urlsafe(16)
    try:
        door = workshop.door(folder / "vault")
        door.create(passphrase).close()
        door.open(passphrase).close()
        heads = (file.read_bytes()[:15] for file in folder.rglob("*") if file.is_file())
        if b"SQLite format 3" in heads:
            yield Finding("encryption", Verdict.FAILURE, "The database is written in clear.")
        else:
            yield Finding("encryption", Verdict.OK, "SQLCipher vault made, closed and opened again")
    except ScribeError as error:
        yield Finding("encryption", Verdict.FAILURE, str(error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    exists = workshop.door(workshop.folders.vault).exists()
    yield Finding("vault", Verdict.OK, "There is one" if exists else "None yet; made at first use")


def _offline(workshop: Workshop) -> Iterator[Finding]:
    missing = [name for name, value in offline.SWITCHES.items() if os.environ.get(name) != value]
    if missing:
        yield Finding("offline", Verdict.FAILURE, f"Switches not set: {', '.join(missing)}")
    if offline.ip_sockets_denied():
        yield Finding("offline", Verdict.OK, "The kernel refuses IP sockets to this process and its children")
    else:
        yield Finding(
            "offline", Verdict.WARNING, "No kernel filter on this system: rely on the firewall rule"
        )


def offline_proof(workshop: Workshop) -> Iterator[Finding]:
    """Run the whole line under observation: sockets, files, and words left behind."""
    seen = observe(workshop)
    wrote = seen.exit_status == 0 and seen.statements > 0
    yield _judged("line", wrote, f"Sample played; letter of {seen.statements} statements written")
    if offline.ip_sockets_denied():
        filtered = seen.processes > 0 and not seen.unfiltered
        bare = f"; without it: {', '.join(seen.unfiltered)}" if seen.unfiltered else ""
        yield _judged("filter", filtered, f"{seen.processes} processes under the kernel's filter{bare}")
    yield _judged("sockets", seen.ip_sockets_held == 0, f"{seen.ip_sockets_held} IP sockets held")
    if seen.ip_sockets_asked is None:
        yield Finding("attempts", Verdict.WARNING, "Not counted: install strace (Linux) to count them")
    else:
        yield _judged("attempts", seen.ip_sockets_asked == 0, f"{seen.ip_sockets_asked} IP sockets asked for")
        outside = (
            f"; outside our folders: {', '.join(seen.unexpected_files)}" if seen.unexpected_files else ""
        )
        yield _judged("files", not seen.unexpected_files, f"{seen.files_created} files made{outside}")
    left = f"; found in {', '.join(seen.leaks)}" if seen.leaks else ""
    yield _judged("canary", not seen.leaks, f"{seen.files_searched} files searched for what was said{left}")


def _judged(check: str, good: bool, text: str) -> Finding:
    return Finding(check, Verdict.OK if good else Verdict.FAILURE, text)


CHECKS: tuple[Check, ...] = (
    _hardware, _graphics, _disk, _microphone, _models, _letters, _speakers, _import, _encryption, _offline,
)  # fmt: skip
