import { expect } from 'chai';
import { redisAddress } from '../../src/lib/redis-address.ts';

const NONE = { username: undefined, password: undefined, tls: false };
const sentinel = { sentinelUsername: undefined, sentinelPassword: undefined };

describe('the address of Redis', () => {
  for (const [text, read] of [
    ['redis://cache', { ...NONE, kind: 'server', host: 'cache', port: 6379, db: 0 }],
    [
      'rediss://me:p%40ss@10.0.0.1:6380/3',
      { username: 'me', password: 'p@ss', tls: true, kind: 'server', host: '10.0.0.1', port: 6380, db: 3 },
    ],
    ['redis://:secret@[::1]:1', { ...NONE, password: 'secret', kind: 'server', host: '::1', port: 1, db: 0 }],
    ['unix:///run/redis.sock?db=2', { ...NONE, kind: 'socket', path: '/run/redis.sock', db: 2 }],
    [
      'redis+sentinel://:p@a,b:26380/main/1?sentinelPassword=s',
      {
        ...{
          ...NONE,
          ...sentinel,
          password: 'p',
          sentinelPassword: 's',
          kind: 'sentinel',
          name: 'main',
          db: 1,
        },
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
        ],
      },
    ],
    [
      'rediss+cluster://a,b:7000',
      {
        ...{ ...NONE, tls: true, kind: 'cluster' },
        hosts: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 7000 },
        ],
      },
    ],
  ] as const) {
    it(`is read from ${text}`, () => {
      expect(redisAddress(text)).to.deep.equal(read);
    });
  }

  for (const [text, problem] of [
    ['http://a', /must start with redis:\/\//],
    ['redis://', /no host/],
    ['redis://a:0', /invalid port/],
    ['redis://a:70000', /invalid port/],
    ['redis://a:b', /invalid host or port/],
    ['redis://a,b', /several hosts/],
    ['redis://a/x', /invalid database number/],
    ['redis://u:p#w@a', /white space or a #/],
    ['redis://u:%zz@a', /%-encoding/],
    ['redis+sentinel://a', /lacks the name/],
    ['redis+cluster://a/1', /a cluster has none/],
    ['unix://host/path', /must name a socket/],
    ['unix:///', /must name a socket/],
  ] as const) {
    it(`is refused: ${text}`, () => {
      expect(() => redisAddress(text)).to.throw(problem);
    });
  }
});
