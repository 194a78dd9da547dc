-- Ends a family, remembers that, and tells every server.
-- KEYS: the family, those that have ended. ARGV: its id, what the name of a user's list begins with, until when the end
-- is remembered, the channel.
local user = redis.call('HGET', KEYS[1], 'user_id')
if not user then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', ARGV[2] .. user, ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('PUBLISH', ARGV[4], ARGV[1] .. ' ' .. ARGV[3])
return 1
