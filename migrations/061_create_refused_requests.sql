-- Requests that were refused, for a week and without personal data: what operators look up by the id on an error page.

create table refused_requests (
  request_id text primary key,
  at timestamptz not null default pratu_now(),
  method text not null,
  -- the pattern of the route, not the path
  route text not null,
  status smallint not null,
  error text,
  reason text,
  client_id text
);
create index refused_requests_at on refused_requests (at);
