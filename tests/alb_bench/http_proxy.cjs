// The npm package `http-proxy` with connections kept alive: node http_proxy.cjs PORT BACKEND_PORT
const http = require('node:http')
const httpProxy = require('http-proxy')

const [port, backend] = process.argv.slice(2).map(Number)
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity })
const proxy = httpProxy.createProxyServer({ target: { host: '127.0.0.1', port: backend }, agent, xfwd: true })
proxy.on('error', (_error, _request, response) => {
  if (!response.headersSent) response.writeHead(502)
  response.end()
})
const server = http.createServer((request, response) => proxy.web(request, response))
server.keepAliveTimeout = 60_000
server.listen(port, '127.0.0.1')
