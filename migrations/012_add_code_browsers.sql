-- Codes that a page asked for belong to the browser that it was shown to.

-- keyed digest of a value that only the browser has: a form that it sends twice is known by it
alter table one_time_codes add column browser bytea;
