"""Drafting letters with a local language model through llama.cpp, or by fixed rules without one."""

from scribe_app.adapters.llama.drafter import LlamaDrafter
from scribe_app.adapters.llama.yardstick import LlamaYardstick

__all__ = ["LlamaDrafter", "LlamaYardstick"]
