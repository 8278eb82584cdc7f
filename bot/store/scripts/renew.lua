-- Keeps a lease. One that ran out is lost, even when nobody took it yet.
--
-- KEYS  epochs, lease
-- ARGV  name, epoch, milliseconds to live
--
-- Reply 1, or 0 when it is lost
local epochs, lease = key(), key()
local name, epoch, ttl = argument(), argument(), argument()
if fenced_out(epochs, name, epoch) then
  return 0
end
return redis.call('PEXPIRE', lease, ttl)
