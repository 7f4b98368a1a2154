-- Sends the requests of a file in turn, for ever; prints what was measured as one line of JSON.
-- REQUESTS: each line a path, and the headers that follow it as "Name: value", with tabs between them.
local prepared = {}
local at = 0

function init(_)
  math.randomseed(tonumber(os.getenv("SEED") or "1"))
  for line in io.lines(os.getenv("REQUESTS")) do
    local parts = {}
    for part in string.gmatch(line, "[^\t]+") do parts[#parts + 1] = part end
    local headers = {}
    for i = 2, #parts do
      local name, value = string.match(parts[i], "^([^:]+): (.*)$")
      headers[name] = value
    end
    prepared[#prepared + 1] = wrk.format("GET", parts[1], headers)
  end
  at = math.random(#prepared)
end

function request()
  at = at % #prepared + 1
  return prepared[at]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.3f, "bytes": %d, "failed": %d, "p50_ms": %.3f, "p95_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests, summary.duration / 1000000, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
