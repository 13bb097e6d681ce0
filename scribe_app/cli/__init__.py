"""The scribe command: thin verbs over the services."""
