"""Every key of the window, in one table: the help overlay shows what the window obeys."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.language import later


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
    Key("new", "Ctrl+N", later("New consultation"), later("Consultation")),
    Key("start", "Ctrl+R", later("Start recording"), later("Consultation")),
    Key("pause", "Ctrl+P", later("Pause or resume"), later("Consultation")),
    Key("stop", "Ctrl+D", later("Stop and draft"), later("Consultation")),
    Key("patient", "Ctrl+U", later("Patient details"), later("Consultation")),
    Key("prior", "Ctrl+Shift+P", later("Prior letters"), later("Consultation")),
    Key("import", "Ctrl+O", later("Import an audio file"), later("Consultation")),
    Key("swap", "Ctrl+Shift+S", later("Swap clinician and patient"), later("Consultation")),
    Key("find", "Ctrl+F", later("Find patient or text"), later("Consultation")),
    Key("next_unsettled", "Ctrl+J", later("Go to the next statement to settle"), later("Letter")),
    Key("keep", "Ctrl+K", later("Keep the statement as mine"), later("Letter")),
    Key("add", "Ctrl+I", later("Add a statement here"), later("Letter")),
    Key("redo", "Ctrl+Shift+R", later("Draft this section again"), later("Letter")),
    Key("change", "Ctrl+M", later("Change the letter by instruction"), later("Letter")),
    Key("ask", "Ctrl+G", later("Ask what was said"), later("Letter")),
    Key("undo", "Ctrl+Z", later("Undo the last change"), later("Letter")),
    Key("play", "Ctrl+B", later("Play what the statement rests on, or stop"), later("Letter")),
    Key("sign", "Ctrl+Return", later("Sign the letter"), later("Letter")),
    Key("copy", "Ctrl+Shift+C", later("Copy the signed letter"), later("Letter")),
    Key("export", "Ctrl+Shift+E", later("Export the signed letter"), later("Letter")),
    Key("print", "Ctrl+Shift+O", later("Print the signed letter"), later("Letter")),
    Key("next_pane", "F6", later("Go to the next column"), later("Window")),
    Key("larger", "Ctrl++", later("Larger text"), later("Window"), also="Ctrl+="),
    Key("smaller", "Ctrl+-", later("Smaller text"), later("Window")),
    Key("normal", "Ctrl+0", later("Text at its usual size"), later("Window")),
    Key("lock", "Ctrl+L", later("Lock the consultations"), later("Window")),
    Key("settings", "Ctrl+,", later("Settings"), later("Window")),
    Key("help", "F1", later("This help"), later("Window")),
)
IN_PLACE: tuple[tuple[str, str], ...] = (
    (later("Up, Down"), later("Walk through statements or utterances")),
    (later("Enter or F2"), later("Edit the statement or the utterance; F2 also the fact")),
    ("F4", later("Do what is noted below the utterance")),
    (later("Esc"), later("Take back an edit, close a message")),
    (later("Delete"), later("Remove the statement, reject the fact; in the list, delete the consultation")),
    (later("Backspace"), later("Take back what you said of the fact")),
    (later("C, P or O"), later("Say that the clinician, the patient or another person said it")),
)
"""Keys that belong to the row under the cursor."""
