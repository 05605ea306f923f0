/** The language server and the client that speaks with it. */

import { type ExtensionContext, type LogOutputChannel, commands, window, workspace } from "vscode";
import { type Executable, LanguageClient, type StaticFeature, TransportKind } from "vscode-languageclient/node";

import { serverProgram } from "./program";

const SECTION = "slipway";

/** Settings of the extension itself, which the server does not know. */
const OWN_SETTINGS = ["serverPath", "trace"];

/** Runs at most one server. */
export class Server {
  private client: LanguageClient | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {}

  /** Starts the server; tells the user when that is not possible. */
  async start(): Promise<void> {
    try {
      const client = this.makeClient();
      client.registerFeature(goesOnSuggesting);
      this.client = client;
      await client.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error(reason);
      // Nobody waits for the answer: the editor goes on.
      void this.tell(`Slipway does not start. ${reason}`);
    }
  }

  /** Ends the server, if one runs. */
  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  private makeClient(): LanguageClient {
    const command = serverProgram({
      setting: workspace.getConfiguration(SECTION).get<string | null>("serverPath") ?? "",
      extension: this.context.extensionPath,
      searchPath: process.env.PATH ?? "",
      platform: process.platform,
    });
    this.log.info(`The server is ${command}`);
    const run: Executable = { command, transport: TransportKind.stdio };
    return new LanguageClient(SECTION, "Slipway", run, {
      documentSelector: [
        { language: "serverless-containers" },
        { scheme: "file", pattern: "**/serverless.containers.json" },
      ],
      outputChannel: this.log,
      initializationOptions: forServer(workspace.getConfiguration(SECTION)),
      middleware: {
        executeCommand: async (name, parameters, next): Promise<unknown> => {
          if (!workspace.isTrusted) {
            await this.askForTrust();
            return undefined;
          }
          return next(name, parameters);
        },
        workspace: {
          configuration: async (params, token, next) => {
            const values = await next(params, token);
            return Array.isArray(values) ? values.map(forServer) : values;
          },
        },
      },
    });
  }

  private async askForTrust(): Promise<void> {
    const manage = "Manage Trust";
    const message = "Slipway runs no command in a folder that is not trusted.";
    if ((await window.showWarningMessage(message, manage)) === manage) {
      await commands.executeCommand("workbench.trust.manage");
    }
  }

  private async tell(message: string): Promise<void> {
    const settings = "Open Settings";
    if ((await window.showErrorMessage(message, settings)) === settings) {
      await commands.executeCommand("workbench.action.openSettings", `${SECTION}.serverPath`);
    }
  }
}

/** Tells the server how completion is asked for again, for items behind which there is more to choose from. */
const goesOnSuggesting: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { suggestCommand: "editor.action.triggerSuggest" };
  },
  initialize() {
    // Nothing depends on what the server can do.
  },
  getState: () => ({ kind: "static" }),
  clear() {
    // Nothing is kept.
  },
};

/** The settings without those that only the extension knows. */
function forServer(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null) {
    return settings;
  }
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => typeof value !== "function" && !OWN_SETTINGS.includes(name)),
  );
}
