import { AppError } from './app-error.ts';
import type { ErrorCode } from './catalogue.ts';

/** One member of a request that is wrong, and why. */
export interface Violation {
  field: string;
  code: ErrorCode;
}

/** Several things that are wrong with one request, told together. Its code is the first one's. */
export class Violations extends AppError {
  readonly list: readonly Violation[];

  constructor(list: readonly [Violation, ...Violation[]]) {
    super(list[0].code, { field: list[0].field });
    this.name = 'Violations';
    this.list = list;
  }
}

/** Throws when there is anything in the list. */
export function refuseIfAny(list: readonly Violation[]): void {
  const [first, ...rest] = list;
  if (first) throw new Violations([first, ...rest]);
}
