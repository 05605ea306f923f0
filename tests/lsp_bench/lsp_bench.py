#!/usr/bin/env python3
"""Measure a language server over stdio: start-up, latency, memory.

Speaks the Language Server Protocol to whatever command stands after `--`,
needs nothing but CPython 3.9+ on Linux, and prints one JSON object.
See README.md for what each figure means and how to compare two servers.
"""

import argparse
import json
import math
import os
import random
import re
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOW = time.perf_counter
MIB = 1024.0  # /proc counts KiB


class ServerGone(Exception):
    pass


class Timeout(Exception):
    pass


# --------------------------------------------------------------------------
# transport: one thread, non-blocking pipes, so that no thread hand-over
# stands between a byte arriving and its time stamp
# --------------------------------------------------------------------------
class Server:
    def __init__(self, command, cwd, settings, answer_timeout, trace=None):
        self.settings = settings
        self.answer_timeout = answer_timeout
        self.trace = trace
        self.stderr = tempfile.TemporaryFile()
        self.spawned = NOW()
        self.proc = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.stderr, start_new_session=True)
        self.rfd = self.proc.stdout.fileno()
        self.wfd = self.proc.stdin.fileno()
        os.set_blocking(self.rfd, False)
        os.set_blocking(self.wfd, False)
        self.inbuf = bytearray()
        self.outbuf = bytearray()
        self.flushing = False
        self.sent_at = self.spawned
        self.next_id = 1
        self.answers = {}
        self.publishes = []          # (time, uri, version, diagnostics)
        self.refreshes = {}          # method -> count of server-to-client requests
        self.notes = {}              # method -> count of notifications
        self.violations = []
        self.inflight = set()

    # -- writing ----------------------------------------------------------
    def _send(self, message):
        body = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
        data = b"Content-Length: %d\r\n\r\n" % len(body) + body
        if self.trace:
            self.trace.write(f"--> {body.decode()}\n")
        self.outbuf += data
        self.sent_at = NOW()             # encoding on this side is not the server's time
        if not self.flushing:            # an answer given while a long message is half written waits its turn
            self._flush()

    def _flush(self):
        self.flushing = True
        try:
            while self.outbuf:
                try:
                    n = os.write(self.wfd, self.outbuf)
                    del self.outbuf[:n]
                except BlockingIOError:
                    # the server may itself be blocked writing to us: keep reading
                    r, w, _ = select.select([self.rfd], [self.wfd], [], self.answer_timeout)
                    if r:
                        self._pump()
                    elif not w:
                        raise Timeout("the server has stopped reading")
                except BrokenPipeError:
                    raise ServerGone(self._obituary())
        finally:
            self.flushing = False

    def notify(self, method, params):
        self._send({"jsonrpc": "2.0", "method": method, **({} if params is None else {"params": params})})

    def request_nowait(self, method, params):
        rid = self.next_id
        self.next_id += 1
        self.inflight.add(rid)
        self._send({"jsonrpc": "2.0", "id": rid, "method": method, **({} if params is None else {"params": params})})
        return rid

    def request(self, method, params, timeout=None):
        """Returns (seconds, bytes, message)."""
        rid = self.request_nowait(method, params)
        started = self.sent_at
        self.wait(lambda: rid in self.answers, timeout or self.answer_timeout, method)
        arrived, size, message = self.answers.pop(rid)
        return arrived - started, size, message

    # -- reading ----------------------------------------------------------
    def _obituary(self):
        code = self.proc.poll()
        self.stderr.seek(0)
        tail = self.stderr.read()[-1500:].decode(errors="replace")
        return f"server gone (exit {code}); stderr tail: {tail!r}"

    def _pump(self):
        try:
            chunk = os.read(self.rfd, 1 << 20)
        except BlockingIOError:
            return
        arrived = NOW()
        if not chunk:
            raise ServerGone(self._obituary())
        self.inbuf += chunk
        while True:
            end = self.inbuf.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.inbuf[:end])
            m = re.search(rb"content-length:\s*(\d+)", head, re.I)
            if not m:
                self.violations.append(f"header without Content-Length: {head[:120]!r}")
                del self.inbuf[:end + 4]
                continue
            size = int(m.group(1))
            if len(self.inbuf) < end + 4 + size:
                return
            body = bytes(self.inbuf[end + 4:end + 4 + size])
            del self.inbuf[:end + 4 + size]
            self._handle(body, arrived)

    def _handle(self, body, arrived):
        if self.trace:
            self.trace.write(f"<-- {body.decode(errors='replace')}\n")
        try:
            message = json.loads(body)
        except ValueError as err:
            self.violations.append(f"body is no JSON: {err}")
            return
        if "method" in message and "id" in message:
            self._serve(message)
        elif "method" in message:
            method, params = message["method"], message.get("params") or {}
            self.notes[method] = self.notes.get(method, 0) + 1
            if method == "textDocument/publishDiagnostics":
                self.publishes.append((arrived, params.get("uri"), params.get("version"),
                                       params.get("diagnostics") or []))
        else:
            rid = message.get("id")
            if rid not in self.inflight:
                self.violations.append(f"answer to an id never asked: {rid!r}")
            self.inflight.discard(rid)
            if ("result" in message) == ("error" in message):
                self.violations.append(f"answer {rid!r} has both or neither of result and error")
            self.answers[rid] = (arrived, len(body), message)

    def _section(self, name):
        node = self.settings
        for part in (name or "").split("."):
            if part:
                node = node.get(part) if isinstance(node, dict) else None
        return node

    def _serve(self, message):
        method, params = message["method"], message.get("params") or {}
        self.refreshes[method] = self.refreshes.get(method, 0) + 1
        reply = {"jsonrpc": "2.0", "id": message["id"]}
        if method == "workspace/configuration":
            reply["result"] = [self._section(i.get("section")) for i in params.get("items", [])]
        elif method == "workspace/workspaceFolders":
            reply["result"] = self.folders
        elif method == "workspace/applyEdit":
            reply["result"] = {"applied": False}
        elif method in ("client/registerCapability", "client/unregisterCapability",
                        "window/workDoneProgress/create", "window/showMessageRequest"
                        ) or method.endswith("/refresh"):
            reply["result"] = None
        else:
            reply["error"] = {"code": -32601, "message": f"client does not handle {method}"}
        self._send(reply)

    def wait(self, ready, timeout, what):
        limit = NOW() + timeout
        while not ready():
            left = limit - NOW()
            if left <= 0:
                raise Timeout(f"{what}: nothing within {timeout:g} s")
            if select.select([self.rfd], [], [], left)[0]:
                self._pump()

    def settle(self, quiet, longest):
        """Read until nothing has come for `quiet` seconds."""
        limit = NOW() + longest
        while NOW() < limit:
            if not select.select([self.rfd], [], [], quiet)[0]:
                return
            self._pump()

    # -- ending -----------------------------------------------------------
    def stop(self, patience=3.0):
        """shutdown, then exit; the pipe is closed only if the server is still there after that."""
        out = {"answered": False, "left_on_exit": False}
        try:
            started = NOW()
            _, _, answer = self.request("shutdown", None, 10)
            out["answered"] = "error" not in answer
            self.notify("exit", None)
            try:
                self.proc.wait(patience)
                out["left_on_exit"] = True
            except subprocess.TimeoutExpired:
                self.proc.stdin.close()
                self.proc.wait(patience)
                out["left_on_end_of_input"] = True
            out["exit_code"] = self.proc.returncode
            out["shutdown_to_exit_ms"] = ms(NOW() - started)
        except (ServerGone, Timeout, subprocess.TimeoutExpired) as err:
            out["why"] = str(err)[:300]
        finally:
            self.kill()
        out["clean"] = out["left_on_exit"] and out.get("exit_code") == 0
        return out

    def kill(self):
        try:
            os.killpg(self.proc.pid, signal.SIGKILL)   # own session: only its own children
        except (ProcessLookupError, PermissionError):
            pass
        self.proc.wait()
        for f in (self.proc.stdin, self.proc.stdout, self.stderr):
            try:
                f.close()
            except OSError:
                pass


# --------------------------------------------------------------------------
# figures
# --------------------------------------------------------------------------
def ms(seconds):
    return round(seconds * 1000, 3)


def spread(seconds):
    if not seconds:
        return None
    s = sorted(seconds)

    def at(q):                      # nearest rank
        return ms(s[math.ceil(q * len(s)) - 1])
    return {"n": len(s), "min_ms": ms(s[0]), "p50_ms": ms(statistics.median(s)), "p95_ms": at(.95),
            "p99_ms": at(.99), "max_ms": ms(s[-1]), "mean_ms": ms(statistics.fmean(s))}


def process_tree(pid):
    todo, seen = [pid], []
    while todo:
        p = todo.pop()
        seen.append(p)
        try:
            for task in os.listdir(f"/proc/{p}/task"):
                kids = Path(f"/proc/{p}/task/{task}/children").read_text().split()
                todo += [int(k) for k in kids]
        except OSError:
            pass
    return seen


def memory(pid):
    """RSS and PSS of the server with its children, and the peak of each added up."""
    rss = peak = pss = 0
    pids = process_tree(pid)
    for p in pids:
        try:
            status = Path(f"/proc/{p}/status").read_text()
            rss += int(re.search(r"VmRSS:\s+(\d+)", status).group(1))
            peak += int(re.search(r"VmHWM:\s+(\d+)", status).group(1))
            pss += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{p}/smaps_rollup").read_text(), re.M).group(1))
        except (OSError, AttributeError):
            pass
    return {"rss_mib": round(rss / MIB, 1), "pss_mib": round(pss / MIB, 1),
            "peak_rss_mib": round(peak / MIB, 1), "processes": len(pids)}


def scheduled(pid):
    """Seconds the server's threads ran, and seconds they stood ready but waiting for a core.

    The second tells how far a busy machine has stretched the latencies; the first
    hardly moves with it. Threads that have ended are not in it.
    """
    ran = waited = 0
    for p in process_tree(pid):
        try:
            for task in os.listdir(f"/proc/{p}/task"):
                f = Path(f"/proc/{p}/task/{task}/schedstat").read_text().split()
                ran += int(f[0])
                waited += int(f[1])
        except OSError:
            pass
    return ran / 1e9, waited / 1e9


def cpu_seconds(pid):
    return round(scheduled(pid)[0], 3)


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


# --------------------------------------------------------------------------
# what is asked
# --------------------------------------------------------------------------
CLIENT = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {
        "configuration": True, "workspaceFolders": True, "applyEdit": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "executeCommand": {}, "symbol": {},
        "codeLens": {"refreshSupport": True}, "semanticTokens": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True, "dynamicRegistration": True},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True,
                               "codeDescriptionSupport": True, "dataSupport": True},
        "completion": {"dynamicRegistration": True, "contextSupport": True, "completionItem": {
            "snippetSupport": True, "documentationFormat": ["markdown", "plaintext"],
            "insertReplaceSupport": True, "resolveSupport": {"properties": ["documentation", "detail"]}}},
        "hover": {"contentFormat": ["markdown", "plaintext"], "dynamicRegistration": True},
        "codeLens": {"dynamicRegistration": True}, "definition": {"linkSupport": True},
        "references": {}, "documentLink": {"tooltipSupport": True}, "foldingRange": {},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "formatting": {"dynamicRegistration": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor", "source"]}},
                       "dataSupport": True, "resolveSupport": {"properties": ["edit"]}},
        "inlayHint": {}, "selectionRange": {},
        "semanticTokens": {"requests": {"full": True, "range": False}, "formats": ["relative"],
                           "tokenTypes": ["keyword", "property", "string", "number", "variable"],
                           "tokenModifiers": []},
    },
}

# short name -> (method, needs a position)
ASK = {
    "completion": ("textDocument/completion", True),
    "hover": ("textDocument/hover", True),
    "definition": ("textDocument/definition", True),
    "documentSymbol": ("textDocument/documentSymbol", False),
    "codeLens": ("textDocument/codeLens", False),
    "foldingRange": ("textDocument/foldingRange", False),
    "documentLink": ("textDocument/documentLink", False),
    "formatting": ("textDocument/formatting", False),
    "codeAction": ("textDocument/codeAction", False),
    "inlayHint": ("textDocument/inlayHint", False),
    "semanticTokens": ("textDocument/semanticTokens/full", False),
    "diagnostic": ("textDocument/diagnostic", False),
}


def positions(lines, rng, count):
    """Half on the first character of a key, half at the end of a line."""
    usable = [i for i, l in enumerate(lines) if l.strip() and not l.lstrip().startswith("#")]
    out = []
    for k in range(count):
        i = rng.choice(usable)
        line = lines[i]
        at = len(line) - len(line.lstrip()) if k % 2 == 0 else len(line)
        out.append({"line": i, "character": utf16(line[:at])})
    return out


def how_many(result):
    if result is None:
        return 0
    if isinstance(result, list):
        return len(result)
    if isinstance(result, dict):
        for key in ("items", "data"):
            if isinstance(result.get(key), list):
                return len(result[key])
    return 1


class Session:
    """A started server with one document open."""

    def __init__(self, opt, document, text, trace=None):
        self.opt, self.text = opt, text
        self.uri = document.resolve().as_uri()
        self.version = 1
        self.s = Server(opt.command, str(opt.root), opt.settings, opt.timeout, trace)
        self.s.folders = [{"uri": opt.root.resolve().as_uri(), "name": opt.root.name}]

    def start(self):
        o, s = self.opt, self.s
        caps = json.loads(json.dumps(CLIENT))
        if o.pull:
            caps["textDocument"]["diagnostic"] = {"dynamicRegistration": True}
        _, _, answer = s.request("initialize", {
            "processId": os.getpid(), "clientInfo": {"name": "lsp_bench", "version": "1"},
            "rootUri": s.folders[0]["uri"], "rootPath": str(o.root), "workspaceFolders": s.folders,
            "capabilities": caps, "initializationOptions": o.init_options, "trace": "off"})
        if "error" in answer:
            raise ServerGone(f"initialize refused: {answer['error']}")
        self.initialized = NOW()
        self.capabilities = answer["result"].get("capabilities", {})
        self.info = answer["result"].get("serverInfo")
        s.notify("initialized", {})
        if o.settings:
            s.notify("workspace/didChangeConfiguration", {"settings": o.settings})
        if o.settle_before_open:
            s.settle(o.settle_before_open, 30)
        self.opened = NOW()
        s.notify("textDocument/didOpen", {"textDocument": {
            "uri": self.uri, "languageId": o.language, "version": 1, "text": self.text}})
        if o.pull:
            _, _, answer = s.request("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})
            self.first = self.first_found = NOW()
            self.found = how_many(answer.get("result"))
            return
        s.wait(lambda: self.published(self.opened), o.timeout, "first diagnostics")
        self.first = self.published(self.opened)[0][0]
        # some servers publish an empty list first and the findings later
        if not any(p[3] for p in self.published(self.opened)) and not o.clean:
            try:
                s.wait(lambda: any(p[3] for p in self.published(self.opened)), o.grace, "findings")
            except Timeout:
                pass
        full = [p for p in self.published(self.opened) if p[3]]
        self.first_found = full[0][0] if full else None
        self.found = len(self.published(self.opened)[-1][3])

    def published(self, since):
        return [p for p in self.s.publishes if p[0] >= since and p[1] == self.uri]

    def change(self, start, end, text):
        self.version += 1
        sync = self.capabilities.get("textDocumentSync")
        kind = sync.get("change") if isinstance(sync, dict) else sync
        lines = self.text.split("\n")
        off = sum(len(l) + 1 for l in lines[:start[0]]) + start[1]
        end_off = sum(len(l) + 1 for l in lines[:end[0]]) + end[1]
        self.text = self.text[:off] + text + self.text[end_off:]
        edit = {"text": self.text} if kind == 1 else {"text": text, "range": {
            "start": {"line": start[0], "character": start[1]},
            "end": {"line": end[0], "character": end[1]}}}
        self.s.notify("textDocument/didChange", {
            "textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [edit]})

    def params(self, name, position=None):
        p = {"textDocument": {"uri": self.uri}}
        if position:
            p["position"] = position
        whole = {"start": {"line": 0, "character": 0},
                 "end": {"line": self.text.count("\n"), "character": 0}}
        if name == "completion":
            p["context"] = {"triggerKind": 1}
        elif name == "formatting":
            p["options"] = {"tabSize": 2, "insertSpaces": True}
        elif name == "inlayHint":
            p["range"] = whole
        elif name == "codeAction":
            last = self.published(0)
            p["range"] = whole
            p["context"] = {"diagnostics": last[-1][3][:20] if last else []}
        return p


# --------------------------------------------------------------------------
# the phases
# --------------------------------------------------------------------------
def cold_starts(opt, document, text):
    init, first, found, rss, ran, waited = [], [], [], [], [], []
    for _ in range(opt.starts):
        one = Session(opt, document, text)
        try:
            one.start()
            init.append(one.initialized - one.s.spawned)
            first.append(one.first - one.s.spawned)
            if one.first_found:
                found.append(one.first_found - one.s.spawned)
            cpu = scheduled(one.s.proc.pid)
            ran.append(cpu[0])
            waited.append(cpu[1])
            rss.append(memory(one.s.proc.pid)["rss_mib"])
        finally:
            one.s.stop(.5)
    return {"spawn_to_initialize_answer": spread(init),
            "spawn_to_first_publish": spread(first),
            "spawn_to_first_findings": spread(found),
            "cpu_ms_to_first_findings": ms(statistics.median(ran)),
            "waited_for_core_ms": ms(statistics.median(waited)),
            "rss_mib_after_first_findings": {"p50": statistics.median(rss), "max": max(rss)}}


def warm(opt, document, text, trace):
    rng = random.Random(opt.seed)
    one = Session(opt, document, text, trace)
    report = {}
    try:
        one.start()
        s, pid = one.s, one.s.proc.pid
        report["server_info"] = one.info
        report["open_to_first_findings_ms"] = ms(one.first_found - one.opened) if one.first_found else None
        report["diagnostics_on_open"] = one.found
        s.settle(opt.quiet, 20)
        report["memory_after_open"] = memory(pid)
        report["cpu_s_after_open"] = cpu_seconds(pid)
        lines = text.split("\n")

        report["requests"] = {}
        for name in opt.methods:
            method, placed = ASK[name]
            places = positions(lines, rng, opt.requests + opt.warmup) if placed else [None] * (opt.requests + opt.warmup)
            took, sizes, counts, errors = [], [], [], {}
            cpu = scheduled(pid)
            for k, place in enumerate(places):
                try:
                    t, size, answer = s.request(method, one.params(name, place))
                except Timeout as err:
                    errors[str(err)] = errors.get(str(err), 0) + 1
                    continue
                if "error" in answer:
                    key = f"{answer['error'].get('code')} {answer['error'].get('message', '')[:80]}"
                    errors[key] = errors.get(key, 0) + 1
                    if len(errors) and not took and k >= 2:
                        break                      # method not served: do not ask 200 times
                    continue
                if k >= opt.warmup:
                    took.append(t)
                    sizes.append(size)
                    counts.append(how_many(answer["result"]))
            row = spread(took) or {"n": 0}
            if took:
                done = len(took) + min(opt.warmup, len(places))
                after = scheduled(pid)
                row.update(cpu_ms_each=ms((after[0] - cpu[0]) / done), waited_for_core_ms_each=ms((after[1] - cpu[1]) / done))
                row.update(items_mean=round(statistics.fmean(counts), 1),
                           empty=sum(c == 0 for c in counts), bytes_mean=round(statistics.fmean(sizes)))
            if errors:
                row["errors"] = errors
            report["requests"][name] = row

        # Enter is pressed below a line and completion is asked in the same breath
        if "completion" in opt.methods and opt.edits:
            took, counts, cpu = [], [], scheduled(pid)
            for _ in range(opt.edits):
                now = one.text.split("\n")
                line = positions(now, rng, 1)[0]["line"]
                indent = re.match(r"[ \t]*", now[line]).group()
                one.change((line, len(now[line])), (line, len(now[line])), "\n" + indent)
                try:
                    t, _, answer = s.request("textDocument/completion", one.params(
                        "completion", {"line": line + 1, "character": len(indent)}))
                    if "error" not in answer:
                        took.append(t)
                        counts.append(how_many(answer["result"]))
                except Timeout:
                    pass
                one.change((line, len(now[line])), (line + 1, len(indent)), "")
                s.settle(opt.quiet, 5)
            row = spread(took)
            if row:
                after = scheduled(pid)
                row.update(items_mean=round(statistics.fmean(counts), 1), empty=sum(c == 0 for c in counts),
                           cpu_ms_each=ms((after[0] - cpu[0]) / len(took)),
                           waited_for_core_ms_each=ms((after[1] - cpu[1]) / len(took)))
            report["new_line_then_completion"] = row

        # an edit that makes, and one that takes back, a finding
        if opt.edits and not opt.pull:
            took, silent = [], 0
            for k in range(opt.edits):
                end = one.text.count("\n")
                if k % 2 == 0:
                    one.change((end, 0), (end, 0), opt.bad_line)
                else:
                    one.change((end, 0), (end, len(one.text.rsplit("\n", 1)[-1])), "")
                before, want = s.sent_at, one.version

                def current():
                    return [p for p in one.published(before) if p[2] is None or p[2] >= want]
                try:
                    s.wait(current, opt.grace, "diagnostics after an edit")
                    took.append(current()[0][0] - before)
                    s.settle(opt.quiet, 5)
                except Timeout:
                    silent += 1
            report["edit_to_diagnostics"] = spread(took)
            if silent:
                report["edits_without_diagnostics"] = silent

        # bursts: eight keys, then see when the last version is reported
        if opt.bursts and not opt.pull:
            took, published = [], []
            for _ in range(opt.bursts):
                end = one.text.count("\n")
                before = NOW()
                for ch in "zzzzzzzz":
                    width = len(one.text.rsplit("\n", 1)[-1])
                    one.change((end, width), (end, width), ch)
                last, want = s.sent_at, one.version
                try:
                    s.wait(lambda: [p for p in one.published(before) if p[2] is None or p[2] >= want],
                           opt.grace, "diagnostics after a burst")
                    s.settle(opt.quiet, 5)
                    seen = one.published(before)
                    took.append([p for p in seen if p[2] is None or p[2] >= want][0][0] - last)
                    published.append(len(seen))
                except Timeout:
                    pass
                width = len(one.text.rsplit("\n", 1)[-1])
                one.change((end, 0), (end, width), "")
                s.settle(opt.quiet, 5)
            report["burst_of_8_keys_to_diagnostics"] = spread(took)
            if published:
                report["publishes_per_burst_mean"] = round(statistics.fmean(published), 1)

        # what the first thousand requests cost once, a second thousand must not cost again
        if opt.methods and opt.requests:
            report["memory_before_as_many_again"] = memory(pid)
            for name in opt.methods:
                method, placed = ASK[name]
                for place in positions(one.text.split("\n"), rng, opt.requests) if placed else [None] * opt.requests:
                    s.request(method, one.params(name, place))
        report["memory_at_end"] = memory(pid)
        report["cpu_s_at_end"] = cpu_seconds(pid)
        idle = cpu_seconds(pid)
        time.sleep(opt.idle)
        report["cpu_s_idle"] = {"over_s": opt.idle, "cpu_s": round(cpu_seconds(pid) - idle, 3)}
        report["server_to_client"] = {"requests": s.refreshes, "notifications": s.notes}
        report["protocol_violations"] = s.violations[:20]
        stop = s.stop()
        report["shutdown"] = stop
    finally:
        one.s.kill()
    return report


def many(opt, document, text):
    """Memory with several documents open, each in a folder of its own beside the first."""
    one = Session(opt, document, text)
    try:
        one.start()
        uris = [one.uri]
        for k in range(1, opt.documents):
            uri = (document.resolve().parent / f"copy-{k}" / document.name).as_uri()
            uris.append(uri)
            one.s.notify("textDocument/didOpen", {"textDocument": {
                "uri": uri, "languageId": opt.language, "version": 1, "text": text}})
        if not opt.pull:
            one.s.wait(lambda: {p[1] for p in one.s.publishes} >= set(uris), opt.timeout, "diagnostics of every document")
        one.s.settle(opt.quiet, 20)
        return {"documents": len(uris), "memory": memory(one.s.proc.pid), "shutdown": one.s.stop()}
    finally:
        one.s.kill()


def floor():
    """Round trip to a trivial peer: what of each latency is the harness and the pipes."""
    peer = ("import sys,json\n"
            "i=sys.stdin.buffer;o=sys.stdout.buffer\n"
            "while 1:\n"
            " n=0\n"
            " while 1:\n"
            "  l=i.readline()\n"
            "  if not l: sys.exit()\n"
            "  if l==b'\\r\\n': break\n"
            "  n=int(l.split(b':')[1])\n"
            " m=json.loads(i.read(n))\n"
            " if m.get('method')=='exit': sys.exit()\n"
            " if 'id' in m:\n"
            "  b=json.dumps({'jsonrpc':'2.0','id':m['id'],'result':None}).encode()\n"
            "  o.write(b'Content-Length: %d\\r\\n\\r\\n'%len(b)+b);o.flush()\n")
    s = Server([sys.executable, "-c", peer], ".", {}, 10)
    s.folders = []
    took = [s.request("x", {})[0] for _ in range(500)][100:]
    s.stop()
    return spread(took)


def limits(spec, report):
    """`requests.completion.p95_ms<=15` and the like; returns what fell short."""
    bad = []
    for text in spec:
        m = re.fullmatch(r"([\w.]+)(<=|>=|==)(-?[\d.]+)", text)
        if not m:
            sys.exit(f"cannot read the limit {text!r}")
        node = report
        for part in m.group(1).split("."):
            node = node.get(part) if isinstance(node, dict) else None
        want = float(m.group(3))
        ok = isinstance(node, (int, float)) and {
            "<=": node <= want, ">=": node >= want, "==": node == want}[m.group(2)]
        if not ok:
            bad.append(f"{text} (is {node})")
    return bad


def table(r):
    def row(name, d):
        if d and d.get("n"):
            more = f"  items {d['items_mean']}" if "items_mean" in d else ""
            more += f"  cpu {d['cpu_ms_each']} ms each" if "cpu_ms_each" in d else ""
            print(f"  {name:34} p50 {d['p50_ms']:9.2f}  p95 {d['p95_ms']:9.2f}  max {d['max_ms']:9.2f} ms  n {d['n']}{more}", file=sys.stderr)
        elif d:
            print(f"  {name:34} not served: {d.get('errors')}", file=sys.stderr)
    print(f"{r['label']}: {r['document']['lines']} lines, {r['document']['bytes']} bytes", file=sys.stderr)
    for k, v in r["cold"].items():
        if isinstance(v, dict) and "p50_ms" in v:
            row(k, v)
    for k, v in r["warm"]["requests"].items():
        row(k, v)
    for k in ("new_line_then_completion", "edit_to_diagnostics", "burst_of_8_keys_to_diagnostics"):
        row(k, r["warm"].get(k))
    a, b = r["warm"]["memory_after_open"], r["warm"]["memory_at_end"]
    print(f"  RSS after open {a['rss_mib']} MiB, at end {b['rss_mib']} MiB, peak {b['peak_rss_mib']} MiB; "
          f"CPU {r['warm']['cpu_s_at_end']} s; diagnostics on open {r['warm']['diagnostics_on_open']}; "
          f"violations {len(r['warm']['protocol_violations'])}; shutdown {r['warm']['shutdown']}", file=sys.stderr)


def rooted(command):
    """The server is started in the workspace folder: name the files of its command from the top."""
    return [str(Path(c).absolute()) if "/" in c and Path(c).exists() else c for c in command]


def value(text):
    if text.startswith("@"):
        text = Path(text[1:]).read_text()
    return json.loads(text)


def main():
    argv = sys.argv[1:]
    command = []
    if "--" in argv:
        command = argv[argv.index("--") + 1:]
        argv = argv[:argv.index("--")]
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0], usage="lsp_bench.py [options] -- SERVER [ARG…]")
    p.add_argument("--file", type=Path, help="the document that is opened (read from disk, never written)")
    p.add_argument("--root", type=Path, help="workspace folder; default: the document's folder")
    p.add_argument("--language", default="yaml", help="languageId")
    p.add_argument("--label", help="name in the report; default: the command")
    p.add_argument("--init-options", type=value, default=None, metavar="JSON|@FILE")
    p.add_argument("--settings", type=value, default={}, metavar="JSON|@FILE",
                   help="sent by didChangeConfiguration and answered to workspace/configuration; '{root}' in it is replaced")
    p.add_argument("--methods", default="completion,hover,documentSymbol",
                   help="comma list out of: " + ", ".join(ASK))
    p.add_argument("--starts", type=int, default=10, help="cold starts")
    p.add_argument("--requests", type=int, default=200, help="requests timed a method")
    p.add_argument("--warmup", type=int, default=20, help="requests not counted, a method")
    p.add_argument("--edits", type=int, default=40, help="edits timed")
    p.add_argument("--bursts", type=int, default=10, help="bursts of eight keys timed")
    p.add_argument("--documents", type=int, default=0, help="documents opened together, to see what memory they take; 0: not done")
    p.add_argument("--bad-line", default="zzz_unknown: 1", help="text put at the end of the document to make a finding")
    p.add_argument("--pull", action="store_true", help="the server is asked for diagnostics (textDocument/diagnostic)")
    p.add_argument("--clean", action="store_true", help="the document has no findings: do not wait for any")
    p.add_argument("--timeout", type=float, default=30, help="seconds for any one answer")
    p.add_argument("--grace", type=float, default=5, help="seconds that findings may come late")
    p.add_argument("--quiet", type=float, default=.3, help="seconds of silence that count as settled")
    p.add_argument("--settle-before-open", type=float, default=0, help="wait for silence between initialized and didOpen")
    p.add_argument("--idle", type=float, default=2, help="seconds of idling over which CPU time is read")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--limit", action="append", default=[], metavar="PATH<=NUMBER",
                   help="exit 1 unless it holds, e.g. warm.requests.completion.p95_ms<=15; may be repeated")
    p.add_argument("--out", type=Path, help="write the JSON here instead of standard output")
    p.add_argument("--trace", type=Path, help="write every message of the warm session here")
    p.add_argument("--floor", action="store_true", help="only measure the harness itself")
    opt = p.parse_args(argv)
    if opt.floor:
        print(json.dumps(floor(), indent=1))
        return 0
    if not opt.file or not command:
        p.error("--file and a server command after -- are needed")
    opt.command = rooted(command)
    opt.root = (opt.root or opt.file.parent).resolve()
    opt.settings = json.loads(json.dumps(opt.settings).replace("{root}", str(opt.root)))
    opt.methods = [m for m in opt.methods.split(",") if m]
    for m in opt.methods:
        if m not in ASK:
            p.error(f"unknown method {m}")
    text = opt.file.read_text()
    if not text.endswith("\n"):
        text += "\n"
    trace = opt.trace.open("w") if opt.trace else None
    report = {
        "label": opt.label or " ".join(command),
        "command": command,
        "document": {"name": opt.file.name, "lines": text.count("\n"), "bytes": len(text.encode())},
        "host": {"cpus": os.cpu_count(), "load_at_start": os.getloadavg()[0], "kernel": os.uname().release},
        "harness_floor": floor(),
    }
    try:
        report["cold"] = cold_starts(opt, opt.file, text)
        report["warm"] = warm(opt, opt.file, text, trace)
        if opt.documents:
            report["many"] = many(opt, opt.file, text)
    except (ServerGone, Timeout) as err:
        report["failed"] = str(err)
        print(json.dumps(report, indent=1))
        return 2
    report["host"]["load_at_end"] = os.getloadavg()[0]
    report["limits_missed"] = limits(opt.limit, report)
    body = json.dumps(report, indent=1)
    if opt.out:
        opt.out.write_text(body + "\n")
    else:
        print(body)
    table(report)
    for miss in report["limits_missed"]:
        print(f"LIMIT MISSED: {miss}", file=sys.stderr)
    return 1 if report["limits_missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
