-- From where a browser signed in, for the page on which its owner looks for strangers.

-- { browser, system, network }: names in coarse words, and the /24 or /64 of the address, never the address
alter table sessions add column place jsonb;
