-- A row was not sent: back into the queue, as it was before it was claimed.
--
-- KEYS  epochs, outbox rows, queue, ready, sending, revisions
-- ARGV  name of the lease, its epoch, row key, sending since or ''
--
-- Reply 'fenced', 'gone' (there is no such row any more) or 'back'
local epochs, rows, _queue, ready, sending = key(), key(), key(), key(), key()
local lease, epoch, row_key, sending_since = argument(), argument(), argument(), argument()
if fenced_out(epochs, lease, epoch) then
  return 'fenced'
end
local row = read_row(rows, row_key)
if not row then
  return 'gone'
end
row.sending_since = sending_since
nobody_sends(row)
write_row(rows, row_key, row)
redis.call('ZREM', sending, row_key)
redis.call('ZADD', ready, row.score, row_key)
return 'back'
