"""Turns as models of common families want them: thinking off, no system turn where there is none."""

from __future__ import annotations

from scribe_app.adapters.llama.chat import chat_format

THINKING = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}"
    "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}"
    "{%- endif %}{%- endif %}"
)
"""The shape of Qwen3's template."""
NO_SYSTEM = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}"
    "{% endif %}{% for message in messages %}{% set role = 'model' if message['role'] == 'assistant' else "
    "message['role'] %}"
    "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)
"""The shape of Gemma's."""


def test_thinking_is_switched_off_where_the_template_knows_how() -> None:
    chat = chat_format(THINKING, "", "<|im_end|>")
    assert chat.before_system == "<|im_start|>system\n"
    assert chat.before_reply.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    assert chat.before_next == "<|im_end|>\n<|im_start|>user\n"


def test_a_model_without_a_system_turn_gets_the_system_text_in_the_users() -> None:
    chat = chat_format(NO_SYSTEM, "<bos>", "<eos>")
    assert chat.before_system == "<bos><start_of_turn>user\n"
    assert chat.before_user.strip() == ""
    assert chat.before_reply == "<end_of_turn>\n<start_of_turn>model\n"
    assert chat.before_next == "<end_of_turn>\n<start_of_turn>user\n"
