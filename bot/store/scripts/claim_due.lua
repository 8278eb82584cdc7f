-- Claims timers that fell due, by raising their score to the end of the claim.
--
-- KEYS  epochs, timers
-- ARGV  name of the lease, its epoch, now, limit, end of the claim, again (1: the reply to this same claim was lost)
--
-- Reply {'fenced'} or {'claimed', timer...}
local epochs, timers = key(), key()
local lease, epoch, now, limit, until_, again = argument(), argument(), argument(), argument(), argument(), argument()
if fenced_out(epochs, lease, epoch) then
  return { 'fenced' }
end
local reply = { 'claimed' }
if again == '1' then
  for _, timer in ipairs(redis.call('ZRANGEBYSCORE', timers, until_, until_, 'LIMIT', 0, limit)) do
    table.insert(reply, timer)
  end
end
if #reply == 1 then
  for _, timer in ipairs(redis.call('ZRANGEBYSCORE', timers, '-inf', now, 'LIMIT', 0, limit)) do
    redis.call('ZADD', timers, until_, timer)
    table.insert(reply, timer)
  end
end
return reply
