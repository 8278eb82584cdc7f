-- Makes a log's timers exactly `wanted`: a list of {member, at}.
-- A member holds its own instant (`<at> <log> <key>`), so a timer moved to another instant is another member, and one
-- that stays as it was keeps its score: a claimed timer stays claimed (ZADD NX), and comes back when the claim ends.
local function rearm(timers_key, log_timers_key, wanted)
  local keep = {}
  for _, timer in ipairs(wanted) do
    keep[timer[1]] = true
    redis.call('ZADD', timers_key, 'NX', timer[2], timer[1])
    redis.call('SADD', log_timers_key, timer[1])
  end
  for _, member in ipairs(redis.call('SMEMBERS', log_timers_key)) do
    if not keep[member] then
      redis.call('ZREM', timers_key, member)
      redis.call('SREM', log_timers_key, member)
    end
  end
end
