-- KEYS and ARGV read from left to right.
local next_argument, next_key = 0, 0
local function argument()
  next_argument = next_argument + 1
  return ARGV[next_argument]
end
local function key()
  next_key = next_key + 1
  return KEYS[next_key]
end
local function number()
  return tonumber(argument())
end
