-- A row was not sent: back into the queue, or put off.
--
-- KEYS  epochs, outbox rows, queue, ready, later, sending, revisions
-- ARGV  name of the lease, its epoch, row key, attempts, not before or '' (as it was), sending since or ''
--
-- Reply 'fenced', 'gone' (there is no such row any more) or 'back'
--
-- Attempts are given as they shall be, not as a step: safe to repeat.
local epochs, rows, _queue, ready, later, sending = key(), key(), key(), key(), key(), key()
local lease, epoch, row_key = argument(), argument(), argument()
local attempts, not_before, sending_since = argument(), argument(), argument()
if fenced_out(epochs, lease, epoch) then
  return 'fenced'
end
local row = read_row(rows, row_key)
if not row then
  return 'gone'
end
row.attempts, row.sending_since = attempts, sending_since
nobody_sends(row)
if not_before ~= '' then
  row.not_before = not_before
end
write_row(rows, row_key, row)
redis.call('ZREM', sending, row_key)
if not_before ~= '' then
  redis.call('ZADD', later, not_before, row_key)
  redis.call('ZREM', ready, row_key)
else
  redis.call('ZADD', ready, row.score, row_key)
end
return 'back'
