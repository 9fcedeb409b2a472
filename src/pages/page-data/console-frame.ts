import type { Role } from '../../domain/operators/role.ts';
import type { Framed } from './form.ts';

/** An entry of the console's menu. `name` is the name of its page, below `console/`. */
export interface ConsoleLink {
  name: string;
  path: string;
  icon: string;
}

/** The data that every page of the console receives in addition to its own. */
export interface ConsoleFrame extends Framed {
  /** The signed-in operator. */
  operator: { id: number; role: Role };
  /** The operator's permissions. Other actions are not offered. */
  may: readonly string[];
  navigation: readonly ConsoleLink[];
}
