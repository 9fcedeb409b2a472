-- Codes know the network that asked for them, and count the tries of others apart.

alter table one_time_codes
  -- keyed digest of the network that asked: its tries are its own, and so is what it wastes
  add column network bytea,
  -- wrong tries from networks and devices that signed in to the account of the number
  add column tries_known integer not null default 0,
  -- and from everywhere else
  add column tries_others integer not null default 0;
