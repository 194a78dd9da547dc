-- Makes the next token the live one, if the one that was presented still is.
-- KEYS: the family. ARGV: the token presented, the next one, now, how long a family lasts unused, and at most.
local held = redis.call('HMGET', KEYS[1], 'current', 'created_at')
if held[1] ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'previous', held[1], 'current', ARGV[2], 'rotated_at', ARGV[3])
local left = tonumber(held[2]) + tonumber(ARGV[5]) - tonumber(ARGV[3])
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(1, math.min(tonumber(ARGV[4]), left))))
return 1
