-- Functions keep their plans for as long as a connection lives, also those made while a table was small. A plan that
-- finds rows by their keys is right for every size.

alter function pratu_take(bytea[], int[], float8[], boolean) set enable_seqscan = off;
alter function pratu_take(bytea[], int[], float8[], boolean) set enable_hashjoin = off;
alter function pratu_take(bytea[], int[], float8[], boolean) set enable_mergejoin = off;
alter function pratu_give_back(bytea[], boolean) set enable_seqscan = off;
alter function pratu_give_back(bytea[], boolean) set enable_hashjoin = off;
alter function pratu_give_back(bytea[], boolean) set enable_mergejoin = off;
