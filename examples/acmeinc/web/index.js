"use strict";

const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");

const port = Number(process.env.PORT || 8080);
const page = fs.readFileSync(path.join(__dirname, "public", "index.html"), "utf8");
const greeting = process.env.GREETING || "Welcome";

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/health") {
    response.writeHead(200, { "content-type": "text/plain" }).end("ok\n");
  } else if (pathname === "/") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page.replace("{{greeting}}", greeting));
  } else {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is no such page.\n");
  }
});

server.listen(port, "0.0.0.0", () => console.log(`web listens on ${port}`));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
