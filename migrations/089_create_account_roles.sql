-- Roles of accounts in the applications of the deployment, assigned by operators.

create table account_roles (
  account_id bigint not null references accounts (id) on delete cascade,
  role text not null,
  created_at timestamptz not null default pratu_now(),
  primary key (account_id, role)
);
