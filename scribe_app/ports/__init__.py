"""What the services need from outside, as protocols. Adapters fulfil them."""

from __future__ import annotations

from scribe_app.ports.audit import AuditAction, AuditCheck, AuditEntry, AuditSignature
from scribe_app.ports.drafting import (
    ActiveDrafting,
    DraftingRequest,
    DraftingSpeed,
    LetterDrafter,
)
from scribe_app.ports.events import Clock, EventSink
from scribe_app.ports.export import PRINT, ExportFormat, LetterExporter
from scribe_app.ports.models import (
    FoundModel,
    ModelContents,
    ModelEntry,
    ModelFile,
    ModelImport,
    ModelImporter,
    ModelLibrary,
    ModelTask,
)
from scribe_app.ports.recording import (
    ActiveRecording,
    AudioPlayer,
    AudioRecorder,
    AudioSource,
    FileSource,
    ImportSource,
    Microphone,
    MicrophoneSource,
    RecordingRequest,
)
from scribe_app.ports.speech import (
    ActiveTranscription,
    ActiveVoices,
    Calibration,
    Power,
    Transcriber,
    TranscriptionRequest,
    VoiceListener,
    VoicesRequest,
)
from scribe_app.ports.store import ConsultationStore
from scribe_app.ports.templates import TemplateLibrary
from scribe_app.ports.vocabularies import OWN_TERMS, ImportedTerms, TermList, VocabularyLibrary
from scribe_app.ports.yardstick import (
    DraftingCost,
    DraftingSize,
    DraftingYardstick,
    EngineSpeeds,
    ModelCost,
    ModelSize,
    Outlook,
    SpeechYardstick,
    SpeedPair,
    Stop,
    UsualWay,
)

__all__ = [
    "EventSink",
    "Clock",
    "MicrophoneSource",
    "FileSource",
    "ImportSource",
    "AudioSource",
    "RecordingRequest",
    "ActiveRecording",
    "Microphone",
    "AudioRecorder",
    "AudioPlayer",
    "TranscriptionRequest",
    "ActiveTranscription",
    "Power",
    "Calibration",
    "Transcriber",
    "VoicesRequest",
    "ActiveVoices",
    "VoiceListener",
    "UsualWay",
    "ModelSize",
    "ModelCost",
    "Outlook",
    "SpeechYardstick",
    "DraftingRequest",
    "DraftingYardstick",
    "DraftingCost",
    "DraftingSize",
    "EngineSpeeds",
    "SpeedPair",
    "Stop",
    "DraftingSpeed",
    "ActiveDrafting",
    "LetterDrafter",
    "ConsultationStore",
    "ModelTask",
    "ModelEntry",
    "ModelLibrary",
    "ModelFile",
    "ModelContents",
    "ModelImport",
    "ModelImporter",
    "FoundModel",
    "TemplateLibrary",
    "OWN_TERMS",
    "TermList",
    "ImportedTerms",
    "VocabularyLibrary",
    "ExportFormat",
    "LetterExporter",
    "PRINT",
    "AuditAction",
    "AuditEntry",
    "AuditCheck",
    "AuditSignature",
]
