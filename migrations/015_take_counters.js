/** Several limits in one round trip and one commit: see `domain/attempts/counters.ts`. */
export async function up(knex) {
  await knex.raw(`
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
      for place in 1 .. cardinality(keys) loop
        insert into counters as c (key, count, resets_at)
        values (keys[place], 1, pratu_now() + make_interval(secs => windows[place]))
        on conflict (key) do update set
          count = case when c.resets_at <= pratu_now() then 1 else c.count + 1 end,
          resets_at = case when c.resets_at <= pratu_now() then excluded.resets_at else c.resets_at end
        where c.resets_at <= pratu_now() or c.count < limits[place];
        if not found then
          update counters set count = count - 1 where key = any(keys[:place - 1]) and count > 0;
          return query select place, greatest(1, ceil(extract(epoch from c.resets_at - pratu_now()))::int)
            from counters c where c.key = keys[place];
          return;
        end if;
      end loop;
    end $$;

    create function pratu_give_back(keys bytea[], lasting boolean) returns void language plpgsql as $$
    begin
      perform pratu_hurry(lasting);
      -- in one order, so that two that give the same back never wait for each other
      update counters c set count = c.count - 1
      from (select key from counters where key = any(keys) and count > 0 order by key for update) as held
      where c.key = held.key;
    end $$;
  `);
}
