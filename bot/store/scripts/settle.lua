-- A row is done: it goes, unless it was asked for again meanwhile; what was learnt about its messages is kept.
--
-- KEYS  epochs, outbox rows, queue, ready, later, sending, revisions, messages of the incident, message-slots
-- ARGV  name of the lease, its epoch, row key, revision, now,
--       incident, n, then n times: slot, chat or '', message, digest
--
-- Reply 'fenced', 'gone' or 'again'
--
-- Safe to repeat: revisions never come back, so a second settling can't take away a row that was asked for later.
local epochs, rows, queue, ready, later, sending = key(), key(), key(), key(), key(), key()
key()
local messages, slots = key(), key()
local lease, epoch = argument(), argument()
if fenced_out(epochs, lease, epoch) then
  return 'fenced'
end
local row_key, revision, now = argument(), argument(), argument()
remember(messages, slots)
local row = read_row(rows, row_key)
if row and row.revision ~= revision then
  row.attempts, row.not_before, row.sending_since = '0', now, ''
  nobody_sends(row)
  write_row(rows, row_key, row)
  redis.call('ZADD', ready, row.score, row_key)
  redis.call('ZREM', sending, row_key)
  redis.call('ZREM', later, row_key)
  return 'again'
end
redis.call('HDEL', rows, row_key)
for _, set in ipairs({ queue, ready, later, sending }) do
  redis.call('ZREM', set, row_key)
end
return 'gone'
