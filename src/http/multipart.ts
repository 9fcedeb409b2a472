import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Context } from 'koa';
import readBytes from 'raw-body';
import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';

export interface FileLimits {
  /** The name of the part with the file. */
  field: string;
  /** The maximum size of the file. */
  bytes: number;
  /** The error for a larger file. */
  tooLarge: ErrorCode;
}

const TYPE = 'multipart/form-data';
/** The maximum size of boundaries, headers and other parts, in addition to the file. */
const AROUND_FILE_BYTES = 64 * 1024;
const MAX_PARTS = 10;
const MAX_FIELD_BYTES = 1024;
const MAX_HEADERS = 20;
const MAX_HEADER_BYTES = 8 * 1024;

/** Reads the whole body into memory. Rejects it as soon as its stated or actual length exceeds the limit. */
async function readBody(ctx: Context, { field, bytes, tooLarge }: FileLimits): Promise<Buffer> {
  const stated = ctx.get('Content-Length');
  try {
    return await readBytes(ctx.req, {
      limit: bytes + AROUND_FILE_BYTES,
      length: stated === '' ? null : stated,
    });
  } catch (cause) {
    // any other error is a body that was cut off or is not valid HTTP
    const isTooLarge = (cause as { status?: number }).status === 413;
    throw new AppError(isTooLarge ? tooLarge : 'BAD_REQUEST', { field, cause });
  }
}

/** Creates a parser for the boundary in the media type. */
function parserOf(type: string, { field, bytes }: FileLimits): BusboyInstance {
  const limits = {
    fileSize: bytes,
    fieldSize: MAX_FIELD_BYTES,
    parts: MAX_PARTS,
    headerPairs: MAX_HEADERS,
    headerSize: MAX_HEADER_BYTES,
  };
  try {
    return new Busboy({ headers: { 'content-type': type }, limits });
  } catch (cause) {
    throw new AppError('BAD_REQUEST', { field, cause });
  }
}

/** A form with a file. */
export interface FileForm {
  /** The other fields. If a name is repeated, the last field is kept. */
  fields: Record<string, string>;
  /** Undefined if there is no file, or an empty one. */
  file: Buffer | undefined;
}

/** Parses a body that is already in memory, so that the parser never waits for more. */
function parseForm(parser: BusboyInstance, body: Buffer, { field, tooLarge }: FileLimits): Promise<FileForm> {
  return new Promise((resolve, reject) => {
    const refuse = (cause?: unknown): void => reject(new AppError('BAD_REQUEST', { field, cause }));
    const fields: FileForm['fields'] = Object.create(null);
    let files = 0;
    let file: Buffer[] | undefined;

    parser.on('file', (name, stream) => {
      files += 1;
      if (files > 1) refuse();
      if (name !== field) return void stream.resume();
      const chunks: Buffer[] = [];
      file = chunks;
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => reject(new AppError(tooLarge, { field })));
      stream.on('error', refuse);
    });
    parser.on('field', (name, value, _nameTruncated, truncated) => {
      if (truncated) refuse();
      fields[name] = value;
    });
    parser.on('partsLimit', () => {
      // thrown through the parser, which would otherwise process every further part, possibly hundreds of thousands
      throw new AppError('BAD_REQUEST', { field });
    });
    parser.on('error', refuse);
    parser.on('finish', () => {
      const whole = Buffer.concat(file ?? []);
      resolve({ fields, file: whole.length > 0 ? whole : undefined });
    });
    parser.end(body);
  });
}

/**
 * Reads a form (RFC 7578) with at most one file, in the part named `field`. Writes nothing to disk. Throws one of these
 * errors, with the name of the field: `UNSUPPORTED_MEDIA_TYPE`; `tooLarge`, for a body above the limit before all of it
 * is read; `FILE_MISSING` for a request without a body; `BAD_REQUEST` for any other problem.
 */
export async function readFileForm(ctx: Context, limits: FileLimits): Promise<FileForm> {
  const { field } = limits;
  const matching = ctx.is(TYPE);
  if (matching === null || ctx.request.length === 0) throw new AppError('FILE_MISSING', { field });
  try {
    if (!matching) throw new AppError('UNSUPPORTED_MEDIA_TYPE', { field });
    const parser = parserOf(ctx.get('Content-Type'), limits);
    return await parseForm(parser, await readBody(ctx, limits), limits);
  } catch (error) {
    // reading an unwanted body to its end would let the sender hold the connection indefinitely
    if (!ctx.req.complete) ctx.set('Connection', 'close');
    throw error;
  }
}

/**
 * Reads the file of such a form, and ignores its other fields. Also throws `FILE_MISSING` if there is no file or it is
 * empty.
 */
export async function readFile(ctx: Context, limits: FileLimits): Promise<Buffer> {
  const { file } = await readFileForm(ctx, limits);
  if (!file) throw new AppError('FILE_MISSING', { field: limits.field });
  return file;
}
