import { AppError } from './app-error.ts';
import type { ErrorCode } from './catalogue.ts';

/** One invalid member of a request, and the reason. */
export interface Violation {
  field: string;
  code: ErrorCode;
}

/** Several violations of one request, reported together. Its code is that of the first violation. */
export class Violations extends AppError {
  readonly list: readonly Violation[];

  constructor(list: readonly [Violation, ...Violation[]]) {
    super(list[0].code, { field: list[0].field });
    this.name = 'Violations';
    this.list = list;
  }
}

/** Throws `Violations` when the list is not empty. */
export function refuseIfAny(list: readonly Violation[]): void {
  const [first, ...rest] = list;
  if (first) throw new Violations([first, ...rest]);
}
