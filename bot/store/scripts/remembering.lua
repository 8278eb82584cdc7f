-- Reads from ARGV: incident, n, then n times: slot, chat or '', message, digest.
-- A slot with no chat is emptied, and its message forgotten: it is gone at Telegram. A message that was replaced by
-- another is still found by its id, because people may press its buttons.
local function remember(messages_key, slots_key)
  local incident = argument()
  for _ = 1, number() do
    local slot, chat, message, digest = argument(), argument(), argument(), argument()
    if chat ~= '' then
      redis.call('HSET', messages_key, slot, chat .. ' ' .. message .. ' ' .. digest)
      redis.call('HSET', slots_key, chat .. ' ' .. message, incident .. ' ' .. slot)
    else
      local old = redis.call('HGET', messages_key, slot)
      if old then
        redis.call('HDEL', messages_key, slot)
        redis.call('HDEL', slots_key, string.match(old, '^(%S+ %S+)'))
      end
    end
  end
end
