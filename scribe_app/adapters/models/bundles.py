"""A model as it travels: its files, a document that lists them with their hashes, and a signature over that.

    bundle.json   format, serial, made_at, made_by, signer, licence_file, model (a row as in the manifest)
    bundle.sig    base64 of an Ed25519 signature over SIGNED_AS + the bytes of bundle.json
    model.bin …   as listed, with the names that they have in the model's folder

In a folder, or in a zip archive named *.scribemodel. packaging/model_bundle.py makes one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from scribe_app.adapters.models.manifest import BROKEN, Model, model_of, reason
from scribe_app.adapters.models.trust import ChangedError, NotTrustedError, Trust
from scribe_app.errors import ModelError

SUFFIX = ".scribemodel"
DOCUMENT, SIGNATURE = "bundle.json", "bundle.sig"
RECORD = "import.json"
"""Written beside them when a model is brought here."""
OWN_NAMES = (DOCUMENT, SIGNATURE, RECORD)
FORMAT = 1
SIGNED_AS = b"scribe model bundle 1\n"
MOST_DOCUMENT = 1 << 20
MOST_SIGNATURE = 1 << 10
_MOST_SERIAL = 2**53


@dataclass(frozen=True, slots=True)
class Bundle:
    """A document whose signature holds."""

    model: Model
    serial: int
    """Rises with every bundle of this model; an older one is not taken any more."""
    made_at: datetime
    made_by: str
    signer: str
    """Fingerprint of the key."""
    licence_file: str
    """Which of the files holds the licence; empty when none does."""
    digest: str
    """SHA-256 of the document."""


def read_bundle(name: str, document: bytes, signature: bytes, trust: Trust) -> Bundle:
    """Check the signature, then read; nothing of a document that nobody vouches for is used.

    Raises:
        ModelError: not signed, by a key that is not trusted, changed since, or not as a bundle should be.
    """
    try:
        parsed = json.loads(document.decode("utf-8"))
        signer = str(parsed["signer"])[:64]
        trust.check(signer, base64.b64decode(signature.strip(), validate=True), SIGNED_AS + document)
        return _bundle(parsed, document, signer)
    except NotTrustedError as error:
        raise ModelError(
            f"{name} is signed with a key that this computer does not trust ({error}).",
            NOTHING,
            "Ask whoever gave it to you; IT names trusted keys in the policy (model_keys).",
        ) from error
    except (ChangedError, binascii.Error) as error:
        raise ModelError(
            f"{name} was changed after it was signed, or its signature is damaged.",
            NOTHING,
            "Do not use it. Get it anew from whoever made it.",
        ) from error
    except BROKEN as error:
        raise ModelError(
            f"{name} is not a model bundle that can be read: {reason(error)[:200]}.",
            NOTHING,
            "Get it anew from whoever made it, or update the program.",
        ) from error


NOTHING = "Nothing was imported and nothing was changed."


def _bundle(parsed: dict[str, object], document: bytes, signer: str) -> Bundle:
    if parsed["format"] != FORMAT:
        raise ValueError(f"its format is {parsed['format']}, not {FORMAT}")
    row = parsed["model"]
    if not isinstance(row, dict):
        raise TypeError("its model is no table")
    model = model_of(row)
    if not model.hashed or not all(file.size for file in model.files) or model.package:
        raise ValueError("a file has no size or no hash")
    serial = parsed["serial"]
    if type(serial) is not int or not 1 <= serial <= _MOST_SERIAL:
        raise ValueError("its serial number is none")
    licence_file = str(parsed.get("licence_file", ""))
    paths = {file.path for file in model.files}
    if licence_file and licence_file not in paths:
        raise ValueError("the file of its licence is not among its files")
    if own := {path for path in paths if path.lower() in OWN_NAMES}:
        raise ValueError(f"a file is called {own.pop()}")
    made_at = datetime.fromisoformat(str(parsed["made_at"]))
    made_by = str(parsed.get("made_by", ""))[:100]
    digest = hashlib.sha256(document).hexdigest()
    return Bundle(model, serial, made_at, made_by, signer, licence_file, digest)
