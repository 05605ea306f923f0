/** Where the language server is. */

import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** What decides where the server is looked for. */
export interface Places {
  /** The user's setting. */
  readonly setting: string;
  /** The folder of the extension, which holds the server where one is packed with it. */
  readonly extension: string;
  /** The search path of the environment. */
  readonly searchPath: string;
  readonly platform: NodeJS.Platform;
}

/**
 * The program of the server: what the user sets, else what came with the extension, else what is on the search path.
 *
 * @throws with a sentence for the user when there is none.
 */
export function serverProgram({ setting, extension, searchPath, platform }: Places, exists = existsSync): string {
  if (setting !== "") {
    if (!isAbsolute(setting)) {
      throw new Error(`The setting slipway.serverPath must be an absolute path, and is "${setting}".`);
    }
    if (!exists(setting)) {
      throw new Error(`The setting slipway.serverPath names ${setting}, which is not there.`);
    }
    return setting;
  }
  const name = platform === "win32" ? "slipway-lsp.exe" : "slipway-lsp";
  // What is relative on the search path would be looked for in the folder that is opened, which nobody may trust.
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));
  const found = [join(extension, "server"), ...folders].map((folder) => join(folder, name)).find((program) => exists(program));
  if (found === undefined) {
    throw new Error(`${name} is neither part of this extension nor on the search path. Install it, or name it in the setting slipway.serverPath.`);
  }
  return found;
}
