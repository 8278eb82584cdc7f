-- A write in the name of a lease is taken only while its epoch is the present one.
-- No name: the write needs no lease.
local function fenced_out(epochs_key, name, epoch)
  return name ~= '' and redis.call('HGET', epochs_key, name) ~= epoch
end
