/** Runs within the extension host of a real editor, on the example and its broken twin. */

import { deepEqual, equal, ok } from "node:assert/strict";
import * as vscode from "vscode";

const PATIENCE_MS = 30_000;

/** Waits until there is something. */
async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) {
      return found;
    }
    ok(Date.now() < end, `does not come about: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask<T>(command: string, ...parameters: unknown[]): Promise<T> {
  return await vscode.commands.executeCommand<T>(command, ...parameters);
}

function place(document: vscode.TextDocument, word: string, into = 0): vscode.Position {
  const at = document.getText().indexOf(word);
  ok(at >= 0, `${word} is not in the text`);
  return document.positionAt(at + into);
}

function codes(uri: vscode.Uri): unknown[] {
  return vscode.languages.getDiagnostics(uri).map(({ code }) => (typeof code === "object" ? code.value : code));
}

async function open(project: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  ok(folder !== undefined);
  return await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, project, "serverless.containers.yml"));
}

const steps: Record<string, (document: vscode.TextDocument) => Promise<void>> = {
  "the file has the language": (document) => {
    equal(document.languageId, "serverless-containers");
    return Promise.resolve();
  },
  "faults are shown": async ({ uri }) => {
    await until(() => codes(uri).length > 0);
    const [first] = vscode.languages.getDiagnostics(uri);
    equal(first?.source, "slipway");
    ok(typeof first.code === "object" && first.code.target.path.endsWith(".md"), "a finding leads to its page");
  },
  "keys are completed": async (document) => {
    const last = document.lineAt(document.lineCount - 1).range.end;
    const { items } = await ask<vscode.CompletionList>("vscode.executeCompletionItemProvider", document.uri, last);
    const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
    ok(labels.includes("stages") && !labels.includes("name"), labels.join(" "));
  },
  "a key is explained": async (document) => {
    const at = place(document, "containers:", 1);
    const [hover] = await ask<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at);
    ok(hover !== undefined);
  },
  "a fix is applied": async (document) => {
    const { uri } = document;
    const fixable = async () => {
      for (const found of vscode.languages.getDiagnostics(uri)) {
        const actions = await ask<vscode.CodeAction[]>("vscode.executeCodeActionProvider", uri, found.range);
        const fix = actions.find(({ isPreferred, edit }) => isPreferred === true && edit !== undefined);
        if (fix?.edit) {
          return { found, edit: fix.edit };
        }
      }
      return undefined;
    };
    const { edit } = await until(fixable);
    const before = codes(uri).length;
    ok(await vscode.workspace.applyEdit(edit));
    await until(() => codes(uri).length < before);
  },
  "commands stand above what they concern": async (document) => {
    const lenses = await ask<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 100);
    const names = new Set(lenses.map(({ command }) => command?.command));
    for (const name of ["slipway.dev", "slipway.plan", "slipway.deploy", "slipway.remove", "slipway.info", "slipway.logs"]) {
      ok(names.has(name), `${name} is not among ${[...names].join(" ")}`);
    }
  },
  "commands of the server are registered": async () => {
    const known = await vscode.commands.getCommands(true);
    ok(known.includes("slipway.plan") && known.includes("slipway.stopDev"));
  },
  "defaults are shown within the text": async () => {
    const document = await open("acmeinc");
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await ask<vscode.InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole);
    ok(hints.length > 0);
    const severe = vscode.languages.getDiagnostics(document.uri).filter(({ severity }) => severity < vscode.DiagnosticSeverity.Information);
    deepEqual(severe, []);
  },
  "the outline has the containers": async (document) => {
    const symbols = await ask<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
    const containers = symbols.find(({ name }) => name === "containers");
    ok((containers?.children.length ?? 0) > 0);
  },
  "the server starts again": async (document) => {
    await ask("slipway.restartServer");
    await until(() => codes(document.uri).length > 0);
    deepEqual(vscode.extensions.getExtension("slipway.slipway")?.isActive, true);
  },
};

export async function run(): Promise<void> {
  const document = await open("acmeinc-broken");
  await vscode.window.showTextDocument(document);
  let failed = 0;
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(document);
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`# VS Code ${vscode.version}`);
  if (failed > 0) {
    throw new Error(`${String(failed)} failed`);
  }
}
