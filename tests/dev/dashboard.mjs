// The dashboard of `slipway dev` in a real browser without a window.
//
//   SLIPWAY: the program            SLIPWAY_PROJECT: a copy of the example, to run and change
//   SLIPWAY_CHROMIUM: the browser   SLIPWAY_PICTURES: where pictures go
//   SLIPWAY_PACKAGES: a file of the folder in whose packages playwright-core is
import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { SLIPWAY, SLIPWAY_PROJECT, SLIPWAY_CHROMIUM, SLIPWAY_PICTURES, SLIPWAY_PACKAGES } = process.env;
const { chromium } = createRequire(SLIPWAY_PACKAGES)("playwright-core");
const pictures = join(SLIPWAY_PICTURES, "dashboard");
mkdirSync(pictures, { recursive: true });

const session = spawn(SLIPWAY, ["dev", "--runtime", "process", "--port-proxy", "0", "--port-control", "0", "--log-format", "json"], {
  cwd: SLIPWAY_PROJECT,
  env: { ...process.env, XDG_STATE_HOME: join(SLIPWAY_PROJECT, ".state") },
  stdio: ["pipe", "pipe", "inherit"],
});
const ended = new Promise((resolve) => session.on("exit", (code) => resolve(code)));
let browser;
try {
  const ready = await new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`slipway ended with ${code}`)));
    createInterface({ input: session.stdout }).on("line", (line) => {
      const event = JSON.parse(line);
      if (event.event === "ready") resolve(event);
    });
  });
  const { port } = new URL(ready.control);
  browser = await chromium.launch({
    executablePath: SLIPWAY_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP rebound.example 127.0.0.1"],
  });
  const page = await browser.newPage({ viewport: { width: 1400, height: 1300 }, colorScheme: "light" });
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));

  await page.goto(ready.control);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.locator("#containers .state.good").nth(1).waitFor();

  // Requests appear while they happen.
  for (const path of ["/", "/api/products", "/api/products/2", "/api/products/9", "/missing"]) await fetch(ready.proxy + path);
  await page.locator("#requests tr", { hasText: "/api/products/9" }).waitFor();
  assert.equal(await page.locator("#requests tr").count(), 5);
  await page.locator("#logs", { hasText: "api listens on" }).waitFor();
  await page.screenshot({ path: join(pictures, "1-live.png"), fullPage: true });

  await page.getByLabel("Filter requests").fill("404");
  assert.equal(await page.locator("#requests tr").count(), 2);
  await page.getByLabel("Filter requests").fill("");

  await page.getByLabel("Which rule takes this URL?").fill("/api/products?page=2");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.locator("#which-answer", { hasText: "`api`" }).waitFor();

  // One is sent again, changed.
  await page.locator("#requests tr", { hasText: "/api/products/9" }).getByRole("button").click();
  await page.getByLabel("Path", { exact: true }).fill("/api/products/1");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.locator("#replay-answer", { hasText: "Anvil" }).waitFor();
  await page.screenshot({ path: join(pictures, "2-replay.png"), fullPage: true });

  await page.getByRole("button", { name: "Restart api" }).click();
  await page.locator("#logs div", { hasText: "api listens on" }).nth(1).waitFor();
  await page.getByLabel("Filter log lines").fill("no line has this");
  assert.equal(await page.locator("#logs div").count(), 0);
  await page.getByLabel("Filter log lines").fill("");

  await page.getByRole("button", { name: "Dark" }).click();
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, "rgb(16, 21, 28)");
  await page.screenshot({ path: join(pictures, "3-dark.png"), fullPage: true });
  await page.setViewportSize({ width: 420, height: 900 });
  await page.screenshot({ path: join(pictures, "4-narrow.png") });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut off at the side");
  assert.deepEqual(faults, []);

  // A page from elsewhere gets nothing, whatever name it uses for this machine.
  const foreign = createServer((_, response) => response.setHeader("content-type", "text/html").end("<title>foreign</title>"));
  await new Promise((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  const other = await browser.newPage();
  await other.goto(`http://127.0.0.1:${foreign.address().port}/`);
  const read = await other.evaluate(async (url) => {
    try {
      return (await fetch(`${url}/api/state`)).status;
    } catch (error) {
      return String(error);
    }
  }, ready.control);
  assert.match(String(read), /TypeError/, "no CORS");
  const rebound = await other.goto(`http://rebound.example:${port}/`);
  assert.equal(rebound.status(), 403);
  foreign.close();
  console.log(`The dashboard works; pictures are in ${pictures}`);
} finally {
  await browser?.close();
  session.stdin.end();
  assert.equal(await ended, 0);
}
