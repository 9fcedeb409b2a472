import type { Context } from 'koa';
import { BadInput } from './errors.ts';

/** What a header may hold: visible ASCII without the comma that joins two headers into one. */
interface Shape {
  longest: number;
  /** Spaces and commas too: what people write. */
  printable?: boolean;
  /** Any character but controls, in UTF-8 or Latin-1: what was copied from somewhere. */
  copied?: boolean;
}

const VISIBLE = /^[!-+\--~]+$/;
const PRINTABLE = /^[ -~]+$/;
const NO_CONTROLS = /^\P{Cc}+$/u;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Node reads every byte of a header as a character of its own. */
function decoded(value: string): string {
  try {
    return UTF8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

function patternOf({ printable, copied }: Shape): RegExp {
  if (copied) return NO_CONTROLS;
  return printable ? PRINTABLE : VISIBLE;
}

/** The values of a header as they came, each on its own: Node would keep the first, or join them. */
function valuesOf({ req }: Context, name: string): string[] {
  const sought = name.toLowerCase();
  return req.rawHeaders.filter(
    (_value, index) => index % 2 === 1 && req.rawHeaders[index - 1]?.toLowerCase() === sought,
  );
}

/**
 * The value of a header, or undefined when it is missing or empty. Throws `BadInput` for one that comes twice or is
 * malformed.
 */
export function optionalHeader(ctx: Context, name: string, shape: Shape): string | undefined {
  const [sent = '', ...others] = valuesOf(ctx, name);
  const value = shape.copied ? decoded(sent) : sent;
  if (others.length > 0) throw new BadInput(name, 'doubled');
  if (value === '') return undefined;
  const fits = value.length <= shape.longest && patternOf(shape).test(value);
  if (!fits) throw new BadInput(name, 'malformed');
  return value;
}

/** As `optionalHeader`; throws `BadInput` for one that is missing or empty as well. */
export function requiredHeader(ctx: Context, name: string, shape: Shape): string {
  const value = optionalHeader(ctx, name, shape);
  if (value === undefined) throw new BadInput(name, 'required');
  return value;
}
