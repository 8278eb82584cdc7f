-- Puts one log back from a backup, with its timers and messages: everything or nothing.
--
-- KEYS  logs, open, timers, log, timers-of-log, messages of the log, message-slots
-- ARGV  log, score, open (1/0), m, then m events; m, then m times: timer, at;
--       incident, n, then n times: slot, chat, message, digest
--
-- Reply 1, or 0 when there is such a log already
local logs, open, timers, log, log_timers, messages, slots = key(), key(), key(), key(), key(), key(), key()
local name, score, is_open = argument(), argument(), argument() == '1'
if redis.call('EXISTS', log) == 1 then
  return 0
end
for _ = 1, number() do
  redis.call('RPUSH', log, argument())
end
redis.call('ZADD', logs, score, name)
if is_open then
  redis.call('ZADD', open, score, name)
end
local wanted = {}
for t = 1, number() do
  wanted[t] = { argument(), argument() }
end
rearm(timers, log_timers, wanted)
remember(messages, slots)
return 1
