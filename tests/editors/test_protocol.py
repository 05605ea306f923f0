"""The protocol itself on the broken example project, with what three editors say they can do.

    SLIPWAY_LSP=… SLIPWAY_FILE=… python3 -m pytest -q -s test_protocol.py

Prints one line of JSON for each editor with what was seen.
"""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

WAIT = 20  # seconds
CLIENTS = ["visual-studio-code", "neovim", "emacs"]
FILE = Path(os.environ["SLIPWAY_FILE"])
URI = FILE.as_uri()
DOCUMENT = lsp.TextDocumentIdentifier(URI)


def place(text: str, part: str) -> lsp.Position:
    """Where a part of the text stands first; the example is plain ASCII, so columns are the same in every unit."""
    for number, line in enumerate(text.splitlines()):
        if part in line:
            return lsp.Position(number, line.index(part))
    raise AssertionError(f"the example holds no {part}")


async def until(condition):
    """Waits for the condition and returns its value."""
    end = time.monotonic() + WAIT
    while not (value := condition()):
        assert time.monotonic() < end, "waited too long"
        await asyncio.sleep(0.01)
    return value


async def diagnostics(client: LanguageClient, pulls: bool, expected) -> list[lsp.Diagnostic]:
    """What is reported of the document, asked for or told, once it is as expected."""
    if pulls:
        report = await client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(DOCUMENT))
        assert expected(report.items), report.items
        return list(report.items)
    await until(lambda: URI in client.diagnostics and expected(client.diagnostics[URI]))
    return list(client.diagnostics[URI])


@pytest.mark.asyncio
@pytest.mark.parametrize("editor", CLIENTS)
async def test_session(editor):
    await asyncio.wait_for(session(editor), timeout=60)


def agree(*_):
    """Answers what a server asks of an editor that can do it."""


async def session(editor: str):
    client = make_test_lsp_client()
    for request in [lsp.CLIENT_REGISTER_CAPABILITY, lsp.WORKSPACE_CODE_LENS_REFRESH, lsp.WORKSPACE_INLAY_HINT_REFRESH]:
        client.feature(request)(agree)

    await client.start_io(os.environ["SLIPWAY_LSP"])
    process = client._server
    seen = {"client": f"protocol as {editor}"}
    try:
        await converse(client, editor, seen)
        # The pipe stays open: the process has to leave by itself.
        seen["exit"] = await asyncio.wait_for(process.wait(), timeout=5)
        assert seen["exit"] == 0
    finally:
        print("\n" + json.dumps(seen))
        if process.returncode is None:
            process.kill()
        await client.stop()


async def converse(client: LanguageClient, editor: str, seen: dict):
    initialized = await client.initialize_session(
        lsp.InitializeParams(
            capabilities=client_capabilities(editor),
            workspace_folders=[lsp.WorkspaceFolder(uri=FILE.parent.as_uri(), name="example")],
        )
    )
    pulls = initialized.capabilities.diagnostic_provider is not None
    text = FILE.read_text()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri=URI, language_id="yaml", version=1, text=text))
    )

    typo = place(text, "enviroment")
    of_typo = lambda items: [item for item in items if item.range.start == typo]
    found = await diagnostics(client, pulls, of_typo)
    seen["diagnostics"] = len(found)
    seen["typo"] = [item.code for item in of_typo(found)]

    answer = await client.text_document_completion_async(lsp.CompletionParams(DOCUMENT, place(text, "lambda")))
    seen["completion"] = [item.label for item in answer.items]
    assert "awsLambda" in seen["completion"]

    hover = await client.text_document_hover_async(lsp.HoverParams(DOCUMENT, place(text, "timeout")))
    assert hover, "there is no hover on `timeout`"
    seen["hover"] = len(hover.contents.value)
    assert seen["hover"] > 0

    end = lsp.Position(typo.line, typo.character + len("enviroment"))
    context = lsp.CodeActionContext(diagnostics=of_typo(found), only=[lsp.CodeActionKind.QuickFix])
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(DOCUMENT, lsp.Range(typo, end), context)
    )
    assert actions, "there is no quick fix of `enviroment`"
    seen["action"] = actions[0].title
    edits = edits_of(actions[0].edit)
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(version=2, uri=URI),
            # From the end, so that each edit leaves the places of the others as they are.
            [
                lsp.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)
                for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True)
            ],
        )
    )
    left = await diagnostics(client, pulls, lambda items: not of_typo(items))
    seen["left"] = len(left)

    lenses = await client.text_document_code_lens_async(lsp.CodeLensParams(DOCUMENT))
    seen["lenses"] = [lens.command.title for lens in lenses or []]
    assert seen["lenses"], "there are no code lenses"

    try:
        await client.workspace_execute_command_async(
            lsp.ExecuteCommandParams(command="slipway.info", arguments=[{"uri": URI}])
        )
        seen["command"] = "done"
    except JsonRpcException as refusal:
        assert refusal.message, "an error without a message"
        seen["command"] = refusal.message
    seen["messages"] = [message.message for message in client.messages]

    await client.shutdown_async(None)
    client.exit(None)


def edits_of(edit: lsp.WorkspaceEdit) -> list[lsp.TextEdit]:
    """The edits of the document, in whichever of the two forms they came."""
    if edit.document_changes:
        assert [change.text_document.uri for change in edit.document_changes] == [URI]
        return list(edit.document_changes[0].edits)
    return list(edit.changes[URI])
