-- Adds somebody to a room; whether they are new. Who is there already keeps the time and gets the name.
-- KEYS: the members of the room, the rooms of the person. ARGV: the person, the room, since when, the name.
local known = redis.call('HGET', KEYS[1], ARGV[1])
local since = known and string.match(known, '^-?%d+') or ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], since .. ' ' .. ARGV[4])
redis.call('SADD', KEYS[2], ARGV[2])
return known and 0 or 1
