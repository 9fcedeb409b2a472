#!/usr/bin/env node
import { processTerminal } from './kit/terminal.ts';
import { run } from './run.ts';

// a closed output pipe (`| head`) is not a failure
process.stdout.on('error', () => {});
process.exitCode = await run(process.argv.slice(2), { terminal: processTerminal, env: process.env });
