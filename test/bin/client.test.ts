import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { atEnd } from '../support/at-end.ts';
import { command, commandJson } from '../support/command.ts';

const CALLBACK = ['--redirect-uri', 'https://app.example.com/cb'];
const newId = (): string => `cli-${randomHex(64)}`;

async function metadataFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-metadata-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'client.json');
  await writeFile(file, content);
  return file;
}

describe('pratu client', () => {
  it('registers a client and shows its secret once', async () => {
    const id = newId();
    const made = await commandJson([
      'client',
      'create',
      ...['--id', id, '--name', 'An app', '--scope', 'openid profile', ...CALLBACK],
      ...[
        '--redirect-uri',
        'https://app.example.com/other',
        '--post-logout-redirect-uri',
        'https://app.example.com/',
      ],
      ...['--grant-type', 'authorization_code', '--grant-type', 'refresh_token', '--rotate-refresh-tokens'],
    ]);
    expect(made).to.include({ client_id: id, client_name: 'An app', scope: 'openid profile' });
    expect(made.redirect_uris).to.deep.equal(['https://app.example.com/cb', 'https://app.example.com/other']);
    expect(made.grant_types).to.deep.equal(['authorization_code', 'refresh_token']);
    expect(made.number).to.be.a('number');
    const secret = made.client_secret as string;
    expect(secret).to.have.lengthOf(43);

    for (const args of [['show', id], ['show', id, '--json'], ['list'], ['list', '--json']]) {
      const { code, stdout } = await command(['client', ...args]);
      expect(code).to.equal(0);
      expect(stdout).to.include(id).and.not.include(secret);
    }
    expect(await commandJson(['client', 'show', id])).to.include({ valid_secrets: 1, dynamic: false });
  });

  it('takes scopes with any white space between them, as a pasted command has it', async () => {
    const made = await commandJson([
      ...['client', 'create', '--partner', ...CALLBACK],
      ...[
        '--scope',
        ' openid\n  accounts:lookup\u00a0bindings:write\n',
        '--client-credentials-scope',
        'api:read\n api:write',
      ],
    ]);
    expect(made.scope).to.equal('openid accounts:lookup bindings:write');
    expect(made.client_credentials_scope).to.equal('api:read api:write');
  });

  it('shows the secret once in the words for people too', async () => {
    const { stdout } = await command(['client', 'create', ...CALLBACK]);
    expect(stdout.match(/client_secret/g)).to.have.lengthOf(1);
    expect(stdout).to.include('only once');
  });

  it('registers no bindings that sign people in', async () => {
    const { code, stderr } = await command(['client', 'create', ...CALLBACK, '--binding', 'facebook']);
    expect(code).to.not.equal(0);
    expect(stderr).to.include('Bindings of facebook are sign-in methods');
  });

  it('makes a public client without any secret', async () => {
    const made = await commandJson(['client', 'create', '--public', ...CALLBACK]);
    expect(made).to.include({ token_endpoint_auth_method: 'none' });
    expect(made).to.not.have.any.keys('client_secret', 'api_key', 'mobile_key');
  });

  it('makes a native app, with a scheme of its own or loopback redirects, without a secret', async () => {
    const uris = ['com.example.app:/cb', 'http://127.0.0.1/cb'].flatMap((uri) => ['--redirect-uri', uri]);
    const made = await commandJson(['client', 'create', '--native', ...uris]);
    expect(made).to.deep.include({
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      scope_claims_in_id_token: true,
    });
    expect(made).to.not.have.property('client_secret');
  });

  it('names --native when a redirect URI has a scheme of an app', async () => {
    const { code, stderr } = await command(['client', 'create', '--redirect-uri', 'com.example.app:/cb']);
    expect(code).to.not.equal(0);
    expect(stderr).to.include('--native');
  });

  it('makes no client that could refresh tokens only', async () => {
    const { code, stderr } = await command([
      'client',
      'create',
      ...CALLBACK,
      '--grant-type',
      'refresh_token',
    ]);
    expect(code).to.not.equal(0);
    expect(stderr).to.include('authorization_code');
  });

  it('names scopes of a program that no resource has, and wants refresh tokens for offline_access', async () => {
    const program = ['--grant-type', 'client_credentials', '--client-credentials-scope', 'api:read nosuch'];
    expect((await command(['client', 'create', ...program])).stderr)
      .to.include('nosuch')
      .and.not.include('api:read');
    const offline = ['client', 'create', ...CALLBACK, '--scope', 'openid offline_access'];
    expect((await command(offline)).stderr).to.include('--grant-type refresh_token');
    const both = ['--grant-type', 'refresh_token', '--grant-type', 'client_credentials'];
    expect((await command(['client', 'create', ...both])).code).to.equal(2);
  });

  it('keeps the ID token brief and sets a default resource on request', async () => {
    const api = 'http://localhost:8080/api';
    const options = ['--no-scope-claims-in-id-token', '--default-resource', api];
    const made = await commandJson(['client', 'create', ...CALLBACK, ...options]);
    expect(made).to.include({ scope_claims_in_id_token: false, default_resource: api });
    const unknown = ['client', 'create', ...CALLBACK, '--default-resource', 'https://nowhere.example/'];
    expect((await command(unknown)).stderr).to.include("'https://nowhere.example/'");
  });

  it('makes a partner with a decimal id, an API key and a key of 32 bytes', async () => {
    const made = await commandJson(['client', 'create', '--partner', '--binding', 'line', ...CALLBACK]);
    expect(made.client_id).to.match(/^\d{9}$/);
    expect(made).to.include({
      number: Number(made.client_id),
      token_profile: 'partner',
      token_endpoint_auth_method: 'client_secret_post',
    });
    expect(made.api_key).to.match(/^[0-9a-f]{56}$/);
    expect(Buffer.from(made.mobile_key as string, 'base64')).to.have.lengthOf(32);
    const { stdout } = await command(['client', 'show', made.client_id as string, '--json']);
    for (const secret of [made.client_secret, made.api_key, made.mobile_key]) {
      expect(stdout).to.not.include(secret as string);
    }
  });

  it('makes a service account with keys and no secret', async () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', kid: 'a' };
    const jwks = { keys: [{ ...key, y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' }] };
    const file = await metadataFile(JSON.stringify({ jwks }));
    const create = ['client', 'create', '--service-account'];
    const made = await commandJson([...create, '--metadata', file]);
    expect(made).to.include({ token_endpoint_auth_method: 'none' }).and.not.have.property('client_secret');
    expect(made.grant_types).to.deep.equal(['urn:ietf:params:oauth:grant-type:jwt-bearer']);
    expect((await command(create)).stderr).to.include('jwks');
    expect((await command([...create, '--public', '--metadata', file])).code).to.equal(2);
  });

  it('makes a client that exchanges tokens by rules, and changes them', async () => {
    const rule = {
      subject_clients: ['spa'],
      resource: 'http://localhost:8080/api',
      scope: 'api:read',
      mode: 'delegation',
    };
    const grant = ['--grant-type', 'urn:ietf:params:oauth:grant-type:token-exchange'];
    const create = ['client', 'create', ...grant];
    const made = await commandJson([...create, '--token-exchange', JSON.stringify(rule)]);
    expect(made.token_exchange).to.deep.equal([rule]);
    const wider = { ...rule, scope: 'api:read api:write' };
    const options = [rule, wider].flatMap((one) => ['--token-exchange', JSON.stringify(one)]);
    const changed = await commandJson(['client', 'update', made.client_id as string, ...options]);
    expect(changed.token_exchange).to.deep.equal([rule, wider]);
    const wrong: [string, string][] = [
      ['{', 'JSON'],
      [JSON.stringify({ ...rule, scope: 'nosuch' }), 'nosuch'],
      [JSON.stringify({ ...rule, resource: 'https://nowhere.example/' }), 'https://nowhere.example/'],
      [JSON.stringify({ ...rule, mode: 'both' }), 'token_exchange'],
    ];
    for (const [text, named] of wrong) {
      const { code, stderr } = await command([...create, '--token-exchange', text]);
      expect(code, text).to.not.equal(0);
      expect(stderr).to.include(named);
    }
    expect((await command(create)).stderr).to.include('token_exchange');
  });

  it('derives response types and leaves redirect URIs out for a service', async () => {
    const made = await commandJson(['client', 'create', '--grant-type', 'client_credentials']);
    expect(made.response_types).to.deep.equal([]);
    expect(made.redirect_uris).to.deep.equal([]);
  });

  it('takes further metadata from a file, under the options', async () => {
    const id = newId();
    const file = await metadataFile(
      JSON.stringify({ application_type: 'native', client_name: 'File', redirect_uris: ['com.example:/cb'] }),
    );
    const made = await commandJson([
      ...['client', 'create', '--public', '--id', id, '--name', 'Option', '--metadata', file],
    ]);
    expect(made).to.include({ application_type: 'native', client_name: 'Option' });
    expect(made.redirect_uris).to.deep.equal(['com.example:/cb']);
  });

  it("refuses what oidc-provider's own rules refuse, and stores nothing", async () => {
    const id = newId();
    const refused = [
      { args: [], words: 'redirect_uris' },
      { args: ['--redirect-uri', 'not a uri'], words: 'redirect_uris' },
      { args: ['--redirect-uri', 'https://a.example/cb#part'], words: 'fragments' },
      { args: [...CALLBACK, '--scope', 'openid nonsense'], words: 'unknown scope nonsense' },
      { args: [...CALLBACK, '--grant-type', 'implicit'], words: 'grant_types' },
      { args: [...CALLBACK, '--auth-method', 'magic'], words: 'token_endpoint_auth_method' },
      { args: [...CALLBACK, '--auth-method', 'private_key_jwt'], words: 'jwks' },
      { args: [...CALLBACK, '--reset-uri', 'http://a.example/reset'], words: 'reset_uris' },
      { args: [...CALLBACK, '--metadata', await metadataFile('{"client_nmae":"x"}')], words: 'client_nmae' },
    ];
    for (const { args, words } of refused) {
      const { code, stdout, stderr } = await command(['client', 'create', '--id', id, ...args]);
      expect({ args, code, stdout }).to.deep.equal({ args, code: 1, stdout: '' });
      expect(stderr)
        .to.include(words)
        .and.not.match(/\n\s+at /);
    }
    expect((await command(['client', 'show', id])).code).to.equal(1);
  });

  it('ends with 2 for options that contradict each other and for invalid files', async () => {
    const wrong = [
      ['--public', '--partner'],
      ['--partner', '--id', 'letters'],
      ['--id', '42', '--number', '43'],
      ['--id', 'with space'],
      ['--metadata', '/nowhere/at-all.json'],
      ['--metadata', await metadataFile('[]')],
      ['--metadata', await metadataFile('{')],
      ['--metadata', await metadataFile('{"client_secret":"mine"}')],
    ];
    for (const args of wrong) {
      const { code, stderr } = await command(['client', 'create', ...CALLBACK, ...args]);
      expect({ args, code }).to.deep.equal({ args, code: 2 });
      expect(stderr.trim().split('\n')).to.have.lengthOf(1);
      expect(stderr).to.not.include('mine');
    }
  });

  it('refuses an id that is taken', async () => {
    const id = newId();
    await commandJson(['client', 'create', '--id', id, ...CALLBACK]);
    const { code, stderr } = await command(['client', 'create', '--id', id, ...CALLBACK]);
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: 'pratu: A client with this ID already exists.\n',
    });
  });

  it('rotates a secret only where there is one', async () => {
    const { client_id: id } = await commandJson<{ client_id: string }>([
      'client',
      'create',
      '--public',
      ...CALLBACK,
    ]);
    expect((await command(['client', 'rotate-secret', id])).code).to.equal(1);
    expect((await command(['client', 'rotate-secret', newId()])).code).to.equal(1);
  });

  it('removes a client only with an explicit confirmation', async () => {
    const id = newId();
    await commandJson(['client', 'create', '--id', id, ...CALLBACK]);
    expect((await command(['client', 'remove', id])).code).to.equal(2);
    const declined = await command(['client', 'remove', id], { answers: ['n'] });
    expect(declined).to.include({ code: 1, stdout: '' });
    expect((await command(['client', 'show', id])).code).to.equal(0);

    const { code, stdout, stderr } = await command(['client', 'remove', id, '--json'], { answers: ['y'] });
    expect(code).to.equal(0);
    expect(stderr).to.include(id);
    expect(JSON.parse(stdout)).to.deep.equal({ client_id: id, removed: true });
    expect((await command(['client', 'remove', id, '--yes'])).code).to.equal(1);
  });
});
