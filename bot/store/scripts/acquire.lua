-- Takes a lease that nobody else holds. The epoch rises each time, also for the same holder: after a restart, what
-- its earlier life left behind is told from its own.
--
-- KEYS  epochs, lease
-- ARGV  name, holder, milliseconds to live
--
-- Reply the epoch, or 0 when another holds it
local epochs, lease = key(), key()
local name, holder, ttl = argument(), argument(), argument()
local present = redis.call('GET', lease)
if present and present ~= holder then
  return 0
end
redis.call('SET', lease, holder, 'PX', ttl)
return redis.call('HINCRBY', epochs, name, 1)
