-- Uses a ticket up: whom it lets in, and until when.
-- KEYS: when tickets end, whom they let in. ARGV: the ticket.
local grant, ends = redis.call('HGET', KEYS[2], ARGV[1]), redis.call('ZSCORE', KEYS[1], ARGV[1])
if not grant or not ends then
  return false
end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
return {grant, ends}
