"""Every key of the window, in one table: the help overlay shows what the window obeys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One action, its key, and what it does in words."""

    action: str
    keys: str
    text: str
    group: str
    also: str = ""
    """A second key for the same, where keyboards differ."""


KEYS: tuple[Key, ...] = (
    Key("new", "Ctrl+N", "New consultation", "Consultation"),
    Key("start", "Ctrl+R", "Start recording", "Consultation"),
    Key("pause", "Ctrl+P", "Pause or resume", "Consultation"),
    Key("stop", "Ctrl+D", "Stop and draft", "Consultation"),
    Key("patient", "Ctrl+U", "Patient details", "Consultation"),
    Key("prior", "Ctrl+Shift+P", "Prior letters", "Consultation"),
    Key("import", "Ctrl+O", "Import an audio file", "Consultation"),
    Key("swap", "Ctrl+Shift+S", "Swap clinician and patient", "Consultation"),
    Key("find", "Ctrl+F", "Find patient or text", "Consultation"),
    Key("next_unsettled", "Ctrl+J", "Go to the next statement to settle", "Letter"),
    Key("keep", "Ctrl+K", "Keep the statement as mine", "Letter"),
    Key("add", "Ctrl+I", "Add a statement here", "Letter"),
    Key("redo", "Ctrl+Shift+R", "Draft this section again", "Letter"),
    Key("change", "Ctrl+M", "Change the letter by instruction", "Letter"),
    Key("ask", "Ctrl+G", "Ask what was said", "Letter"),
    Key("undo", "Ctrl+Z", "Undo the last change", "Letter"),
    Key("play", "Ctrl+B", "Play what the statement rests on, or stop", "Letter"),
    Key("sign", "Ctrl+Return", "Sign the letter", "Letter"),
    Key("copy", "Ctrl+Shift+C", "Copy the signed letter", "Letter"),
    Key("export", "Ctrl+Shift+E", "Export the signed letter", "Letter"),
    Key("print", "Ctrl+Shift+O", "Print the signed letter", "Letter"),
    Key("next_pane", "F6", "Go to the next column", "Window"),
    Key("larger", "Ctrl++", "Larger text", "Window", also="Ctrl+="),
    Key("smaller", "Ctrl+-", "Smaller text", "Window"),
    Key("normal", "Ctrl+0", "Text at its usual size", "Window"),
    Key("lock", "Ctrl+L", "Lock the consultations", "Window"),
    Key("settings", "Ctrl+,", "Settings", "Window"),
    Key("help", "F1", "This help", "Window"),
)
IN_PLACE: tuple[tuple[str, str], ...] = (
    ("Up, Down", "Walk through statements or utterances"),
    ("Enter or F2", "Edit the statement or the utterance"),
    ("F4", "Do what is noted below the utterance"),
    ("Esc", "Take back an edit, close a message"),
    ("Delete", "Remove the statement; in the list, delete the consultation"),
    ("C, P or O", "Say that the clinician, the patient or another person said it"),
)
"""Keys that belong to the row under the cursor."""
