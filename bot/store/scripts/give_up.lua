-- Gives a lease up; the epoch rises, so that late writes of the former holder are refused.
--
-- KEYS  epochs, lease
-- ARGV  name, epoch
--
-- Reply 1, or 0 when it was lost before
local epochs, lease = key(), key()
local name, epoch = argument(), argument()
if fenced_out(epochs, name, epoch) then
  return 0
end
redis.call('HINCRBY', epochs, name, 1)
redis.call('DEL', lease)
return 1
