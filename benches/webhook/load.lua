-- wrk sends the requests of a file, one after the other, from the nth on; with a pause of PAUSE ms on average, if given.
-- wrk … -- FILE LENGTH FIRST [PAUSE]

local threads = {}

function setup(thread)
  assert(#threads == 0, "one thread: two would send the same requests")
  threads[1] = thread
end

function init(args)
  length, pause = tonumber(args[2]), tonumber(args[4])
  file = assert(io.open(args[1], "rb"))
  file:seek("set", length * tonumber(args[3]))
  sent = 0
end

function request()
  sent = sent + 1
  return assert(file:read(length), "the file has too few requests for this load")
end

function delay()
  return pause and math.random(0, 2 * pause) or 0
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "requests=%d sent=%d rate=%.0f p50=%.2f p99=%.2f failed=%d\n",
    summary.requests, threads[1]:get("sent"), summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
