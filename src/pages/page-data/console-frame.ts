import type { Role } from '../../domain/operators/role.ts';
import type { Framed } from './form.ts';

/** An entry of the console's menu. `name` is that of its page, below `console/`. */
export interface ConsoleLink {
  name: string;
  path: string;
  icon: string;
}

/** What every page of the console is given beside its own data. */
export interface ConsoleFrame extends Framed {
  /** Who reads it. */
  operator: { id: number; role: Role };
  /** What the operator may do: what is not in here is not offered. */
  may: readonly string[];
  navigation: readonly ConsoleLink[];
}
