import { parentPort, workerData } from 'node:worker_threads';
import { type ShaCryptInput, shaCryptDigest } from './sha-crypt-digest.ts';

/** One digest on a thread of its own. */
parentPort?.postMessage(shaCryptDigest(workerData as ShaCryptInput));
