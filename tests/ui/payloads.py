"""Two hundred texts that a rich-text widget would act upon. `{file}` is a picture that nobody may open."""

from __future__ import annotations

_MARKUP = (
    '<img src="{file}">', "<img src='file://{file}'>", '<img src="//host/share/a.png">',
    '<img src="http://192.0.2.1/a.png">', '<link rel="stylesheet" href="file://{file}">',
    '<style>@import url("file://{file}");</style>', '<body background="{file}">',
    '<table background="{file}"><tr><td>a</td></tr></table>', '<a href="file://{file}">result</a>',
    '<a href="javascript:alert(1)">x</a>', '<iframe src="{file}"></iframe>',
    '<script>alert(1)</script>', '<svg><image href="{file}"/></svg>', '<meta http-equiv="refresh">',
    '<object data="{file}"></object>',
    '<p style="background-image:url({file})">a</p>', '<ul><li>a</li></ul>', '<b>bold</b> and <i>not</i>',
    '<font size=99>large</font>', '<qt>rich<br>text</qt>', '<!DOCTYPE html><html><body>a</body></html>',
    '<!-- comment -->said', "![picture]({file})", "[link](file://{file})", "# Heading", "**stars**", "`code`",
    "&lt;b&gt; &amp; &nbsp;", "&#60;img src={file}&#62;", "<tag", "a < b > c", "5 < 6 mg", "]]><x>",
    "<?xml?>",
)  # fmt: skip
_AROUND = ("{}", "Pain {} since Monday.", "\u202e{}\u202c", "\u200b{}\u200b", "{} " + "a" * 400, "  {}  x")


def payloads(file: str) -> list[str]:
    """Two hundred of them, each with a number, so that each is found again."""
    texts = [around.replace("{}", markup) for around in _AROUND for markup in _MARKUP]
    return [f"{at}. {text.replace('{file}', file)}" for at, text in enumerate(texts[:200], start=1)]
