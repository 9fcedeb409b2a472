import { fileURLToPath } from 'node:url';
import { bundleInto } from './bundle/bundle.ts';

// `npm run build`: what the image and the unit of systemd start, in `dist/`.
await bundleInto(fileURLToPath(new URL('../dist/', import.meta.url)));
