"""How late the window is while the real engines work: python tests/bench/window_heartbeat.py [SECONDS].

Plays the sample consultation in real time through recorder, speech and drafting processes in front of a
window on the offscreen platform, and times its 10 ms heartbeat until the letter is there or SECONDS are over.
Prints one JSON document. For the same machine at rest, call it with --rest: a window without a consultation.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from scribe_app import app, offline, paths
from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.paths import UserFolders
from scribe_app.ports import FileSource
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui.main import measure_window


def main(seconds: float, rest: bool) -> None:
    offline.enforce()
    with tempfile.TemporaryDirectory() as root:
        folders = UserFolders(*(Path(root) / name for name in ("data", "config", "cache", "logs")))
        workshop = app.make_workshop(folders)
        application = workshop.build(workshop.door(folders.vault).create("a throw-away vault"), folders)
        sample = paths.resources_folder() / "sample_consultations" / "chest-pain-en.flac"
        demo = NewConsultation(
            template="soap",
            language="en",
            source=FileSource(sample),
            patient=PatientIdentity("Alan Example"),
            informed=Informed.INFORMED,
        )
        try:
            late = measure_window(application, None if rest else demo, seconds)
        finally:
            application.close()
    print(json.dumps({"at_rest": rest, "load_1min": os.getloadavg()[0], **dataclasses.asdict(late)}))


if __name__ == "__main__":
    numbers = [float(word) for word in sys.argv[1:] if not word.startswith("--")]
    main(numbers[0] if numbers else 420.0, "--rest" in sys.argv)
