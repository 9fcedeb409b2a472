// node encrypt-mobile.js KEY MOBILE
import { createCipheriv, randomBytes } from 'node:crypto';

const [key, mobile] = process.argv.slice(2);
const iv = randomBytes(16);
const cipher = createCipheriv('aes-256-cbc', Buffer.from(key, 'base64'), iv);
const sent = Buffer.concat([iv, cipher.update(mobile), cipher.final()]);
process.stdout.write(sent.toString('base64'));
