-- Takes rows to send: lane by lane, the longest waiting first.
--
-- KEYS  epochs, outbox rows, queue, ready, sending, revisions
-- ARGV  name of the lease, its epoch, now, limit, token of this claim,
--       n, then n times: token of an earlier claim whose reply was lost
--
-- Reply {'fenced'} or {'claimed', then for each row: row key, revision, queued at, sending since before this claim or '',
--        intent}
--
-- Before that, back into the queue go: rows of an older epoch, whose sender is gone; rows of a claim that nobody heard
-- of.
local epochs, rows, _queue, ready, sending = key(), key(), key(), key(), key()
local lease, epoch, now, limit, token = argument(), argument(), argument(), number(), argument()
if fenced_out(epochs, lease, epoch) then
  return { 'fenced' }
end

for _, row_key in ipairs(redis.call('ZRANGEBYSCORE', sending, '-inf', '(' .. epoch)) do
  redis.call('ZADD', ready, read_row(rows, row_key).score, row_key)
  redis.call('ZREM', sending, row_key)
end
local unheard = {}
for _ = 1, number() do
  unheard[argument()] = true
end
if next(unheard) then
  for _, row_key in ipairs(redis.call('ZRANGE', sending, 0, -1)) do
    local row = read_row(rows, row_key)
    if unheard[row.claim] then
      redis.call('ZADD', ready, row.score, row_key)
      redis.call('ZREM', sending, row_key)
    end
  end
end

local reply = { 'claimed' }
for _, row_key in ipairs(redis.call('ZRANGE', ready, 0, limit - 1)) do
  local row = read_row(rows, row_key)
  for _, field in ipairs({ row_key, row.revision, row.queued_at, row.sending_since, row.intent }) do
    table.insert(reply, field)
  end
  row.sending_since, row.epoch, row.claim = now, epoch, token
  write_row(rows, row_key, row)
  redis.call('ZADD', sending, epoch, row_key)
  redis.call('ZREM', ready, row_key)
end
return reply
