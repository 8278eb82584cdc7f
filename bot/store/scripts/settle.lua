-- A row is done: it goes, unless it was asked for again meanwhile; what was learnt about its messages is kept.
--
-- KEYS  epochs, outbox rows, queue, ready, sending, revisions, messages of the incident, message-slots
-- ARGV  name of the lease, its epoch, row key, revision,
--       incident, n, then n times: slot, chat or '', message, digest
--
-- Reply 'fenced', 'gone' or 'again'
--
-- Safe to repeat: revisions never come back, so a second settling can't take away a row that was asked for later.
local epochs, rows, queue, ready, sending = key(), key(), key(), key(), key()
key()
local messages, slots = key(), key()
local lease, epoch = argument(), argument()
if fenced_out(epochs, lease, epoch) then
  return 'fenced'
end
local row_key, revision = argument(), argument()
remember(messages, slots)
local row = read_row(rows, row_key)
if row and row.revision ~= revision then
  row.sending_since = ''
  nobody_sends(row)
  write_row(rows, row_key, row)
  redis.call('ZADD', ready, row.score, row_key)
  redis.call('ZREM', sending, row_key)
  return 'again'
end
redis.call('HDEL', rows, row_key)
for _, set in ipairs({ queue, ready, sending }) do
  redis.call('ZREM', set, row_key)
end
return 'gone'
