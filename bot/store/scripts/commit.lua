-- One commit: everything or nothing.
--
-- KEYS  epochs, logs, open, timers, indexes,
--       outbox rows, queue, ready, sending, revisions,
--       a seen-marker for each operation,
--       log and timers-of-log for each append,
--       the index for each change
-- ARGV  deadline in microseconds since 1970 or 0, token, name of the lease or '', its epoch,
--       operations: n, then n times: milliseconds to live
--       appends:    n, then n times: log, expected version, score, open (1/0),
--                                    m, then m events; m, then m times: timer, at
--       index:      n, then n times: name, field, has expected (1/0), expected, has value (1/0), value
--       outbox:     n, then n times: row key, queue score, queued at, intent
--
-- Reply {'committed'}, {'late', seconds, microseconds of the server's clock}, {'fenced'}, {'repeated', 'number of the operation (from 1) and the first log it changed'...} or
-- {'conflicted', log...}
--
-- Lua does not roll back, so all checks come first. The first write is a SET with data: a server that is out of
-- memory, read-only or can't write its append-only file refuses there, when nothing has been written yet.
-- A marker holds the token of its commit and the first log that was changed. One with this commit's own token means that an earlier try of the same commit was written and its reply lost.
local epochs, logs, open, timers, indexes = key(), key(), key(), key(), key()
local rows, queue, ready, _sending, revisions = key(), key(), key(), key(), key()
local deadline = number()
local token, lease, epoch = argument(), argument(), argument()

local operations = {}
for i = 1, number() do
  operations[i] = { marker = key(), ttl = argument() }
end

local appends = {}
for i = 1, number() do
  local append = { log = argument(), expected = number(), score = argument(), open = argument() == '1' }
  append.log_key, append.timers_key = key(), key()
  append.events, append.timers = {}, {}
  for e = 1, number() do
    append.events[e] = argument()
  end
  for t = 1, number() do
    append.timers[t] = { argument(), argument() }
  end
  appends[i] = append
end

local changes = {}
for i = 1, number() do
  local change = { key = key(), index = argument(), field = argument() }
  local has_expected, expected = argument() == '1', argument()
  local has_value, value = argument() == '1', argument()
  change.expected = has_expected and expected
  change.value = has_value and value
  changes[i] = change
end

-- Checks ---------------------------------------------------------------------------------------------------------
local repeated = { 'repeated' }
for i, operation in ipairs(operations) do
  local by = redis.call('GET', operation.marker)
  if by and string.sub(by, 1, #token) == token then
    return { 'committed' }
  elseif by then
    table.insert(repeated, i .. string.sub(by, #token + 1))
  end
end
local time = redis.call('TIME')
if deadline > 0 and tonumber(time[1]) * 1000000 + tonumber(time[2]) > deadline then
  return { 'late', time[1], time[2] }
end
if fenced_out(epochs, lease, epoch) then
  return { 'fenced' }
end
if #repeated > 1 then
  return repeated
end
local conflicts, conflicted = { 'conflicted' }, false
for _, append in ipairs(appends) do
  if redis.call('LLEN', append.log_key) ~= append.expected then
    conflicted = true
    table.insert(conflicts, append.log)
  end
end
for _, change in ipairs(changes) do
  if redis.call('HGET', change.key, change.field) ~= change.expected then
    conflicted = true
  end
end
if conflicted then
  return conflicts
end

-- Writes ---------------------------------------------------------------------------------------------------------
local first_log = appends[1] and appends[1].log or ''
for _, operation in ipairs(operations) do
  redis.call('SET', operation.marker, token .. ' ' .. first_log, 'PX', operation.ttl)
end
for _, append in ipairs(appends) do
  for _, event in ipairs(append.events) do
    redis.call('RPUSH', append.log_key, event)
  end
  redis.call('ZADD', logs, append.score, append.log)
  if append.open then
    redis.call('ZADD', open, append.score, append.log)
  else
    redis.call('ZREM', open, append.log)
  end
  rearm(timers, append.timers_key, append.timers)
end
for _, change in ipairs(changes) do
  if change.value then
    redis.call('HSET', change.key, change.field, change.value)
    redis.call('SADD', indexes, change.index)
  else
    redis.call('HDEL', change.key, change.field)
  end
end
for _ = 1, number() do
  local row_key, score, now, intent = argument(), argument(), argument(), argument()
  local row = read_row(rows, row_key)
  if not row then
    row = { score = score, queued_at = now, sending_since = '' }
    nobody_sends(row)
    redis.call('ZADD', queue, score, row_key)
    redis.call('ZADD', ready, score, row_key)
  end
  row.revision = tostring(redis.call('INCR', revisions))
  row.intent = intent
  write_row(rows, row_key, row)
end
return { 'committed' }
