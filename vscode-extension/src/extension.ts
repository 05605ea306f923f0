/** The extension's life: it starts the language server, and ends it. */

import { type ExtensionContext, commands, window, workspace } from "vscode";

import { Server } from "./server";

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("Slipway", { log: true });
  server = new Server(context, log);
  context.subscriptions.push(
    log,
    commands.registerCommand("slipway.restartServer", () => server?.restart()),
    commands.registerCommand("slipway.showLog", () => {
      log.show();
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("slipway.serverPath")) {
        void server?.restart();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => server?.restart()),
  );
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
