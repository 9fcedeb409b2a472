-- Accounts that run the deployment, and what each may do.

create table operators (
  account_id bigint primary key references accounts (id) on delete cascade,
  role text not null check (role in ('viewer', 'support', 'admin')),
  created_at timestamptz not null default pratu_now(),
  updated_at timestamptz not null default pratu_now()
);
