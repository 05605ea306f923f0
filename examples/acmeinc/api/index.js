"use strict";

const http = require("node:http");

const port = Number(process.env.PORT || 8080);
const products = [
  { id: 1, name: "Anvil", price: 49.5 },
  { id: 2, name: "Rocket skates", price: 199 },
  { id: 3, name: "Portable hole", price: 12.25 },
];

function answer(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body) + "\n");
}

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const product = /^\/api\/products\/(\d+)$/.exec(pathname);
  if (pathname === "/api/health") {
    answer(response, 200, { status: "ok" });
  } else if (pathname === "/api/products") {
    answer(response, 200, products);
  } else if (product) {
    const found = products.find(({ id }) => id === Number(product[1]));
    answer(response, found ? 200 : 404, found || { error: "There is no such product." });
  } else {
    answer(response, 404, { error: "There is no such resource." });
  }
});

server.listen(port, "0.0.0.0", () => console.log(`api listens on ${port}`));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
