// Starts a real VS Code, in a browser without a window, and runs the tests within its extension host.
//
//   SLIPWAY_VSCODE: its server's folder   SLIPWAY_LSP: the language server   SLIPWAY_PROJECT: the folder to open
//   SLIPWAY_CHROMIUM: the browser         SLIPWAY_PICTURES: where a picture of the end goes, if anywhere
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const PATIENCE_MS = 180_000;
const extension = dirname(dirname(fileURLToPath(import.meta.url)));
const { SLIPWAY_VSCODE, SLIPWAY_LSP, SLIPWAY_PROJECT, SLIPWAY_CHROMIUM, SLIPWAY_PICTURES } = process.env;

const home = mkdtempSync(join(tmpdir(), "slipway-vscode-"));
const settings = {
  "slipway.serverPath": SLIPWAY_LSP,
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "workbench.enableExperiments": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "files.autoSave": "off",
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "git.enabled": false,
  "window.restoreWindows": "none",
};
// A server has the settings of the machine beside those of the user.
for (const place of ["User", "Machine"]) {
  mkdirSync(join(home, "data", place), { recursive: true });
  writeFileSync(join(home, "data", place, "settings.json"), JSON.stringify(settings));
}

const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const editor = spawn(
  process.execPath,
  [
    join(SLIPWAY_VSCODE, "out/server-main.js"),
    ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token", "--accept-server-license-terms"],
    ...["--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")],
    ...["--disable-workspace-trust", "--telemetry-level", "off", "--enable-smoke-test-driver"],
  ],
  { env: { ...process.env, EXTENSIONS_GALLERY: "{}" }, stdio: ["ignore", "pipe", "pipe"] },
);
// What it says is of interest only when something fails: it misses native parts that no test needs.
const said = [];
editor.stdout.on("data", (words) => said.push(words));
editor.stderr.on("data", (words) => said.push(words));

let browser;
try {
  await answers(`${base}/version`);
  browser = await chromium.launch({
    executablePath: SLIPWAY_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const ended = new Promise((resolve) => {
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  // The workbench calls these two by their names.
  await page.exposeFunction("codeAutomationLog", (_, words = []) => {
    const line = words.join(" ");
    if (/^(ok |not ok |# )/.test(line)) {
      console.log(line);
    }
  });
  const remote = (path) => `vscode-remote://${new URL(base).host}${path}`;
  const payload = [
    ["skipWelcome", "true"],
    ["extensionDevelopmentPath", remote(extension)],
    ["extensionTestsPath", remote(join(extension, "dist/tests/host.js"))],
  ];
  const query = `folder=${encodeURIComponent(SLIPWAY_PROJECT)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  await page.goto(`${base}/?${query}`);
  const outOfPatience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, "no end in sight"));
  const code = await Promise.race([ended, outOfPatience]);
  if (SLIPWAY_PICTURES) {
    await page.screenshot({ path: join(SLIPWAY_PICTURES, "in-host.png") });
  }
  console.log(`# exit ${code}`);
  process.exitCode = code === 0 ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  console.error(error);
} finally {
  await browser?.close();
  const gone = new Promise((resolve) => editor.once("exit", resolve));
  editor.kill();
  await gone;
  if (process.exitCode !== 0) {
    console.error(Buffer.concat(said).toString());
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(address) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (await fetch(address).then((answer) => answer.ok, () => false)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${address} does not answer`);
}
