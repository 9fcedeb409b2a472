import { fileURLToPath } from 'node:url';
import { bundleInto } from './bundle/bundle.ts';

// `npm run build`: builds the bundle in `dist/`, which the image and the systemd unit start.
await bundleInto(fileURLToPath(new URL('../dist/', import.meta.url)));
