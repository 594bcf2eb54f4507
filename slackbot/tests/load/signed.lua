-- Sends signed requests, one after the other; they are made beforehand, because wrk cannot sign.
local requests = dofile(os.getenv("LOAD_REQUESTS"))
local formatted = {}
local next = 0

function init()
  for place, signed in ipairs(requests) do
    local headers = {
      ["Content-Type"] = "application/x-www-form-urlencoded",
      ["X-Slack-Request-Timestamp"] = signed.time,
      ["X-Slack-Signature"] = signed.signature,
    }
    formatted[place] = wrk.format("POST", "/slack/commands", headers, signed.body)
  end
end

function request()
  next = next % #formatted + 1
  return formatted[next]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"seconds":%f,"requests":%d,"p50":%f,"p99":%f,"refused":%d,"broken":%d,"late":%d}\n',
    summary.duration / 1e6, summary.requests, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
