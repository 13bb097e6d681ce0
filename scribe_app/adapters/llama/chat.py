"""How a model wants turns to be written: cut out of the chat template in its own file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_SYSTEM, _USER, _REPLY, _NEXT = "⟦system⟧", "⟦user⟧", "⟦reply⟧", "⟦next⟧"


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """Texts around system text, user text and reply; tokenised as special, unlike what goes between."""

    before_system: str
    before_user: str
    before_reply: str
    before_next: str
    """After a reply, up to the next user text."""


PLAIN = ChatFormat("", "\n\n", "\n\n", "\n\n")
"""For base models and templates that cannot be read."""


def chat_format(template: str, bos: str, eos: str) -> ChatFormat:
    """Render the model's template around markers and cut at them.

    Thinking is switched off where the template knows how. A template that refuses a system turn (Gemma)
    gets the system text at the top of the user's.
    """
    if not template:
        return PLAIN
    from jinja2 import TemplateError
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    try:
        render = Jinja2ChatFormatter(template=template, eos_token=eos, bos_token=bos)
        return _cut(render, with_system=True) or _cut(render, with_system=False) or PLAIN
    except (TemplateError, ValueError, TypeError, KeyError, AttributeError):
        return PLAIN


def _cut(render: Any, with_system: bool) -> ChatFormat | None:
    from jinja2 import TemplateError

    first = (
        [_turn("system", _SYSTEM), _turn("user", _USER)] if with_system else [_turn("user", _SYSTEM + _USER)]
    )
    later = [*first, _turn("assistant", _REPLY), _turn("user", _NEXT)]
    try:
        opening = render(messages=first, enable_thinking=False).prompt
        whole = render(messages=later, enable_thinking=False).prompt
    except (TemplateError, ValueError):
        return None
    if any(mark not in opening for mark in (_SYSTEM, _USER)) or any(m not in whole for m in (_REPLY, _NEXT)):
        return None
    before_system, rest = opening.split(_SYSTEM, 1)
    before_user, before_reply = rest.split(_USER, 1)
    between = whole.split(_REPLY, 1)[1].split(_NEXT, 1)[0]
    return ChatFormat(before_system, before_user or "\n\n", before_reply, between)


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
