// Time is Redis's own: the clocks of the servers need not agree.
const readNow = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/** KEYS: the servers. ARGV: this one, its lease in ms. Whether its lease was running still, then who lives. */
export const renewLease = `${readNow}
  local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)
  local running = 0
  if ends and tonumber(ends) >= now then running = 1 end
  return { running, redis.call('ZRANGE', KEYS[1], 0, -1) }`

/**
 * KEYS: the servers, then the holders of each name. ARGV: this server. For each name that is held its place, counted from
 * 0, and what its holders note; nothing when this server itself is not known, so that Redis has lost what it knew.
 */
export const findHeld = `${readNow}
  local living = {}
  for _, server in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do living[server] = true end
  if not living[ARGV[1]] then return false end
  local held = {}
  for place = 2, #KEYS do
    local holders = redis.call('HGETALL', KEYS[place])
    local found = { place - 2 }
    for at = 1, #holders, 2 do
      if living[holders[at]] then found[#found + 1] = holders[at + 1]
      else redis.call('HDEL', KEYS[place], holders[at]) end
    end
    if #found > 1 then held[#held + 1] = found end
  end
  return held`
