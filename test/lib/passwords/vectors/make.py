"""Makes vectors.json: password hashes by the libraries that systems which people come from use.

    python3 -m venv venv && venv/bin/pip install passlib==1.7.4 'bcrypt<4.1' argon2-cffi==25.1.0 django==5.2.19
    npm install --no-save bcryptjs@3.0.3 firebase-scrypt@2.2.0
    venv/bin/python test/lib/passwords/vectors/make.py > test/lib/passwords/vectors/vectors.json

crypt(3) is the C library's own; Python has it up to 3.12. Keycloak's credentials are made by KeycloakCredentials.java, whose
output is read from standard input when there is one. Parameters are small, so that the tests that read them are fast.
"""

import base64
import crypt
import json
import subprocess
import sys

import argon2
import django
from django.conf import settings
from passlib import hash as passlib

settings.configure()
django.setup()
from django.contrib.auth import hashers  # noqa: E402

# the last ones are as long as a block, or a multiple of one, of SHA-256 or SHA-512
PASSWORDS = ["correct horse battery", "รหัสผ่าน-1", "p" * 32, "q" * 64, "r" * 128]
# what the console of the sample project in Firebase's documentation shows
FIREBASE = {
    "signerKey": "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
    "saltSeparator": "Bw==",
    "rounds": 8,
    "memoryCost": 14,
}

NODE = """
const bcrypt = require('bcryptjs');
const { FirebaseScrypt } = require('firebase-scrypt');
const { passwords, firebase } = JSON.parse(process.argv[1]);
const { signerKey, saltSeparator, rounds, memoryCost } = firebase;
const project = new FirebaseScrypt({ memCost: memoryCost, rounds, saltSeparator, signerKey });
const salts = ['42xEC+ixf3L2lw==', '8Jz0Zb4kTz2kHw==', 'aa+/bb+/cc0', 'MDEyMzQ1Njc4OQ==', '/////////w=='];
(async () => {
  const made = [];
  for (const [index, password] of passwords.entries()) {
    if (Buffer.byteLength(password) <= 72) made.push(['bcryptjs', password, await bcrypt.hash(password, 4)]);
    const hash = await project.hash(password, salts[index]);
    made.push(['firebase-scrypt', password, `$fbscrypt$${salts[index]}$${hash}`]);
  }
  console.log(JSON.stringify(made));
})();
"""


def by_node():
    request = json.dumps({"passwords": PASSWORDS, "firebase": FIREBASE})
    made = subprocess.run(["node", "-e", NODE, request], check=True, capture_output=True, text=True)
    return json.loads(made.stdout)


def by_python():
    for password in PASSWORDS:
        for kind in (argon2.Type.ID, argon2.Type.I, argon2.Type.D):
            hasher = argon2.PasswordHasher(time_cost=2, memory_cost=256, parallelism=2, type=kind)
            yield "argon2-cffi", password, hasher.hash(password)
        yield "django pbkdf2_sha256", password, hashers.PBKDF2PasswordHasher().encode(password, "seasalt", 1000)
        yield "django pbkdf2_sha1", password, hashers.PBKDF2SHA1PasswordHasher().encode(password, "seasalt", 1000)
        yield "django argon2", password, hashers.Argon2PasswordHasher().encode(password, "0123456789abcdef")
        yield "passlib pbkdf2_sha1", password, passlib.pbkdf2_sha1.using(rounds=1000).hash(password)
        yield "passlib pbkdf2_sha256", password, passlib.pbkdf2_sha256.using(rounds=1000).hash(password)
        yield "passlib pbkdf2_sha512", password, passlib.pbkdf2_sha512.using(rounds=1000).hash(password)
        yield "passlib scrypt", password, passlib.scrypt.using(rounds=10).hash(password)
        if len(password.encode()) <= 72:
            for ident in ("2a", "2b", "2y"):
                yield "passlib bcrypt", password, passlib.bcrypt.using(rounds=4, ident=ident).hash(password)
        yield "passlib sha256_crypt", password, passlib.sha256_crypt.using(rounds=1000).hash(password)
        yield "passlib sha512_crypt", password, passlib.sha512_crypt.using(rounds=1001).hash(password)
        for salt in ("$5$0123456789abcdef", "$6$rounds=1234$short", "$6$0123456789abcdef"):
            yield "crypt(3)", password, crypt.crypt(password, salt)


def by_keycloak():
    for line in [] if sys.stdin.isatty() else sys.stdin:
        password, credential = line.rstrip("\n").split("\t")
        yield "keycloak", password, credential


def documented():
    """Not ours: the sample account of Firebase's documentation."""
    tag = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="
    assert len(base64.b64decode(tag)) == 64
    yield "firebase documentation", "user1password", f"$fbscrypt$42xEC+ixf3L2lw==${tag}"


made = [*by_python(), *by_node(), *by_keycloak(), *documented()]
vectors = [{"by": by, "password": password, "stored": stored} for by, password, stored in made]
print(json.dumps({"firebase": FIREBASE, "vectors": vectors}, ensure_ascii=False, indent=2))
