-- What wrk is to send, from its arguments, and what it found, as one line for the harness.
function init(args)
  local method, size, header = args[1], tonumber(args[2]), args[3]
  wrk.method = method
  if size > 0 then
    wrk.body = string.rep("x", size)
    wrk.headers["Content-Type"] = "application/octet-stream"
  end
  if header == "close" then
    wrk.headers["Connection"] = "close"
  end
  wrk.format()
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("\n@@ %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
