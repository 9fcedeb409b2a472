import { expect } from 'chai';
import { type PostgresAddress, postgresAddress } from '../../src/lib/postgres-address.ts';

const hostsOf = (url: string): string[] =>
  postgresAddress(url).hosts.map(({ host, port }) => `${host} ${port}`);

describe('the address of PostgreSQL', () => {
  const read: [url: string, hosts: string[]][] = [
    ['postgres://u:p@db.example/pratu', ['db.example 5432']],
    ['postgresql://u@a:1,b,c:3/pratu', ['a 1', 'b 5432', 'c 3']],
    ['postgres://[2001:db8::1]:1,10.0.0.2/pratu', ['2001:db8::1 1', '10.0.0.2 5432']],
    ['postgres://u@/pratu?host=/var/run/postgresql&port=5433', ['/var/run/postgresql 5433']],
    ['postgres://%2Fvar%2Frun%2Fpostgresql:5433/pratu', ['/var/run/postgresql 5433']],
    ['postgres://localhost/pratu?host=/run/a,/run/b,c', ['/run/a 5432', '/run/b 5432', 'c 5432']],
    ['postgres:///pratu?host=a,b&port=1,2', ['a 1', 'b 2']],
    ['postgres:///pratu?host=a,b&port=1', ['a 1', 'b 1']],
    ['postgres:///pratu', []],
  ];
  for (const [url, hosts] of read) {
    it(`has the hosts ${hosts.join(', ') || 'of the driver'} in ${url}`, () => {
      expect(hostsOf(url)).to.deep.equal(hosts);
    });
  }

  it('reads the other parameters, and leaves the rest to the driver', () => {
    const url =
      'postgres://u:p%40@a:1,b:2/pratu?sslmode=require&target_session_attrs=primary&load_balance_hosts=random&connect_timeout=2&options=-c%20a%3Db';
    expect(postgresAddress(url)).to.deep.equal({
      hosts: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      target: 'primary',
      isBalanced: true,
      connectTimeoutMs: 2000,
      url: 'postgres://u:p%40@a:1/pratu?sslmode=require&options=-c%20a%3Db',
    } satisfies PostgresAddress);
  });

  it('writes a socket, and an IPv6 address, as the driver reads them', () => {
    expect(postgresAddress('postgres://u@/d?host=/run/p').url).to.equal('postgres://u@%2Frun%2Fp/d');
    expect(postgresAddress('postgres://[::1]/d').url).to.equal('postgres://[::1]/d');
  });

  const refused: [url: string, problem: string][] = [
    ['mysql://a/b', 'must start with postgres://'],
    ['postgres://a:0/b', 'invalid port'],
    ['postgres://a:70000/b', 'invalid port'],
    ['postgres://a:1:2/b', 'invalid host or port'],
    ['postgres://a,,b/c', 'empty host'],
    ['postgres://%zz/c', 'invalid %-encoding'],
    ['postgres:///c?host=a,b,c&port=1,2', '2 ports for 3 hosts'],
    ['postgres:///c?host=a&host=b', 'names host twice'],
    ['postgres://a/c?hostaddr=127.0.0.1', 'hostaddr is not supported'],
    ['postgres://a/c?target_session_attrs=master', 'target_session_attrs must be one of any, read-write'],
    ['postgres://a/c?load_balance_hosts=yes', 'load_balance_hosts must be one of disable, random'],
    ['postgres://a/c?connect_timeout=soon', 'connect_timeout must be 1 to 60 seconds'],
  ];
  for (const [url, problem] of refused) {
    it(`refuses ${url}`, () => {
      expect(() => postgresAddress(url)).to.throw(problem);
    });
  }
});
