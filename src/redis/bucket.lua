-- The rules of a bucket, as one atomic script: the same as the functions of src/db/migrations/002_limits.sql, state for
-- state, which test/limits/suite.ts proves. Times are microseconds of this server's clock, or of `sluice_clock` where a
-- test has stopped it (ms).
--
-- Every bucket's key is kept in a set, so that they can be listed without looking through the whole server.
--
-- KEYS    the mark of our installation, then the buckets, then their hours (minute -> units)
-- ARGV    spend: lane, patience, then kind, cost, ceiling, every, settle, step, burst for each bucket
--         tell:  kind, ceiling, every, step, burst, news, units, length, factor, most, moment, note

local never = -1
local index = 'sluice_rate_limit:index'
local think = 2000000
local idle = 3600000000

local function text(number) return string.format('%.0f', number) end

local function clock()
  local stopped = redis.call('get', 'sluice_clock')
  if stopped then return tonumber(stopped) * 1000 end
  local time = redis.call('time')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local numbers = { 'window', 'used', 'full', 'closed', 'slow', 'slowed', 'failures', 'closures', 'probing', 'updated',
  'wants1', 'wants2', 'wants3', 'until1', 'until2', 'until3', 'credits1', 'credits2', 'credits3', 'line1', 'line2', 'line3' }
local unset = { used = 0, slow = 1, failures = 0, closures = 0, probing = 0, wants1 = 0, wants2 = 0, wants3 = 0,
  credits1 = 0, credits2 = 0, credits3 = 0 }
local future = { 'full', 'closed', 'slowed', 'until1', 'until2', 'until3', 'line1', 'line2', 'line3' }

-- A bucket of which nothing is known, but perhaps that it is closed, was idle for long enough to be full, unless this server
-- has lost its memory since: then it counts as used up at that moment.
local function fresh(kind, terms, since)
  local b = { note = '' }
  for _, name in ipairs(numbers) do b[name] = unset[name] or never end
  if since > 0 and kind == 'paced' then b.full = since + terms.burst * terms.step end
  if since > 0 and kind == 'fixed' then
    b.window = math.floor(since / terms.every) * terms.every
    b.used = terms.ceiling
  end
  return b
end

local function read(key, kind, terms, since, at)
  local flat, kept = redis.call('hgetall', key), {}
  for i = 1, #flat, 2 do kept[flat[i]] = tonumber(flat[i + 1]) or flat[i + 1] end
  local b = fresh(kind, terms, kept.kind and 0 or since)
  for name, value in pairs(kept) do b[name] = value end
  if kept.kind and kept.kind ~= kind then b.used = 0; b.window = never; b.full = never end
  b.kind = kind
  b.note = tostring(b.note)
  if b.updated - at > think then
    local ahead = b.updated - at
    for _, name in ipairs(future) do
      if b[name] ~= never then b[name] = b[name] - ahead end
    end
    b.forget = true
    if b.window ~= never then b.window = math.min(b.window, math.floor(at / terms.every) * terms.every) end
  end
  return b
end

-- Kept for an hour after it was last used, and for as long as it holds anybody back.
local function write(key, hours, b, terms, at)
  local fields = { 'kind', b.kind, 'note', b.note, 'ceiling', text(terms.ceiling), 'every', text(terms.every),
    'burst', text(terms.burst) }
  b.updated = at
  local last = at
  for _, name in ipairs(numbers) do
    fields[#fields + 1] = name
    fields[#fields + 1] = name == 'slow' and tostring(b[name]) or text(b[name])
  end
  for _, name in ipairs(future) do last = math.max(last, b[name]) end
  redis.call('hset', key, unpack(fields))
  redis.call('sadd', index, key)
  redis.call('pexpire', key, text(math.ceil((last - at + terms.every + idle) / 1000)))
  if b.forget then redis.call('del', hours) end
end

local function spent(hours, units, at)
  local minute = math.floor(at / 60000000)
  if redis.call('hincrby', hours, text(minute), text(units)) == units then
    for _, old in ipairs(redis.call('hkeys', hours)) do
      if tonumber(old) <= minute - 60 then redis.call('hdel', hours, old) end
    end
    redis.call('pexpire', hours, '3660000')
  end
end

local function before(b, lane, cost, at, first, last)
  if cost == 0 or b['credits' .. lane] >= 8 * cost and b['until' .. lane] > at then return 0 end
  local units = 0
  for other = first, last do
    local want = b['wants' .. other]
    if other ~= lane and b['until' .. other] > at and want > 0
      and (other < lane or b['credits' .. other] >= 8 * want) then units = units + want end
  end
  return units
end

local function pace(b, terms) return math.ceil(terms.step * b.slow) end

-- From when on a bucket has room for a question, and how much goes before it.
local function ask(b, terms, lane, at)
  local free, ahead = at, 0
  if b.slowed <= at then b.slow = 1; b.slowed = never end
  if b.kind == 'fixed' then
    local turn = math.floor(at / terms.every) * terms.every
    if b.window < turn then b.window = turn; b.used = 0 end
    local room = math.max(math.floor(terms.ceiling / b.slow), terms.cost)
    ahead = math.min(before(b, lane, terms.cost, at, lane + 1, 3), room - terms.cost)
    local after = b.used + terms.cost
    if after + ahead > room then free = b.window + terms.every + terms.settle
    elseif at < b.window + terms.settle then free = b.window + terms.settle
    elseif at > b.window + terms.every - terms.settle then free = b.window + terms.every + terms.settle
    elseif before(b, lane, terms.cost, at, 1, lane - 1) > 0 then
      free = math.max(at, b.window + math.ceil(after * (terms.every - 2 * terms.settle) / room))
      ahead = 1
    end
  elseif b.kind == 'paced' then
    ahead = before(b, lane, terms.cost, at, 1, 3)
    if b.full ~= never then
      free = math.max(at, b.full + (terms.cost + ahead - terms.burst) * pace(b, terms) + terms.settle)
    end
  end
  if b.closed > at then free = math.max(free, b.closed) end
  return free, ahead
end

-- Notes in a lane that somebody waits in it; the place in its line for whoever must wait longer than they can.
local function queue(b, terms, free, lane, patience, at)
  if b['until' .. lane] <= at then b['wants' .. lane] = 0; b['credits' .. lane] = 0 end
  b['wants' .. lane] = math.max(b['wants' .. lane], terms.cost)
  local till = b.kind == 'fixed' and b.window + 2 * terms.every or free + think
  b['until' .. lane] = math.max(b['until' .. lane], till)
  if not patience then return free end
  local place = free
  if free - at > patience then
    local each = b.kind == 'fixed' and math.max(terms.step, terms.every / terms.ceiling) or terms.step
    for other = 1, lane do
      if b['line' .. other] ~= never then
        place = math.max(place, b['line' .. other] + terms.cost * math.ceil(each * b.slow))
      end
    end
    b['line' .. lane] = place
  end
  if b.kind == 'fixed' then
    local turn = math.floor(place / terms.every) * terms.every
    place = math.max(turn + terms.settle, free)
  end
  return place
end

local function take(b, terms, hours, lane, at)
  if b.kind == 'circuit' then
    if b.closures > 0 then
      b.closed = at + 30000000
      b.probing = 1
      b.note = 'one question is out to see whether it answers again'
    end
    return
  end
  if b.kind == 'fixed' then b.used = b.used + terms.cost
  else b.full = math.max(b.full, at) + terms.cost * pace(b, terms) end
  for other = lane + 1, 3 do
    local want = b['wants' .. other]
    if b['until' .. other] > at and want > 0 then
      b['credits' .. other] = math.min(b['credits' .. other] + terms.cost, 8 * want)
    end
  end
  b['credits' .. lane] = math.max(b['credits' .. lane] - 8 * terms.cost, 0)
  if b.kind == 'paced' then b['wants' .. lane] = math.max(b['wants' .. lane] - terms.cost, 0) end
  spent(hours, terms.cost, at)
end

local function usedOf(b, terms, at)
  if b.kind == 'fixed' then return text(b.used) end
  if b.kind == 'circuit' or b.full == never then return '0' end
  return text(math.min(terms.burst, math.max(0, math.ceil((b.full - at) / terms.step))))
end

local function since(mark)
  local value = redis.call('get', mark)
  return value and tonumber(value)
end

local function spend(mark)
  local count, at = (#KEYS - 1) / 2, clock()
  local lane, patience = tonumber(ARGV[2]), tonumber(ARGV[3])
  local all, worst, failed = {}, nil, 0
  for i = 1, count do
    local p = 3 + (i - 1) * 7
    local terms = { cost = tonumber(ARGV[p + 2]), ceiling = tonumber(ARGV[p + 3]), every = tonumber(ARGV[p + 4]),
      settle = tonumber(ARGV[p + 5]), step = tonumber(ARGV[p + 6]), burst = tonumber(ARGV[p + 7]) }
    local b = read(KEYS[1 + i], ARGV[p + 1], terms, mark, at)
    local free, ahead = ask(b, terms, lane, at)
    all[i] = { b = b, terms = terms, free = free, ahead = ahead, key = KEYS[1 + i], hours = KEYS[1 + count + i] }
    if b.kind == 'circuit' then failed = b.failures end
    if free > at and (not worst or free > all[worst].free) then worst = i end
  end
  local answer
  if worst then
    local w = all[worst]
    local place = w.free
    for i = 1, count do
      local each = all[i]
      if each.b.kind ~= 'circuit' and each.free > at then
        local slot = queue(each.b, each.terms, each.free, lane, i == worst and patience, at)
        if i == worst then place = slot end
      end
    end
    local closed = w.b.closed > at
    local why = closed and (w.b.kind == 'circuit' and 'circuit' or 'closed') or (w.ahead > 0 and 'lane' or 'share')
    answer = { 'refused', text(math.ceil(place - at)), text(worst), why, w.b.note }
  else
    answer = { 'granted', text(at), text(failed) }
  end
  for _, each in ipairs(all) do
    if not worst then
      take(each.b, each.terms, each.hours, lane, at)
      answer[#answer + 1] = usedOf(each.b, each.terms, at)
    end
    if each.b.kind ~= 'circuit' or each.b.closures > 0 then write(each.key, each.hours, each.b, each.terms, at) end
  end
  return answer
end

local function tell(mark)
  local at, kind = clock(), ARGV[2]
  local terms = { ceiling = tonumber(ARGV[3]), every = tonumber(ARGV[4]), step = tonumber(ARGV[5]), burst = tonumber(ARGV[6]) }
  local news, units, length = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
  local factor, most, moment, note = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), ARGV[13]
  local b = read(KEYS[2], kind, terms, mark, at)
  local changed = true
  if news == 'used' then
    local asked = math.floor(moment / terms.every) * terms.every
    local now = math.floor(at / terms.every) * terms.every
    changed = b.window == asked and b.window == now and b.used < units
    if changed then b.used = units end
  elseif news == 'left' then
    local full = at + (terms.burst - units) * terms.step
    changed = b.full < full
    if changed then b.full = full end
  elseif news == 'charge' then
    if kind == 'fixed' then b.used = b.used + units
    else b.full = math.max(b.full, at) + units * terms.step end
    spent(KEYS[3], units, at)
  elseif news == 'close' then
    changed = b.closed < at + length
    if changed then b.closed = at + length; b.note = note end
  elseif news == 'slower' then
    changed = b.closed <= at
    if changed then
      b.slow = math.min((b.slowed > at and b.slow or 1) * factor, most)
      b.slowed = at + length
    end
  elseif news == 'failed' then
    b.failures = b.failures + 1
    changed = b.failures >= units and (b.probing == 1 or b.closed <= at)
    if changed then
      b.closed = at + math.min(length * 2 ^ math.min(b.closures, 20), most)
      b.note = note
      b.closures = b.closures + 1
      b.probing = 0
    end
  else
    changed = b.failures > 0
    b.failures = 0; b.closures = 0; b.probing = 0; b.closed = never; b.note = ''
  end
  if changed or news == 'failed' then write(KEYS[2], KEYS[3], b, terms, at) end
  return changed and 1 or 0
end

local mark = since(KEYS[1])
if not mark then return 'lost' end
if ARGV[1] == 'spend' then return spend(mark) end
return tell(mark)
