-- Stores a family of refresh tokens.
-- KEYS: the family, the families of its user. ARGV: how long the family lasts, its id, its end, how long the list lasts,
-- now, then names and values.
redis.call('HSET', KEYS[1], unpack(ARGV, 6))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
-- Those that expired are still listed; here the list is rid of them.
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
