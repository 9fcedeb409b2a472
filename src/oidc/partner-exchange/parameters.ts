import { errors } from 'oidc-provider';
import * as z from 'zod';
import { AppError } from '../../errors/app-error.ts';
import { ProtocolError } from '../edge/errors.ts';

/** The additional parameters of an exchange. */
export interface ExchangeParameters {
  requestId: string;
  mobileNumber: string;
  /** `redirect_uri` or its alias `redirect_url`. When both are absent, the one that the code was issued for applies. */
  redirectUri: string | undefined;
}

const REQUEST_ID = /^[\x20-\x7e]{1,50}$/;
/** With seconds and a time zone, and no longer than nanoseconds require. */
const TIMESTAMP = z.iso.datetime({ offset: true }).max(40);
const FARTHEST_MS = 300_000;

/** An unencoded plus sign is decoded from a form as a space. */
const withPlus = (text: string): string => text.replaceAll(' ', '+');

const invalid = (name: string): never => {
  throw new errors.InvalidRequest(`parameter '${name}' is not valid`);
};

/**
 * Returns a parameter's only value; undefined when it is absent or empty (RFC 6749 §3.2). Throws `InvalidRequest` for
 * several.
 */
function single(fields: URLSearchParams, name: string): string | undefined {
  const values = fields.getAll(name);
  if (values.length > 1) throw new errors.InvalidRequest(`'${name}' parameter must not be provided twice`);
  return values[0] || undefined;
}

function required(fields: URLSearchParams, name: string): string {
  const value = single(fields, name);
  if (value === undefined) throw new errors.InvalidRequest(`missing required parameter '${name}'`);
  return value;
}

/** Returns the sender's id of a request; null unless it is valid. */
export function requestIdOf(fields: URLSearchParams): string | null {
  const [id = '', ...more] = fields.getAll('request_id');
  return more.length === 0 && REQUEST_ID.test(id) ? id : null;
}

/** Throws `TIMESTAMP_TOO_FAR` unless the request was made within five minutes of `now`. */
function checkTimestamp(timestamp: string, now: Date): void {
  if (!TIMESTAMP.safeParse(timestamp).success) invalid('timestamp');
  if (Math.abs(Date.parse(timestamp) - now.getTime()) > FARTHEST_MS) {
    throw new ProtocolError(new AppError('TIMESTAMP_TOO_FAR'));
  }
}

function redirectUriOf(fields: URLSearchParams): string | undefined {
  const uri = single(fields, 'redirect_uri');
  const url = single(fields, 'redirect_url');
  if (uri !== undefined && url !== undefined && uri !== url) invalid('redirect_url');
  return uri ?? url;
}

/** Reads and checks the parameters. Throws an OAuth error that names the first invalid one. */
export function readParameters(fields: URLSearchParams, now: Date): ExchangeParameters {
  if (!REQUEST_ID.test(required(fields, 'request_id'))) invalid('request_id');
  const mobileNumber = withPlus(required(fields, 'mobile_number'));
  const timestamp = withPlus(required(fields, 'timestamp'));
  required(fields, 'code');
  const redirectUri = redirectUriOf(fields);
  checkTimestamp(timestamp, now);
  return { requestId: required(fields, 'request_id'), mobileNumber, redirectUri };
}
