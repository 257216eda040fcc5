-- Asks what a file says, one line a request: method, path, range, body, between tabs. Told as JSON at the end.
local requests, at = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, range, body = line:match("^(%S+)\t(%S+)\t(%S*)\t(.*)$")
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    if range ~= "" then headers["Range"] = range end
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p95": %.3f, "bytes": %d, "wrong": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(95) / 1000, summary.bytes,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
