-- A row of the outbox as text: seven fields, the intent last because it may hold anything.
--   revision|queue score|queued at|sending since|epoch|claim|intent
-- Instants are microseconds since 1970; the last three of the numbers are empty while nobody sends the row.
-- Numbers stay strings throughout: Lua 5.1 would print large ones rounded.
local function read_row(rows_key, row_key)
  local text = redis.call('HGET', rows_key, row_key)
  if not text then
    return nil
  end
  local row = {}
  row.revision, row.score, row.queued_at, row.sending_since, row.epoch, row.claim, row.intent =
    string.match(text, '^(%d+)|(%d+)|(%d+)|(%d*)|(%d*)|(%x*)|(.*)$')
  return row
end

local function write_row(rows_key, row_key, row)
  redis.call('HSET', rows_key, row_key, table.concat({
    row.revision, row.score, row.queued_at, row.sending_since, row.epoch, row.claim, row.intent,
  }, '|'))
end

local function nobody_sends(row)
  row.epoch = ''
  row.claim = ''
end
