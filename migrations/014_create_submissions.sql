-- Forms that were just sent: the same one again gets the same answer.

create table submissions (
  -- keyed digest of the browser, the person and the form
  form bytea primary key,
  -- keyed digest of what was sent
  content bytea not null,
  run uuid not null default gen_random_uuid(),
  begun_at timestamptz not null default pratu_now(),
  -- where the browser was sent, encrypted; none while the form is being worked on
  sealed bytea
);
create index submissions_age on submissions (begun_at);
