import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Context } from 'koa';
import readBytes from 'raw-body';
import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';

export interface FileLimits {
  /** The name of the part that is the file. */
  field: string;
  /** The largest file. */
  bytes: number;
  /** What is thrown for a larger one. */
  tooLarge: ErrorCode;
}

const TYPE = 'multipart/form-data';
/** What boundaries, headers and other parts may add to the file. */
const AROUND_FILE_BYTES = 64 * 1024;
const MAX_PARTS = 10;
const MAX_FIELD_BYTES = 1024;
const MAX_HEADERS = 20;
const MAX_HEADER_BYTES = 8 * 1024;

/** The whole body, in memory; refused as soon as it says or turns out to be larger than the file may make it. */
async function readBody(ctx: Context, { field, bytes, tooLarge }: FileLimits): Promise<Buffer> {
  const stated = ctx.get('Content-Length');
  try {
    return await readBytes(ctx.req, {
      limit: bytes + AROUND_FILE_BYTES,
      length: stated === '' ? null : stated,
    });
  } catch (cause) {
    // all else is a body that broke off or is no HTTP
    const isTooLarge = (cause as { status?: number }).status === 413;
    throw new AppError(isTooLarge ? tooLarge : 'BAD_REQUEST', { field, cause });
  }
}

/** A parser for the boundary that the media type names. */
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
  /** The other fields, the last one of each name. */
  fields: Record<string, string>;
  /** Undefined when there is none, or an empty one. */
  file: Buffer | undefined;
}

/** The form of a body that is in memory already, so the parser is never left waiting for more. */
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
      // thrown through the parser: told otherwise it would look at every further part, hundreds of thousands maybe
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
 * A form (RFC 7578) with at most one file, in the part named `field`. Nothing is written to disk. Throws, naming the
 * field: `UNSUPPORTED_MEDIA_TYPE`, `tooLarge` before the body is read whole, `FILE_MISSING` for a request without a
 * body, `BAD_REQUEST` for anything else that is wrong.
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
    // reading an unwanted body to its end would hold the connection for as long as the sender likes
    if (!ctx.req.complete) ctx.set('Connection', 'close');
    throw error;
  }
}

/**
 * The file of such a form, whose other fields are passed over. Throws as well: `FILE_MISSING`, also for an empty file.
 */
export async function readFile(ctx: Context, limits: FileLimits): Promise<Buffer> {
  const { file } = await readFileForm(ctx, limits);
  if (!file) throw new AppError('FILE_MISSING', { field: limits.field });
  return file;
}
