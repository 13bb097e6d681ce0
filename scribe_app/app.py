"""Composition root: the only file that knows all parts."""

from __future__ import annotations

import getpass
import logging
import os
import platform
import sys
from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from scribe_app import paths
from scribe_app.adapters.diarisation import Diariser
from scribe_app.adapters.export import Exporter, letterhead_from
from scribe_app.adapters.llama import LlamaDrafter, LlamaYardstick
from scribe_app.adapters.models import BundleImporter, ManifestModels, Trust
from scribe_app.adapters.player import ProcessPlayer
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.adapters.speech import WhisperTranscriber, WhisperYardstick
from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.adapters.vocabularies import TextVocabularies
from scribe_app.cli import bench, verbs
from scribe_app.cli.record import demo_application, demo_consultation
from scribe_app.config import SETTINGS_FILE, Settings, load_settings, save_settings
from scribe_app.domain.documents import Letterhead
from scribe_app.errors import ScribeError, UsageError
from scribe_app.language import DUTCH
from scribe_app.logs import start_logging
from scribe_app.paths import UserFolders
from scribe_app.policy import Policy, load_policy
from scribe_app.ports import ConsultationStore, ModelLibrary, ModelTask
from scribe_app.services.application import Application, Workshop
from scribe_app.services.auditing import AuditTrail, note_imports, note_opening
from scribe_app.services.backups import Backups
from scribe_app.services.consultations import ConsultationService
from scribe_app.services.engines import EngineParts
from scribe_app.services.events import EventBus
from scribe_app.services.in_effect import InEffect, model_facts, settings_facts
from scribe_app.services.line import LineParts
from scribe_app.services.retention import Retention
from scribe_app.services.review import ReviewService

log = logging.getLogger(__name__)

STOPPED_BY_CTRL_C = 130
"""128 + SIGINT, as shells have it."""


def run(argv: list[str]) -> int:
    """Do what the command line says; without a verb, open the window. Returns the exit status."""
    try:
        arguments = verbs.parse(argv)
        workshop = make_workshop(whole=True if getattr(arguments, "read_along", False) else None)
        start_logging(workshop.folders.logs)
        return _dispatch(arguments, workshop)
    except ScribeError as error:
        return verbs.report(error)
    except KeyboardInterrupt:  # while recording, Ctrl-C is a normal end and does not come here
        print("scribe: stopped.", file=sys.stderr)  # noqa: T201 - the command line
        return STOPPED_BY_CTRL_C


def _dispatch(arguments: Namespace, workshop: Workshop) -> int:
    if arguments.verb == "bench" and arguments.what == bench.WINDOW:
        return _measure_window(workshop, arguments)
    wants_window = arguments.verb is None or (arguments.verb == "demo" and not arguments.headless)
    if not wants_window:
        return verbs.run(arguments, workshop)
    if has_screen():
        return _open_window(workshop, arguments)
    if arguments.verb is None:
        raise UsageError(
            "There is no screen to open the window on.",
            "Nothing was changed.",
            "Use a verb instead, such as scribe record; scribe --help lists them.",
        )
    print("scribe: there is no screen, so the demo prints.", file=sys.stderr)  # noqa: T201 - the command line
    return verbs.run(arguments, workshop)


def has_screen() -> bool:
    """Whether a window can be opened; on Linux that takes a display server or an explicit Qt platform."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def make_workshop(folders: UserFolders | None = None, whole: bool | None = None) -> Workshop:
    """All parts that need no vault, in the platform's folders or in those given.

    `whole`: whether drafting models read the whole transcript; None decides by their size.
    """
    folders = folders or paths.user_folders()
    folders.create()
    policy = load_policy(paths.policy_folders())
    settings = load_settings(folders.config, policy.defaults, policy.locked)
    resources = paths.resources_folder()
    models = _models(folders, policy)
    workshop = Workshop(
        folders=folders,
        settings=settings,
        recorder=ProcessRecorder(),
        transcriber=WhisperTranscriber(folders.cache),
        drafter=LlamaDrafter(whole),
        models=models,
        importer=_importer(models, settings),
        templates=_templates(folders, policy),
        exporter=_exporter(folders, policy),
        player=ProcessPlayer(),
        samples=resources / "sample_consultations",
        door=partial(VaultDoor, escrow_public_key=policy.escrow_public_key, user=user_name(settings)),
        build=lambda store, folders: _application(workshop, store, folders),
        policy=policy,
        vocabularies=TextVocabularies(resources / "vocabularies", folders.config / "vocabulary"),
        voices=Diariser(),
        yardstick=WhisperYardstick(folders.cache),
        drafting_yardstick=LlamaYardstick(),
    )
    return workshop


def _application(workshop: Workshop, store: ConsultationStore, folders: UserFolders) -> Application:
    """An open vault's services; a demonstration has folders of its own."""
    settings, policy, models, templates = (
        workshop.settings, workshop.policy, workshop.models, workshop.templates
    )  # fmt: skip
    bus = EventBus()
    trail = AuditTrail(store, user_name(settings), now, settings.clinician_name, platform.node())
    note_opening(trail)
    note_imports(trail, models.imports())
    in_effect = _in_effect(trail, folders, policy, models)
    in_effect.note()
    engines = EngineParts(
        workshop.transcriber, workshop.drafter, models, settings, store,
        voices=workshop.voices, vocabularies=workshop.vocabularies,
    )  # fmt: skip
    parts = LineParts(store, engines, templates, settings, bus, trail)
    consultations = ConsultationService(parts, workshop.recorder, folders, now)
    return Application(
        folders=folders,
        settings=settings,
        bus=bus,
        store=store,
        recorder=workshop.recorder,
        models=models,
        templates=templates,
        exporter=workshop.exporter,
        player=workshop.player,
        consultations=consultations,
        review=ReviewService(store, templates, workshop.exporter, bus, trail, now),
        policy=policy,
        vocabularies=workshop.vocabularies,
        backups=Backups(store, folders, settings, trail),
        retention=Retention(store, trail, bus, settings, consultations),
        in_effect=in_effect,
    )


def _models(folders: UserFolders, policy: Policy) -> ManifestModels:
    bundled = paths.bundled_models_folder()
    elsewhere = [*(folder / "models" for folder in paths.policy_folders()), folders.models]
    allowed = partial(policy.allows, "models")
    trust = Trust.of(policy.model_keys, policy.unsigned_models, bundled)
    notes = folders.cache / "checked_models.json"
    return ManifestModels(bundled / "manifest.toml", [bundled, *elsewhere], allowed, trust, notes)


def _importer(models: ManifestModels, settings: Settings) -> BundleImporter:
    return BundleImporter(models, paths.policy_folders()[-1] / "models", user_name(settings), now)


def _templates(folders: UserFolders, policy: Policy) -> TomlTemplates:
    name = "letter_templates"
    places = [paths.resources_folder() / name, folders.config / name]
    return TomlTemplates(places, partial(policy.allows, "templates"))


def _exporter(folders: UserFolders, policy: Policy) -> Exporter:
    def letterhead() -> Letterhead:
        chosen = load_settings(folders.config, policy.defaults, policy.locked).letterhead
        return letterhead_from(folders.config, chosen)

    return Exporter(allowed=partial(policy.allows, "export_formats"), letterhead=letterhead)


def _in_effect(trail: AuditTrail, folders: UserFolders, policy: Policy, models: ModelLibrary) -> InEffect:
    """Read anew each time, as the next start of the program would read it."""
    config = folders.config
    own = {"templates": config / "letter_templates", "names": config / "vocabulary"}

    def settings() -> Settings:
        return load_settings(config, policy.defaults, policy.locked)

    return InEffect(
        trail, lambda: settings_facts(settings(), policy, own), lambda: model_facts(models, settings())
    )


def now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


def user_name(settings: Settings) -> str:
    """Who is at the keyboard, for the audit trail."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = "unknown"
    return f"{settings.clinician_name} ({account})" if settings.clinician_name else account


def in_own_language(workshop: Workshop) -> Workshop:
    """On a Dutch computer the first start begins with Dutch consultations, too; with a policy, IT decides."""
    from scribe_app.ui.speaking import system_language  # Qt is loaded for the window only

    folders = workshop.folders
    first = not (folders.config / SETTINGS_FILE).exists() and not workshop.policy.source
    if not first or system_language() != DUTCH:
        return workshop
    save_settings(folders.config, replace(workshop.settings, language=DUTCH, template="soep"))
    return make_workshop(folders)


def _open_window(workshop: Workshop, arguments: Namespace) -> int:
    from scribe_app.ui.main import run_window  # Qt is loaded for the window only

    workshop = in_own_language(workshop) if arguments.verb is None else workshop
    workshop.recorder.prepare()
    _measure_speech(workshop)
    try:
        if arguments.verb is None:
            return run_window(workshop)
        with demo_application(workshop, arguments) as application:
            return run_window(workshop, application, demo_consultation(workshop, arguments))
    finally:
        workshop.transcriber.close()
        workshop.recorder.close()


def _measure_speech(workshop: Workshop) -> None:
    """At first use on this power source: how many threads suit the speech model; Start ends it at once."""
    settings = workshop.settings
    if settings.speech_threads:
        return
    try:
        model = workshop.models.pick(ModelTask.SPEECH, settings.language, settings.speech_model)
    except ScribeError:  # told when a consultation is started
        return
    if model is not None and model.path is not None:
        workshop.transcriber.prepare(model.path, settings.language, model.contents)


def _measure_window(workshop: Workshop, arguments: Namespace) -> int:
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from scribe_app.ui.main import measure_window  # Qt is loaded for the window only

    return bench.window(arguments, workshop, measure_window)
