-- For wrk: asks the questions of the file QUESTIONS (one percent-encoded query a line) in turn at the path ENDPOINT.
-- Where a line holds UNSEEN, a number stands that no request of this run or of another one has had (STAMP is new each
-- time). At the end one line goes to standard error: requests, microseconds, refused and broken ones; then the histogram
-- of the latencies, `microseconds:count` each.
local questions = {}
for line in io.lines(os.getenv("QUESTIONS")) do
  questions[#questions + 1] = os.getenv("ENDPOINT") .. "?query=" .. line
end
local stamp = os.getenv("STAMP")
local headers = { Accept = "application/sparql-results+json, text/turtle;q=0.5" }
local asked = 0

request = function()
  asked = asked + 1
  local address = questions[(asked - 1) % #questions + 1]:gsub("UNSEEN", string.format("%s%07d", stamp, asked))
  return wrk.format("GET", address, headers)
end

done = function(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.stderr:write(string.format("%d %d %d %d", summary.requests, summary.duration, errors.status, broken))
  for place = 1, #latency do
    local microseconds, count = latency(place)
    io.stderr:write(string.format(" %d:%d", microseconds, count))
  end
  io.stderr:write("\n")
end
