-- Several limits in one round trip and one commit: see `domain/rate-limits/counters.ts`.

create function pratu_hurry(lasting boolean) returns void language plpgsql as $$
begin
  -- until the end of the transaction, which is the statement
  if not lasting then perform set_config('synchronous_commit', 'off', true); end if;
end $$;

create function pratu_take(keys bytea[], limits int[], windows float8[], lasting boolean)
returns table (refused int, seconds int)
language plpgsql as $$
begin
  perform pratu_hurry(lasting);
  -- all rows are there and locked, in the order in which everybody locks them; a window begins with its first event
  insert into counters as c (key, count, resets_at)
  select distinct on (k.key) k.key, 0, pratu_now() + make_interval(secs => k.seconds)
  from unnest(keys, windows) as k (key, seconds) order by k.key
  on conflict (key) do update set
    count = case when c.resets_at <= pratu_now() then 0 else c.count end,
    resets_at = case when c.resets_at <= pratu_now() or c.count = 0 then excluded.resets_at else c.resets_at end;

  return query
    select k.place::int, greatest(1, ceil(extract(epoch from c.resets_at - pratu_now())))::int
    from unnest(keys, limits) with ordinality as k (key, most, place) join counters c on c.key = k.key
    where c.count >= k.most order by k.place limit 1;
  if found then return; end if;
  update counters c set count = c.count + 1 where c.key = any(keys);
end $$;

create function pratu_give_back(keys bytea[], lasting boolean) returns void language plpgsql as $$
begin
  perform pratu_hurry(lasting);
  -- locked in the same order as by those who take
  update counters c set count = c.count - 1
  from (select key from counters where key = any(keys) and count > 0 order by key for update) as held
  where c.key = held.key;
end $$;
