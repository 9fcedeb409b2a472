import type { Context } from 'koa';
import { BadInput } from './errors.ts';

/**
 * The characters that a header may contain. By default, visible ASCII without the comma, which joins two headers into
 * one.
 */
interface Shape {
  longest: number;
  /** Also allows spaces and commas, for text that people write. */
  printable?: boolean;
  /** Allows any character except controls, in UTF-8 or Latin-1, for text that was copied from elsewhere. */
  copied?: boolean;
}

const VISIBLE = /^[!-+\--~]+$/;
const PRINTABLE = /^[ -~]+$/;
const NO_CONTROLS = /^\P{Cc}+$/u;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes a header as UTF-8, if it is valid. Node.js reads every byte of a header as one character. */
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

/** Returns the values of a header separately, as they were sent. Node.js would keep the first, or join them. */
function valuesOf({ req }: Context, name: string): string[] {
  const sought = name.toLowerCase();
  return req.rawHeaders.filter(
    (_value, index) => index % 2 === 1 && req.rawHeaders[index - 1]?.toLowerCase() === sought,
  );
}

/**
 * Returns the value of a header, or undefined if it is missing or empty. Throws `BadInput` for a header that is
 * repeated or malformed.
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

/** Like `optionalHeader`, but also throws `BadInput` for a header that is missing or empty. */
export function requiredHeader(ctx: Context, name: string, shape: Shape): string {
  const value = optionalHeader(ctx, name, shape);
  if (value === undefined) throw new BadInput(name, 'required');
  return value;
}
