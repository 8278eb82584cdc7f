-- Moves the Telegram update offset. It may fall: after a quiet week Telegram starts from a random number
-- (Bot API, Update.update_id).
--
-- KEYS  epochs, offset
-- ARGV  name of the lease, its epoch, offset
--
-- Reply 'fenced' or 'set'
local epochs, offset = key(), key()
local lease, epoch = argument(), argument()
if fenced_out(epochs, lease, epoch) then
  return 'fenced'
end
redis.call('SET', offset, argument())
return 'set'
