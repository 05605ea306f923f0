import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PORT = int(os.environ.get("PORT", "8080"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urlsplit(self.path).path
        if path == "/health":
            self.answer(200, {"status": "ok"})
        else:
            self.answer(200, {"message": "Hello from {{name}}", "path": path})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


# A deployment asks the container to stop before it ends it.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

# All addresses, because requests reach a container from outside.
server = ThreadingHTTPServer(("0.0.0.0", PORT), Handler)
print(f"Listening on port {PORT}", flush=True)
server.serve_forever()
