/** Values as they are written in a query or a form: encoded, or broken on purpose. */
export const BAD_VALUES: readonly string[] = [
  '',
  '%00',
  'a%00b',
  // a lone surrogate in UTF-8, invalid UTF-8, and an escape that URLs do not have
  '%ED%A0%80',
  '%FF%FE',
  '%u0000',
  '%',
  '%zz',
  '%0d%0aset-cookie:%20a=b',
  '%F0%9F%92%A3%E2%80%AE',
  `${'a'.repeat(100_000)}`,
  `${'%F0%9F%92%A3'.repeat(600)}`,
  '%5B'.repeat(4000),
  '__proto__',
  'constructor',
  '%7B%22id_token%22%3A%7B%22__proto__%22%3Anull%7D%7D',
  '-1',
  '1e309',
  '9007199254740993',
  'null',
  "'%20or%201%3D1%20--",
  'javascript:alert(1)',
  'http://%5B::1%5D:99999/',
  '~00000000000000000000000000000000',
];

type Encoded = string;

const pair = (name: string, value: string): Encoded => `${encodeURIComponent(name)}=${value}`;

/** The parameters of a request with one of them replaced by every bad value. */
export function* badParameters(base: Record<string, string>): Generator<Encoded> {
  const whole = Object.entries(base).map(([name, value]) => pair(name, encodeURIComponent(value)));
  yield '';
  for (const [index, name] of Object.keys(base).entries()) {
    const others = whole.toSpliced(index, 1);
    const own = whole[index] ?? '';
    yield others.join('&');
    for (const value of BAD_VALUES) yield [...others, pair(name, value)].join('&');
    yield [...others, own, own].join('&');
    yield [...others, `${name}[]=a`, `${name}[b]=c`, `${name}%5B__proto__%5D=d`].join('&');
  }
  yield [...whole, '__proto__=a', 'constructor.prototype=b', 'toString=c'].join('&');
  yield [...whole, ...Array.from({ length: 60 }, (_, index) => `p${index}=v`)].join('&');
}

/** Bodies that are not a valid form. */
export const BAD_BODIES: readonly { type: string; body: string }[] = [
  { type: 'application/json', body: '{"grant_type":"password","username":{"$ne":null}}' },
  { type: 'application/json', body: '{"a":"\\u0000\\ud800"}' },
  { type: 'application/json', body: '['.repeat(30_000) },
  { type: 'application/json', body: '{"__proto__":{"a":1},"redirect_uris":{"length":1}}' },
  { type: 'application/json', body: 'null' },
  { type: 'application/json', body: '{' },
  { type: 'application/x-www-form-urlencoded', body: '{"grant_type":"password"}' },
  { type: 'application/x-www-form-urlencoded', body: '&&==&=&%&' },
  { type: 'application/x-www-form-urlencoded; charset=utf-16', body: 'grant_type=password' },
  {
    type: 'multipart/form-data; boundary=x',
    body: '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--',
  },
  { type: 'text/plain', body: 'grant_type=password' },
  { type: 'no/such/type;;', body: '\u0000' },
];

export const BAD_HEADERS: readonly Record<string, string>[] = [
  { authorization: 'Basic' },
  { authorization: 'Basic !!!' },
  { authorization: `Basic ${btoa('a\0b:c')}` },
  { authorization: `Basic ${btoa('a%00b:c')}` },
  { authorization: `Basic ${btoa('%zz:%')}` },
  { authorization: `Basic ${btoa(':')}` },
  { authorization: `Basic ${btoa(`${'a'.repeat(4000)}:b`)}` },
  { authorization: `Bearer ${'a'.repeat(8000)}` },
  { authorization: 'Bearer a, Basic b' },
  { authorization: 'DPoP \u00ff' },
  { authorization: 'Basic \u00ff\u00fe' },
  { dpop: 'a.b.c' },
  { dpop: `${btoa('{"typ":"dpop+jwt","alg":"ES256","jwk":{}}')}.${btoa('{}')}.x` },
  { cookie: 'sid=%00; sid.sig=%ED%A0%80; interaction=__proto__; csrf=\u00ff; device=%' },
  { cookie: `sid=${'a'.repeat(8000)}` },
  { cookie: ';;;=;=a;sid' },
  { 'accept-language': `${'th;q=9,'.repeat(1000)}` },
  { 'accept-language': '\u00ff;q=x' },
  { accept: ';;;,*/*;q=nan' },
  { origin: 'null' },
  { origin: 'http://[' },
  { 'x-request-id': 'a'.repeat(5000) },
  { 'x-forwarded-for': '\u00ff, 300.1.1.1, ::::' },
  { 'content-length-x': 'a'.repeat(8000) },
];
