-- Keeps where an incident's messages are.
--
-- KEYS  epochs, messages of the incident, message-slots
-- ARGV  name of the lease or '', its epoch, incident, n, then n times: slot, chat or '', message, digest
--
-- Reply 'fenced' or 'remembered'
local epochs, messages, slots = key(), key(), key()
local lease, epoch = argument(), argument()
if fenced_out(epochs, lease, epoch) then
  return 'fenced'
end
remember(messages, slots)
return 'remembered'
