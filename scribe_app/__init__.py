"""The offline ambient scribe. Importing it sets the offline switches before anything native loads."""

from scribe_app import offline

__version__ = "0.1.0"

offline.set_switches()
