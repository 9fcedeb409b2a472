// A receiver of Pratu's webhooks. It needs nothing but Node: node examples/webhook-receiver/receiver.js
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { WEBHOOK_SECRET = '', PORT = '4000' } = process.env;
const KEY = Buffer.from(WEBHOOK_SECRET.replace(/^whsec_/, ''), 'base64');
const TOLERANCE_SECONDS = 300;
const MAX_BYTES = 65_536;

/** Standard Webhooks: one of the signatures is the HMAC-SHA256 of `id.timestamp.body`. */
function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  // an old request may be a copy
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS)) return false;
  const expected = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest();
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** The IDs of events that were processed. A real receiver keeps them in its database, with what they changed. */
const seen = new Set();

function handle(id, { type, timestamp, data }) {
  if (seen.has(id)) return console.log(`repeated ${id}`);
  seen.add(id);
  console.log(`${timestamp} ${type} ${JSON.stringify(data)}`);
}

async function read(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MAX_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

const server = createServer(async (request, response) => {
  const body = await read(request);
  if (body === undefined || !isSigned(request.headers, body)) return response.writeHead(400).end();
  handle(request.headers['webhook-id'], JSON.parse(body));
  // within 3 seconds; what takes longer belongs into a queue
  response.writeHead(204).end();
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
