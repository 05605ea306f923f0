import { deepEqual, throws } from "node:assert/strict";
import { test } from "node:test";

import { type Places, serverProgram } from "../src/program";

const places: Places = { setting: "", extension: "/extension", searchPath: "/usr/bin:bin:/opt", platform: "linux" };

function found(there: string[], change: Partial<Places> = {}): string {
  return serverProgram({ ...places, ...change }, (path) => there.includes(String(path)));
}

void test("the setting comes before what is packed, and that before the search path", () => {
  const all = ["/set/slipway-lsp", "/extension/server/slipway-lsp", "/opt/slipway-lsp"];
  deepEqual(found(all, { setting: "/set/slipway-lsp" }), "/set/slipway-lsp");
  deepEqual(found(all), "/extension/server/slipway-lsp");
  deepEqual(found(["/opt/slipway-lsp", "/usr/bin/slipway-lsp"]), "/usr/bin/slipway-lsp");
  deepEqual(found(["/opt/slipway-lsp.exe"], { platform: "win32" }), "/opt/slipway-lsp.exe");
});

void test("what is missing or relative is said, and nothing of the opened folder is taken", () => {
  throws(() => found([], { setting: "/gone" }), /names \/gone, which is not there/);
  throws(() => found(["bin/slipway-lsp"], { setting: "bin/slipway-lsp" }), /must be an absolute path/);
  throws(() => found(["bin/slipway-lsp"]), /neither part of this extension nor on the search path/);
});
