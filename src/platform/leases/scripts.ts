// The time is that of Redis, so that the clocks of servers need not agree.
const readNow = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/**
 * KEYS: servers. ARGV: this server, its lease in ms, ms since which Redis refused renewals (0 if it did not), in which
 * leases do not expire. Returns whether the lease was still valid, and the live servers.
 */
export const renewLease = `${readNow}
  local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. now - ARGV[3])
  local valid = 0
  if ends and tonumber(ends) >= now - ARGV[3] then valid = 1 end
  return { valid, redis.call('ZRANGE', KEYS[1], 0, -1) }`

/**
 * KEYS: servers, then the holders of each name. ARGV: this server, and as above the ms of refusal. Returns for each held name its index, counted from 0, and the values of
 * its holders; nothing if this server is unknown, because Redis has lost its data.
 */
export const readHolders = `${readNow}
  local live = {}
  for _, server in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[2], '+inf')) do live[server] = true end
  if not live[ARGV[1]] then return false end
  local held = {}
  for place = 2, #KEYS do
    local holders = redis.call('HGETALL', KEYS[place])
    local found = { place - 2 }
    for at = 1, #holders, 2 do
      if live[holders[at]] then found[#found + 1] = holders[at + 1]
      elseif ARGV[2] == '0' then redis.call('HDEL', KEYS[place], holders[at]) end
    end
    if #found > 1 then held[#held + 1] = found end
  end
  return held`
