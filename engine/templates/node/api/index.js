'use strict'

const http = require('node:http')

const port = Number(process.env.PORT ?? 8080)

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const server = http.createServer((request, response) => {
  const path = request.url.split('?')[0]
  if (path === '/health') {
    answer(response, 200, { status: 'ok' })
  } else {
    answer(response, 200, { message: 'Hello from {{name}}', path })
  }
})

// All addresses, because requests reach a container from outside.
server.listen(port, '0.0.0.0', () => console.log(`Listening on port ${port}`))

// A deployment asks the container to stop before it ends it.
process.on('SIGTERM', () => server.close(() => process.exit(0)))
