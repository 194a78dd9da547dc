-- Counts an attempt by the generic cell rate algorithm: the key holds when a steady one would have come, at the latest.
-- KEYS: who. ARGV: now and the time between two steady attempts, in microseconds, and how many may come at once.
-- Answers 0, or how long to wait.
local now, gap = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local wait = due - gap * (tonumber(ARGV[3]) - 1) - now
if wait > 0 then
  return wait
end
due = due + gap
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', string.format('%.0f', math.ceil((due - now) / 1000)))
return 0
