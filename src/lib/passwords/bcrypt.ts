import { verify } from '@node-rs/bcrypt';
import { hashFormat } from './hash-format.ts';

/** The maximum cost. Cost 14 takes about a second; each increment doubles the time. */
const MAX_COST = 14;
const MIN_COST = 4;
const SHAPE = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/**
 * bcrypt (`$2a$`, `$2b$`, `$2y$`). As in other implementations, only the first 72 bytes of a password count; the hash
 * written at the next sign-in covers all of it. A password with a NUL is rejected, because C implementations stop there
 * and would accept any password with the same beginning.
 */
export const bcrypt = hashFormat({
  matches: (stored) => /^\$2[aby]\$/.test(stored),
  parse(stored) {
    const cost = Number(SHAPE.exec(stored)?.[1] ?? 0);
    if (cost < MIN_COST) return 'unreadable';
    return cost <= MAX_COST ? { stored } : 'too_expensive';
  },
  compare: async (password, { stored }) => !password.includes('\0') && verify(password, stored),
});
