-- Buckets of three kinds, with lanes. A fixed window has `window_from` and `used`; a paced bucket has `full_at`; a circuit
-- has `failures`. What was spent or closed before this migration holds on.
alter table sluice.limits
  add column kind       text not null default 'fixed' check (kind in ('fixed', 'paced', 'circuit')),
  add column full_at    timestamptz,
  add column ceiling    integer not null default 0,
  add column every      interval not null default '0',
  add column burst      integer not null default 0,
  add column slow       real not null default 1 check (slow >= 1),
  add column slow_until timestamptz,
  add column failures   integer not null default 0,
  add column closures   integer not null default 0,
  add column probing    boolean not null default false,
  add column wants      integer[] not null default '{0,0,0}',
  add column wants_until timestamptz[] not null default '{-infinity,-infinity,-infinity}',
  add column credits    bigint[] not null default '{0,0,0}',
  add column lines      timestamptz[] not null default '{-infinity,-infinity,-infinity}',
  add column hour       integer[] not null default array_fill(0, array[60]),
  add column hour_at    timestamptz not null default '-infinity',
  alter column used set default 0,
  alter column window_from set default '-infinity';
alter table sluice.limits set (fillfactor = 50);

comment on column sluice.limits.kind is 'fixed: so many in each window of the clock; paced: one after the other; circuit: open or closed';
comment on column sluice.limits.full_at is 'paced: when everything could be spent at once again, were nothing spent until then';
comment on column sluice.limits.ceiling is 'units we allow ourselves per "every", as last spent from';
comment on column sluice.limits.burst is 'paced: units that may be spent at once, when nothing was for a while';
comment on column sluice.limits.slow is 'how many times slower than that we go until slow_until';
comment on column sluice.limits.failures is 'circuit: tries in a row that came to nothing';
comment on column sluice.limits.closures is 'circuit: how often it was closed since a question was last answered';
comment on column sluice.limits.probing is 'circuit: one question is out to see whether the vendor answers again';
comment on column sluice.limits.wants is 'units that were refused last in the lanes high, normal, low, and wait until wants_until';
comment on column sluice.limits.credits is 'units that went before each waiting lane; after eight times what it wants, it goes first';
comment on column sluice.limits.lines is 'the last place given away in the line of each lane';
comment on column sluice.limits.hour is 'units spent in each minute of the hour that ends with hour_at; by the minute of the clock, from 1';

-- A row that was written at a time that is still to come (by more than 2 s) was written before the clock was set back: what it says of the
-- future is moved back by as much, so that nobody waits for a time that was a mistake. A window of the clock stays where it
-- is, or becomes the present one with all that was spent in it: it is not given out twice.
create function sluice.set_back(inout b sluice.limits, at timestamptz) language plpgsql immutable as $$
declare
  ahead interval := b.updated_at - at;
begin
  b.full_at := b.full_at - ahead;
  if b.every > '0' then b.window_from := least(b.window_from, date_bin(b.every, at, 'epoch')); end if;
  b.closed_until := b.closed_until - ahead;
  b.slow_until := b.slow_until - ahead;
  for lane in 1..3 loop
    b.wants_until[lane] := b.wants_until[lane] - ahead;
    b.lines[lane] := b.lines[lane] - ahead;
  end loop;
  b.hour := array_fill(0, array[60]);
  b.hour_at := '-infinity';
  b.updated_at := at;
end $$;

-- Adds what is spent to the minute it is spent in, and empties the minutes between.
create function sluice.spent(inout b sluice.limits, units bigint, at timestamptz) language plpgsql immutable as $$
declare
  this timestamptz := date_trunc('minute', at);
  cell timestamptz := greatest(b.hour_at, this - interval '60 minutes') + interval '1 minute';
  place integer := extract(minute from this)::int + 1;
begin
  while cell <= this loop
    b.hour[extract(minute from cell)::int + 1] := 0;
    cell := cell + interval '1 minute';
  end loop;
  b.hour_at := greatest(b.hour_at, this);
  b.hour[place] := least(b.hour[place] + units, 2000000000);
end $$;

-- Units to be left for lanes that go first: of the lanes `first` to `last`, the higher ones that wait, and lower ones that have
-- let eight times as much pass. Nobody goes before a lane that has done so itself, nor before what costs nothing.
create function sluice.before(b sluice.limits, lane integer, cost integer, at timestamptz, first integer, last integer)
returns bigint language plpgsql immutable as $$
declare
  units bigint := 0;
begin
  if cost = 0 or b.credits[lane] >= 8 * cost and b.wants_until[lane] > at then return 0; end if;
  for other in first..last loop
    continue when other = lane or b.wants_until[other] <= at or b.wants[other] = 0;
    if other < lane or b.credits[other] >= 8 * b.wants[other] then units := units + b.wants[other]; end if;
  end loop;
  return units;
end $$;

-- Makes sure a bucket has a row, and locks it.
create function sluice.bucket_of(name text, kind text) returns sluice.limits language plpgsql as $$
declare
  b sluice.limits;
begin
  loop
    select * into b from sluice.limits l where l.bucket = name for update;
    if found then return b; end if;
    insert into sluice.limits (bucket, kind, updated_at) values (name, kind, sluice.now()) on conflict do nothing;
  end loop;
end $$;

-- Spends `costs` from all `names` or from none of them. Names come in their order, circuits last, so that nobody waits in a
-- circle.
-- Times are microseconds: `everys`, `settles`, `steps`, `patience`, and `wait`, which is how long to wait before asking
-- again. A circuit is locked and written only when it has been closed: all accounts of a vendor share it. Lanes: 1 high,
-- 2 normal, 3 low. What each number means is told at Terms in src/core/limit.ts.
--
-- A lane that was refused is known to wait. A paced bucket keeps the next units for it until it has been served, or has not
-- come back in time. Of a fixed window, which gives all it has at once, lower lanes take no more than what of the window
-- has passed, as long as a higher lane has been refused in this window or the one before: what the high lane leaves is
-- used by the end of the window, and nothing is lost.
create function sluice.spend(
  names text[], kinds text[], costs integer[], ceilings integer[], everys bigint[], settles bigint[], steps bigint[],
  bursts integer[], lane integer, patience bigint,
  out granted boolean, out at timestamptz, out used bigint[], out failed integer, out wait bigint, out bucket text,
  out why text, out note text
) language plpgsql as $$
declare
  us constant interval := interval '1 microsecond';
  rows sluice.limits[];
  b sluice.limits;
  every interval; settle interval; step interval; turn timestamptz;
  room bigint; ahead bigint;
  free timestamptz[] := '{}'; aheads bigint[] := '{}'; free_at timestamptz; worst integer; place timestamptz;
begin
  for i in 1..cardinality(names) loop
    if kinds[i] = 'circuit' then
      select * into b from sluice.limits l where l.bucket = names[i];
      if b.closures > 0 then b := sluice.bucket_of(names[i], kinds[i]); end if;
    else
      select * into b from sluice.limits l where l.bucket = names[i] for update;
      if not found then b := sluice.bucket_of(names[i], kinds[i]); end if;
    end if;
    rows[i] := b;
  end loop;
  at := sluice.now(); granted := true; used := '{}'; failed := 0;

  for i in 1..cardinality(names) loop
    b := rows[i];
    if b.updated_at > at + interval '2 seconds' then b := sluice.set_back(b, at); end if;
    if b.kind <> kinds[i] then
      b.kind := kinds[i]; b.used := 0; b.window_from := '-infinity'; b.full_at := null;
    end if;
    if b.slow_until <= at then b.slow := 1; b.slow_until := null; end if;
    every := everys[i] * us; settle := settles[i] * us; step := ceil(steps[i] * b.slow) * us;
    free_at := at; ahead := 0;
    if kinds[i] = 'fixed' then
      turn := date_bin(every, at, 'epoch');
      if b.window_from < turn then b.window_from := turn; b.used := 0; end if;
      room := greatest(floor(ceilings[i] / b.slow), costs[i]);
      ahead := least(sluice.before(b, lane, costs[i], at, lane + 1, 3), room - costs[i]);
      if b.used + costs[i] + ahead > room then free_at := b.window_from + every + settle;
      elsif at < b.window_from + settle then free_at := b.window_from + settle;
      elsif at > b.window_from + every - settle then free_at := b.window_from + every + settle;
      elsif sluice.before(b, lane, costs[i], at, 1, lane - 1) > 0 then
        free_at := greatest(at, b.window_from + ceil((b.used + costs[i]) * (everys[i] - 2 * settles[i])::numeric / room) * us);
        ahead := 1;
      end if;
    elsif kinds[i] = 'paced' then
      ahead := sluice.before(b, lane, costs[i], at, 1, 3);
      free_at := greatest(at, b.full_at + (costs[i] + ahead - bursts[i]) * step + settle);
    else
      failed := coalesce(b.failures, 0);
    end if;
    if b.closed_until > at then free_at := greatest(free_at, b.closed_until); end if;
    rows[i] := b; free := free || free_at; aheads := aheads || ahead;
    if free_at > at and (worst is null or free_at > free[worst]) then worst := i; end if;
  end loop;

  if worst is not null then
    granted := false;
    b := rows[worst];
    bucket := names[worst];
    why := case when b.closed_until > at then case kinds[worst] when 'circuit' then 'circuit' else 'closed' end
      when aheads[worst] > 0 then 'lane' else 'share' end;
    note := coalesce(b.closed_reason, '');
    place := free[worst];
    for i in 1..cardinality(names) loop
      continue when kinds[i] = 'circuit' or free[i] <= at;
      b := rows[i];
      step := ceil(greatest(steps[i], everys[i]::numeric / ceilings[i] * (kinds[i] = 'fixed')::int) * b.slow) * us;
      if b.wants_until[lane] <= at then b.wants[lane] := 0; b.credits[lane] := 0; end if;
      b.wants[lane] := greatest(b.wants[lane], costs[i]);
      b.wants_until[lane] := greatest(b.wants_until[lane], case kinds[i]
        when 'fixed' then b.window_from + 2 * everys[i] * us else free[i] + interval '2 seconds' end);
      if i = worst and free[i] - at > patience * us then
        for other in 1..lane loop
          place := greatest(place, b.lines[other] + costs[i] * step);
        end loop;
        b.lines[lane] := place;
      end if;
      if kinds[i] = 'fixed' and i = worst then
        turn := date_bin(everys[i] * us, place, 'epoch');
        place := greatest(turn + settles[i] * us, free[i]);
      end if;
      rows[i] := b;
    end loop;
    wait := ceil(extract(epoch from place - at) * 1000000);
  end if;

  for i in 1..cardinality(names) loop
    b := rows[i];
    if kinds[i] = 'circuit' and coalesce(b.closures, 0) = 0 then
      used := used || 0::bigint;
      continue;
    end if;
    if granted then
      if kinds[i] = 'fixed' then b.used := b.used + costs[i];
      elsif kinds[i] = 'paced' then b.full_at := greatest(b.full_at, at) + costs[i] * ceil(steps[i] * b.slow) * us;
      elsif b.closures > 0 then
        b.closed_until := at + interval '30 seconds'; b.probing := true;
        b.closed_reason := 'one question is out to see whether it answers again';
      end if;
      if kinds[i] <> 'circuit' then
        for other in lane + 1..3 loop
          continue when b.wants_until[other] <= at or b.wants[other] = 0;
          b.credits[other] := least(b.credits[other] + costs[i], 8 * b.wants[other]);
        end loop;
        b.credits[lane] := greatest(b.credits[lane] - 8 * costs[i], 0);
        if kinds[i] = 'paced' then b.wants[lane] := greatest(b.wants[lane] - costs[i], 0); end if;
        b := sluice.spent(b, costs[i], at);
      end if;
    end if;
    used := used || case kinds[i] when 'fixed' then b.used::bigint when 'paced' then least(bursts[i], greatest(0, ceil(
      extract(epoch from b.full_at - at) * 1000000 / steps[i])))::bigint else 0 end;
    update sluice.limits l set kind = b.kind, window_from = b.window_from, used = b.used, full_at = b.full_at,
      closed_until = b.closed_until, closed_reason = b.closed_reason, slow = b.slow, slow_until = b.slow_until,
      probing = b.probing, ceiling = ceilings[i], every = everys[i] * us, burst = bursts[i], wants = b.wants, wants_until = b.wants_until,
      credits = b.credits, lines = b.lines, hour = b.hour, hour_at = b.hour_at, updated_at = at
    where l.bucket = names[i];
  end loop;
end $$;

-- Spends from one bucket, and passes one circuit where there is one. Mostly a bucket has room, nobody else waits for it, and
-- nothing is closed or slowed: then there is little to reckon, and one statement does it at two thirds of the cost. Whatever is not as
-- plain as that is left to `spend`, which says what is right. The bucket is locked before the time is read: whoever had to
-- wait for it must not spend at the time when the wait began.
create function sluice.spend_one(
  name text, circuit text, kind text, cost integer, ceiling integer, every bigint, settle bigint, step bigint, burst integer,
  lane integer, patience bigint,
  out granted boolean, out at timestamptz, out used bigint[], out failed integer, out wait bigint, out bucket text,
  out why text, out note text
) language plpgsql as $$
declare
  us constant interval := interval '1 microsecond';
  place integer;
begin
  perform from sluice.limits l where l.bucket = name for update;
  at := sluice.now();
  place := extract(minute from at)::int + 1;
  update sluice.limits l set
    used = case l.kind when 'fixed' then l.used + cost else l.used end,
    full_at = case l.kind when 'paced' then greatest(l.full_at, spend_one.at) + cost * step * us else l.full_at end,
    credits[lane] = greatest(l.credits[lane] - 8 * cost, 0),
    wants[lane] = case l.kind when 'paced' then greatest(l.wants[lane] - cost, 0) else l.wants[lane] end,
    hour[place] = least(l.hour[place]::bigint + cost, 2000000000),
    ceiling = spend_one.ceiling, every = spend_one.every * us, burst = spend_one.burst, updated_at = spend_one.at
  where l.bucket = name and l.kind = spend_one.kind and l.slow = 1
    and (l.closed_until is null or l.closed_until <= spend_one.at)
    and (lane = 1 or l.wants_until[1] <= spend_one.at)
    and (lane = 2 or l.wants_until[2] <= spend_one.at)
    and (lane = 3 or l.wants_until[3] <= spend_one.at)
    and l.hour_at = date_trunc('minute', spend_one.at) and l.updated_at <= spend_one.at + interval '2 seconds'
    and case l.kind
      when 'paced' then l.full_at is null or l.full_at + ((cost - spend_one.burst) * step + settle) * us <= spend_one.at
      else l.window_from = date_bin(spend_one.every * us, spend_one.at, 'epoch')
        and l.window_from + settle * us <= spend_one.at and l.window_from + (spend_one.every - settle) * us >= spend_one.at
        and l.used + cost <= spend_one.ceiling
    end
    and not exists (select from sluice.limits c where c.bucket = circuit and c.closures > 0)
  returning array[case l.kind when 'fixed' then l.used
      else least(spend_one.burst, greatest(0, ceil(extract(epoch from l.full_at - spend_one.at) * 1000000 / step))) end],
    coalesce((select c.failures from sluice.limits c where c.bucket = circuit), 0)
  into used, failed;
  granted := found;
  if not found then
    select s.* into granted, at, used, failed, wait, bucket, why, note
    from sluice.spend(
      array_remove(array[name, circuit], null), array[spend_one.kind, 'circuit'], array[cost, 0], array[ceiling, 0],
      array[every, 0], array[settle, 0], array[step, 0], array[burst, 0], lane, patience
    ) s;
  end if;
end $$;

-- Tells a bucket what came of a question; see News in src/core/limits.ts. Times are microseconds. `units` is also the
-- number of failures that close a circuit, `length` how long the first closure lasts and `most` the longest one. True when
-- something changed for others.
create function sluice.tell(
  name text, kind text, ceiling integer, every bigint, step bigint, burst integer,
  news text, units bigint, length bigint, factor float8, most float8, moment timestamptz, note text
) returns boolean language plpgsql as $$
declare
  us constant interval := interval '1 microsecond';
  b sluice.limits := sluice.bucket_of(name, kind);
  at timestamptz := sluice.now();
  changed boolean := true;
begin
  if b.updated_at > at + interval '2 seconds' then b := sluice.set_back(b, at); end if;
  if news = 'used' then
    changed := b.window_from = date_bin(every * us, moment, 'epoch') and b.window_from = date_bin(every * us, at, 'epoch')
      and b.used < units;
    if changed then b.used := units; end if;
  elsif news = 'left' then
    changed := b.full_at is null or b.full_at < at + (burst - units) * step * us;
    if changed then b.full_at := at + (burst - units) * step * us; end if;
  elsif news = 'charge' then
    if kind = 'fixed' then b.used := b.used + units;
    else b.full_at := greatest(b.full_at, at) + units * step * us;
    end if;
    b := sluice.spent(b, units, at);
  elsif news = 'close' then
    changed := b.closed_until is null or b.closed_until < at + length * us;
    if changed then b.closed_until := at + length * us; b.closed_reason := note; end if;
  elsif news = 'slower' then
    changed := b.closed_until is null or b.closed_until <= at;
    if changed then
      b.slow := least(case when b.slow_until > at then b.slow else 1 end * factor, most);
      b.slow_until := at + length * us;
    end if;
  elsif news = 'failed' then
    b.failures := b.failures + 1;
    changed := b.failures >= units and (b.probing or coalesce(b.closed_until <= at, true));
    if changed then
      b.closed_until := at + least(length * power(2, least(b.closures, 20)), most) * us;
      b.closed_reason := note; b.closures := b.closures + 1; b.probing := false;
    end if;
  else
    changed := b.failures > 0;
    b.failures := 0; b.closures := 0; b.probing := false; b.closed_until := null; b.closed_reason := null;
  end if;
  if not changed and news <> 'failed' then return false; end if;
  update sluice.limits l set used = b.used, full_at = b.full_at, closed_until = b.closed_until,
    closed_reason = b.closed_reason, slow = b.slow, slow_until = b.slow_until, failures = b.failures,
    closures = b.closures, probing = b.probing, hour = b.hour,
    hour_at = b.hour_at, window_from = b.window_from, wants_until = b.wants_until, lines = b.lines, updated_at = at
  where l.bucket = name;
  return changed;
end $$;

create table sluice.installation (
  single boolean primary key default true check (single),
  id     uuid not null
);
comment on table sluice.installation is 'The name of this installation in other stores: a Redis that keeps its limits.';
