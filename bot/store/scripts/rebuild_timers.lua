-- Rewrites one log's timers without an event.
--
-- KEYS  log, timers, timers-of-log
-- ARGV  expected version or '', n, then n times: timer, at
--
-- Reply 1, or 0 when the log has another version by now
local log, timers, log_timers = key(), key(), key()
local expected = argument()
if expected ~= '' and redis.call('LLEN', log) ~= tonumber(expected) then
  return 0
end
local wanted = {}
for t = 1, number() do
  wanted[t] = { argument(), argument() }
end
rearm(timers, log_timers, wanted)
return 1
