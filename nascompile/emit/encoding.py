"""Writes generated code in the characters that the file's encoding has.

    # coding: latin-1
    "@nni.report_final_result(rate('€'))"        _nascompile.report_final_result(rate('\\u20ac'))

What an annotation says in escapes may be any character; in code only a string can say it in escapes again.
"""

from __future__ import annotations

from dataclasses import replace

from nascompile.diagnostics import Reporter
from nascompile.emit.rewrite import Edit
from nascompile.frontend.tokens import Kind, scan_tokens
from nascompile.source import SourceText


def in_encoding(edit: Edit, source: SourceText, reporter: Reporter) -> Edit:
    """Return an edit that can be written to the file; a name that cannot be is reported."""
    text = source.writable(edit.text)
    if text == edit.text:
        return edit
    names = {token.text for token in scan_tokens(edit.text) if token.kind is Kind.NAME}
    for name in sorted(names):
        if edit.site and source.writable(name) != name:
            message = f"the file's encoding {source.encoding} cannot write the name `{name}`"
            reporter.error("NC001", message, edit.site.span, "save the file as UTF-8, and declare that")
    return replace(edit, text=text)
