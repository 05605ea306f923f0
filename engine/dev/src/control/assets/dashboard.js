// The dashboard: everything on it comes from the control API and its event stream.

const $ = (id) => document.getElementById(id);
const MOST_ROWS = 500;
const MOST_LINES = 2000;
const requests = [];
const lines = [];
let selected = null;

/** Makes an element; texts become text nodes, so that nothing that comes from a container is ever read as markup. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.map((child) => child ?? ""));
  return made;
}

async function call(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `The answer was ${response.status}.`);
  return body;
}

const megabytes = (bytes) => `${(bytes / 1048576).toFixed(0)} MB`;
const time = (text) => text.slice(11, 19);
const statusClass = (status) => (status >= 500 ? "bad" : status >= 400 ? "warn" : "good");

async function showState() {
  const state = await call("/api/state");
  $("project").textContent = `${state.project} · ${state.stage}`;
  $("where").replaceChildren(element("a", { href: state.proxy, target: "_blank", rel: "noreferrer" }, state.proxy), ` · ${state.runtime}`);
  document.title = `${state.project} – Slipway`;
  const names = Object.keys(state.containers);
  $("containers").replaceChildren(...names.map((name) => {
    const container = state.containers[name];
    const usage = state.usage[name];
    const well = container.phase === "running" && container.health === "healthy";
    const tone = well ? "good" : container.phase === "failed" || container.health === "unhealthy" ? "bad" : "warn";
    const word = container.phase === "running" ? container.health : container.phase;
    return element("tr", {},
      element("th", { scope: "row" }, name),
      element("td", {}, element("span", { class: `state ${tone}` }, word), element("div", { class: "small" }, container.detail)),
      element("td", { class: "artifact" }, container.compute, element("div", { class: "small" }, container.artifact)),
      element("td", { class: "number" }, usage ? `${usage.cpuPercent.toFixed(0)} %` : "–"),
      element("td", { class: "number" }, usage ? megabytes(usage.memory) : "–",
        element("div", { class: "small" }, usage?.memoryLimit ? `of ${megabytes(usage.memoryLimit)}` : "")),
      element("td", { class: "number" }, String(container.restarts)),
      element("td", {}, element("button", { type: "button", "aria-label": `Restart ${name}`, onclick: () => restart(name) }, "Restart")));
  }));
  $("routes").replaceChildren(...state.routes.map((route) => element("tr", {},
    element("td", { class: "number" }, route.priority === null ? "–" : String(route.priority)),
    element("td", {}, route.domain ?? "any"),
    element("td", { class: "path" }, route.pathPattern),
    element("td", {}, route.container),
    element("td", {}, route.compute))));
  const select = $("log-container");
  const known = [...select.options].slice(1).map((option) => option.value);
  for (const name of names.filter((name) => !known.includes(name))) select.append(element("option", { value: name }, name));
}

async function restart(name) {
  try {
    await call(`/api/containers/${encodeURIComponent(name)}/restart`, { method: "POST" });
  } catch (error) {
    problem({ container: name, message: error.message });
  }
}

function problem(diagnosis) {
  $("problems-section").hidden = false;
  const item = element("li", {},
    element("b", { class: diagnosis.severity === "error" ? "bad" : "warn" }, diagnosis.id ?? "", " ", diagnosis.container ?? ""), " ", diagnosis.message,
    element("div", {}, diagnosis.remedy),
    diagnosis.evidence?.length ? element("pre", {}, diagnosis.evidence.join("\n")) : null);
  $("problems").prepend(item);
  while ($("problems").children.length > 20) $("problems").lastChild.remove();
}

function matches(request, filter) {
  const text = `${request.method} ${request.host}${request.path} ${request.container ?? ""} ${request.status}`.toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function requestRow(request) {
  return element("tr", { "aria-selected": request.id === selected, "data-id": request.id, onclick: () => showRequest(request.id) },
    element("td", {}, time(request.time)),
    element("td", {}, request.method),
    element("td", { class: "path" }, element("button", { type: "button" }, request.path)),
    element("td", {}, request.container ?? "–"),
    element("td", { class: `number ${statusClass(request.status)}` }, String(request.status)),
    element("td", { class: "number" }, request.durationMs.toFixed(1)));
}

function showRequests() {
  const filter = $("request-filter").value;
  $("requests").replaceChildren(...requests.filter((request) => matches(request, filter)).map(requestRow));
}

function addRequest(request) {
  requests.unshift(request);
  if (requests.length > MOST_ROWS) requests.pop();
  if (!matches(request, $("request-filter").value)) return;
  $("requests").prepend(requestRow(request));
  while ($("requests").children.length > MOST_ROWS) $("requests").lastChild.remove();
}

function message(title, { headers, body, bodyBytes }) {
  const text = headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const shown = body ?? (bodyBytes ? `(${bodyBytes} bytes that are no text)` : "");
  return [element("h3", {}, title), element("pre", {}, shown ? `${text}\n\n${shown}` : text)];
}

async function showRequest(id) {
  selected = id;
  for (const row of $("requests").children) row.setAttribute("aria-selected", row.dataset.id === id);
  const detail = $("detail");
  detail.hidden = false;
  let record;
  try {
    record = await call(`/api/requests/${id}`);
  } catch (error) {
    detail.replaceChildren(element("p", { class: "bad" }, error.message));
    return;
  }
  const parts = [["waited", record.timings.held], ["to target", record.timings.request], ["in target", record.timings.target], ["to client", record.timings.response]];
  const waterfall = element("div", { class: "waterfall" }, ...parts.filter(([, ms]) => ms !== null).flatMap(([name, ms]) => [
    element("span", {}, name),
    element("meter", { min: 0, max: Math.max(record.durationMs, 0.001), value: ms, "aria-label": name }),
    element("span", { class: "number" }, `${ms.toFixed(2)} ms`),
  ]));
  const method = element("input", { value: record.method, size: 7, "aria-label": "Method" });
  const path = element("input", { value: record.path, "aria-label": "Path" });
  const headers = element("textarea", { "aria-label": "Headers", spellcheck: "false" });
  headers.value = record.request.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const body = element("textarea", { "aria-label": "Body", spellcheck: "false" });
  body.value = record.request.body ?? "";
  const answer = element("div", { id: "replay-answer", "aria-live": "polite" });
  const replay = async () => {
    const edits = { method: method.value, path: path.value,
      headers: headers.value.split("\n").filter((line) => line.includes(":")).map((line) => {
        const at = line.indexOf(":", 1);
        return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }) };
    if (body.value !== (record.request.body ?? "")) edits.body = body.value;
    try {
      const got = await call(`/api/requests/${id}/replay`, { method: "POST", body: JSON.stringify(edits) });
      answer.replaceChildren(element("p", {}, element("b", { class: statusClass(got.status) }, String(got.status)), ` after ${got.durationMs.toFixed(1)} ms`),
        element("pre", {}, got.body ?? "(no text)"));
    } catch (error) {
      answer.replaceChildren(element("p", { class: "bad" }, error.message));
    }
  };
  detail.replaceChildren(
    element("div", { class: "row" }, element("b", {}, `${record.method} ${record.path}`),
      element("button", { type: "button", "aria-label": "Close details", onclick: () => { detail.hidden = true; selected = null; } }, "Close")),
    element("p", {}, element("b", { class: statusClass(record.status) }, String(record.status)), ` from ${record.container ?? "the load balancer"}`,
      record.target ? ` at ${record.target}` : "", record.priority === null ? "" : `, rule ${record.priority}`),
    record.problem ? element("p", { class: "bad" }, record.problem) : "",
    waterfall,
    ...message("Request", record.request), ...message("Answer", record.response),
    element("h3", {}, "Send again"), element("div", { class: "row" }, method, path), headers, body,
    element("button", { type: "button", id: "replay", onclick: replay }, "Send"), answer);
}

function lineElement({ container, stream, line }) {
  return element("div", { class: stream }, element("b", {}, container), ` ${line}`);
}

function lineMatches(entry) {
  const container = $("log-container").value;
  return (!container || entry.container === container) && entry.line.toLowerCase().includes($("log-filter").value.toLowerCase());
}

function showLines() {
  $("logs").replaceChildren(...lines.filter(lineMatches).map(lineElement));
  $("logs").scrollTop = $("logs").scrollHeight;
}

function addLine(entry) {
  lines.push(entry);
  if (lines.length > MOST_LINES) lines.shift();
  if (!lineMatches(entry)) return;
  const logs = $("logs");
  const atEnd = logs.scrollHeight - logs.scrollTop - logs.clientHeight < 40;
  logs.append(lineElement(entry));
  while (logs.children.length > MOST_LINES) logs.firstChild.remove();
  if (atEnd) logs.scrollTop = logs.scrollHeight;
}

const recent = [];

function curve(id, values) {
  const most = Math.max(...values, 1);
  const points = values.map((value, at) => `${(at / (values.length - 1)) * 300},${58 - (value / most) * 54}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", `M${points.join(" L")}`);
  $(id).replaceChildren(path);
}

function showCharts() {
  const now = Date.now();
  while (recent.length && recent[0].at < now - 60000) recent.shift();
  const seconds = Array.from({ length: 60 }, () => []);
  for (const { at, ms } of recent) seconds[Math.min(59, Math.floor((at - now + 60000) / 1000))].push(ms);
  const p95 = (values) => (values.length ? values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] : 0);
  curve("rate", seconds.map((values) => values.length));
  curve("latency", seconds.map(p95));
  $("rate-now").textContent = String(seconds[58].length);
  $("latency-now").textContent = recent.length ? `${p95(recent.map(({ ms }) => ms)).toFixed(1)} ms` : "–";
}

function listen() {
  const source = new EventSource("/api/events");
  source.onopen = () => {
    $("connection").textContent = "Live";
    $("connection").className = "live";
    refresh();
  };
  source.onerror = () => {
    $("connection").textContent = "Connection lost: does the session still run?";
    $("connection").className = "lost";
  };
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.event === "request") {
      recent.push({ at: Date.now(), ms: event.durationMs });
      addRequest(event);
    } else if (event.event === "log") addLine(event);
    else {
      if (event.event === "diagnosis") problem(event);
      refresh();
    }
  };
}

let waiting = false;
/** Asks for the state, at most five times a second. */
function refresh() {
  if (waiting) return;
  waiting = true;
  setTimeout(async () => {
    waiting = false;
    try {
      await showState();
    } catch {
      // The event stream says that the connection is lost.
    }
  }, 200);
}

$("request-filter").addEventListener("input", showRequests);
$("log-filter").addEventListener("input", showLines);
$("log-container").addEventListener("change", showLines);
$("which").addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  try {
    const answer = await call(`/api/route?url=${encodeURIComponent($("which-url").value)}`);
    $("which-answer").textContent = answer.reason;
  } catch (error) {
    $("which-answer").textContent = error.message;
  }
});

const dark = () => document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
function showTheme() {
  $("theme").textContent = dark() === "dark" ? "Light" : "Dark";
}
$("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = dark() === "dark" ? "light" : "dark";
  showTheme();
});
showTheme();

const known = await call("/api/requests");
for (const record of known.toReversed()) addRequest({ ...record, time: record.started });
for (const line of await call("/api/logs")) addLine(line);
listen();
setInterval(showCharts, 1000);
setInterval(refresh, 2000);
