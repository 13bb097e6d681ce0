"""What the speech process loads: no client of any network, no PyAV."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from scribe_app.paths import bundled_models_folder

LOADED = """
import json, sys
from scribe_app import offline
offline.enforce()
from pathlib import Path
from scribe_app.adapters.speech.decoder import Decoder
from scribe_app.adapters.speech.vad import StreamingVad
StreamingVad()
Decoder(Path(sys.argv[1]), "en", 1)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
CLIENTS = {
    "huggingface_hub",
    "hf_xet",
    "httpx",
    "httpx2",
    "httpcore2",
    "requests",
    "urllib3",
    "aiohttp",
    "anyio",
}
UNWANTED = CLIENTS | {"av", "h11", "truststore"}


def loaded(script: str, *arguments: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=100, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return set(json.loads(result.stdout))


def test_the_speech_process_loads_no_network_client_and_no_pyav() -> None:
    names = loaded(LOADED, str(bundled_models_folder() / "starter-whisper"))
    assert "faster_whisper" in names
    assert names & UNWANTED == set()


def test_the_real_library_is_there_for_whoever_needs_it(tmp_path: Path) -> None:
    script = (
        "import json, sys\nfrom scribe_app.adapters.speech.library import faster_whisper\nfaster_whisper()\n"
    )
    script += "print(json.dumps([n for n in ('av', 'huggingface_hub') if n in sys.modules]))"
    assert loaded(script) == set()
