import type { Operators } from '../../domain/operators/operators.ts';
import { type Check, ok, warn } from './check.ts';

/** Checks that an operator can sign in to the console. */
export async function operatorCheck(operators: Pick<Operators, 'list'>): Promise<Check> {
  const active = (await operators.list()).filter(({ status }) => status === 'active');
  const admins = active.filter(({ role }) => role === 'admin').length;
  const cure = 'Run: pratu operator add <account> --role admin';
  if (active.length === 0) return warn('operators', 'none', cure);
  if (admins === 0) return warn('operators', `${active.length}, none with the role admin`, cure);
  return ok('operators', `${active.length}, of which ${admins} with the role admin`);
}
