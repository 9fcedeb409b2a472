import { parentPort, workerData } from 'node:worker_threads';
import { type ShaCryptInput, shaCryptDigest } from './sha-crypt-digest.ts';

/** Computes one digest in a separate thread. */
parentPort?.postMessage(shaCryptDigest(workerData as ShaCryptInput));
