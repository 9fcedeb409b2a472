-- First answers of refreshes are in refresh_answers since 092; no process has read or written this column since then.
alter table records drop column answer;
