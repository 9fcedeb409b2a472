import type { SignInState } from './sign-in-state.ts';

/** A condition of the deployment, the client or the account without which a sign-in is not finished. */
export interface Requirement {
  name: string;
  isMet(state: SignInState): boolean | Promise<boolean>;
  /** The page that asks for what is missing, below `/interaction/:uid/`. */
  page: string;
}

/** At least one factor is complete. */
export const anyFactor: Requirement = {
  name: 'any-factor',
  isMet: ({ completed }) => completed.length > 0,
  page: '',
};

/** The first requirement that the sign-in does not meet yet; undefined when it is finished. */
export async function openRequirement(
  requirements: readonly Requirement[],
  state: SignInState,
): Promise<Requirement | undefined> {
  for (const requirement of requirements) if (!(await requirement.isMet(state))) return requirement;
  return undefined;
}
