-- Removes somebody from a room; whether they were there.
-- KEYS: the members of the room, the rooms of the person. ARGV: the person, the room.
redis.call('SREM', KEYS[2], ARGV[2])
return redis.call('HDEL', KEYS[1], ARGV[1])
