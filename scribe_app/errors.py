"""Every error that the program shows to a person.

ScribeError                 title: what happened; detail: what was kept; remedy: what to do
├── UsageError              wrong use of the command line (exit status 2)
├── TranscriptFileError     a transcript file that cannot be read
├── TemplateError           an unknown or broken letter template
├── TermListError           a list of terms that cannot be read
├── MicrophoneError         no microphone, no permission, or it went away
├── AudioFileError          an audio file that cannot be read
├── RecordingError          the audio journal cannot be written or read
│   └── DiskFullError
├── ModelError              a model is missing, incomplete or changed
├── EngineError             a worker process failed
├── StorageError            the vault cannot be read or written
│   ├── WrongPassphraseError
│   ├── PassphraseNeededError   the keychain does not open it; detail says why
│   ├── VaultLockedError    it is closed until somebody unlocks it
│   ├── MistypedKeyError    a recovery key with a typing mistake
│   ├── VaultInUseError
│   └── SchemaTooNewError
├── SigningError            a letter is not ready to be signed, or is signed already
└── ExportError             a letter cannot be written out

Cancelled                   the person asked to stop; not an error, nothing is shown
"""

from __future__ import annotations

import unicodedata

LONGEST_PART = 1_200
"""Characters; an error that quotes a file must not become the file."""


class ScribeError(Exception):
    """Something a person can act on.

    title says what happened, detail what was kept (or lost), remedy what to do next. What they quote from a
    file cannot steer a terminal, nor turn the direction of the text.
    """

    def __init__(self, title: str, detail: str = "", remedy: str = "") -> None:
        self.title, self.detail, self.remedy = _shown(title), _shown(detail), _shown(remedy)
        super().__init__(self.title)

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.detail, self.remedy) if part)

    def __reduce__(self) -> tuple[type[ScribeError], tuple[str, str, str]]:
        """Errors cross process pipes, so all three parts must survive pickling."""
        return type(self), (self.title, self.detail, self.remedy)


def _shown(part: str) -> str:
    if len(part) > LONGEST_PART:
        part = f"{part[: LONGEST_PART - 100]} … {part[-80:]}"
    if part.isascii() and part.isprintable():
        return part
    # Cc control, Cs half a character, Cf invisible or turning, Zl and Zp line ends that are not "\n".
    return "".join(
        f"\\u{ord(sign):04x}"
        if sign not in "\n\t" and unicodedata.category(sign) in {"Cc", "Cs", "Cf", "Zl", "Zp"}
        else sign
        for sign in part
    )


class UsageError(ScribeError):
    """The command was called in a way that cannot work."""


class TranscriptFileError(ScribeError):
    """A transcript file that cannot be read."""


class TemplateError(ScribeError):
    """A letter template that is unknown or broken."""


class TermListError(ScribeError):
    """A list of terms that cannot be read or written."""


class MicrophoneError(ScribeError):
    """No microphone, no permission to use it, or it went away."""


class AudioFileError(ScribeError):
    """An audio file that cannot be read."""


class RecordingError(ScribeError):
    """The audio journal cannot be written or read."""


class DiskFullError(RecordingError):
    """There is no room left for the recording."""


class ModelError(ScribeError):
    """A model is missing, incomplete or not the one in the manifest."""


class EngineError(ScribeError):
    """A worker process failed."""


class StorageError(ScribeError):
    """The vault cannot be read or written."""


class WrongPassphraseError(StorageError):
    """The passphrase does not open this vault."""


class PassphraseNeededError(StorageError):
    """The keychain does not open this vault; a passphrase or a recovery key does."""


class VaultLockedError(StorageError):
    """The vault is locked; what is asked of it can be asked again after unlocking."""


class MistypedKeyError(StorageError):
    """A recovery key with a typing mistake in it."""


class VaultInUseError(StorageError):
    """Another running program holds this vault."""


class SchemaTooNewError(StorageError):
    """The vault was written by a newer version of the program."""


class SigningError(ScribeError):
    """The letter cannot be signed as it stands, or a signed letter would be changed."""


class ExportError(ScribeError):
    """A letter cannot be written out."""


class Cancelled(Exception):  # noqa: N818 - a request, not an error
    """The person asked to stop."""
