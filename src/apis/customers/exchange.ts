import type { Context } from 'koa';
import { readJsonOrForm } from '../../http/body.ts';

export interface BodyReaders {
  json(ctx: Context): Promise<unknown>;
  jsonOrForm(ctx: Context): Promise<unknown>;
}

export const bodyReaders = (bytes: number): BodyReaders => ({
  json: (ctx) => readJsonOrForm(ctx, { bytes, form: false }),
  jsonOrForm: (ctx) => readJsonOrForm(ctx, { bytes, form: true }),
});

/** 200 without a body and without a `Content-Type`. */
export function empty(ctx: Context): void {
  ctx.body = Buffer.alloc(0);
  ctx.status = 200;
  ctx.remove('Content-Type');
}

/** 200 with the value as JSON. */
export function json(ctx: Context, value: unknown): void {
  ctx.body = value;
}
