"""Writes what IT starts from: policy.toml with every setting, and the Windows Group Policy templates.

    python packaging/policy/make_policy_templates.py [--check]

All three come from `scribe_app.config.Settings`, so that none can forget a setting. ADMX schema:
learn.microsoft.com/previous-versions/windows/desktop/Policy/admx-schema.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import inspect
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from scribe_app import config, policy  # noqa: E402 - found through the line above

EXPLAINED_LISTS = {
    "export_formats": "How a letter may leave: txt, docx, pdf, fhir, json, print.",
    "models": "Ids of models that may be used (scribe models list).",
    "templates": "Names of letter templates that are offered.",
}


@dataclass(frozen=True)
class Setting:
    """One field of Settings with the words beneath it."""

    name: str
    default: str | int | bool
    words: str


def settings() -> list[Setting]:
    """Every setting with its default and its docstring."""
    tree = ast.parse(inspect.getsource(config.Settings)).body[0]
    assert isinstance(tree, ast.ClassDef)
    defaults = dataclasses.asdict(config.Settings())
    found = []
    for at, node in enumerate(tree.body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            after = tree.body[at + 1] if at + 1 < len(tree.body) else None
            words = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                words = " ".join(str(after.value.value).split())
            name = node.target.id
            found.append(Setting(name, defaults[name], words or name.replace("_", " ").capitalize() + "."))
    return found


def policy_toml() -> str:
    """The file, every line commented out: IT takes away the marks that it wants."""
    head = """# What this organisation decides for Scribe on this computer.
# Put it at /etc/scribe/policy.toml, %PROGRAMDATA%\\Scribe\\policy.toml or
# /Library/Application Support/Scribe/policy.toml, writable by administrators only.
# A file that cannot be used stops the program with the reason: nothing runs against your rules.

# organisation = "Name, as clinicians see it beside a locked setting"
# Public half of a key with which IT can open every vault: openssl genpkey -algorithm X25519 -out escrow.pem
# and openssl pkey -in escrow.pem -pubout. Keep escrow.pem away from clinicians' computers.
# escrow_public_key = '''-----BEGIN PUBLIC KEY-----...'''
# Keys whose signatures on model bundles count (packaging/model_bundle.py key prints this line):
# model_keys = []
# Whether clinicians may bring models that nobody signed. With a policy they may not, unless it says so here.
# unsigned_models = false

[locked]
# Settings that nobody can change. Take the mark away and set the value.
"""
    lines = []
    for setting in settings():
        lines.append(f"# {setting.words}\n# {setting.name} = {config._toml(setting.default)}\n")
    lists = "".join(f"# {words}\n# {name} = []\n" for name, words in EXPLAINED_LISTS.items())
    tail = "\n[defaults]\n# The same names: what holds until the clinician chooses otherwise.\n\n[allowed]\n"
    return head + "".join(lines) + tail + lists


def admx() -> str:
    """Group Policy definitions: each setting as a locked value under HKLM."""
    policies = "".join(_policy(setting) for setting in settings())
    return f"""<?xml version="1.0" encoding="utf-8"?>
<policyDefinitions revision="1.0" schemaVersion="1.0" xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions">
  <policyNamespaces><target prefix="scribe" namespace="Scribe.Policies" /></policyNamespaces>
  <resources minRequiredRevision="1.0" />
  <categories><category name="Scribe" displayName="$(string.Scribe)" /></categories>
  <policies>
{policies}  </policies>
</policyDefinitions>
"""


def _policy(setting: Setting) -> str:
    key = f"{policy.REGISTRY_KEY}\\Locked"
    name = setting.name
    if isinstance(setting.default, bool):
        body = (
            '      <enabledValue><decimal value="1" /></enabledValue>\n'
            '      <disabledValue><decimal value="0" /></disabledValue>\n'
        )
        value = f' valueName="{name}"'
        presentation = ""
    else:
        kind = "decimal" if isinstance(setting.default, int) else "text"
        limits = ' minValue="0" maxValue="4294967295"' if kind == "decimal" else ""
        body = f'      <elements><{kind} id="{name}" valueName="{name}"{limits} /></elements>\n'
        value = ""
        presentation = f' presentation="$(presentation.{name})"'
    return (
        f'    <policy name="{name}" class="Machine" displayName="$(string.{name})" '
        f'explainText="$(string.{name}_help)" key="{key}"{value}{presentation}>\n'
        f'      <parentCategory ref="Scribe" />\n{body}    </policy>\n'
    )


def adml() -> str:
    """English words of the definitions."""
    strings, presentations = [], []
    for setting in settings():
        strings.append(f'      <string id="{setting.name}">{escape(setting.name)}</string>\n')
        words = setting.words.replace("-1", "4294967295")  # the registry knows no minus
        strings.append(f'      <string id="{setting.name}_help">{escape(words)}</string>\n')
        if isinstance(setting.default, bool):
            continue
        element = "decimalTextBox" if isinstance(setting.default, int) else "textBox"
        inner = (
            f'<decimalTextBox refId="{setting.name}" defaultValue="{int(setting.default) % 2**32}">'
            f"{escape(setting.name)}</decimalTextBox>"
            if element == "decimalTextBox"
            else f'<textBox refId="{setting.name}"><label>{escape(setting.name)}</label></textBox>'
        )
        presentations.append(f'      <presentation id="{setting.name}">{inner}</presentation>\n')
    return f"""<?xml version="1.0" encoding="utf-8"?>
<policyDefinitionResources revision="1.0" schemaVersion="1.0" xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions">
  <displayName>Scribe</displayName>
  <description>Settings of Scribe that the organisation decides.</description>
  <resources>
    <stringTable>
      <string id="Scribe">Scribe</string>
{"".join(strings)}    </stringTable>
    <presentationTable>
{"".join(presentations)}    </presentationTable>
  </resources>
</policyDefinitionResources>
"""


def main() -> int:
    """Write the files, or say which one is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    wanted = {"policy.toml": policy_toml(), "Scribe.admx": admx(), "en-US/Scribe.adml": adml()}
    stale = []
    for name, text in wanted.items():
        file = HERE / name
        if arguments.check:
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                stale.append(name)
            continue
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"out of date: packaging/policy/{name}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
