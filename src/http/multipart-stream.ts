import { PassThrough, type Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Context } from 'koa';
import { AppError } from '../errors/app-error.ts';

/** A form whose file is read while it arrives. */
export interface StreamedForm {
  /** The fields before the file. If a name is repeated, the last field is kept. */
  fields: Record<string, string>;
  file: Readable;
}

const MAX_FIELDS = 10;
const MAX_FIELD_BYTES = 1024;

/**
 * Reads a form (RFC 7578) with one file of any size in the part named `field`, after its other fields. Resolves when
 * the file begins, and buffers little of it. Rejects with `UNSUPPORTED_MEDIA_TYPE`, `FILE_MISSING` or `BAD_REQUEST`,
 * each with the name of the field. A later failure destroys the stream of the file.
 */
export function streamFileForm(ctx: Context, field: string): Promise<StreamedForm> {
  const refused = (
    code: 'FILE_MISSING' | 'BAD_REQUEST' | 'UNSUPPORTED_MEDIA_TYPE',
    cause?: unknown,
  ): AppError => new AppError(code, { field, cause });
  if (!ctx.is('multipart/form-data')) return Promise.reject(refused('UNSUPPORTED_MEDIA_TYPE'));
  return new Promise((resolve, reject) => {
    const file = new PassThrough();
    const fail = (error: AppError): void => {
      ctx.set('Connection', 'close');
      reject(error);
      file.destroy(error);
    };
    // without a listener, an error of a stream that is no longer read would end the process
    file.on('error', () => {});
    let parser: BusboyInstance;
    try {
      parser = new Busboy({
        headers: { 'content-type': ctx.get('Content-Type') },
        limits: { fieldSize: MAX_FIELD_BYTES, fields: MAX_FIELDS, files: 1 },
      });
    } catch (cause) {
      return fail(refused('BAD_REQUEST', cause));
    }
    const fields: StreamedForm['fields'] = Object.create(null);
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('file', (name, stream) => {
      if (name !== field) return void stream.resume();
      stream.pipe(file);
      resolve({ fields, file });
    });
    parser.on('error', (cause) => fail(refused('BAD_REQUEST', cause)));
    parser.on('finish', () => reject(refused('FILE_MISSING')));
    ctx.req.once('close', () => {
      if (!ctx.req.complete) fail(refused('BAD_REQUEST'));
    });
    ctx.req.pipe(parser);
  });
}
