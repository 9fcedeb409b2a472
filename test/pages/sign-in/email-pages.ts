import { newEmail } from '../../domain/recovery/recovery-steps.ts';
import type { TestServer } from '../../support/server.ts';
import { holder } from '../step-server.ts';
import { type Visitor, visitor } from '../visitor.ts';

/** A person with an account, a password and a verified address. */
export async function emailHolder(server: TestServer) {
  const email = newEmail();
  return { email, ...(await holder(server, { email })) };
}

/** Arrives at the page that asks for the code that was sent to an address. */
export async function atEmailCode(server: TestServer, email: string, person: Visitor = visitor(server)) {
  const at = `${await person.begin()}/email`;
  await person.open(at);
  const sent = await person.send(at, { login: email });
  if (sent.location !== `${at}/code`) throw new Error(`no code: ${sent.status} ${sent.page}`);
  await person.open(sent.location);
  return { person, at };
}
